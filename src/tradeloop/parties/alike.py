"""How alike two names are: words are paired, and what finds no partner counts against."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rapidfuzz.distance import OSA

from tradeloop.parties.facts import Name, NamesCompared
from tradeloop.parties.names import weight_of
from tradeloop.parties.terms import LikenessTerms

WHOLE_BP = 10_000
SHORT_NAME_LETTERS = 4  # a name of so few letters is itself or another
JOINED_LETTERS_MIN = 8  # so long a joined word may have a slip
INITIAL_LIKENESS = 0.9
NUMBERS_LIKENESS = 0.6  # the seventh fund is not the eighth, but a slip may have made it so
PARTS_MAX = 3
SLIPS = ((2, 0), (5, 1), (11, 2), (10**9, 3))
"""How many letters may differ in words of up to so many letters."""

Weight = Callable[[str], float]
Words = tuple[str, ...]


def compare_names(
    first: Name, second: Name, *, terms: LikenessTerms, weight: Weight = weight_of
) -> NamesCompared:
    """Score two names, the same from either side; another order of words counts a little.

    Two names in Chinese, Japanese or Korean letters are compared in these, because different
    letters sound alike. Legal forms never raise a score; other forms of one firm lower it.
    """
    a, b = _written(first, second)
    if not a or not b:
        return NamesCompared(score_bp=0, reasons=("one name has no letters to compare",))
    score, reasons = _score(*sorted((a, b)), terms=terms, weight=weight)
    if first.forms and second.forms and not first.forms & second.forms:
        score = max(0, score - terms.form_conflict_bp)
        told = sorted((", ".join(sorted(first.forms)), ", ".join(sorted(second.forms))))
        reasons = (*reasons, f"legal forms differ: {told[0]} and {told[1]}")
    return NamesCompared(score_bp=score, reasons=reasons)


def _written(first: Name, second: Name) -> tuple[Words, Words]:
    if first.native and second.native:
        return first.native, second.native
    return first.tokens, second.tokens


def _score(a: Words, b: Words, *, terms: LikenessTerms, weight: Weight) -> tuple[int, Words]:
    if a == b:
        return WHOLE_BP, ("the same words",)
    if sorted(a) == sorted(b):
        return WHOLE_BP - terms.unequal_bp, ("the same words in another order",)
    a, b = _joined(a, b), _joined(b, a)
    if a == b:
        return WHOLE_BP, ("the same words, spaced otherwise",)
    strict = min(len("".join(a)), len("".join(b))) <= SHORT_NAME_LETTERS
    pairs, left_a, left_b = _paired(a, b, strict=strict)
    agreed = matched = 0.0
    reasons = []
    for x, y, likeness in pairs:
        both = 2 * max(weight(x), weight(y))
        agreed, matched = agreed + both * likeness, matched + both
        if x != y:
            reasons.append(f"{x} is like {y}")
    alone_a, alone_b = sum(map(weight, left_a)), sum(map(weight, left_b))
    against = 2 * min(alone_a, alone_b) * terms.other_word_bp / WHOLE_BP
    extra = abs(alone_a - alone_b) * terms.extra_word_bp / WHOLE_BP
    if left_a or left_b:
        told = [" ".join(left) for left in (left_a, left_b) if left]
        reasons.append(f"without a partner: {' / '.join(told)}")
    score = int(WHOLE_BP * agreed / (matched + against + extra))
    return min(score, WHOLE_BP - terms.unequal_bp), tuple(reasons)


def _paired(
    a: Words, b: Words, *, strict: bool
) -> tuple[list[tuple[str, str, float]], list[str], list[str]]:
    """Pair the words of two names, the most alike first; return also those without a partner."""
    found = sorted(
        (-likeness, x, y, i, j)
        for i, x in enumerate(a)
        for j, y in enumerate(b)
        if (likeness := _word_likeness(x, y, strict=strict))
    )
    left, right = dict(enumerate(a)), dict(enumerate(b))
    pairs = []
    for minus, x, y, i, j in found:
        if i in left and j in right:
            del left[i], right[j]
            pairs.append((x, y, -minus))
    # A word said twice says no more than once.
    return (
        pairs,
        [word for word in left.values() if word not in b],
        [word for word in right.values() if word not in a],
    )


def _word_likeness(x: str, y: str, *, strict: bool) -> float:
    if x == y:
        return 1.0
    if strict:
        return 0.0
    if x.isdigit() and y.isdigit():
        return NUMBERS_LIKENESS
    if _is_code(x) and _is_code(y):
        return 0.0  # G4S is not G5S: a code is itself or another
    if min(len(x), len(y)) == 1 and x.isascii() and y.isascii():
        return INITIAL_LIKENESS if x[0] == y[0] else 0.0
    longest = max(len(x), len(y))
    slips_max = next(slips for length, slips in SLIPS if longest <= length)
    slips = OSA.distance(x, y, score_cutoff=slips_max)
    return 1 - slips / longest if slips <= slips_max else 0.0


def _is_code(word: str) -> bool:
    return not word.isdigit() and not word.isalpha()


def _joined(words: Words, others: Sequence[str]) -> Words:
    """Join neighbours that the other name writes as one word: Good Will, Goodwill."""
    strange = {word for word in others if word not in words}
    if not strange:
        return words
    done: list[str] = []
    at = 0
    while at < len(words):
        for parts in range(min(PARTS_MAX, len(words) - at), 0, -1):
            joined = "".join(words[at : at + parts])
            if parts == 1 or any(_one_word(joined, other) for other in strange):
                done.append(joined)
                at += parts
                break
    return tuple(done)


def _one_word(joined: str, other: str) -> bool:
    if joined == other:
        return True
    if len(joined) < JOINED_LETTERS_MIN or abs(len(joined) - len(other)) > 1:
        return False
    return OSA.distance(joined, other, score_cutoff=1) <= 1
