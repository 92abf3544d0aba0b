"""Papers may come one by one, in any order, for a whole season: the verdicts are the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from cutting import Said, said
from seasons import AT, ON, bring, deal, kept, right, season
from trade_cases import customs, gaps, goods, parcels, parties, versions
from trade_cases.build import Trade, write

import papers
from tradeloop.economy.papers import generate
from tradeloop.trades.actions import NothingRead, judged
from tradeloop.trades.lake import few as few_papers
from tradeloop.trades.lake import keys
from tradeloop.trades.lake import reads as lake_reads
from tradeloop.trades.lake.compact import compact
from tradeloop.trades.lake.few import Few
from tradeloop.trades.lake.neighbours import Neighbours
from tradeloop.trades.lake.opened import Lake
from tradeloop.trades.lake.subset import judge_rows

BATCHES = 300
CASE_BATCHES = 60
DEALS, DEAL_BATCHES = 12, 10
LOOKS = 3  # how often, on the way, what is kept is compared with judging everything
ALL_CASES = (
    *parties.CASES.values(), *parcels.CASES.values(), *goods.CASES.values(),
    *customs.CASES.values(), *gaps.CASES.values(), *versions.CASES.values(),
)  # fmt: skip


@pytest.fixture(scope="module")
def few() -> Iterator[Few]:
    with few_papers.few() as judge:
        yield judge


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town") / "in"
    generate(town="hangzhou", trades=15, seed=11, faults=0.6, form="papers", into=folder)
    return folder


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    trades = [Trade(number) for number in range(1, len(ALL_CASES) + 1)]
    for trade, one in zip(trades, ALL_CASES, strict=True):
        one.build(trade)
    return write(tmp_path_factory.mktemp("cases"), trades)


def whole(folder: Path) -> Said:
    """Judge a folder as one batch."""
    with judged([folder], purpose="customs", on=ON, workers=1) as done:
        return said(done.con)


def in_lake(lake: Lake) -> Said:
    """Judge all that is in a lake."""
    with lake.judged(purpose="customs", on=ON) as done:
        return said(done.con)


def assert_season_ends_as_one(
    papers: Path, few: Few, into: Path, *, batches: int, seed: int
) -> None:
    """Bring papers in batches, in random order; on the way and at the end all must be right."""
    dealt = deal(papers, into / "batches", batches=batches, seed=seed)
    with Lake(into / "lake", few) as lake:
        for number, _ in enumerate(season(lake, dealt), 1):
            if number % (batches // LOOKS) == 0:
                assert kept(lake) == right(lake)

        assert in_lake(lake) == whole(papers)


def test_a_season_in_300_batches_equals_one(town: Path, few: Few, tmp_path: Path) -> None:
    assert_season_ends_as_one(town, few, tmp_path, batches=BATCHES, seed=1)


@pytest.mark.parametrize("place", ["yiwu", "shenzhen"])
def test_a_season_of_deals_in_many_batches_equals_one(place: str, few: Few, tmp_path: Path) -> None:
    deals = tmp_path / "deals"
    generate(town=place, trades=DEALS, seed=12, faults=0.7, form="jsonl", into=deals)
    assert_season_ends_as_one(deals, few, tmp_path, batches=DEAL_BATCHES, seed=6)


def test_odd_trades_in_many_batches_equal_one(cases: Path, few: Few, tmp_path: Path) -> None:
    assert_season_ends_as_one(cases, few, tmp_path, batches=CASE_BATCHES, seed=2)


@pytest.mark.parametrize("by", ["few", "bulk"])
def test_what_is_loaded_for_a_trade_says_of_it_what_everything_says(
    by: str, cases: Path, few: Few, tmp_path: Path
) -> None:
    everything = whole(cases)
    names = sorted({str(row[0]) for row in everything.verdicts})
    r = random.Random(3)
    with Lake(tmp_path / "lake", few if by == "few" else None) as lake:
        bring(lake, cases)
        for name in names if by == "few" else r.sample(names, 10):
            found = Neighbours(lake.index)
            found.of(keys.trade_keys(name.partition("/")[2]))
            results = judge_rows(lake, found.tables(), purpose="customs", on=ON)

            verdicts = {tuple(row.values()) for row in results.verdicts if row["trade"] == name}
            assert verdicts == {row for row in everything.verdicts if row[0] == name}
            mine = {
                (name, row["code"], row["field"], row["seen"], row["expected"], row["weight"])
                for row in results.findings if row["trade"] == name
            }  # fmt: skip
            theirs = {row for row in everything.findings if row[0] == name}
            assert {row for row in mine if row in theirs} == theirs
            links = {tuple(row.values()) for row in results.links if row["trade"] == name}
            assert links == {row for row in everything.links if row[0] == name}


def test_the_same_paper_again_changes_nothing(town: Path, tmp_path: Path) -> None:
    with Lake(tmp_path / "lake") as lake:
        bring(lake, town)
        before = kept(lake), lake_reads.batches(lake)

        again = bring(lake, town / "CEB303")

        assert again.number is None
        assert len(again.repeated) == len(list((town / "CEB303").iterdir()))
        assert not again.judgements
        assert (kept(lake), lake_reads.batches(lake)) == before


def test_a_late_paper_changes_the_verdict_of_its_trade_only(tmp_path: Path) -> None:
    trades = [Trade(number) for number in range(1, 6)]
    early = write(tmp_path / "early", [*trades[1:], Trade(1).drop("CEB505")])
    late = papers.message("CEB505", logisticsNo="W1")
    papers.write(tmp_path / "late", {"late.xml": late})
    name = f"{papers.SELLER}/A1"
    with Lake(tmp_path / "lake") as lake:
        bring(lake, early)
        papers.write(tmp_path / "more", {"more.xml": papers.message("CEB505", logisticsNo="W99")})
        bring(lake, tmp_path / "more")
        compact(lake, made_at=AT)

        added = bring(lake, tmp_path / "late")

        [judgement] = added.judgements
        assert (judgement.judged, judgement.changed) == (1, 1)
        [change] = judgement.changes
        assert (change.trade, change.before, change.after) == (name, "incomplete", "proven")
        assert [step.grade for step in lake_reads.history(lake, name)] == ["incomplete", "proven"]
        assert kept(lake) == right(lake)


def test_a_corrected_paper_replaces_and_its_history_is_kept(tmp_path: Path) -> None:
    write(tmp_path / "early", [Trade(1)])
    corrected = papers.message(
        "CEB303", orderNo="A1", appType="2", appTime="20260801150000", goodsValue="31.00"
    )
    papers.write(tmp_path / "late", {"corrected.xml": corrected})
    name = f"{papers.SELLER}/A1"
    with Lake(tmp_path / "lake") as lake:
        bring(lake, tmp_path / "early")
        bring(lake, tmp_path / "late")

        story = lake_reads.explain(lake, name, purpose="customs", on=ON)

        assert {"paper-amended", "goods-value-differs"} <= {one.code for one in story.findings}
        assert [step.batch for step in lake_reads.history(lake, name)] == [1, 2]


def test_a_late_answer_to_a_note_touches_every_parcel_on_it(tmp_path: Path) -> None:
    trades = [Trade(number).add("CEB509") for number in (1, 2)]
    lines = [{"gnum": "1", "logisticsNo": "W1"}, {"gnum": "2", "logisticsNo": "W2"}]
    del trades[1].records[-1]
    trades[0].records[-1].lines[:] = [{**trades[0].records[-1].lines[0], **line} for line in lines]
    cop_no = trades[0].records[-1].head["copNo"]
    write(tmp_path / "early", trades)
    answer = papers.message("CEB510", copNo=cop_no, returnStatus="100")
    papers.write(tmp_path / "late", {"answer.xml": answer})
    with Lake(tmp_path / "lake") as lake:
        bring(lake, tmp_path / "early")

        [judgement] = bring(lake, tmp_path / "late").judgements

        assert judgement.judged == 2


def test_a_late_row_of_the_firm_table_renames_its_trades(tmp_path: Path) -> None:
    trade = Trade(1)
    for record in trade.records:
        record.head.update({"ebcCode": papers.SELLER_CUSTOMS} if "ebcCode" in record.head else {})
    write(tmp_path / "early", [trade])
    row = f"{papers.SELLER_CUSTOMS},{papers.SELLER},x,2020-01-01,y"
    papers.write(tmp_path / "late", {"firms.csv": f"customs_code,uscc,name,from,source\n{row}\n"})
    with Lake(tmp_path / "lake") as lake:
        bring(lake, tmp_path / "early")

        [judgement] = bring(lake, tmp_path / "late").judgements

        assert dict(judgement.grades) == {"proven → gone": 1, "new → proven": 1}
        assert kept(lake) == right(lake)


def test_compacting_changes_nothing_that_is_said(town: Path, few: Few, tmp_path: Path) -> None:
    batches = deal(town, tmp_path / "batches", batches=8, seed=4)
    with Lake(tmp_path / "lake", few) as lake:
        list(season(lake, batches[:6]))
        before = in_lake(lake)

        done = compact(lake, made_at=AT)

        assert done.after < done.before
        assert in_lake(lake) == before
        list(season(lake, batches[6:]))
        assert kept(lake) == right(lake)
        assert in_lake(lake) == whole(town)
        left = {path.relative_to(lake.path).as_posix() for path in lake.path.glob("*/*/*.parquet")}
        assert left == {part.path for part in lake.folder.parts()}


def test_an_index_that_was_lost_is_made_again(town: Path, few: Few, tmp_path: Path) -> None:
    batches = deal(town, tmp_path / "batches", batches=4, seed=5)
    with Lake(tmp_path / "lake", few) as lake:
        list(season(lake, batches[:3]))
        compact(lake, made_at=AT)
    for path in (tmp_path / "lake").glob("index.sqlite*"):
        path.unlink()
    with Lake(tmp_path / "lake", few) as lake:
        bring(lake, batches[3])

        assert kept(lake) == right(lake)
        assert in_lake(lake) == whole(town)


def test_tables_of_facts_may_come_beside_the_messages_they_were_made_of(
    town: Path, tmp_path: Path
) -> None:
    as_tables = tmp_path / "tables"
    with Lake(tmp_path / "first") as first:
        bring(first, town)
        for table, paths in first.parts().items():
            if table not in {"files", "told", "counts"}:
                as_tables.mkdir(exist_ok=True)
                for number, path in enumerate(paths):
                    (as_tables / f"{table}-{number}.parquet").write_bytes(path.read_bytes())
        verdicts = kept(first)
    with Lake(tmp_path / "second") as second:
        bring(second, as_tables)
        bring(second, town)

        assert kept(second) == verdicts == right(second)


def test_a_batch_of_which_nothing_can_be_read_is_no_batch(tmp_path: Path) -> None:
    papers.write(tmp_path / "in", {"empty.xml": ""})
    with Lake(tmp_path / "lake") as lake:
        with pytest.raises(NothingRead, match="Nothing could be read"):
            bring(lake, tmp_path / "in")

        assert not lake.folder.manifests()
        assert not list(lake.path.glob("*/*/*.parquet"))
