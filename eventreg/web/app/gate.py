"""Access guards, deny by default: each blueprint is registered with a guard, and a route without one is closed.

Each request is checked in this order: the Host, whether the blueprint is guarded, the CSRF token, the guard,
and the text that was typed (`core.marks`). The database is not read before the Host was checked.

There are two ways to sign in: people send a cookie and a CSRF token; programs (under /api/) and paired phones send
a bearer token, and their cookies are ignored, so that no form of another site can use them.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from flask import Blueprint, Flask, abort, current_app, redirect, request, url_for
from flask_smorest.blueprint import Blueprint as ApiBlueprint
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from eventreg.accounts.rules import Role
from eventreg.campaigns.access import ORGANISERS
from eventreg.core.combining_marks import check_marks
from eventreg.core.errors import NotFound, Refused
from eventreg.nominations import access
from eventreg.web.forms import returned_forms

from . import current
from .cookies import SAFE
from .refusal_log import note_refusal

Guard = Callable[[], Response | None]

csrf = CSRFProtect()
MOST_ID = 2**31 - 1
FOR_PROGRAMS = "/api/"
FOR_DEVICES = "/desk/api/"
MOST_SHOWN = 2 * 1024 * 1024  # bytes of a form that is too large to be accepted, but can be shown again
JSON = "application/json"
URLENCODED = "application/x-www-form-urlencoded"
CHUNK = 256 * 1024
LONG_TEXTS = {  # a deeds text is longer than other forms
    "drafting.write",
    "drafting.autosave",
    "proposals.write",
    "proposals.autosave",
}
LONG_MOST = 512 * 1024  # bytes of such a form: some fifty thousand characters
KEEPS_NOTHING = {"account.language"}  # sends a form of another page along, to show it again
UPLOADS = {  # bytes of a request that uploads a file, by blueprint
    "roster_import.bring": (21 * 1024 * 1024, frozenset({Role.ADMINISTRATOR})),
    "offline.import_queue": (3 * 1024 * 1024, ORGANISERS),
    "materials.bring": (26 * 1024 * 1024, access.CONTACTS),
    "campaign_files.bring": (26 * 1024 * 1024, ORGANISERS),
}


def init_gate(app: Flask) -> None:
    """Run the checks before every view of the app."""
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,  # called below for every request, so that no view can be exempt
        WTF_CSRF_TIME_LIMIT=None,  # tokens are bound to the session; a form that was open for long must not be lost
        WTF_CSRF_SSL_STRICT=True,
        WTF_I18N_ENABLED=False,
    )
    csrf.init_app(app)
    app.extensions["eventreg.guards"] = {}
    app.extensions["eventreg.by_token"] = set()
    app.before_request(_gate)
    app.after_request(returned_forms.fill_in)


def guarded(app: Flask, blueprint: Blueprint, guard: Guard) -> None:
    """Register a blueprint with its guard."""
    app.extensions["eventreg.guards"][blueprint.name] = guard
    app.register_blueprint(blueprint)


def guarded_by_token(app: Flask, blueprint: ApiBlueprint, guard: Guard) -> None:
    """Register a blueprint for programs: its guard requires a bearer token; cookies and CSRF tokens are not used.

    Raises ValueError for a blueprint outside /api/.
    """
    if not (blueprint.url_prefix or "").startswith(FOR_PROGRAMS):
        raise ValueError(f"{blueprint.name} is not under {FOR_PROGRAMS}")
    app.extensions["eventreg.guards"][blueprint.name] = guard
    app.extensions["eventreg.by_token"].add(blueprint.name)
    app.register_blueprint(blueprint)


def for_programs() -> bool:
    """Whether the request is one of a program or a paired phone: answered without cookie, and errors as problem details."""
    return request.path.startswith((FOR_PROGRAMS, FOR_DEVICES))


def guarded_for_devices(app: Flask, blueprint: Blueprint, guard: Guard) -> None:
    """Register a blueprint for paired phones: cookies are ignored, so no CSRF token is needed.

    Its guard requires the bearer token and has to call `current.ignore_cookie`.
    Raises ValueError for a blueprint outside /desk/api/.
    """
    if not f"{blueprint.url_prefix}/".startswith(FOR_DEVICES):
        raise ValueError(f"{blueprint.name} is not under {FOR_DEVICES}")
    app.extensions["eventreg.by_token"].add(blueprint.name)
    guarded(app, blueprint, guard)


def public_without_db() -> None:
    """Open to everybody, without a database query: health checks and assets work while the database is down."""


def anyone() -> None:
    """Open to everybody; its views show nothing personal to visitors who are not signed in."""
    current.note_visit()


def signed_in() -> Response | None:
    """Open to everybody who is signed in; others sign in first and come back with their form."""
    current.note_visit()
    return None if current.visitor().signed_in else to_sign_in()


def only_for(*wanted: Role) -> Guard:
    """Open to people with one of these roles in an elevated session; 404 for others."""
    return only_if(lambda: bool(current.roles().intersection(wanted)))


def only_if(allowed: Callable[[], bool]) -> Guard:
    """Open to people for whom `allowed` is true, in an elevated session; it is called for signed-in visitors only."""

    def guard() -> Response | None:
        if not current.visitor().signed_in:
            return to_sign_in()
        if not allowed():
            abort(404)
        if not current.visitor().elevated:
            return to_sign_in()
        current.note_visit(privileged=True)
        return None

    guard.privileged = True  # type: ignore[attr-defined]
    return guard


def to_sign_in() -> Response:
    """Send the visitor to sign in; what they typed is kept and shown again afterwards.

    A text that is too long for the cookie is shown on a page with status 401, to be sent again from there. A script gets
    only the status.
    """
    if request.method == "POST":
        if request.accept_mimetypes.best == JSON or not _kept_or_foreign():
            abort(401)
        return redirect(url_for("account.sign_in", next=request.path), 303)
    return redirect(f"{url_for('account.sign_in')}?next={quote(request.full_path.rstrip('?'))}", 302)


def _kept_or_foreign() -> bool:
    """Whether to redirect to the sign-in at once: the form is kept, or is not from the product and must not be kept."""
    return returned_forms.keep(privileged=is_privileged()) or not returned_forms.typed()


def is_privileged() -> bool:
    """Whether the requested page needs a role."""
    guard = current_app.extensions["eventreg.guards"].get(request.blueprint)
    return bool(getattr(guard, "privileged", False))


def read_all_the_same() -> None:
    """Read a form over its limit to show it again: typed text, but neither files nor very large bodies."""
    if (request.content_length or MOST_SHOWN + 1) <= MOST_SHOWN and request.mimetype == URLENCODED:
        request.max_content_length = request.max_form_memory_size = MOST_SHOWN


def _check_sense(*, form: bool) -> None:
    """Refuse values that no page sends and no database stores: NUL characters, ids over 32 bits."""
    asked = request.args.items(multi=True) if request.query_string else ()
    typed = request.form.items(multi=True) if form else ()
    if any("\x00" in text for text in (request.path, *(text for _name, text in (*asked, *typed)))):
        abort(400)
    if any(isinstance(value, int) and value > MOST_ID for value in (request.view_args or {}).values()):
        abort(404)


def _check_marks(*, form: bool) -> None:
    """Refuse letters with too many combining marks in all typed values, for all forms.

    Raises Refused typed.marks. JSON of programs is checked by its schemas (`api.fields.Text`).
    """
    if request.query_string:
        check_marks(*(text for _name, text in request.args.items(multi=True)))
    if form and request.method not in SAFE and request.endpoint not in KEEPS_NOTHING:
        names = (file.filename or "" for _name, file in request.files.items(multi=True))
        check_marks(*(text for _name, text in request.form.items(multi=True)), *names)


def _make_room() -> None:
    """Allow a larger body for views that take a file or a long text, if the visitor may use them."""
    if request.endpoint in LONG_TEXTS:
        request.max_form_memory_size = LONG_MOST
    most, bringers = UPLOADS.get(request.endpoint or "", (0, frozenset[Role]()))
    if bringers and bringers & current.roles():
        request.max_content_length = most
        request.max_form_memory_size = CHUNK  # a file is read in pieces of 64 KB, of which one may be cut


def _gate() -> Response | None:
    if request.routing_exception is not None:
        return None  # 404, 405 or a foreign Host: Flask answers without reading the body
    if request.endpoint == "static":
        return None
    by_token = request.blueprint in current_app.extensions["eventreg.by_token"]
    _make_room()
    _check_sense(form=not by_token)
    guard = current_app.extensions["eventreg.guards"].get(request.blueprint)
    if guard is None:
        abort(403)
    if request.method not in SAFE and not by_token:
        _check_form()
    try:
        answer: Response | None = guard()
    except (HTTPException, Refused, NotFound) as no:
        note_refusal(f"door.{no.code}" if isinstance(no, HTTPException) else no.code)
        raise
    if answer is None:
        _check_marks(form=not by_token)
    return answer


def _check_form() -> None:
    """Refuse a form of another site, and one without a valid CSRF token of this browser."""
    if returned_forms.came_from_elsewhere():
        note_refusal("form.foreign")
        abort(400)
    try:
        csrf.protect()
    except CSRFError:
        note_refusal("form.csrf")
        raise
