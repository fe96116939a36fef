"""Which row of a table a path belongs to."""

from __future__ import annotations

import pytest

from mockex.wire.messages import WireResponse
from mockex.wire.routing import Route, RouteTable


def route(path: str, method: str = "GET") -> Route:
    return Route(method=method, path=path, handler=lambda call: WireResponse(200, b""))


def table(*paths: str, **options: bool) -> RouteTable:
    return RouteTable([route(path) for path in paths], **options)


def found(routes: RouteTable, path: str, method: str = "GET") -> tuple[str, dict[str, str]] | None:
    """The template that a path belongs to, and what its braces stand for."""
    match = routes.find(method, path)
    return None if match is None else (match.route.path, dict(match.path_params))


ORDERS = table("/orders", "/orders/{order}", "/orders/{order}/fills", "/orders/open", "/{thing}/open/{name}")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/orders", ("/orders", {})),
        ("/orders/7", ("/orders/{order}", {"order": "7"})),
        ("/orders/open", ("/orders/open", {})),
        ("/orders/7/fills", ("/orders/{order}/fills", {"order": "7"})),
        ("/orders/open/fills", ("/orders/{order}/fills", {"order": "open"})),
        ("/trades/open/x", ("/{thing}/open/{name}", {"thing": "trades", "name": "x"})),
        ("/orders/open/x", ("/{thing}/open/{name}", {"thing": "orders", "name": "x"})),
    ],
)
def test_a_literal_segment_wins_but_gives_way_when_it_leads_nowhere(path: str, expected: tuple[str, dict[str, str]]) -> None:
    assert found(ORDERS, path) == expected


@pytest.mark.parametrize(
    "path",
    ["", "/", "orders", "/order", "/orders/", "/orders//fills", "//orders", "/orders/7/fills/", "/ORDERS", "/orders/7/8/9"],
)
def test_what_no_template_matches_is_not_found(path: str) -> None:
    assert found(ORDERS, path) is None
    assert ORDERS.methods(path) == ()


def test_a_path_of_another_method_is_known_by_its_methods() -> None:
    routes = RouteTable([route("/orders", "GET"), route("/orders", "POST"), route("/orders/{order}", "DELETE")])

    assert routes.find("PUT", "/orders") is None
    assert routes.methods("/orders") == ("GET", "POST")
    assert routes.methods("/orders/7") == ("DELETE",)
    assert routes.find("get", "/orders") is None, "methods are case-sensitive (RFC 9110, 9.1)"


def test_case_is_ignored_in_literals_only_and_only_when_told_so() -> None:
    routes = table("/jpyWithdrawal/{Name}", ignore_case=True)

    assert found(routes, "/JPYwithdrawal/MiXed") == ("/jpyWithdrawal/{Name}", {"Name": "MiXed"})
    assert found(table("/jpyWithdrawal"), "/jpywithdrawal") is None


def test_one_trailing_slash_is_ignored_only_when_told_so() -> None:
    routes = table("/orders", "/orders/{order}", ignore_trailing_slash=True)

    assert found(routes, "/orders/") == ("/orders", {})
    assert found(routes, "/orders/7/") == ("/orders/{order}", {"order": "7"})
    assert found(routes, "/orders//") is None
    assert found(routes, "/") is None


@pytest.mark.parametrize(
    ("segment", "value"),
    [
        ("a%2Fb", "a/b"),
        ("%E2%82%AC", "€"),
        ("a+b", "a+b"),
        ("%", "%"),
        ("%zz", "%zz"),
        ("%ff", "\ufffd"),
        ("\udcff", "?"),
        ("é", "é"),
        ("%41%", "A%"),
    ],
)
def test_a_parameter_is_unescaped_and_can_always_be_printed(segment: str, value: str) -> None:
    match = found(table("/x/{name}"), f"/x/{segment}")

    assert match == ("/x/{name}", {"name": value})
    value.encode("utf-8")


def test_an_escaped_slash_separates_nothing_and_an_escaped_literal_is_none() -> None:
    assert found(table("/x/{name}/y"), "/x/a%2Fy/y") == ("/x/{name}/y", {"name": "a/y"})
    assert found(table("/orders"), "/%6Frders") is None


def test_two_routes_of_one_method_and_path_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="two routes for GET"):
        table("/orders/{a}", "/orders/{b}")


def test_two_routes_that_differ_in_case_alone_are_one_when_case_is_ignored() -> None:
    with pytest.raises(ValueError, match="two routes for GET"):
        table("/orders", "/Orders", ignore_case=True)


def test_a_table_keeps_its_routes_in_order() -> None:
    assert [each.path for each in ORDERS.routes][:2] == ["/orders", "/orders/{order}"]


def test_a_long_path_is_only_not_found() -> None:
    assert found(ORDERS, "/orders" * 20_000) is None
    assert found(ORDERS, "/" * 100_000) is None
