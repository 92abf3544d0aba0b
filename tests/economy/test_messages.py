"""The papers are messages as customs wants them, and the tables carry the very same rows."""

import csv
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from lxml import etree

from tradeloop.documents.facts import tables
from tradeloop.documents.layout import Field, messages
from tradeloop.economy.papers import generate
from tradeloop.economy.papers.paper import Paper

CEB = "{http://www.chinaport.gov.cn/ceb}"
SCHEMAS = Path(__file__).resolve().parents[2].parent / "shared/samples/ceb/2018-113/xsd"
SCHEMA = SCHEMAS / "出口业务节点报文.xsd"
NEWER = ("CEB213", "CEB214")  # not in the edition of 2018
EDITIONS_DIFFER = ("}invtNo'", "}gcode'", "}gseqno'")  # longer, shorter and new since 2018
TRADES, SEED, FAULTS = 420, 9, 0.3


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    into = tmp_path_factory.mktemp("papers") / "out"
    generate(town="hangzhou", trades=TRADES, seed=SEED, faults=FAULTS, form="papers", into=into)
    return into


@pytest.fixture(scope="module")
def parquet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    into = tmp_path_factory.mktemp("parquet") / "out"
    generate(town="hangzhou", trades=TRADES, seed=SEED, faults=FAULTS, form="parquet", into=into)
    return into


def parsed(folder: Path) -> list[tuple[str, int, etree._Element]]:
    """Return kind, number and root of every message, in order."""
    return [
        (path.parent.name, int(path.stem), etree.parse(str(path)).getroot())
        for path in sorted(folder.rglob("*.xml"))
    ]


def test_every_kind_of_paper_is_there(papers: Path) -> None:
    assert {path.name for path in papers.iterdir() if path.is_dir()} == set(messages())


def test_a_message_has_at_most_a_hundred_records_and_lines_over_many_parcels(
    papers: Path,
) -> None:
    for kind, _, root in parsed(papers):
        layout = messages()[kind]
        records = root.findall(f"{CEB}{layout.record}")
        assert 1 <= len(records) <= 100
        if kind in ("CEB607", "CEB507", "CEB509", "CEB701", "CEB792"):
            assert 1 <= len(root.findall(f".//{CEB}{layout.line}")) <= 100


def test_a_message_names_its_sender_only_if_a_firm_sends_it(papers: Path) -> None:
    for kind, _, root in parsed(papers):
        answers = messages()[kind].table == "answers" or kind == "CEB792"
        assert (root.find(f"{CEB}BaseTransfer") is None) == answers
        assert root.get("version") == "1.0"
        assert len(root.get("guid", "")) == 36
        assert root.get("guid", "").isupper()


def test_split_papers_are_numbered_without_a_gap(papers: Path) -> None:
    found: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for kind in ("CEB607", "CEB507", "CEB509", "CEB701"):
        for _, _, root in parsed(papers / kind):
            for count in root.iter(f"{CEB}msgCount"):
                head = count.getparent()
                assert head is not None
                number = head.findtext(f"{CEB}copNo", "")
                place = int(head.findtext(f"{CEB}msgSeqNo", ""))
                found.setdefault((kind, number), []).append((place, int(count.text or "")))

    assert any(len(places) > 1 for places in found.values())
    for places in found.values():
        assert sorted(places) == [(n, len(places)) for n in range(1, len(places) + 1)]


def test_names_with_signs_of_xml_come_through(papers: Path) -> None:
    names = [
        name.text or ""
        for _, _, root in parsed(papers / "CEB303")
        for name in root.iter(f"{CEB}itemName")
    ]

    assert any("&" in name for name in names)
    assert any("<" in name for name in names)


@pytest.mark.skipif(not SCHEMA.exists(), reason="the official schema is not on this machine")
def test_messages_are_valid_by_the_schema_of_2018_but_for_what_changed_since(
    papers: Path,
) -> None:
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    wrong = []
    for kind, _, root in parsed(papers):
        if kind not in NEWER and not schema.validate(root):
            wrong += [error.message for error in schema.error_log]

    assert not [text for text in wrong if not known(text)]


def known(error: str) -> bool:
    # Before customs gives a list its number, the answer has none to tell.
    return any(name in error for name in EDITIONS_DIFFER) or "}ebcCode': This" in error


def test_the_tables_carry_the_rows_of_the_papers(papers: Path, parquet: Path) -> None:
    read: dict[str, list[dict[str, object]]] = {
        name: [] for name in tables() if (parquet / f"{name}.parquet").exists()
    }
    for kind, _, root in sorted(parsed(papers), key=lambda one: list(messages()).index(one[0])):
        layout = messages()[kind]
        for number, record in enumerate(root.findall(f"{CEB}{layout.record}"), 1):
            head = record.find(f"{CEB}{layout.head}") if layout.head else record
            assert head is not None
            row = {"message": 1, "record": number, "message_guid": root.get("guid")}
            if layout.table == "answers":
                row["kind"] = kind
            read[layout.table].append(row | values(head, layout.head_fields))
            lines = record.findall(f"{CEB}{layout.line}") if layout.line else []
            for place, line in enumerate(lines, 1):
                row = {"message": 1, "record": number, "line": place}
                read[layout.line_table].append(row | values(line, layout.line_fields))

    for name, rows in read.items():
        if name == "firms":
            continue
        table = pq.read_table(parquet / f"{name}.parquet")
        assert table.schema.metadata[b"tradeloop.table"] == name.encode()
        assert table.schema.equals(tables()[name])
        given = sorted(table.to_pylist(), key=place_of)
        assert [kept(row) for row in given] == rows, name


def values(node: etree._Element, fields: tuple[Field, ...]) -> Mapping[str, object]:
    found: dict[str, object] = {}
    for field in fields:
        text = node.findtext(f"{CEB}{field.name}")
        if text:
            found[field.column] = VALUE[field.type](text)
    return found


def place_of(row: Mapping[str, int]) -> tuple[int, ...]:
    return row["file"], row["record"], row.get("line", 0)


def kept(row: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if value is not None and name != "file"}


def _date(text: str) -> date:
    return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - customs writes no zone


def _time(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%d%H%M%S")  # noqa: DTZ007 - customs writes no zone


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%d%H%M%S%f")  # noqa: DTZ007 - customs writes no zone


VALUE = {
    "text": str,
    "decimal": Decimal,
    "quantity": Decimal,
    "integer": int,
    "date": _date,
    "time": _time,
    "moment": _moment,
}


def test_both_forms_list_the_same_firms(papers: Path, parquet: Path) -> None:
    with papers.joinpath("firms.csv").open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    given = pq.read_table(parquet / "firms.parquet").to_pylist()

    assert list(read[0]) == ["customs_code", "uscc", "name", "from", "source"]
    assert [row["uscc"] for row in read] == [row["uscc"] for row in given]
    assert [row["from"] for row in read] == [str(row["from_date"]) for row in given]
    assert all(not row["name"].startswith("合成无表") for row in read)


def test_both_forms_tell_the_same_truth(papers: Path, parquet: Path) -> None:
    for name in ("truth.csv", "hard_negatives.csv"):
        assert papers.joinpath(name).read_bytes() == parquet.joinpath(name).read_bytes()


def test_a_second_version_of_a_paper_leaves_the_first_alone() -> None:
    first = Paper("CEB303", {"guid": "A"}, [{"gnum": 1}])

    second = first.again(guid="B")
    second.lines[0]["gnum"] = 2

    assert (first.head, first.lines) == ({"guid": "A"}, [{"gnum": 1}])
