"""A badge for a README: the venue and how many cases pass, as one SVG file without anything from elsewhere."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from xml.etree import ElementTree as ET

from mockex.conformance.model import Verdict
from mockex.conformance.report.marks import Standing, headline, standing
from mockex.conformance.results import Results
from mockex.conformance.visible import one_line

# White text on these has a contrast of at least 4.5.
COLOURS: Mapping[Standing, str] = MappingProxyType(
    {
        Standing.PASS: "#1a7f37",
        Standing.PARTIAL: "#1a7f37",
        Standing.WARN: "#8a6100",
        Standing.FAIL: "#c4232c",
        Standing.ERRORED: "#7a3e9d",
        Standing.NONE: "#5f6670",
    }
)
LABEL_COLOUR = "#3d434b"
HEIGHT = 20
MARGIN = 6


def render(results: Results) -> str:
    """The SVG's text."""
    label, message = one_line(results.venue.name, 40), _message(results)
    left, right = _width(label), _width(message)
    title = f"{label}: {message}. {one_line(headline(results).title)}."
    svg = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": str(left + right),
            "height": str(HEIGHT),
            "viewBox": f"0 0 {left + right} {HEIGHT}",
            "role": "img",
            "aria-label": title,
        },
    )
    ET.SubElement(svg, "title").text = title
    clip = ET.SubElement(svg, "clipPath", {"id": "round"})
    ET.SubElement(clip, "rect", {"width": str(left + right), "height": str(HEIGHT), "rx": "3"})
    halves = ET.SubElement(svg, "g", {"clip-path": "url(#round)"})
    ET.SubElement(halves, "rect", {"width": str(left), "height": str(HEIGHT), "fill": LABEL_COLOUR})
    colour = COLOURS[_standing(results)]
    ET.SubElement(halves, "rect", {"x": str(left), "width": str(right), "height": str(HEIGHT), "fill": colour})
    style = {"fill": "#fff", "font-family": "Verdana,DejaVu Sans,sans-serif", "font-size": "11", "text-anchor": "middle"}
    texts = ET.SubElement(svg, "g", style)
    for text, start, width in ((label, 0, left), (message, left, right)):
        place = {"x": str(start + width // 2), "y": "14", "textLength": str(width - 2 * MARGIN)}
        ET.SubElement(texts, "text", place).text = text
    return ET.tostring(svg, encoding="unicode") + "\n"


def _message(results: Results) -> str:
    summary = results.summary
    return f"{summary[Verdict.PASS]}/{summary.total} pass" if summary.total else "no case ran"


def _standing(results: Results) -> Standing:
    """A broken run is no failure of the client, and known failures are no news but no pass either."""
    if results.exit_code > 1:
        return Standing.ERRORED
    found = standing(results.summary)
    return Standing.WARN if found is Standing.FAIL and results.exit_code == 0 else found


def _width(text: str) -> int:
    """Pixels that a text takes at 11 px with its margins. The renderer is told to make it fit."""
    return 2 * MARGIN + sum(12 if unicodedata.east_asian_width(char) in "WF" else 7 for char in text)
