"""Bytes become text by the encoding that fits, and what they wrongly say of themselves is told."""

from __future__ import annotations

import codecs

import pytest

from tradeloop.documents.encoding import decode

CHINESE = "跨境电子商务平台"


def xml(declared: str | None, text: str = CHINESE) -> str:
    """Return a document that declares an encoding or none."""
    said = f' encoding="{declared}"' if declared else ""
    return f'<?xml version="1.0"{said}?>\n<a>{text}</a>\n'


READ: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "UTF-8": (xml("UTF-8").encode(), ()),
    "UTF-8 without a declaration": (xml(None).encode(), ()),
    "UTF-8 with a mark": (codecs.BOM_UTF8 + xml("UTF-8").encode(), ()),
    "utf8 in another spelling": (xml("utf8").encode(), ()),
    "GBK": (xml("GBK").encode("gbk"), ()),
    "GB2312 declared and GB18030 meant": (xml("GB2312").encode("gb18030"), ()),
    "UTF-16 little-endian": (codecs.BOM_UTF16_LE + xml("UTF-16").encode("utf-16-le"), ()),
    "UTF-16 big-endian": (codecs.BOM_UTF16_BE + xml("UTF-16").encode("utf-16-be"), ()),
    "GBK that says it is UTF-8": (xml("UTF-8").encode("gbk"), ("encoding-differs",)),
    "GBK that says nothing": (xml(None).encode("gbk"), ("encoding-differs",)),
    "UTF-8 that says it is GBK": (xml("GBK").encode(), ("encoding-differs",)),
    "an encoding that nobody knows": (xml("x-none").encode(), ("encoding-differs",)),
}


@pytest.mark.parametrize("case", READ)
def test_a_text_is_read_in_the_encoding_that_fits(case: str) -> None:
    data, codes = READ[case]

    found = decode(data)

    assert f"<a>{CHINESE}</a>" in found.text
    assert not found.text.startswith("\ufeff")
    assert tuple(told.code for told in found.told) == codes


def test_plain_letters_are_the_same_in_every_encoding_and_nothing_is_told() -> None:
    for declared in ("UTF-8", "GBK", "x-none"):
        assert decode(xml(declared, "abc").encode()).told == ()


def test_bytes_of_no_encoding_are_read_as_far_as_they_go() -> None:
    found = decode(b"<a>good \xff\xfe\xff bad</a>")

    assert found.text.startswith("<a>good ")
    assert found.text.endswith(" bad</a>")
    assert [told.code for told in found.told] == ["encoding-differs", "encoding-broken"]


def test_characters_that_xml_forbids_are_left_out_and_counted() -> None:
    found = decode(b"<a>\nx\x00y\x01z\x7f</a>")

    assert found.text == "<a>\nxyz\x7f</a>"
    [told] = found.told
    assert (told.code, told.seen) == ("control-character", "2 × U+0000, first on line 2")


def test_line_ends_are_one_character() -> None:
    assert decode(b"a\r\nb\rc\n\r\nd").text == "a\nb\nc\n\nd"


@pytest.mark.parametrize("data", [b"", b"\x00", b"\xff\xfe", b"\xff\xfe\x00", b"\xfe\xff\xd8\x00"])
def test_no_bytes_raise(data: bytes) -> None:
    assert isinstance(decode(data).text, str)
