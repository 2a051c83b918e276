"""An address as a square that a phone reads."""

from io import BytesIO


def qr_code(url: str, *, scale: int = 1, fluid: bool = False) -> str:
    """The address as an SVG drawing, without a white rim. It holds nothing but dark squares.

    A fluid one is as large as its place allows.
    """
    # Imported here: few requests draw a code.
    import segno

    drawing = BytesIO()
    code = segno.make(url, error="m", micro=False)
    code.save(drawing, kind="svg", xmldecl=False, border=0, dark="#1c1930", scale=scale, omitsize=fluid)
    return drawing.getvalue().decode()
