"""Error pages: what happened, what to do next, and the form with everything that was typed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask, make_response, redirect, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError
from werkzeug.wrappers import Response

from eventreg.core.db.errors import find_busy
from eventreg.core.db.session import db, let_go
from eventreg.core.errors import Busy, DiskFull, NotFound, Refused
from eventreg.core.retry_after import NO_ROOM_SECONDS, PERSON_SECONDS, retry_after
from eventreg.web.forms import returned_forms
from eventreg.web.forms.returned_forms import Labelled
from eventreg.words import refusals

from . import addresses, gate, problems
from . import pages as page
from .page_cache import render

log = logging.getLogger("eventreg.web")

MIB = 1024 * 1024  # one MiB of a request with a file is for the other fields of its form


def init_errors(app: Flask) -> None:
    """Register a page for each kind of error; a program or a paired phone gets problem details instead."""
    pages: dict[type[Exception], Callable[[Any], Response]] = {
        DiskFull: _full,
        SecurityError: _foreign_host,
        CSRFError: _form_expired,
        Busy: _busy,
        NotFound: lambda _missing: _not_found(),
        Refused: _refused,
        RequestEntityTooLarge: _too_large,
        HTTPException: _http,
        Exception: _unforeseen,
    }
    for kind, shown in pages.items():
        app.register_error_handler(kind, _for_client(shown))


def _for_client(shown: Callable[[Any], Response]) -> Callable[[Exception], Response]:
    def answer(error: Exception) -> Response:
        if gate.for_programs():
            return problems.answer(error)
        try:
            return shown(error)
        except SQLAlchemyError as lost:  # a page needs the reader's language, which needs the database
            return _unforeseen(lost)

    return answer


def _foreign_host(error: SecurityError) -> Response:
    """The Host header names another site: answered in plain text, without links and without the database."""
    answer = make_response("400 Bad Request: this host name is not served here.\n", 400)
    answer.mimetype = "text/plain"
    return answer


def _form_expired(error: CSRFError) -> Response:
    if gate.is_privileged():
        return returned_forms.back_to_its_page() or _too_old()
    return _page(
        400,
        _("页面放久了，没有提交成功"),
        _("你填的内容都在下面，一个字也没有丢。请核对后再提交一次。"),
        kept=returned_forms.kept(),
    )


def _too_old() -> Response:
    """A form of a privileged page that cannot be shown in its page again: its texts can be copied, not sent."""
    lead = _("没有办成任何事。请回到原来的页面，打开新的表单再提交。")
    return _page(
        400,
        _("页面放久了，没有提交成功"),
        lead,
        texts=returned_forms.texts(),
        back=returned_forms.page_of_form() or "",
    )


def _busy(error: Busy) -> Response:
    _ask_nothing()
    if request.method != "POST":
        lead = _("数据库暂时没有回答。请过一会儿再打开这一页。")
        return _later(503, _("现在太忙，页面没有打开"), lead, seconds=PERSON_SECONDS)
    lead = _("你填的内容都在下面，一个字也没有丢。名额还没有占上，请再提交一次。")
    return _later(503, _("现在太忙，没有提交成功"), lead, seconds=PERSON_SECONDS)


def _full(error: DiskFull) -> Response:
    """The disk is full. Pages are still read, so the request tried to write."""
    _ask_nothing()
    lead = _("你填的内容都在下面，一个字也没有丢。请告诉管理员磁盘满了；腾出空间以后，再提交一次。")
    return _later(507, _("服务器的磁盘满了，没有保存"), lead, seconds=NO_ROOM_SECONDS)


def _later(status: int, title: str, lead: str, *, seconds: int) -> Response:
    """A page that holds the form, to be sent again after so many seconds."""
    answer = _page(status, title, lead, kept=returned_forms.kept(), retry_seconds=seconds)
    answer.headers.update(retry_after(seconds))
    return answer


def _ask_nothing() -> None:
    """End the transaction, or drop a connection that is lost, and render the page without the database."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        let_go()
    page.spare_the_database()


def _unforeseen(error: Exception) -> Response:
    """An error without another handler: a locked, stopped or full database, or a programming error."""
    trouble = find_busy(error)
    if trouble is None:
        return _broken(error)
    log.warning("web.busy", extra={"path": request.path, "why": type(error).__name__})
    return _full(trouble) if isinstance(trouble, DiskFull) else _busy(trouble)


def _refused(error: Refused) -> Response:
    db.session.rollback()
    lead = refusals.say(error.code, error.facts)
    if error.code == "document.failed":
        return _page(422, _("文件没有生成"), lead, back=str(error.facts.get("back", "")))
    if error.code != "typed.marks":
        return _page(409, _("没有办成"), lead, texts=returned_forms.texts())
    if request.accept_mimetypes.best == gate.JSON:  # a request of one of our scripts
        return make_response({"code": error.code, "said": lead}, 422)
    kept = returned_forms.kept()
    advice = _("你填的内容都在下面，一个字也没有丢。改好以后再提交一次。") if kept else ""
    return _page(422, _("有的字上叠了太多符号"), lead, advice=advice, kept=kept)


def _too_large(error: RequestEntityTooLarge) -> Response:
    """The body is over the limit: a typed text is shown again to be shortened; a file or a larger body is not read."""
    db.session.rollback()
    if most := gate.UPLOADS.get(request.endpoint or "", (0, None))[0]:
        lead = _(
            "没有上传：一个文件最大 %(n)s MB。请换小一点的：图片可以压缩，扫描件可以分成几个文件。",
            n=most // MIB - 1,
        )
        return _page(413, _("文件太大"), lead, action=request.path, back=request.path)
    gate.read_all_the_same()
    return _page(
        413, _("内容太大"), _("提交的内容超过了上限，没有保存。请删短后再提交。"), kept=returned_forms.kept()
    )


def _http(error: HTTPException) -> Response:
    db.session.rollback()
    if error.code == 404:
        return _not_found()
    if error.response is not None:
        return make_response(error.response)
    if error.code == 401:
        return _signed_out()
    status = error.code or 500
    title, lead = {
        400: (_("这个请求看不懂"), _("它不是从本系统的页面发出的，没有办成任何事。")),
        403: (_("没有权限查看"), _("这个地址没有开放。")),
        405: (_("不能这样打开"), _("这个地址要从页面上的按钮进入。")),
    }.get(status, (_("没有办成"), _("请从全部活动重新进入。")))
    answer = _page(status, title, lead)
    if allow := getattr(error, "valid_methods", None):
        answer.headers["Allow"] = ", ".join(sorted(allow))
    return answer


def _signed_out() -> Response:
    """The session ended, and the text is too long to be kept during a sign-in: this page shows it until then."""
    lead = _("登录过期了。你填的内容都在下面，一个字也没有丢：请在新的窗口登录，再回到这一页提交。")
    return _page(401, _("请先登录，再提交一次"), lead, kept=returned_forms.kept())


def _broken(error: Exception) -> Response:
    """A programming error: logged with its traceback under an id; the page shows only the id."""
    db.session.rollback()
    request_id = problems.note_broken(error)
    return _page(
        500,
        _("系统出了错"),
        _("这是系统的问题，不是你的。刚才这一步没有办成。"),
        kept=returned_forms.kept(),
        request_id=request_id,
    )


def _files() -> list[str]:
    """The names of the form's file fields: the user has to choose those files again."""
    try:
        return list(request.files) if request.method == "POST" and returned_forms.came_from_our_page() else []
    except RequestEntityTooLarge:
        return ["file"]


def _not_found() -> Response:
    if bare := addresses.without_marks_behind():
        return make_response(redirect(bare, 302))
    return _page(
        404,
        _("没有找到这个页面"),
        _("链接可能已过期或不完整，也可能你没有权限查看。"),
        advice=_("请从全部活动重新进入；如果链接来自通知邮件，请把邮件转给组织者。"),
        texts=returned_forms.texts(),
    )


def again(path: str, typed: list[tuple[str, str]]) -> Response:
    """A form that was not submitted because the language was switched, in the new language."""
    lead = _("你填的内容都在下面，一个字也没有丢。请核对后再提交一次。")
    return _page(200, _("语言已经换好"), lead, kept=returned_forms.labelled(typed), action=path)


def _page(
    status: int,
    title: str,
    lead: str,
    *,
    advice: str = "",
    kept: Labelled | None = None,
    texts: Labelled | None = None,
    retry_seconds: int | None = None,
    request_id: str = "",
    action: str = "",
    back: str = "",
) -> Response:
    said = {
        "status": status,
        "title": title,
        "lead": lead,
        "advice": advice,
        "retry_seconds": retry_seconds,
        "request_id": request_id,
        "action": action,
        "back": back,
        "files": [] if action else _files(),
        "kept": kept or [],
        "texts": texts or None,
    }
    try:
        body = _drawn(said)
    except Exception:
        # The page needs the database for the company's name; without it, plain text is sent.
        log.exception("web.error_page_failed")
        answer = make_response(f"{title}\n{lead}\n", status)
        answer.mimetype = "text/plain"
        return answer
    return make_response(body, status)


def _drawn(said: dict[str, Any]) -> str:
    """The page for unknown addresses is rendered once and cached; a page with personal content never is."""
    if said["kept"] or said["files"] or said["request_id"] or returned_forms.typed():
        return render_template("site/error.html", **{**said, "action": said["action"] or request.path})
    about = tuple((name, value) for name, value in said.items() if value)
    return render("site/error.html", about=about, holes={}, context=lambda: said)
