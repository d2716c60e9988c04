"""The administrator's page of keys: all keys with their states and dates, what depends on each, and what to do."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import gettext as _

from eventreg.core.keyring.installation import KnownKey, list_known
from eventreg.core.keyring.keys import KeyState
from eventreg.season import key_needs
from eventreg.web.app import current, records
from eventreg.web.app.records import Record
from eventreg.web.app.side_nav import organiser_nav
from eventreg.words.operations import key_words

bp = Blueprint("keys", __name__)

LOOKS = {KeyState.CURRENT: "seated", KeyState.VERIFIES: "waiting", KeyState.RETIRED: "withdrawn"}


@bp.get("/manage/keys")
def keys() -> str:
    """List all keys by purpose. Keys are changed on the server, not here."""
    listed: dict[str, list[Record]] = {}
    for key in list_known():
        listed.setdefault(key_words.purpose(key.purpose), []).append(_record(key))
    return render_template("admin/keys/keys.html", listed=listed, side_nav=organiser_nav())


def _record(key: KnownKey) -> Record:
    needs = key_needs.list_needs(key, current.keys(), now=current.now())
    told = [key_words.need(need.kind, need.count) for need in needs]
    until = max((need.until for need in needs if need.until), default=None)
    lines = [_("生成于 %(at)s", at=records.when(key.made_at))]
    if key.current_at:
        lines.append(_("%(at)s 起用", at=records.when(key.current_at)))
    if key.replaced_at:
        lines.append(_("%(at)s 换下", at=records.when(key.replaced_at)))
    if key.retired_at:
        lines.append(_("%(at)s 删除", at=records.when(key.retired_at)))
    if told:
        lines.append(_("还在用它的：%(what)s", what=_("、").join(told)))
    if until:
        lines.append(_("最晚用到 %(at)s", at=records.when(until)))
    is_new = key.current_at is None
    advice = key_words.advice(key.purpose, str(key.state), is_new=is_new, needed=bool(needs))
    return Record(
        title=key.id,
        lines=(*lines, *([advice] if advice else [])),
        state=(LOOKS[key.state], key_words.state(str(key.state))),
    )
