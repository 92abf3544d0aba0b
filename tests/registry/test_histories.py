"""Whatever is done in whatever order, the registry does what the plain model does, to the unit.

A history that fails names its seed; `play(seed)` replays it.
"""

from __future__ import annotations

import pytest

from registry.histories import agree, play


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("ten", range(10))
def test_a_hundred_histories_agree_with_the_model_and_the_journal(ten: int) -> None:
    play_all(range(ten * 10, ten * 10 + 10))


@pytest.mark.soak
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("part", range(40))  # each in a database of its own, on every core
def test_ten_thousand_histories_agree(part: int) -> None:
    play_all(range(1_000 + part * 250, 1_250 + part * 250))


def play_all(seeds: range) -> None:
    """Play histories, and add the journal up at their end."""
    for seed in seeds:
        try:
            play(seed)
        except BaseException as error:
            error.add_note(f"replay with play({seed})")
            raise
    agree()
