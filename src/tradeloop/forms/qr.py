"""A QR code of a text, as a picture that can be printed at any size."""

from __future__ import annotations

import io

import segno

BYTES_MAX = 1_200
"""More would print as dots that a phone cannot tell apart."""


class QrTooLong(ValueError):
    """The text does not go into a code that a phone can read."""


def svg(text: str) -> str:
    """Return the code as SVG, in black on nothing; a fifteenth of it may be damaged.

    Raises:
        QrTooLong: It is empty, or longer than `BYTES_MAX` bytes of UTF-8.
    """
    size = len(text.encode())
    if not 0 < size <= BYTES_MAX:
        raise QrTooLong(
            f"{size:,} bytes cannot go into a QR code; it takes from 1 to {BYTES_MAX:,}. "
            "Put in a link or the number of the entry, not the proof itself."
        )
    picture = io.BytesIO()
    segno.make_qr(text, error="m").save(picture, kind="svg", xmldecl=False, border=0)
    return picture.getvalue().decode()
