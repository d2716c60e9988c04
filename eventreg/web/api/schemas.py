"""The schemas of the API's requests and answers."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from eventreg.campaigns.question_kinds import QuestionKind

from .fields import (
    KEY,
    PAGE,
    PAGE_MOST,
    STAFF_NO,
    AnswerValue,
    Cursor,
    Instant,
    Strict,
    Text,
    instant,
    said,
    whole,
)


def _bound(word: str) -> dict[str, object]:
    """How a bound of a question is described."""
    said_of = "a number of `number`, a day of `date`, the characters of a text, how many options of `choices`"
    return {"type": ["integer", "string", "null"], "description": f"{word}: {said_of}"}


class ApplicationBody(Strict):
    """A registration asked for on behalf of a staff number."""

    staff_no = fields.String(
        required=True,
        validate=whole(STAFF_NO, "people.staff_no_form"),
        error_messages=said(),
        metadata={"description": "of the roster; case does not matter", "pattern": STAFF_NO},
    )
    answers = fields.Dict(
        load_default=dict,
        keys=Text(error_messages=said()),
        values=AnswerValue(),
        error_messages=said(),
        metadata={
            "description": "by question key; may be left out where nothing is required. A text for most kinds (a day "
            "as 2027-03-04), an integer for `number`, true or false for `yes`, an option's code for `choice`, a list "
            "of codes for `choices`"
        },
    )
    received_at = instant(
        "when the paper form came in: kept for the record, never changes the order; not in the future"
    )
    form_version = Text(
        error_messages=said(),
        metadata={"description": "of the campaign whose questions were answered; 409 if they changed since"},
    )


class KeyHeader(Schema):
    """`Idempotency-Key`: the same key and body get the same answer."""

    key = fields.String(
        data_key="Idempotency-Key",
        load_default="",
        validate=whole(KEY, "request.key_form"),
        error_messages=said("request.key_form"),
        metadata={
            "description": "1 to 64 visible ASCII characters, new for each new request of this token",
            "pattern": KEY,
        },
    )


class PageQuery(Strict):
    """Which page of a list."""

    cursor = Cursor(
        load_default=0, error_messages=said("request.cursor"), metadata={"description": "`next` of a page"}
    )
    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(1, PAGE_MOST, error="request.limit"),
        error_messages=said("request.limit"),
    )


def _maybe_instant(note: str) -> Instant:
    """A time in an answer, or null."""
    kind = {"type": ["string", "null"], "format": "date-time", "description": note}
    return Instant(required=True, allow_none=True, metadata=kind)


class TicketShape(Schema):
    """A ticket; its QR code holds `url`."""

    token = fields.String(required=True)
    url = fields.Url(required=True)


class RegistrationShape(Schema):
    """A registration: `position` while waiting, `ticket` once seated."""

    id = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["seated", "waiting", "withdrawn"]))
    arrival = fields.Integer(required=True, metadata={"description": "the order of admission"})
    position = fields.Integer(required=True, allow_none=True)
    ticket = fields.Nested(TicketShape, required=True, allow_none=True)
    confirm_by = _maybe_instant("until when the person was asked to confirm the place")
    confirmed_at = _maybe_instant("when the place was confirmed")


class ConfirmationShape(Schema):
    """What a confirmation led to: `withdrawn` if the place had ended before."""

    state = fields.String(required=True, validate=validate.OneOf(["seated", "waiting", "withdrawn"]))
    confirmed_at = _maybe_instant("when the place was confirmed; null if nobody asked")


class EnteredShape(Schema):
    """A line of the list of registrations."""

    id = fields.Integer(required=True)
    staff_no = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["seated", "waiting", "withdrawn"]))
    arrival = fields.Integer(required=True)
    position = fields.Integer(required=True, allow_none=True)
    registered_at = instant("when we took it", required=True)
    confirm_by = _maybe_instant("until when the person was asked to confirm the place")
    confirmed_at = _maybe_instant("when the place was confirmed")
    answers = fields.Dict(
        required=True,
        keys=fields.String(),
        values=fields.Raw(),
        metadata={"description": "by question key, as they are sent; a choice has the codes of its options"},
    )


class EnteredPage(Schema):
    """A page of registrations by arrival; `next` is null on the last."""

    items = fields.List(fields.Nested(EnteredShape), required=True)
    next = Cursor(required=True, allow_none=True)


class ActivityShape(Schema):
    """A part of a campaign. While `time_known` is false, only the day of its times is decided."""

    kind = fields.String(required=True)
    title = fields.String(required=True)
    starts_at = instant("with the campaign's zone", required=True)
    ends_at = instant("with the campaign's zone", required=True)
    time_known = fields.Boolean(required=True)
    place = fields.String(required=True, allow_none=True)
    schedule = fields.String(
        required=True, validate=validate.OneOf(["tentative", "confirmed", "moved", "cancelled"])
    )


class OptionShape(Schema):
    """An option of a choice. `code` is what an answer names; it stays when the label is corrected."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    capacity = fields.Integer(
        required=True, allow_none=True, metadata={"description": "its own places; null if not limited"}
    )
    free = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "of these; with 0 whoever chooses it now goes on the waiting list"},
    )


class QuestionShape(Schema):
    """A question of the sign-up form. `key` names it in `answers`; another question has another key."""

    key = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf([str(kind) for kind in QuestionKind]))
    label = fields.String(required=True)
    hint = fields.String(required=True)
    required = fields.Boolean(required=True)
    purpose = fields.String(required=True, metadata={"description": "what the answer is for"})
    options = fields.List(
        fields.Nested(OptionShape), required=True, metadata={"description": "of `choice` and `choices`"}
    )
    least = fields.Raw(required=True, allow_none=True, metadata=_bound("at least"))
    most = fields.Raw(required=True, allow_none=True, metadata=_bound("at most"))


class AudienceShape(Schema):
    """Who may sign up: all restrictions hold together. `text` is what the organiser wrote for readers."""

    text = fields.String(required=True)
    gender = fields.String(required=True, allow_none=True, validate=validate.OneOf(["female", "male"]))
    units = fields.List(
        fields.String(), required=True, metadata={"description": "with all units below them; none: all units"}
    )
    listed = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "how many people are on the list, if it has one"},
    )


class UnitPlacesShape(Schema):
    """The places of a unit: reserved for it, or the most that it can get."""

    unit = fields.String(required=True)
    places = fields.Integer(required=True)


class PolicyShape(Schema):
    """Who gets a place first. At `until` what was kept for women or units goes to everybody who waits, by arrival."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf(["first_come", "women_first", "kept_for_women", "allotted", "ceilings"]),
    )
    kept = fields.Integer(required=True, allow_none=True, metadata={"description": "places kept for women"})
    until = instant("null if it never ends", required=True, allow_none=True)
    units = fields.List(fields.Nested(UnitPlacesShape), required=True)


class CampaignShape(Schema):
    """A campaign. `capacity`, `taken` and `free` are null if places are not limited."""

    slug = fields.String(required=True)
    title = fields.String(required=True)
    opens_at = instant("from then on it takes sign-ups", required=True)
    closes_at = instant("from then on it takes none", required=True)
    capacity = fields.Integer(required=True, allow_none=True)
    taken = fields.Integer(required=True, allow_none=True)
    free = fields.Integer(required=True, allow_none=True)
    waiting = fields.Integer(required=True)
    confirm_by = _maybe_instant("until when people with a place are asked to confirm the newest date")
    accepts = fields.String(required=True, validate=validate.OneOf(["registrations", "nominations"]))
    audience = fields.Nested(AudienceShape, required=True)
    policy = fields.Nested(PolicyShape, required=True)
    one_of = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "of the campaigns with the same text a person signs up for one"},
    )
    activities = fields.List(fields.Nested(ActivityShape), required=True)
    form_version = fields.String(
        required=True, metadata={"description": "of the questions: another one as soon as their words change"}
    )
    questions = fields.List(fields.Nested(QuestionShape), required=True)


class CampaignList(Schema):
    """The published campaigns of the season."""

    items = fields.List(fields.Nested(CampaignShape), required=True)


class FaultShape(Schema):
    """What is wrong with one field."""

    field = fields.String(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)


class ProblemShape(Schema):
    """RFC 9457 problem details."""

    type = fields.String(required=True, metadata={"description": "always about:blank"})
    title = fields.String(required=True, metadata={"description": "HTTP's phrase for the status"})
    status = fields.Integer(required=True)
    detail = fields.String(
        required=True, metadata={"description": "what is wrong, in the language of Accept-Language"}
    )
    code = fields.String(required=True, metadata={"description": "our refusal code: branch on this one"})
    errors = fields.List(fields.Nested(FaultShape), metadata={"description": "one a field"})
    request_id = fields.String(metadata={"description": "under which our own fault stands in the log"})
