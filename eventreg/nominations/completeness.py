"""What a submission still lacks, in the order of its page; a draft can always be saved. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from eventreg.campaigns import checks
from eventreg.core.errors import Refused
from eventreg.core.personal.personal_numbers import has_birth, has_number

from .rules import (
    CONDITIONS,
    ID_NUMBER,
    SHORT_MOST,
    NominationContent,
    NominationField,
    SelectionMethod,
    SubmissionGap,
    Terms,
    figure,
)
from .wordcount import WordCount

OTHER_MOST = 60  # characters of another way, of the result of a notice


def is_personal(deeds: str) -> bool:
    """Whether a deeds text holds a telephone or identity card number or a date of birth. It is pointed out, not refused:
    judges read it, and a deed may be about a hotline."""
    return has_number(deeds) or has_birth(deeds)


def lacks(
    content: NominationContent, terms: Terms, *, deeds: WordCount, short: WordCount, today: date
) -> list[SubmissionGap]:
    """Everything that is missing before a draft can be submitted, in the order of its page. A draft can always be saved."""
    found = [_answered(content.says(key), key, asked) for key, asked in terms.asked.items()]
    found += [_ticked(content), *_chosen(content, today=today), _short(content, short)]
    return [lack for lack in (*found, _deeds(deeds, terms)) if lack is not None]


def _answered(answer: str, key: str, asked: NominationField) -> SubmissionGap | None:
    if not answer:
        return SubmissionGap(key, "typed.missing") if asked.needed else None
    if len(answer) > asked.most:
        return SubmissionGap(key, "typed.too_long", {"most": asked.most, "length": len(answer)})
    if key == "id_number" and not ID_NUMBER.fullmatch(answer):
        return SubmissionGap(key, "nomination.id_form", {"length": len(answer)})
    return None


def _ticked(content: NominationContent) -> SubmissionGap | None:
    missing = len(set(CONDITIONS) - set(content.ticked))
    return SubmissionGap("ticked", "nomination.conditions", {"missing": missing}) if missing else None


def _chosen(content: NominationContent, *, today: date) -> list[SubmissionGap | None]:
    """What is missing about the department's selection: its method, its day, the number of participants (plan P3)."""
    return [
        None if content.says("way") in set(SelectionMethod) else SubmissionGap("way", "nomination.way"),
        _fits("chosen_on", partial(_past, content.says("chosen_on"), today=today)),
        _fits("present", partial(checks.number, content.says("present"), least=1, most=100_000)),
        *_told_more(content),
    ]


def _told_more(content: NominationContent) -> list[SubmissionGap | None]:
    """What is wrong with what need not be told: another way, how many were due, a notice within the department."""
    other = content.says("way") == str(SelectionMethod.OTHER) and not content.says("way_other")
    first, last = content.says("notice_from"), content.says("notice_to")
    return [
        SubmissionGap("way_other", "typed.missing") if other else None,
        _fits("due", partial(_due, content)) if content.says("due") else None,
        _fits("notice_from", partial(checks.day, first)) if first else None,
        _fits("notice_to", partial(_ends, first, last)) if last else None,
        *(
            SubmissionGap(key, "typed.too_long", {"most": OTHER_MOST, "length": len(content.says(key))})
            for key in ("way_other", "notice_result")
            if len(content.says(key)) > OTHER_MOST
        ),
    ]


def _due(content: NominationContent) -> None:
    """As many were due as were present, or more."""
    due = checks.number(content.says("due"), least=1, most=100_000)
    try:
        present = checks.number(content.says("present"), least=1, most=100_000)
    except Refused:
        return  # said at its own field
    if present > due:
        raise Refused("nomination.more_than_due")


def _ends(first: str, last: str) -> None:
    """The last day of a notice is not before its first."""
    end = checks.day(last)
    try:
        start = checks.day(first) if first else end
    except Refused:
        return
    if end < start:
        raise Refused("stage.ends_first")


def _fits(key: str, check: Callable[[], object]) -> SubmissionGap | None:
    try:
        check()
    except Refused as refused:
        return SubmissionGap(key, refused.code, refused.facts)
    return None


def _past(typed: str, *, today: date) -> None:
    if checks.day(typed) > today:
        raise Refused("nomination.chosen_later")


def _short(content: NominationContent, counted: WordCount) -> SubmissionGap | None:
    if not content.says("short"):
        return SubmissionGap("short", "typed.missing")
    if has_number(content.says("short")) or has_birth(content.says("short")):
        return SubmissionGap("short", "nomination.personal")
    over = counted.zishu - SHORT_MOST
    if over > 0:
        return SubmissionGap("short", "nomination.too_long", {"over": over, "most": SHORT_MOST})
    return None


def _deeds(counted: WordCount, terms: Terms) -> SubmissionGap | None:
    written = figure(counted, terms.counted)
    if written < terms.least:
        missing = terms.least - written
        return SubmissionGap("deeds", "nomination.too_short", {"missing": missing, "n": written})
    if written > terms.most:
        over = written - terms.most
        return SubmissionGap("deeds", "nomination.too_long", {"over": over, "most": terms.most})
    return None
