"""QR codes inside a page: an SVG without styles, with its quiet zone, on white in every theme."""

import segno
from markupsafe import Markup


def inline_qr(text: str, title: str) -> Markup:
    """The code of `text` as an SVG that grows with its box; `title` is read out in its place."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(
        border=4, omitsize=True, light="#fff", dark="#000", title=title, svgclass="qr", lineclass=None
    )
    return Markup(drawn.replace("<svg ", '<svg role="img" ', 1))  # noqa: S704 - segno escapes the title; the rest is a path
