"""Papers over many parcels: the manifest of a plane, its arrival and departure notes, answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import TypeVar

from tradeloop.economy.papers.clock import DAY, HOUR, MINUTE, day_text
from tradeloop.economy.papers.dice import dice, guid
from tradeloop.economy.papers.paper import Paper, Row
from tradeloop.economy.papers.parcel import Parcel
from tradeloop.economy.papers.sale import ANSWERS
from tradeloop.economy.papers.world import Flight, World

LINES_MAX = 100  # of one paper; longer ones are split and numbered
T = TypeVar("T")


def flights(world: World, parcels: Iterable[Parcel]) -> Iterator[Paper]:
    """Return manifest, arrival and departure papers of every plane that took `parcels`."""
    planes: dict[int, tuple[Flight, list[Parcel]]] = {}
    for parcel in parcels:
        planes.setdefault(parcel.flight.number, (parcel.flight, []))[1].append(parcel)
    for flight, taken in planes.values():
        r = dice(world.seed, "plane", flight.number)
        listed = [parcel for parcel in taken if parcel.on_manifest]
        left = [parcel for parcel in taken if parcel.on_departure]
        yield from _manifests(flight, listed, r)
        yield from _arrivals(flight, listed, r)
        yield from _departures(flight, left, r)


def parts(things: Sequence[T]) -> list[Sequence[T]]:
    """Return `things` in parts of at most `LINES_MAX`."""
    return [things[start : start + LINES_MAX] for start in range(0, len(things), LINES_MAX)]


def answer(kind: str, r: Random, paper: Paper, names: Sequence[str], **more: object) -> Paper:
    """Return the answer to a paper over many parcels; it repeats the fields in `names`."""
    at = paper.head["appTime"] + 25 * MINUTE + int(r.random() * 1000)
    number = f"B{day_text(at // DAY)}{int(r.random() * 10**9):09}"
    row: Row = {"guid": guid(r), "preNo": number, "returnTime": at, **more}
    row |= {name: paper.head[name] for name in (*names, "copNo", "msgSeqNo")}
    status = str(row.setdefault("returnStatus", "399"))
    return Paper(kind, row | {"returnInfo": ANSWERS[status]})


def _head(flight: Flight, letter: str, at: int, count: int) -> Row:
    return {
        "appType": "1",
        "appTime": at,
        "appStatus": "2",
        "customsCode": flight.place.office,
        "copNo": f"{letter}{flight.bill}",
        "trafMode": "5",
        "billNo": flight.bill,
        "logisticsCode": flight.carrier.code,
        "logisticsName": flight.carrier.name,
        "msgCount": count,
    }


def _lines(start: int, parcels: Sequence[Parcel]) -> list[Row]:
    return [
        {
            "gnum": start + place,
            "totalPackageNo": parcel.declared.head["totalPackageNo"],
            "logisticsNo": parcel.declared.head["logisticsNo"],
        }
        for place, parcel in enumerate(parcels, 1)
    ]


def _manifests(flight: Flight, parcels: list[Parcel], r: Random) -> Iterator[Paper]:
    split = parts(parcels)
    common = _head(flight, "M", flight.leaves_at - 5 * HOUR, len(split)) | {
        "agentCode": flight.agent.code,
        "agentName": flight.agent.name,
        "loctNo": flight.place.depot,
        "trafName": flight.plane,
        "voyageNo": flight.voyage,
        "grossWeight": sum(parcel.declared.head["grossWeight"] for parcel in parcels),
    }
    for place, some in enumerate(split):
        lines = _lines(place * LINES_MAX, some)
        for line, parcel in zip(lines, some, strict=True):
            line["invtNo"] = parcel.manifest_number
        paper = Paper("CEB607", common | {"guid": guid(r), "msgSeqNo": place + 1}, lines)
        yield paper
        yield answer("CEB608", r, paper, ("agentCode", "logisticsCode", "billNo"))


def _arrivals(flight: Flight, parcels: list[Parcel], r: Random) -> Iterator[Paper]:
    split = parts(parcels)
    common = _head(flight, "A", flight.leaves_at - 4 * HOUR, len(split)) | {
        "operatorCode": flight.depot.code,
        "operatorName": flight.depot.name,
        "loctNo": flight.place.depot,
        "ieFlag": "E",
        "domesticTrafNo": f"SYN-TRUCK-{flight.voyage}",
    }
    for place, some in enumerate(split):
        lines = _lines(place * LINES_MAX, some)
        paper = Paper("CEB507", common | {"guid": guid(r), "msgSeqNo": place + 1}, lines)
        yield paper
        yield answer("CEB508", r, paper, ("operatorCode", "logisticsCode", "billNo"))


def _departures(flight: Flight, parcels: list[Parcel], r: Random) -> Iterator[Paper]:
    split = parts(parcels)
    common = _head(flight, "D", flight.leaves_at + 2 * HOUR, len(split)) | {
        "trafName": flight.plane,
        "voyageNo": flight.voyage,
        "leaveTime": flight.leaves_at,
    }
    for place, some in enumerate(split):
        lines = _lines(place * LINES_MAX, some)
        paper = Paper("CEB509", common | {"guid": guid(r), "msgSeqNo": place + 1}, lines)
        yield paper
        yield answer("CEB510", r, paper, ("logisticsCode",))
