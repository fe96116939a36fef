"""The report in a real browser: it filters, opens, fits a phone, works without its script, and asks nobody for anything."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conformance_report_rig import every_verdict, failed, hostile, lay_traces, results, run, trace_entries
from mockex.conformance.report import write
from mockex.conformance.results import Results
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None, reason="needs a browser: apt-get install chromium chromium-driver"
)

Show = Callable[..., "Shown"]


class Shown:
    """A page in the browser, and the questions of these tests."""

    def __init__(self, browser: webdriver.Chrome, address: str) -> None:
        self.browser = browser
        self.address = address

    def all(self, selector: str) -> list[WebElement]:
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def run(self, script: str) -> Any:
        return self.browser.execute_script(script)

    @property
    def hash(self) -> str:
        return str(self.run("return location.hash"))

    def shown_cases(self) -> list[str]:
        """The ids of those that no filter hides."""
        return [
            str(text)
            for text in self.run("return [...document.querySelectorAll('.case:not([hidden]) .id')].map(e => e.textContent)")
        ]

    def visible_cases(self) -> list[str]:
        """The ids of those that can be seen: not filtered away and not in a closed fold."""
        return [element.text for element in self.all(".case > summary .id") if element.is_displayed()]

    def overflow(self) -> list[int]:
        return [int(each) for each in self.run("const e = document.documentElement; return [e.scrollWidth, innerWidth]")]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for argument in (*ARGUMENTS, f"--user-data-dir={tmp_path_factory.mktemp('browser')}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    with webdriver.Chrome(options=options, service=Service(str(DRIVER))) as started:
        yield started


@pytest.fixture
def show(browser: webdriver.Chrome, tmp_path: Path) -> Iterator[Show]:
    """Shows a report. Afterwards: the console is empty, and nothing was asked for but the page itself."""
    asked_for: list[str] = []

    def shown(outcome: Results, *, address: str = "", width: int = 1280, height: int = 900, script: bool = True) -> Shown:
        write(outcome, tmp_path / "report", lay_traces(outcome, tmp_path / "scratch", trace_entries(12)))
        url = (tmp_path / "report" / "index.html").as_uri()
        asked_for.append(url)
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not script})
        browser.get("about:blank")
        browser.get(url + address)
        return Shown(browser, url)

    browser.get_log("performance")
    browser.get_log("browser")
    yield shown
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert browser.get_log("browser") == []
    assert {url.partition("#")[0] for url in requests(browser)} <= {*asked_for, "about:blank", "data:,"}


def requests(browser: webdriver.Chrome) -> list[str]:
    """The addresses that the browser asked for since the log was read last."""
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [message["params"]["request"]["url"] for message in messages if message["method"] == "Network.requestWillBeSent"]


def test_the_log_would_show_a_request(browser: webdriver.Chrome, tmp_path: Path) -> None:
    page = tmp_path / "asks.html"
    page.write_text('<!DOCTYPE html><link rel="icon" href="data:,"><img src="other.png">')
    browser.get_log("performance")
    browser.get(page.as_uri())

    assert (tmp_path / "other.png").as_uri() in requests(browser)
    assert browser.get_log("browser") != []


def test_verdicts_filter_the_cases_and_the_address_keeps_them(show: Show) -> None:
    page = show(every_verdict())
    assert page.one("#shown").text == "8 cases"
    page.one(".chip.fail").click()
    page.one(".chip.errored").click()

    assert page.shown_cases() == page.visible_cases() == ["toy/orders/020", "toy/orders/030", "toy/streams/020"]
    assert page.one("#shown").text == "3 of 8 cases"
    assert page.hash == "#verdict=fail,errored"
    assert page.one(".chip.fail").get_attribute("aria-pressed") == "true"

    page.one(".chip.errored").click()
    assert page.shown_cases() == ["toy/orders/020", "toy/orders/030"]
    page.one("#clear").click()
    assert len(page.shown_cases()) == 8
    assert page.hash == ""


@pytest.mark.parametrize(
    ("address", "ids"),
    [
        ("#verdict=warn", ["toy/orders/040"]),
        ("#area=auth", ["toy/auth/010", "toy/auth/020"]),
        ("#level=SHOULD", ["toy/orders/040"]),
        ("#client=1", []),
        ("#q=subscribe.book", ["toy/streams/010"]),
        ("#q=SIZES%20json", ["toy/orders/020", "toy/orders/030"]),
        ("#area=orders&level=MUST&q=ticket", ["toy/orders/030"]),
        ("#q=nothing%20has%20this", []),
    ],
)
def test_an_address_that_was_shared_shows_the_same_cases(address: str, ids: list[str], show: Show) -> None:
    page = show(every_verdict(), address=address)

    assert page.shown_cases() == page.visible_cases() == ids
    assert page.one("#nothing").is_displayed() == (not ids)


@pytest.mark.parametrize(
    "address", ["#verdict=x,constructor", "#area=%3Cimg%3E&level=x&client=99", "#q=%E0%A4%A", "#x=y", "#none"]
)
def test_an_address_that_makes_no_sense_is_read_as_far_as_it_does(address: str, show: Show) -> None:
    page = show(every_verdict(), address=address)

    assert len(page.shown_cases()) == (0 if "q=" in address else 8)


def test_what_is_typed_and_chosen_filters_too(show: Show) -> None:
    page = show(every_verdict())
    page.one("body").send_keys("/")
    page.run("return document.activeElement").send_keys("traceback")
    assert page.shown_cases() == ["toy/streams/020"]
    assert page.hash == "#q=traceback"

    page.one("#q").send_keys(Keys.ESCAPE)
    page.one("#area option[value=streams]").click()
    assert page.shown_cases() == ["toy/streams/010", "toy/streams/020", "toy/streams/030"]


def test_a_cell_of_the_table_filters_for_its_client_and_area(show: Show) -> None:
    page = show(results(run(failed("toy/a/1"), failed("toy/b/1"), name="one"), run(failed("toy/a/1"), name="two")))
    page.one('.cell[aria-label="two, a: 0 of 1 passed, 1 failed"]').click()

    assert page.hash == "#area=a&client=1"
    assert [each.get_attribute("data-client") for each in page.all(".case:not([hidden])")] == ["1"]


def test_a_failed_case_opens_and_shows_expected_seen_and_its_trace(show: Show) -> None:
    page = show(every_verdict())
    case = page.one("#r0-toy-orders-020")
    assert not case.find_element(By.CSS_SELECTOR, ".body").is_displayed()
    case.find_element(By.CSS_SELECTOR, "summary").send_keys(Keys.ENTER)

    assert case.find_element(By.CSS_SELECTOR, ".expected").text == 'Expected\n"0.001" as text'
    assert case.find_element(By.CSS_SELECTOR, ".seen").text == "Seen\n0.001 as a JSON number"
    assert not page.one("#r0-toy-orders-020--n2").is_displayed()

    case.find_element(By.LINK_TEXT, "entry 2").click()
    entry = page.one("#r0-toy-orders-020--n2")
    assert entry.is_displayed()
    assert "aimed" in str(entry.get_attribute("class"))
    assert "POST /api/spot/v3/orders" in entry.text
    assert len(case.find_elements(By.CSS_SELECTOR, ".line")) == 12

    assert '\n  "size": 0.001,\n' in entry.text


def test_the_address_of_a_case_opens_it_even_if_its_area_is_folded(show: Show) -> None:
    page = show(every_verdict(), address="#r0-toy-auth-020")

    assert page.one("#r0-toy-auth-020 .requirement").is_displayed()


def test_going_to_a_case_that_the_filter_hides_drops_the_filter(show: Show) -> None:
    page = show(every_verdict(), address="#verdict=skipped")
    page.run("location.hash = 'r0-toy-auth-020'")
    wait = WebDriverWait(page.browser, 5, poll_frequency=0.02)
    wait.until(lambda _: page.one("#r0-toy-auth-020 .requirement").is_displayed())

    assert page.run("return document.activeElement.parentElement.id") == "r0-toy-auth-020"
    assert len(page.shown_cases()) == 8


@pytest.mark.parametrize("outcome", [every_verdict, hostile], ids=["every verdict", "hostile"])
@pytest.mark.parametrize("unfolded", [False, True], ids=["folded", "unfolded"])
def test_the_page_fits_a_phone(outcome: Callable[[], Results], unfolded: bool, show: Show) -> None:
    page = show(outcome(), width=375, height=812)
    if unfolded:
        page.run("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")

    assert page.overflow() == [375, 375]


def test_a_wide_table_scrolls_in_its_own_box(show: Show) -> None:
    page = show(results(*(run(failed(), name=f"a client with a name of its own {number}") for number in range(8))), width=375)

    assert page.overflow() == [375, 375]
    assert page.run("const box = document.querySelector('.scroll'); return box.scrollWidth > box.clientWidth")


def test_hostile_text_does_nothing_but_be_read(show: Show) -> None:
    page = show(hostile())
    page.run("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")

    assert page.all("img") == []
    assert page.run("return document.scripts.length") == 1
    assert page.one("h1").text.startswith("</script></style><img src=x onerror=alert(1)>")


def test_without_its_script_the_page_has_everything_and_folds_open(show: Show) -> None:
    page = show(every_verdict(), script=False)

    assert not page.one("#filters").is_displayed()
    assert page.visible_cases()[0] == "toy/orders/020"
    page.one("#r0-toy-orders-020 > summary").click()
    assert page.one("#r0-toy-orders-020 .seen").is_displayed()
    page.one("#r0-toy-orders-020 .trace > summary").click()
    assert page.one("#r0-toy-orders-020--n2").is_displayed()


def test_on_paper_what_did_not_pass_is_open(show: Show) -> None:
    page = show(every_verdict())
    page.run("window.dispatchEvent(new Event('beforeprint'))")
    assert page.one("#r0-toy-orders-020 .seen").is_displayed()
    assert not page.one("#r0-toy-auth-020 .requirement").is_displayed()

    page.run("window.dispatchEvent(new Event('afterprint'))")
    assert not page.one("#r0-toy-orders-020 .seen").is_displayed()
