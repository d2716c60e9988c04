"""Make the app: settings, keys, database, and everything that hangs on them."""

from __future__ import annotations

import os

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from eventreg.commands import register_commands
from eventreg.config import PROJECT, Settings, environment
from eventreg.core.clock import utc_now
from eventreg.core.db.migrate import migrate
from eventreg.core.db.session import close_all, db, init_database, unit_of_work
from eventreg.core.files import private_folder
from eventreg.core.keyring import key_watch, rotation
from eventreg.core.keyring.installation import claim_installation, get_uid
from eventreg.core.keyring.keys import Keys, load_keys
from eventreg.core.keyring.retired import states_on_record
from eventreg.core.trail import seals
from eventreg.delivery.mail import mailer
from eventreg.registrations import tickets
from eventreg.web import init_web

KIB = 1024


def create_app(settings: Settings | None = None) -> Flask:
    """The whole product on these settings (by default: the environment's).

    Makes the instance folder and the keys where there are none, migrates the database, and
    raises Unusable where the installation cannot run: a folder that cannot be written, a newer
    database, other keys.
    """
    settings = settings or environment(os.environ)
    private_folder(settings.instance)
    keys = load_keys(settings.instance)
    app = Flask(
        "eventreg",
        root_path=str(PROJECT / "eventreg"),
        template_folder=str(PROJECT / "templates"),
        static_folder=str(PROJECT / "static"),
        instance_path=str(settings.instance),
    )
    _configure(app, settings)
    init_database(app, settings.database, lock_file=settings.instance / "write.lock")
    with app.app_context():
        _own_database(app, settings, keys)
    app.extensions["eventreg.delivery"] = mailer.configure(
        app,
        settings.smtp_url,
        sender=settings.mail_from,
        ca_file=settings.smtp_ca_file,
        folder=settings.instance / "mail",
    )
    init_web(app, hsts=settings.hsts)
    register_commands(app)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    return app


def _own_database(app: Flask, settings: Settings, keys: Keys) -> None:
    """Bring the database to our schema and bind it to our keys; leave nothing open on a refusal."""
    try:
        key_watch.watch(app, settings.instance)
        migrate(db.engine, PROJECT / "migrations", lock_file=settings.instance / "write.lock")
        with unit_of_work():
            known = claim_installation(keys, folder=settings.instance, host=settings.host_name, now=utc_now())
            app.extensions["eventreg.installation"] = get_uid()
            states = states_on_record(known, keys)
            stated = keys.with_states(states)
            key_watch.use(app, stated)
            seals.pin_old_rows(now=utc_now())
            tickets.give_codes(keys=stated)
        if rotation.refresh_file(settings.instance, states):
            key_watch.watch(app, settings.instance)
    except BaseException:
        close_all()
        raise


def _configure(app: Flask, settings: Settings) -> None:
    """Set the limits of a request, the hosts and the cookie (D13, T16, T28); its name and Secure follow the public address."""
    app.extensions["eventreg.settings"] = settings
    app.config.update(
        SESSION_COOKIE_NAME="__Host-eventreg" if settings.secure else "eventreg",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=30 * 24 * 3600,
        SESSION_REFRESH_EACH_REQUEST=False,  # a session's row ends 30 days after signing in: so may its cookie
        TRUSTED_HOSTS=list(settings.hosts),
        MAX_CONTENT_LENGTH=1024 * KIB,
        MAX_FORM_MEMORY_SIZE=64 * KIB,
        MAX_FORM_PARTS=200,
        SEND_FILE_MAX_AGE_DEFAULT=365 * 24 * 3600,
    )
