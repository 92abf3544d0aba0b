"""The layout of messages is data, and the tables of facts follow from it."""

from __future__ import annotations

import pyarrow as pa
import pytest

from tradeloop.documents.facts import ARROW, kind_of_table, tables
from tradeloop.documents.layout import column_name, messages

TYPES = {"text", "decimal", "quantity", "integer", "time", "moment", "date"}


def test_every_message_of_the_flow_is_here() -> None:
    export = {
        "CEB303", "CEB304", "CEB403", "CEB404", "CEB505", "CEB506", "CEB507", "CEB508", "CEB509",
        "CEB510", "CEB603", "CEB604", "CEB605", "CEB606", "CEB607", "CEB608", "CEB701", "CEB702",
        "CEB792",
    }  # fmt: skip

    assert set(messages()) == export | {"CEB213", "CEB214"}


@pytest.mark.parametrize("kind", messages())
def test_a_message_has_fields_of_known_types_each_once(kind: str) -> None:
    message = messages()[kind]

    for fields in (message.head_fields, message.line_fields):
        names = [one.name for one in fields]
        columns = [one.column for one in fields]
        assert len(set(names)) == len(names)
        assert len(set(columns)) == len(columns)
        assert {one.type for one in fields} <= TYPES
    assert message.root == f"{kind}Message"
    assert bool(message.line) == bool(message.line_table) == bool(message.line_fields)


@pytest.mark.parametrize("kind", messages())
def test_what_both_editions_allow_lies_within_what_either_allows(kind: str) -> None:
    message = messages()[kind]

    for one in (*message.head_fields, *message.line_fields):
        assert one.length_min_either <= one.length_min
        assert one.length_max <= one.length_max_either
        if one.type == "text":
            assert one.length_min <= one.length_max


@pytest.mark.parametrize("kind", messages())
def test_every_field_has_its_column(kind: str) -> None:
    message = messages()[kind]

    for name, fields in (
        (message.table, message.head_fields),
        (message.line_table, message.line_fields),
    ):
        for one in fields:
            assert tables()[name].field(one.column).type == ARROW[one.type]


def test_an_answer_requires_only_its_status_and_time() -> None:
    for message in messages().values():
        if message.table == "answers":
            required = {one.name for one in message.head_fields if one.required}
            assert required == {"returnStatus", "returnTime"}, message.kind


def test_every_fact_says_where_it_stands() -> None:
    for name, schema in tables().items():
        place = {"file", "message", "record"} | ({"line"} if name.endswith("_lines") else set())
        assert place <= {one.name for one in schema if not one.nullable}, name


def test_a_table_of_heads_holds_one_kind_of_message() -> None:
    kinds = kind_of_table()

    assert len(set(kinds.values())) == len(kinds)
    assert "answers" not in kinds


def test_the_product_of_quantity_and_price_fits_the_digits_of_a_decimal() -> None:
    quantity = ARROW["quantity"]

    assert pa.types.is_decimal(quantity)
    assert 2 * quantity.precision <= 38


@pytest.mark.parametrize(
    ("field", "column"),
    [
        ("orderNo", "order_no"), ("POD", "pod"), ("fCurrency", "f_currency"), ("qty1", "qty1"),
        ("coElNo", "co_el_no"), ("gseqno", "gseqno"), ("ieFlag", "ie_flag"),
    ],
)  # fmt: skip
def test_a_column_is_called_like_its_field(field: str, column: str) -> None:
    assert column_name(field) == column
