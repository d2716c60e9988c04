"""Serving: one process of waitress over http, or granian's workers over http or https."""

from __future__ import annotations

import ctypes
import gc
import logging
import multiprocessing
import os
import resource
import signal
import socket
import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import partial
from io import BytesIO
from multiprocessing.util import Finalize
from typing import Any

import click
from flask import Flask
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server as Granian
from sqlalchemy.exc import DBAPIError

from eventreg import jobs
from eventreg.accounts import links
from eventreg.commands.accounts import link_address
from eventreg.config import BadSetting, Settings, environment
from eventreg.core import request_slots, serving_lock
from eventreg.core.clock import utc_now
from eventreg.core.db.errors import find_busy
from eventreg.core.db.session import close_all, db, unit_of_work
from eventreg.core.errors import Busy, DiskFull, Unusable
from eventreg.core.files import private_folder
from eventreg.core.logs import log_to_stderr
from eventreg.core.request_start import REQUEST_START
from eventreg.delivery import qr
from eventreg.factory import create_app

from . import stopping
from .rsgi import OverRsgi
from .waitress_start import with_waitress

Run = Callable[[], None]
Environ = dict[str, Any]

CONNECTIONS = 8192  # a worker: idle visitors and attackers together, however unevenly the kernel spreads them
FILES_BESIDE = (
    1024  # open files that a worker needs beside its connections, at most: threads, bodies, the database
)
BACKLOG = 4096  # connections that the kernel holds until a worker takes them
HEAD_PATIENCE = 10  # seconds for a request's head, and for the next one on a kept connection
LARGEST_HEAD = 64 * 1024  # bytes; as much memory a half-sent head may hold
GRANIAN: dict[str, Any] = {
    "interface": Interfaces.RSGI,
    "websockets": False,
    "http": HTTPModes.http1,  # HTTP/2 has no time limit for a silent visitor; our pages are few files
    "http1_settings": HTTP1Settings(header_read_timeout=HEAD_PATIENCE * 1000, max_buffer_size=LARGEST_HEAD),
    "backlog": BACKLOG,
}
READ_FIRST = 1024 * 1024  # bytes of a body that is read before its request is worked on
M_ARENA_MAX = -8  # glibc's name for how many heaps there may be; other C libraries ignore it
LOGS = {
    "formatters": {"generic": {"()": "eventreg.core.logs.JsonLines"}},
    "handlers": {
        name: {"class": "logging.StreamHandler", "formatter": "generic", "stream": "ext://sys.stderr"}
        for name in ("console", "access")
    },
}


def main() -> None:
    """Serve until told to stop. Exit status 1 with one plain line when it cannot run."""
    log_to_stderr()
    _few_arenas()
    with ExitStack() as stack:
        try:
            settings = environment(os.environ)
            private_folder(settings.instance)
            stack.enter_context(serving_lock.hold_shared(settings.instance))  # before the database is touched
            app = create_app(settings)
            run = READY[settings.server](app, settings)
            if app.debug:
                sys.exit(
                    "eventreg does not serve with FLASK_DEBUG on: errors would show its inside. Unset it."
                )
            _log_database(app)
            _welcome(app, settings)
        except (Unusable, BadSetting, Busy, OSError, DBAPIError) as error:
            sys.exit(f"eventreg cannot start: {_plainly(error)}")
        run()


def _log_database(app: Flask) -> None:
    """The version of the database library: it decides about known faults (ADR 5)."""
    with app.app_context():
        name = db.engine.dialect.name
    version = sqlite3.sqlite_version if name == "sqlite" else ""
    logging.getLogger("eventreg.serving").info("serving.database", extra={"kind": name, "version": version})


def _plainly(error: Exception) -> str:
    """One line that says what is wrong and what to do."""
    said = " ".join(str(error.orig if isinstance(error, DBAPIError) else error).split())
    trouble = find_busy(error)
    if isinstance(trouble, DiskFull):
        return f"the disk is full: make room and start again. ({said})"
    if isinstance(error, DBAPIError):
        return f"the database cannot be used, look at EVENTREG_DATABASE_URL and at its server. ({said})"
    return f"the database is busy: start again. ({said})" if trouble else said


def _few_arenas() -> None:
    """Two heaps for all threads: the C library's own for each of hundreds hold memory that is mostly empty."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)


def pace_requests(app: Flask) -> None:
    """Let the app work on few requests at once, each with its body read before it takes a slot."""
    slots, serve = request_slots.FairSlots(), app.wsgi_app

    def paced(environ: Environ, start_response: Any) -> Any:
        environ.setdefault(REQUEST_START, utc_now())
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > READ_FIRST or "HTTP_TRANSFER_ENCODING" in environ:
            return serve(environ, start_response)
        if length != "0":
            environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(length)))
        with request_slots.request_slot(slots):
            return serve(environ, start_response)

    app.wsgi_app = paced  # type: ignore[method-assign]


def _with_waitress(app: Flask, settings: Settings) -> Run:
    """This process serves and works. Raises OSError where the address cannot be had."""
    pace_requests(app)
    connections_a_worker()
    server = with_waitress(app, host=settings.host, port=settings.port)

    def run() -> None:
        stop = _start_jobs(app, settings)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stopping.leave)
        try:
            server.run()
        finally:
            stop()

    return run


def _with_granian(app: Flask, settings: Settings) -> Run:
    """This process watches; its workers serve and work. On Linux they are forks of it and share its memory."""
    with socket.create_server((settings.host, settings.port)):
        pass  # workers share the port among themselves, and would with anybody: so ask first
    pair = None
    if settings.tls:
        from eventreg.core import authority

        pair = authority.certify(settings.tls_folder, settings.hosts, now=utc_now())
    server = Granian(
        "eventreg",
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        log_level=LogLevels.error,
        log_dictconfig=LOGS,
        ssl_cert=pair,
        ssl_key=pair,
        ssl_protocol_min=SSLProtocols.tls12,  # older Androids know no 1.3
        respawn_failed_workers=True,
        workers_kill_timeout=stopping.LAST_ANSWERS,
        backpressure=connections_a_worker(),
        **GRANIAN,
    )
    server.main_loop_interrupt = stopping.SignalEvent()

    def run() -> None:
        with app.app_context():
            close_all()
        forks = sys.platform == "linux"
        multiprocessing.set_start_method("fork" if forks else "spawn", force=True)
        loader = _shared(app, settings) if forks else partial(_spawned, settings)
        server.serve(target_loader=loader, wrap_loader=False)

    return run


READY: dict[str, Callable[[Flask, Settings], Run]] = {
    "waitress": _with_waitress,
    "granian": _with_granian,
}


def connections_a_worker() -> int:
    """Raise the soft limit of open files as far as the hard one lets us; how many connections a worker takes then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + FILES_BESIDE
    if soft < wanted:
        with suppress(ValueError, OSError):  # macOS refuses what is above a bound of its kernel
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return min(CONNECTIONS, max(allowed - FILES_BESIDE, allowed // 2))


def _shared(app: Flask, settings: Settings) -> Callable[[], OverRsgi]:
    """What a forked worker is to load: all that can be shared is made ready before."""
    pace_requests(app)
    gc.collect()
    gc.freeze()  # what the workers share stays shared: no collection writes to it
    stopping.let_workers_stop()
    return partial(_forked, app, settings)


def _forked(app: Flask, settings: Settings) -> OverRsgi:
    """What a worker serves: this process had no thread and no connection when it was forked, so the app is as new."""
    with app.app_context():
        db.engine.dispose(close=False)
    return _at_work(app, settings)


def _spawned(settings: Settings) -> OverRsgi:
    """The same where a process cannot be forked safely: an app of its own."""
    os.umask(0o077)
    log_to_stderr()
    app = create_app(settings)
    pace_requests(app)
    return _at_work(app, settings)


def _at_work(app: Flask, settings: Settings) -> OverRsgi:
    """The worker's jobs run beside its app, and end with it."""
    Finalize(None, _start_jobs(app, settings), exitpriority=100)
    threading.Thread(target=stopping.follow_parent, name="parent", daemon=True).start()
    return OverRsgi(app)


def _start_jobs(app: Flask, settings: Settings) -> Run:
    """Begin to send and to tick, if this installation does; returns what ends it."""
    if not settings.scheduler:
        return lambda: None
    return partial(jobs.stop, app, *jobs.start(app))


def _welcome(app: Flask, settings: Settings) -> None:
    """Say where it is, and how the first administrator gets in while there is none."""
    click.echo(f"eventreg: {settings.base_url}")
    if settings.tls:
        _welcome_phones(settings)
    if not settings.smtp_url:
        click.echo(f"信件写成文件 / letters are written as files: {settings.instance / 'mail'}")
    with app.app_context():
        if links.administrator_exists(now=utc_now()):
            return
        with unit_of_work():
            token = links.make(None, now=utc_now())
        click.echo("第一位管理员的登录链接（30 分钟，只能用一次）")
        click.echo(f"First administrator, single use, 30 minutes: {link_address(token)}")


def _welcome_phones(settings: Settings) -> None:
    """Where a phone learns to trust our certificate, and how its owner knows that it is ours."""
    from eventreg.core import authority

    address = f"{settings.base_url}/help/phone"
    if sys.stdout.isatty():
        click.echo(qr.in_text(address))
    click.echo(f"同一网络里的手机打开 / phones in this network open: {address}")
    held = authority.find_authority(settings.tls_folder) or b""
    click.echo(f"证书指纹 / certificate's SHA-256: {authority.fingerprint(held)}")
