"""Whatever is done in whatever order, the registry does what the plain model does, to the unit.

A history that fails names its seed; `play(seed)` replays it.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from registry.histories import agree, play


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("ten", range(10))
def test_a_hundred_histories_agree_with_the_model_and_the_journal(ten: int) -> None:
    for seed in range(ten * 10, ten * 10 + 10):
        try:
            play(seed)
        except BaseException as error:
            error.add_note(f"replay with play({seed})")
            raise
    agree()


@pytest.mark.soak
@pytest.mark.usefixtures("database")
@settings(
    max_examples=10_000, deadline=None, phases=[Phase.generate],
    suppress_health_check=[*HealthCheck], print_blob=True,
)  # fmt: skip
@given(seed=st.integers(1_000, 2**40))
def test_ten_thousand_histories_agree(seed: int) -> None:
    play(seed)
    if seed % 500 == 0:
        agree()
