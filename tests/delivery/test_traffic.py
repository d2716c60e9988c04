"""Which domains a line may take letters of, while other lines are at work or stalled."""

from __future__ import annotations

from eventreg.delivery.mail.traffic import FRUITLESS, Traffic
from eventreg.outbox.rules import ClosedDomains, domain_of

COMPANY, SLOW = "company.cn", "slow.cn"


def shut(*closed: str, hurried: tuple[str, ...] = ()) -> ClosedDomains:
    """What a line may not take."""
    return ClosedDomains(frozenset(closed), frozenset(hurried))


def test_a_domain_that_a_line_is_at_work_on_is_closed_to_the_others() -> None:
    traffic = Traffic(4)
    traffic.take(0, {COMPANY, SLOW})
    during = traffic.shut()
    traffic.leave(0)

    assert (during, traffic.shut()) == (shut(COMPANY, SLOW), shut())


def test_a_stalled_line_keeps_one_letter_and_leaves_its_domains_to_one_other_line_in_a_hurry() -> None:
    traffic = Traffic(4)
    traffic.take(0, {COMPANY, SLOW})
    traffic.stall(0, SLOW)
    stalled = traffic.shut()
    traffic.take(1, {SLOW})

    assert (stalled, traffic.shut()) == (shut(hurried=(SLOW,)), shut(SLOW))
    assert traffic.is_hurried(SLOW)
    assert not traffic.is_hurried(COMPANY)


def test_a_domain_whose_letters_do_not_move_gets_no_third_line() -> None:
    traffic = Traffic(4)
    traffic.stall(0, SLOW)
    traffic.stall(1, SLOW)
    two = traffic.shut()
    traffic.leave(0)
    traffic.leave(1)

    assert (two, traffic.shut()) == (shut(SLOW), shut())


def test_a_domain_whose_letters_move_leaves_one_line_to_the_others() -> None:
    traffic = Traffic(4)
    traffic.note_prompt(COMPANY)
    seen = []
    for line in range(3):
        traffic.stall(line, COMPANY)
        seen.append(traffic.shut())

    assert seen == [shut(hurried=(COMPANY,)), shut(hurried=(COMPANY,)), shut(COMPANY)]


def test_after_some_fruitless_tries_a_domain_waits_for_its_stalled_line() -> None:
    traffic = Traffic(4)
    traffic.stall(0, SLOW)
    tried = [traffic.note_slow(SLOW) for _ in range(FRUITLESS - 1)]
    closed = traffic.shut()
    traffic.leave(0)

    assert (tried, closed, traffic.shut()) == ([True] * (FRUITLESS - 2) + [False], shut(SLOW), shut())


def test_one_line_alone_never_waits_for_itself() -> None:
    traffic = Traffic()
    traffic.take(0, {SLOW})
    traffic.stall(0, SLOW)
    traffic.leave(0)

    assert traffic.shut() == shut()


def test_a_domain_is_what_stands_after_the_last_at_sign() -> None:
    assert [domain_of(a) for a in ("a@B.cn", '"a@b"@c.cn', "nobody")] == ["b.cn", "c.cn", ""]
