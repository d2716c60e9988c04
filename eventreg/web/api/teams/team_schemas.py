"""Shapes of teams and forfeits."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class ActivityQuery(Schema):
    """Which contest of the campaign is meant."""

    activity = fields.Integer(
        load_default=None, metadata={"description": "the id of a contest; without it the campaign's first"}
    )


class NumberedTeam(Schema):
    """A team; people by staff number."""

    number = fields.Integer(required=True)
    name = fields.String(required=True)
    formed = fields.String(required=True, validate=validate.OneOf(["wish", "mixed", "draw", "hand"]))
    full = fields.Boolean(required=True, metadata={"description": "whether it has as many people as planned"})
    members = fields.List(fields.String(), required=True)
    flown = fields.Boolean(required=True, allow_none=True, metadata={"description": "null: not noted yet"})
    rank = fields.Integer(required=True, allow_none=True, metadata={"description": "1 is the highest"})
    performs = fields.Boolean(required=True)


class TeamList(Schema):
    """The teams of a contest. `over` are people in no team; once somebody has come, only those who are here."""

    teams = fields.List(fields.Nested(NumberedTeam), required=True)
    over = fields.List(fields.String(), required=True)
    missing = fields.Integer(
        required=True, metadata={"description": "how many people all teams lack, after those left over"}
    )
    complete = fields.Boolean(
        required=True, metadata={"description": "whether enough is noted to say who performs"}
    )


class ForfeitShape(Schema):
    """One forfeit; a hiker alone or a team together, by staff number."""

    position = fields.Integer(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["hiker", "team"]))
    team = fields.Integer(required=True, allow_none=True)
    performers = fields.List(fields.String(), required=True)
    title = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["due", "done", "excused"]))
    reason = fields.String(required=True)


class ForfeitPage(Schema):
    """The forfeits that are owed, in the order of the programme."""

    forfeits = fields.List(fields.Nested(ForfeitShape), required=True)
    complete = fields.Boolean(
        required=True, metadata={"description": "whether enough is noted to say which teams perform"}
    )
