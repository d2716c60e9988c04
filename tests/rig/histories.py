"""Random histories of a state machine: as many and as long as the table of sizes says."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.rig.sizes import SIZES


def play(
    machine: type[RuleBasedStateMachine], *, control: bool = False, shorter: int = 1, fewer: int = 1
) -> None:
    """Run the machine; `shorter` and `fewer` divide the steps and the histories.

    A control plays up to ten times as many histories, until the first that shows the fault; it needs no smallest one.
    """
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=SIZES.model_examples * (10 if control else 1) // fewer,
            stateful_step_count=SIZES.model_steps // shorter,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
            phases=[Phase.generate] if control else [Phase.generate, Phase.shrink],
            database=None,
            print_blob=True,
        ),
    )
