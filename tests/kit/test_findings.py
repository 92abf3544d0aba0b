"""A finding tells its reader what was seen, how much it matters, and what to do next."""

from itertools import permutations

import pytest

from tradeloop.kit.findings import Finding, FindingIncomplete, Weight, worst


def finding(**changes: str) -> Finding:
    says = {
        "code": "sum-differs",
        "because": "The lines add up to 90.00; the head says 100.00.",
        "remedy": "Correct the head or the lines, and send the order again.",
        "source": "Message specification, 2022-05",
    }
    return Finding(weight=Weight.REFUSE, **(says | changes))


@pytest.mark.parametrize("weights", list(permutations(Weight)))
def test_weights_sort_by_severity_not_by_spelling(weights: tuple[Weight, ...]) -> None:
    assert sorted(weights) == [Weight.NOTE, Weight.REVIEW, Weight.REFUSE]


def test_weights_compare_on_both_sides_of_the_sign() -> None:
    assert Weight.NOTE < Weight.REVIEW < Weight.REFUSE
    assert Weight.REFUSE > Weight.REVIEW > Weight.NOTE
    assert Weight.REVIEW <= Weight.REVIEW >= Weight.REVIEW
    assert not Weight.REFUSE <= Weight.REVIEW
    assert not Weight.REVIEW >= Weight.REFUSE


def test_a_weight_compares_with_the_word_that_a_table_holds() -> None:
    assert Weight.REFUSE > "review"
    assert Weight("refuse") is Weight.REFUSE


def test_a_weight_does_not_compare_with_another_word() -> None:
    with pytest.raises(ValueError, match="severe"):
        _ = Weight.REFUSE > "severe"


def test_a_review_and_a_refusal_are_of_weight_and_a_note_is_not() -> None:
    assert [weight for weight in Weight if weight.of_weight] == [Weight.REVIEW, Weight.REFUSE]


@pytest.mark.parametrize(
    ("weights", "heaviest"),
    [
        ([], None),
        ([Weight.NOTE], Weight.NOTE),
        ([Weight.REFUSE, Weight.REVIEW, Weight.NOTE], Weight.REFUSE),
        ([Weight.NOTE, Weight.REVIEW], Weight.REVIEW),
    ],
)
def test_the_worst_of_several_is_the_heaviest(
    weights: list[Weight], heaviest: Weight | None
) -> None:
    assert worst(weights) is heaviest


@pytest.mark.parametrize("code", ["", "Sum-Differs", "sum_differs", "sum--differs", "-sum", "sum "])
def test_a_code_is_kebab_case(code: str) -> None:
    with pytest.raises(FindingIncomplete, match="no finding code"):
        finding(code=code)


@pytest.mark.parametrize("name", ["because", "remedy", "source"])
def test_a_finding_without_a_reason_a_remedy_or_a_source_is_refused(name: str) -> None:
    with pytest.raises(FindingIncomplete, match=name):
        finding(**{name: ""})


def test_equal_findings_count_once() -> None:
    assert len({finding(), finding()}) == 1
