"""Bad input gets a clear message, and the rest of the batch is judged all the same."""

from __future__ import annotations

import io
import os
import resource
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import papers
from tradeloop.trades.actions import NothingRead, verify
from tradeloop.trades.facts import Report

ON = date(2026, 9, 1)
ORDER = papers.message("CEB303", orderNo="BAD", appTime="20260801100000")


def judged(folder: Path) -> Report:
    return verify([folder], purpose="customs", on=ON)


def beside_a_clean_trade(folder: Path, name: str, data: str | bytes) -> Report:
    """Judge one bad file beside four good ones; the clean trade must not suffer."""
    papers.write(folder, papers.clean_trade() | {name: data})
    report = judged(folder)
    assert report.grades["proven"] == 1
    assert report.files == 5
    assert report.files == report.read + report.kept + len(report.unreadable)
    return report


UNREADABLE: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "the file is empty"),
    "only white space": (" \n\n", "the file is empty"),
    "no element": ("this is no XML", "holds no element"),
    "a cut record alone": (ORDER[: ORDER.index("<ceb:goodsValue>")], "record-broken"),
    "no record": (papers.wrap("CEB303"), "no record of the message"),
    "an entity bomb": (
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + ORDER.partition("\n")[2],
        "document type",
    ),
    "an external entity": (
        ORDER.replace("?>", '?><!DOCTYPE x SYSTEM "file:///etc/passwd">', 1),
        "document type",
    ),
    "other XML that is broken": ("<root><a></root>", "not well-formed"),
    "no key at all": (papers.message("CEB303", orderNo=None), "key-missing"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_an_unreadable_file_is_named_with_its_reason(case: str, tmp_path: Path) -> None:
    data, because = UNREADABLE[case]

    report = beside_a_clean_trade(tmp_path, "bad.xml", data)

    [unread] = report.unreadable
    assert unread.file.endswith("bad.xml")
    assert because in unread.because


TOLD: dict[str, tuple[Callable[[str], str | bytes], str]] = {
    "stray text before the declaration": (lambda text: "oops " + text, "text-stray"),
    "stray text between records": (
        lambda text: text.replace("<ceb:BaseTransfer>", "oops <ceb:BaseTransfer>"),
        "text-stray",
    ),
    "no namespace": (
        lambda text: text.replace("ceb:", "").replace(" xmlns:ceb", " x"),
        "namespace-missing",
    ),
    "a doubled envelope node": (
        lambda text: text.replace("</ceb:BaseTransfer>", "</ceb:BaseTransfer><ceb:BaseTransfer/>"),
        "node-doubled",
    ),
    "a doubled field": (
        lambda text: text.replace("<ceb:freight>", "<ceb:freight>9</ceb:freight><ceb:freight>"),
        "field-doubled",
    ),
    "an unknown element": (
        lambda text: text.replace("<ceb:freight>", "<ceb:colour>red</ceb:colour><ceb:freight>"),
        "element-unknown",
    ),
    "elements out of order": (
        lambda text: text.replace("<ceb:appType>1</ceb:appType>", "").replace(
            "<ceb:orderType>", "<ceb:appType>1</ceb:appType><ceb:orderType>"
        ),
        "element-order",
    ),
    "a missing required field": (
        lambda text: text.replace("<ceb:ebcName>seller</ceb:ebcName>", ""),
        "field-missing",
    ),
    "GBK declared": (
        lambda text: text.replace("UTF-8", "GBK").replace("platform", "平台").encode("gbk"),
        "signature-missing",
    ),
    "GBK under a UTF-8 label": (
        lambda text: text.replace("platform", "跨境电子商务平台").encode("gbk"),
        "encoding-differs",
    ),
    "NUL bytes": (lambda text: text.replace("platform", "plat\x00form"), "control-character"),
    "an amount with letters": (lambda text: text.replace(">30.00<", ">30.OO<"), "number-malformed"),
    "a negative amount": (lambda text: text.replace(">30.00<", ">-30.00<"), "amount-negative"),
    "an amount of 19 digits": (
        lambda text: text.replace(">30.00<", ">1234567890123456789<"),
        "number-out-of-range",
    ),
    "an impossible date": (
        lambda text: text.replace("20260801100000", "20260230100000"),
        "date-impossible",
    ),
    "a field of 10 MB": (
        lambda text: text.replace("platform", "x" * 10_000_000),
        "field-length",
    ),
    "a field for one edition only": (
        lambda text: text.replace(papers.PLATFORM, "P" * 30),
        "field-length-edition",
    ),
    "a record that is not closed": (
        lambda text: text.replace("</ceb:OrderHead>", ""),
        "xml-malformed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TOLD)
def test_a_breach_is_told_and_the_record_read_as_far_as_it_goes(case: str, tmp_path: Path) -> None:
    edit, code = TOLD[case]

    report = beside_a_clean_trade(tmp_path, "bad.xml", edit(ORDER))

    assert report.findings.get(code), report.findings
    assert report.trades == 2, "the order of the bad file opens a trade of its own"
    example = next(one for one in report.examples if one.code == code)
    assert example.meaning
    assert example.remedy


def test_a_cut_file_keeps_its_whole_records(tmp_path: Path) -> None:
    two = papers.wrap(
        "CEB303", papers.record("CEB303", orderNo="X1"), papers.record("CEB303", orderNo="X2")
    )

    report = beside_a_clean_trade(tmp_path, "cut.xml", two[: two.rindex("<ceb:goodsValue>")])

    assert report.trades == 2
    assert report.findings["file-truncated"] == 1
    assert report.findings["record-broken"] == 1
    assert report.documents["CEB303"] == 3


def test_one_broken_record_does_not_spoil_its_neighbours(tmp_path: Path) -> None:
    broken = papers.record("CEB303", orderNo="X2").replace("</ceb:OrderHead>", "</ceb:Ord&&<")
    three = papers.wrap(
        "CEB303",
        papers.record("CEB303", orderNo="X1"),
        broken,
        papers.record("CEB303", orderNo="X3"),
    )

    report = beside_a_clean_trade(tmp_path, "three.xml", three)

    assert report.trades >= 3
    example = next(one for one in report.examples if one.code == "xml-malformed")
    assert (example.position or "").startswith("1/2/0")


def test_cdata_is_text_like_any_other(tmp_path: Path) -> None:
    data = ORDER.replace(">platform<", "><![CDATA[a < b & c]]><")

    report = beside_a_clean_trade(tmp_path, "cdata.xml", data)

    assert set(report.findings) <= {"signature-missing", "list-missing"}


@pytest.mark.parametrize("root", ["root", "ceb:CEB999Message", "ceb:CEB621Message"])
def test_other_xml_is_kept_and_told(root: str, tmp_path: Path) -> None:
    data = f'<{root} xmlns:ceb="{papers.NAMESPACE}"><ceb:Order/></{root}>'

    report = beside_a_clean_trade(tmp_path, "other.xml", data)

    assert report.kept == 1
    assert report.findings["message-unknown"] == 1


def test_several_messages_in_one_file_are_all_read(tmp_path: Path) -> None:
    both = papers.message("CEB303", orderNo="X1") + papers.message("CEB505", logisticsNo="W9")

    report = beside_a_clean_trade(tmp_path, "both.xml", both)

    assert report.documents["CEB303"] == 2
    assert report.documents["CEB505"] == 2


def test_two_equal_files_count_once(tmp_path: Path) -> None:
    report = beside_a_clean_trade(tmp_path, "again.xml", papers.clean_trade()["CEB303.xml"])

    assert report.findings["file-repeated"] == 1
    assert report.verified == {"CNY": 3000}


def test_a_repeated_message_in_another_file_counts_once(tmp_path: Path) -> None:
    again = papers.clean_trade()["CEB303.xml"] + "\n<!-- sent again -->\n"

    report = beside_a_clean_trade(tmp_path, "again.xml", again)

    assert report.findings["paper-repeated"] == 1
    assert report.verified == {"CNY": 3000}


def test_evidence_is_kept_and_never_unreadable(tmp_path: Path) -> None:
    report = beside_a_clean_trade(tmp_path, "chat.pdf", b"%PDF-1.7 not really")

    assert report.kept == 1
    assert not report.unreadable


def zipped(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def test_an_archive_is_read_like_a_folder(tmp_path: Path) -> None:
    members = {name: text.encode() for name, text in papers.clean_trade().items()}
    papers.write(tmp_path, {"papers.zip": zipped(members)})

    report = judged(tmp_path)

    assert (report.files, report.read) == (4, 4)
    assert report.grades["proven"] == 1


BAD_ARCHIVES: dict[str, tuple[bytes, str]] = {
    "a bomb": (zipped({"bomb.xml": b"<" * 300_000_000}), "more than the 256 MiB"),
    "a bomb by ratio": (zipped({"bomb.xml": b" " * 60_000_000}), "zip bomb"),
    "a name that leads out": (
        zipped({"../../evil.xml": ORDER.encode()}),
        "leads out of the archive",
    ),
    "an absolute name": (zipped({"/etc/evil.xml": ORDER.encode()}), "leads out of the archive"),
    "no archive at all": (b"PK\x03\x04 not really", "not a zip archive"),
    "an archive inside": (
        zipped({"inner.zip": zipped({"a.xml": b"x"})}),
        "archive inside an archive",
    ),
}


@pytest.mark.parametrize("case", BAD_ARCHIVES)
def test_a_bad_archive_is_refused_and_writes_nothing(case: str, tmp_path: Path) -> None:
    data, because = BAD_ARCHIVES[case]

    report = beside_a_clean_trade(tmp_path / "papers", "bad.zip", data)

    [unread] = report.unreadable
    assert because in unread.because
    assert not (tmp_path / "evil.xml").exists()
    assert not (tmp_path.parent / "evil.xml").exists()


def test_nothing_readable_is_an_error_that_says_what_to_give(tmp_path: Path) -> None:
    papers.write(tmp_path, {"empty.xml": "", "chat.pdf": b"%PDF"})

    with pytest.raises(NothingRead, match="Give customs messages"):
        judged(tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become a user without permission")
def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    papers.write(tmp_path, papers.clean_trade() | {"secret.xml": ORDER})
    for path in (tmp_path, *tmp_path.iterdir()):
        path.chmod(0o755)
    (tmp_path / "secret.xml").chmod(0)
    code = (
        "import os, sys\n"
        "from tradeloop.documents.gather import gather, read_bytes, Unreadable\n"
        "from pathlib import Path\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "for source in gather([Path(sys.argv[1])]):\n"
        "    try: read_bytes(source)\n"
        "    except Unreadable as error: print(source.path, error)\n"
    )
    if not _reachable_by_others(tmp_path):
        shutil.copytree(tmp_path, public := Path("/tmp") / f"tradeloop-test-{os.getpid()}")  # noqa: S108 - a place that all may read
        (public / "secret.xml").chmod(0)
        public.chmod(0o755)
    else:
        public = tmp_path
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, str(public)], capture_output=True, text=True, check=False
        )
        assert "secret.xml no permission to read it" in done.stdout, done.stderr
        assert done.stdout.count("\n") == 1
    finally:
        if public != tmp_path:
            shutil.rmtree(public)


def _reachable_by_others(path: Path) -> bool:
    return all(one.stat().st_mode & 0o005 for one in (path, *path.parents))


# 4 kB stop the facts, 11 kB the results for people.
@pytest.mark.parametrize("bytes_max", [4_000, 10_000])
def test_a_full_disk_ends_with_one_sentence_and_nothing_half_written(
    bytes_max: int, tmp_path: Path
) -> None:
    papers.write(tmp_path / "in", papers.clean_trade())
    command = [
        sys.executable,
        "-m",
        "tradeloop",
        "verify",
        str(tmp_path / "in"),
        "--on",
        "2026-09-01",
    ]

    def small_files_only() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_max, bytes_max))

    done = subprocess.run(
        [*command, "--out", str(tmp_path / "out")], capture_output=True, text=True, check=False,
        preexec_fn=small_files_only, env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip

    assert done.returncode == 3, done.stderr
    assert "Make room" in done.stderr
    assert "Traceback" not in done.stderr
    assert not [path for path in tmp_path.rglob("*") if "beginning" in path.name]
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("tradeloop-")]


HOSTILE: dict[str, Callable[[str], str]] = {
    "markup in a value": lambda text: text.replace(">142<", ">[/x]<", 1),
    "half of a pair of surrogates": lambda text: text.replace("platform", "plat&#xD800;form"),
    "an escape sequence": lambda text: text.replace("platform", "plat&#27;[2Jform"),
    "an amount that a decimal cannot multiply": lambda text: text.replace(
        "<ceb:qty>2</ceb:qty><ceb:price>10.00</ceb:price>",
        "<ceb:qty>9999999999999</ceb:qty><ceb:price>9999999999999</ceb:price>",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_value_is_shown_and_breaks_nothing(case: str, tmp_path: Path) -> None:
    data = HOSTILE[case](ORDER)
    assert data != ORDER
    papers.write(tmp_path / "in", papers.clean_trade() | {"bad.xml": data})
    command = [sys.executable, "-m", "tradeloop", "verify", str(tmp_path / "in")]

    done = subprocess.run(
        [*command, "--on", "2026-09-01", "--out", str(tmp_path / "out")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "\x1b[2J" not in done.stdout
    assert "30.00 CNY" in done.stdout


def test_a_file_named_in_gbk_and_a_closed_folder_are_named(tmp_path: Path) -> None:
    papers.write(tmp_path, papers.clean_trade())
    os.rename(  # noqa: PTH104 - the name is bytes, no text
        os.fsencode(tmp_path / "CEB303.xml"), os.fsencode(tmp_path) + "/订单.xml".encode("gbk")
    )
    (tmp_path / "link").symlink_to(tmp_path)

    report = judged(tmp_path)

    assert report.grades["proven"] == 1
    [unread] = report.unreadable
    assert "a link to a folder" in unread.because
