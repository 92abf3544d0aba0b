"""Monthly summaries: a seller's application (701), the answer (702), the declaration (792)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from random import Random

from tradeloop.economy.papers.batches import LINES_MAX, answer, parts
from tradeloop.economy.papers.clock import DAY, HOUR, MINUTE, day_text, month, next_month, year
from tradeloop.economy.papers.dice import between, dice, guid
from tradeloop.economy.papers.paper import Paper, Row
from tradeloop.economy.papers.parcel import Parcel
from tradeloop.economy.papers.world import World

SUMMARY_DAYS = (8, 12)  # after the month's end


def summaries(world: World, chunk: int, parcels: Iterable[Parcel]) -> Iterator[Paper]:
    """Return the summary papers over `parcels`, one application for each seller and month.

    Args:
        world: The run.
        chunk: Which part of the run it is, from 0; it sets the numbers apart.
        parcels: All of that part's; those that stand in no summary are passed over.
    """
    groups: dict[tuple[int, str, str, str], list[Parcel]] = {}
    for parcel in parcels:
        for turn in range(parcel.summaries):
            of = month(parcel.released_at // DAY)
            firms = (parcel.flight.agent.code, parcel.seller.uscc)
            groups.setdefault((turn, *firms, of), []).append(parcel)
    for place, (group, some) in enumerate(groups.items()):
        r = dice(world.seed, "summary", chunk, *group)
        yield from _summary(world, f"{chunk:05}{place:05}", some, r)


def _summary(world: World, number: str, lists: list[Parcel], r: Random) -> Iterator[Paper]:
    first = lists[0]
    day = next_month(first.released_at // DAY) + between(r, *SUMMARY_DAYS)
    at = day * DAY + 9 * HOUR + between(r, 0, 300) * MINUTE
    serial = int(r.random() * 10**9)
    sum_no = f"S{day_text(day)}{serial:09}"
    firms: Row = {
        "agentCode": first.flight.agent.code,
        "agentName": first.flight.agent.name,
        "ebcCode": first.seller_code,
        "ebcName": first.seller.name,
        "declAgentCode": first.flight.agent.code,
        "declAgentName": first.flight.agent.name,
    }
    split = parts(lists)
    common = firms | {
        "appType": "1",
        "appTime": at,
        "appStatus": "2",
        "customsCode": first.flight.place.office,
        "copNo": f"S{world.tag:04}{number}",
        "loctNo": first.flight.place.depot,
        "summaryFlag": "1",
        "itemNameFlag": "1",
        "msgCount": len(split),
    }
    for place, some in enumerate(split):
        lines: list[Row] = [{"invtNo": parcel.number} for parcel in some]
        paper = Paper("CEB701", common | {"guid": guid(r), "msgSeqNo": place + 1}, lines)
        yield paper
        yield answer("CEB702", r, paper, ("agentCode", "ebcCode"), sumNo=sum_no)
    office = first.flight.place.office
    result = firms | {
        "customsCode": office,
        "sumNo": sum_no,
        "opDate": at + 3 * HOUR + int(r.random() * 1000),
        "declSeqNo": f"D{day_text(day)}{serial:09}",
        "entryId": f"{office}{year(day)}0{serial:09}",
        "decState": "A",
    }
    yield from _results(result, lists, r)


def _results(result: Row, lists: Sequence[Parcel], r: Random) -> Iterator[Paper]:
    lines: list[Row] = [
        {
            "invtNo": parcel.number,
            "logisticsNo": parcel.declared.head["logisticsNo"],
            "gnum": line["gnum"],
            "gcode": parcel.result_code if parcel.result_code and not place else line["gcode"],
        }
        for parcel in lists
        for place, line in enumerate(parcel.declared.lines)
    ]
    for gseqno, row in enumerate(lines, 1):
        row["gseqno"] = gseqno
    common = result | {
        "grossWeight": sum(parcel.declared.head["grossWeight"] for parcel in lists),
        "netWeight": sum(parcel.declared.head["netWeight"] for parcel in lists),
        "msgCount": -(-len(lines) // LINES_MAX),
    }
    for place, some in enumerate(parts(lines)):
        head = common | {"guid": guid(r), "msgSeqNo": place + 1}
        yield Paper("CEB792", head, list(some))
