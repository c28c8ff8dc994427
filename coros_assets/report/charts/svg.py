"""From a chart's description to a compact, inert SVG that can stand inside the page.

Belongs here: drawing by Vega, and taking out of its SVG what a static page has no use for.
Does not: what a chart shows (the modules beside this one), or its caption (`figure.py`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any, Final

import vl_convert
from lxml import etree
from markupsafe import Markup

DECIMALS: Final = 1
"""A tenth of a CSS pixel: finer is invisible and doubles the size of a page of points."""

SVG: Final = "{http://www.w3.org/2000/svg}"
_FRACTION: Final = re.compile(r"-?\d*\.\d+(?:e-?\d+)?")
_TRANSLATION: Final = re.compile(r"translate\([^()]+\)")
_NAMESPACE: Final = re.compile(r' xmlns(:\w+)?="[^"]*"')
_GEOMETRY: Final = "d transform x y dx dy x1 x2 y1 y2 viewBox overflow markerUnits"
_PAINT: Final = "fill fill-opacity stroke stroke-opacity opacity"
_STROKE: Final = "stroke-width stroke-dasharray stroke-linecap stroke-miterlimit"
_TEXT: Final = "text-anchor font-size font-weight font-style"
_REFERENCE: Final = "id marker-start marker-mid marker-end"
_KEPT: Final = frozenset(f"{_GEOMETRY} {_PAINT} {_STROKE} {_TEXT} {_REFERENCE}".split())

Look = tuple[tuple[str, str], ...]
"""The attributes of a symbol but for its place."""


def draw(spec: dict[str, Any], label: str, ident: str) -> Markup:
    """The SVG of a Vega-Lite `spec`, named `label` for those who cannot see it.

    Args:
        spec: a Vega-Lite chart with its data inside; an address in it is never opened.
        label: what the chart shows, in words.
        ident: prefix of the element ids inside, unique in the page.
    """
    svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    root = etree.fromstring(svg.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    _share_symbols(root, ident)
    for element in list(root.iter(etree.Element)):
        _tidy(element)
    root.set("role", "img")
    root.set("aria-label", label)
    text = _NAMESPACE.sub("", etree.tostring(root, encoding="unicode"))
    return Markup(text)  # noqa: S704  Vega's own drawing, serialised and escaped by lxml


def _share_symbols(root: etree._Element, ident: str) -> None:
    """Draw each distinct point symbol once, as the marker of one path through all its places.

    A scatter repeats a symbol a thousand times; as a vertex of a path it takes ten bytes instead of 150.
    """
    definitions = etree.SubElement(root, f"{SVG}defs")
    for (_, look), paths in _alike(root).items():
        parent = paths[0].getparent()
        if len(paths) == 1 or parent is None:
            continue
        name = f"{ident}-{len(definitions)}"
        marker = etree.SubElement(definitions, f"{SVG}marker", id=name, overflow="visible")
        marker.set("markerUnits", "userSpaceOnUse")
        etree.SubElement(marker, f"{SVG}path", dict(look))
        every = etree.Element(f"{SVG}path", d="M" + "L".join(map(_place, paths)), fill="none")
        for where in ("start", "mid", "end"):
            every.set(f"marker-{where}", f"url(#{name})")
        parent.insert(parent.index(paths[0]), every)
        for path in paths:
            parent.remove(path)


def _place(symbol: etree._Element) -> str:
    return symbol.get("transform", "").removeprefix("translate(").removesuffix(")")


def _alike(root: etree._Element) -> dict[tuple[etree._Element | None, Look], list[etree._Element]]:
    """The symbols that differ in their place alone, by the group they stand in."""
    found: defaultdict[tuple[etree._Element | None, Look], list[etree._Element]] = defaultdict(list)
    for path in root.findall(f".//{SVG}g/{SVG}path[@transform]"):
        if _TRANSLATION.fullmatch(path.get("transform", "")):
            kept = _KEPT - {"transform"}
            look = tuple((str(name), str(value)) for name, value in path.items() if name in kept)
            found[path.getparent(), look].append(path)
    return found


def _tidy(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None and (element.get("display") == "none" or _is_unpainted(element)):
        parent.remove(element)
        return
    for name, value in element.items():
        if name not in _KEPT or (name == "opacity" and value == "1"):
            del element.attrib[name]
        elif name in {"d", "transform"}:
            element.set(name, _rounded(str(value)))


def _is_unpainted(element: etree._Element) -> bool:
    paints = {element.get("fill", "transparent"), element.get("stroke", "transparent")}
    return element.get("class") == "background" and paints == {"transparent"}


def _rounded(text: str) -> str:
    """`text` with every fraction in it shortened; whole numbers stay as they are."""
    return _FRACTION.sub(lambda found: f"{float(found[0]):.{DECIMALS}f}".removesuffix(".0"), text)
