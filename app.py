"""The entry: `python app.py` serves; `flask COMMAND` finds its commands here."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import Any

from flask import Flask
from sqlalchemy.exc import OperationalError
from waitress.server import create_server

from eventreg import jobs
from eventreg.accounts import links
from eventreg.commands.accounts import link_address
from eventreg.config import BadSetting, Settings
from eventreg.core.clock import utc_now
from eventreg.core.db import unit_of_work
from eventreg.core.errors import Busy, Unusable
from eventreg.core.logs import log_to_stderr
from eventreg.factory import create_app

__all__ = ["create_app"]


def main() -> None:
    """Serve until told to stop. Exit status 1 with one plain line when it cannot run."""
    log_to_stderr()
    try:
        app = create_app()
        settings: Settings = app.extensions["eventreg.settings"]
        server = create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=16,
            connection_limit=1000,
            asyncore_use_poll=True,
            channel_timeout=30,
            max_request_body_size=2 * 1024 * 1024,
            ident=None,
        )
    except (Unusable, BadSetting, Busy, OSError, OperationalError) as error:
        sys.exit(f"eventreg cannot start: {error}")
    if app.debug:
        sys.exit("eventreg does not serve with FLASK_DEBUG on: errors would show its inside. Unset it.")
    _serve(app, server, settings)


def _serve(app: Flask, server: Any, settings: Settings) -> None:
    _welcome(app, settings)
    running = jobs.start(app) if settings.scheduler else None
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    try:
        server.run()
    finally:
        if running is not None:
            sender, scheduler = running
            scheduler.shutdown(wait=False)
            sender.stop()


def _welcome(app: Flask, settings: Settings) -> None:
    """Say where it is, and how the first administrator gets in while there is none."""
    print(f"eventreg: {settings.base_url}", flush=True)
    if not settings.smtp_url:
        print(f"信件写成文件 / letters are written as files: {settings.instance / 'mail'}", flush=True)
    with app.app_context():
        if links.administrator_exists(now=utc_now()):
            return
        with unit_of_work():
            token = links.make(None, now=utc_now())
        print("第一位管理员的登录链接（30 分钟，只能用一次）", flush=True)
        print(f"First administrator, single use, 30 minutes: {link_address(token)}", flush=True)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    os.umask(0o077)
    main()
