"""The schemas of scans and of the list of people who may come in."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from eventreg.campaigns.check_points.rules import CODE as CODE_FORM

from .fields import KEY, Cursor, Instant, Strict, Text, instant, said, whole

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
