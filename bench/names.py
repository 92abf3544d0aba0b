"""Names: how many pairs are judged rightly, how fast, and how well a list is searched.

Labelled pairs (CSV: name1, name2, is_match) come from `--pairs FILE`, from TRADELOOP_NAME_PAIRS, or
from the samples beside the checkout. Beside it, in the same run: plain Jaro-Winkler over folded
names, at its own best threshold.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import extractOne

from tradeloop.parties.alike import compare_names
from tradeloop.parties.facts import Party
from tradeloop.parties.names import name_of
from tradeloop.parties.screening import screen
from tradeloop.parties.terms import terms_on

TERMS = terms_on(date(2026, 1, 1))
LETTERS = "aaabcdeeefghiiklmnnoooprrsssttuvz"
FORMS = ("Ltd", "GmbH", "LLC", "S.A.", "Co., Ltd.", "Inc.")
PEER_ASKED = 200
PAIRS = Path(__file__).parents[2] / "shared/samples/names/labelled_pairs_dev.csv"
REORDERED, WITH_FORM = 0.2, 0.5  # shares of names asked
Pair = tuple[str, str, bool]


def quality(pairs: Sequence[Pair]) -> dict[str, object]:
    """Judge labelled pairs; a pair counts as found if a person would be asked or nothing asked."""
    began = time.perf_counter()
    ours = [
        compare_names(name_of(a), name_of(b), terms=TERMS).score_bp >= TERMS.possible_at_bp
        for a, b, _ in pairs
    ]
    took = time.perf_counter() - began
    truth = [same for _, _, same in pairs]
    plain = [JaroWinkler.similarity(a.casefold(), b.casefold()) for a, b, _ in pairs]
    best = max(
        (rates([score >= at / 100 for score in plain], truth) for at in range(50, 100)),
        key=lambda found: found["f1"],
    )
    return {
        "pairs": len(pairs), "pairs_per_s": len(pairs) / took, "tradeloop": rates(ours, truth),
        "jaro_winkler_at_its_best": best,
    }  # fmt: skip


def rates(found: Sequence[bool], truth: Sequence[bool]) -> dict[str, float]:
    """Return precision, recall and their harmonic mean."""
    right = sum(a and b for a, b in zip(found, truth, strict=True))
    precision, recall = right / max(1, sum(found)), right / max(1, sum(truth))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return {"precision": precision, "recall": recall, "f1": f1}


def search(asked: int, listed: int) -> dict[str, object]:
    """Look for slipped names in a made list: is the right one the first hit, and how fast."""
    dice = random.Random(1)
    words = ["".join(dice.choices(LETTERS, k=dice.randint(3, 9))) for _ in range(30_000)]
    weights = [1 / (rank + 10) for rank in range(len(words))]
    chosen = iter(dice.choices(words, weights, k=3 * listed))
    parties = [
        Party(line=line, name=f"{next(chosen)} {next(chosen)} {next(chosen)} {dice.choice(FORMS)}")
        for line in range(listed)
    ]
    right = dice.sample(parties, asked)
    questions = [Party(line=n, name=slipped(one.name, dice)) for n, one in enumerate(right)]

    began = time.perf_counter()
    done = screen(questions, parties, terms=TERMS)
    took = time.perf_counter() - began
    first = {hit.asked.line: hit.listed.name for hit in reversed(done.hits)}
    top = sum(first.get(n) == one.name for n, one in enumerate(right))

    few = [one.name.casefold() for one in questions[:PEER_ASKED]]
    names = [one.name.casefold() for one in parties]
    began = time.perf_counter()
    best = [extractOne(one, names, scorer=JaroWinkler.similarity) for one in few]
    peer_took = time.perf_counter() - began
    peer = sum(
        parties[one[2]].name == wanted.name for one, wanted in zip(best, right, strict=False)
    )
    return {
        "asked": asked, "listed": listed, "s": took, "compared": done.compared,
        "hits": len(done.hits), "cut": len(done.cut), "top_1_recall": top / asked,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "jaro_winkler_over_all": {
            "asked": len(few), "s": peer_took, "s_for_as_many": peer_took * asked / len(few),
            "top_1_recall": peer / len(few),
        },
    }  # fmt: skip


def slipped(name: str, dice: random.Random) -> str:
    """Make what people make of a name: a slip, another order, another form."""
    *words, last, form = name.replace("Co., Ltd.", "Ltd").split()
    words = [*words, last]
    at = dice.randrange(len(words))
    word = words[at]
    spot = dice.randrange(len(word))
    words[at] = word[:spot] + dice.choice(LETTERS) + word[spot + dice.randrange(2) :]
    if dice.random() < REORDERED:
        dice.shuffle(words)
    return " ".join([*words, form] if dice.random() < WITH_FORM else words)


def labelled(path: Path) -> list[Pair]:
    """Read labelled pairs."""
    with path.open(encoding="utf-8", newline="") as file:
        return [(r["name1"], r["name2"], r["is_match"] == "true") for r in csv.DictReader(file)]


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--json", action="store_true")
    words.add_argument(
        "--pairs", type=Path, default=Path(os.environ.get("TRADELOOP_NAME_PAIRS", PAIRS))
    )
    words.add_argument("--asked", type=int, default=2_000)
    words.add_argument("--listed", type=int, default=20_000)
    given = words.parse_args()
    skipped = f"skipped: {given.pairs} is not there; name a file of labelled pairs by --pairs"
    found = {
        "labelled": quality(labelled(given.pairs)) if given.pairs.is_file() else skipped,
        "made_list": search(given.asked, given.listed),
    }
    print(json.dumps(found, indent=None if given.json else 2))


if __name__ == "__main__":
    main()
