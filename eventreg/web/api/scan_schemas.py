"""The schemas of scans and of the list of people who may come in."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from eventreg.campaigns.check_points.rules import CODE as CODE_FORM
from eventreg.campaigns.kinds import CheckPointRole
from eventreg.venue.walk.rules import WalkStanding

from .fields import KEY, Cursor, Instant, Strict, Text, instant, said, whole


def maybe_instant(says: str) -> Instant:
    """A time of an answer, or null."""
    meta = {"type": ["string", "null"], "format": "date-time", "description": says}
    return Instant(required=True, allow_none=True, metadata=meta)


CODE = f"^{CODE_FORM.pattern}$"


class ScanShape(Strict):
    """One scan. `token` is the decoded text: a ticket's address or the token alone."""

    nonce = fields.String(
        required=True,
        validate=whole(KEY, "request.key_form"),
        error_messages=said("request.key_form"),
        metadata={
            "description": "a random UUID made for this scan; refused for another ticket",
            "pattern": KEY,
        },
    )
    token = Text(required=True, error_messages=said())
    check_point = fields.String(
        required=True,
        validate=whole(CODE, "request.check_point"),
        error_messages=said("request.check_point"),
        metadata={"description": "a code of the campaign's check points", "pattern": CODE},
    )
    scanned_at = instant("by the clock of whoever scanned", required=True, wild=True)
    device_at = instant(
        "when it was scanned, by the device's clock; with it and `sent_at` our clock decides", wild=True
    )
    sent_at = instant("when this request was sent, by the device's clock", wild=True)


class ScansBody(Strict):
    """A batch of scans, 1,000 at most."""

    scans = fields.List(fields.Nested(ScanShape), required=True, error_messages=said())


class ResultShape(Schema):
    """The result of one scan. `first_at` is when this ticket was first admitted at the check point."""

    nonce = fields.String(required=True)
    verdict = fields.String(required=True, validate=validate.OneOf(["admitted", "repeated", "refused"]))
    reason = fields.String(required=True, allow_none=True)
    first_at = Instant(
        required=True, allow_none=True, metadata={"type": ["string", "null"], "format": "date-time"}
    )


class ResultsShape(Schema):
    """An answer for each nonce, in the order asked."""

    results = fields.List(fields.Nested(ResultShape), required=True)


class ExpectedShape(Schema):
    """A person who may come in. `admitted` says when they were admitted, by check point."""

    arrival = fields.Integer(required=True)
    ticket_sha256 = fields.String(required=True, metadata={"description": "SHA-256 of the token, in hex"})
    name = fields.String(required=True, metadata={"description": "masked"})
    admitted = fields.Dict(
        required=True,
        keys=fields.String(),
        values=Instant(metadata={"type": "string", "format": "date-time"}),
    )


class RosterPage(Schema):
    """A page of people who may come in, as of `as_of`; `next` is null on the last page."""

    as_of = instant("when this list was made: a gate shows it with every unknown code", required=True)
    items = fields.List(fields.Nested(ExpectedShape), required=True)
    next = Cursor(required=True, allow_none=True)


class CheckPointShape(Schema):
    """A check point. Door, start and finish are named in the language asked for, others as the organiser named them."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    role = fields.String(required=True, validate=validate.OneOf([str(role) for role in CheckPointRole]))
    present = fields.Integer(
        required=True, metadata={"description": "people with a place who were scanned here"}
    )


class CheckPointsShape(Schema):
    """The check points of a campaign in their order. `present` counts everybody with a place once, of `seated`."""

    check_points = fields.List(fields.Nested(CheckPointShape), required=True)
    present = fields.Integer(required=True)
    seated = fields.Integer(required=True)


class WalkResultShape(Schema):
    """One person's hike. Times are null where they are not known or not certain.

    `asked` is settled by an organiser and makes nobody late; `left` gave up or came back another way.
    """

    staff_no = fields.String(required=True)
    start = maybe_instant("when they started: with a start of everybody at once, that one")
    finish = maybe_instant("when they crossed the finish, the first time after the start")
    elapsed_s = fields.Integer(
        required=True, allow_none=True, metadata={"description": "whole seconds, cut off"}
    )
    standing = fields.String(required=True, validate=validate.OneOf([str(one) for one in WalkStanding]))


class WalkResultsShape(Schema):
    """Everybody who started, by time."""

    results = fields.List(fields.Nested(WalkResultShape), required=True)
