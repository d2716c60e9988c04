"""Forms that were not accepted: whether a page of the product sent them, what is kept of them, and how they are shown again.

The browser tells who sent a form, in `Origin` and `Sec-Fetch-Site`. The CSRF token does not, because an attacker can
fetch one in their own browser. Of a form from another site nothing is kept or shown again. At a privileged page what
was typed is shown again only in the form's own page, with that form's own button.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import flash, redirect, request, session
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge, SecurityError
from werkzeug.wrappers import Response

from eventreg.web.app import current
from eventreg.web.app.addresses import safe_path

Pairs = list[tuple[str, str]]
Labelled = list[tuple[str, str, str]]  # name, value, label

OURS_ALONE = {"csrf_token"}
FOREIGN = {"cross-site", "same-site"}  # of Sec-Fetch-Site: another site, another port or a sibling host
FILLS_ITSELF = {"registrations.sign_up"}  # holds the form until somebody has signed up
NEVER_KEPT = {  # fields that give somebody a role, a token, or the address that sign-in codes go to
    "people.grant",
    "people.set_email",
    "organisers.name",
    "delegates.delegate",
    "tokens.make",
}
PAGE = "text/html"
OF_THE_FORM = {
    "idempotency_key",
    "version",
    "form_version",
    "answers_version",
    "next",
}  # fields that do not say what would be done, or to whom


def came_from_our_page() -> bool:
    """Whether a page of the product sent this form; False if the browser does not say so."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    return _is_here(request.headers.get("Origin"))


def came_from_elsewhere() -> bool:
    """Whether the browser says that another site, port or sibling host sent this request, or hides it (`null`)."""
    if request.headers.get("Sec-Fetch-Site") in FOREIGN:
        return True
    origin = request.headers.get("Origin")
    return origin is not None and not _is_here(origin)


def _is_here(origin: str | None) -> bool:
    try:
        asked_at = request.host_url
    except SecurityError:  # a host that is not served here
        return False
    return is_ours(origin, base_url=current.settings().base_url, asked_at=asked_at)


def is_ours(origin: str | None, *, base_url: str, asked_at: str) -> bool:
    """Whether an `Origin` (RFC 6454) is the base address, or the address at which we were asked.

    The host of the request was checked before. If the base address is https, an http origin is never accepted.
    """
    if origin is None or origin == "null":
        return False
    base, here = _origin_of(base_url), _origin_of(asked_at)
    return origin == base or (origin == here and not (base.startswith("https:") and here.startswith("http:")))


def _origin_of(address: str) -> str:
    """Scheme, host and port as browsers write them: lower case, without the default port."""
    try:
        parts = urlsplit(address)
        name, number = parts.hostname or "", parts.port
    except ValueError:  # no browser writes this
        return "null"
    if not name:
        return "null"
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    host = f"[{name}]" if ":" in name else name
    port = "" if number in {None, usual} else f":{number}"
    return f"{parts.scheme}://{host}{port}"


def typed() -> Pairs:
    """All fields of a form of the product, repeated names one by one; nothing of a form from another site."""
    if request.method != "POST" or request.endpoint in NEVER_KEPT or not came_from_our_page():
        return []
    try:
        return [(name, value) for name, value in request.form.items(multi=True) if name not in OURS_ALONE]
    except RequestEntityTooLarge:
        return []


def keep(*, privileged: bool) -> bool:
    """Keep the request's form in the visitor's cookie; False if nothing may be kept or it is too long for a cookie.

    At a privileged page it is kept only for the person of the session that the cookie names: a cookie can be planted.
    """
    pairs, page = typed(), page_of_form() or safe_path(request.path)
    if not pairs or page is None or (privileged and current.holder() is None):
        return False
    return current.keep_form(request.path, pairs, page=page)


def page_of_form() -> str | None:
    """The page that the form was on, as the browser says, if it is one of the product that a GET can open."""
    referer = request.headers.get("Referer", "")
    return safe_path(urlsplit(referer).path) if _is_here(_origin_of(referer)) else None


def back_to_its_page() -> Response | None:
    """Redirect to the page of an expired form, where it is filled in; None if the form cannot be kept."""
    page = page_of_form()
    if page is None or not keep(privileged=True):
        return None
    flash(_("页面放久了，没有提交成功。你填的内容已经放回表单里，请核对后再按一次按钮。"), "refused")
    if request.files:
        flash(_("文件要重新选一次"), "refused")
    return redirect(page, 303)


def fill_in(response: Response) -> Response:
    """Fill the kept form's values into its form on this page, once; other pages are returned unchanged."""
    is_page = request.method == "GET" and response.status_code == 200 and response.mimetype == PAGE
    if not is_page or current.KEPT not in session or request.endpoint in FILLS_ITSELF:
        return response
    kept = current.kept_form()
    if kept is None or kept.page != request.path:
        return response
    from . import form_filling  # it loads lxml, which few requests need

    filled = form_filling.filled(response.get_data(as_text=True), action=kept.path, pairs=kept.pairs)
    if filled is not None:
        response.set_data(filled)
    current.drop_kept_form()
    return response


def kept_here() -> Mapping[str, str]:
    """The fields that `fill_in` will put into this page; a form whose number of fields depends on what was typed asks first."""
    kept = current.kept_form() if request.method == "GET" and current.KEPT in session else None
    return kept.fields if kept is not None and kept.page == request.path else {}


def texts() -> Labelled:
    """The texts of a form that cannot be sent again, to be copied; tokens and keys are left out."""
    return [
        (name, value, label) for name, value, label in kept() if label not in {"", name} and value.strip()
    ]


def kept() -> Labelled:
    """The fields of the form, to be sent again; empty for a form from another site."""
    return labelled(typed())


def labelled(pairs: Pairs) -> Labelled:
    """Each field with its label, so that a visitor who sends it again sees its meaning; only OF_THE_FORM has none."""
    known = _labels()
    return [
        (name, value, "" if name in OF_THE_FORM else known.get(name) or _label(name, value))
        for name, value in pairs
    ]


def _label(name: str, value: str) -> str:
    """A label for an unknown field: its name, if it holds an identifier and no text."""
    return _("填写的内容") if not value.isascii() or " " in value.strip() or len(value) > 80 else name


def _labels() -> dict[str, str]:
    """Fields that are shown with a label when a form comes back on an error page."""
    return {
        "phone": _("手机号"),
        "remark": _("备注"),
        "identifier": _("工号或工作邮箱"),
        "code": _("验证码"),
        "staff_no": _("工号"),
        "name": _("姓名"),
        "email": _("工作邮箱"),
        "unit_name": _("公司名称"),
    }
