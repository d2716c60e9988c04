"""Settings: read once from the environment, checked, then passed on as one frozen value."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from .network import EVERYWHERE, host_names, lan_addresses

PROJECT = Path(__file__).resolve().parent.parent
WORKERS = 2  # processes of granian: two cores are what the smallest server has
SERVERS = ("waitress", "granian")


class BadSetting(ValueError):
    """A setting that cannot be used; the text names the variable and says what it takes."""


@dataclass(frozen=True)
class Settings:
    """Everything an operator can choose. `environment()` fills it; tests build it by hand."""

    instance: Path = PROJECT / "instance"
    database_url: str = ""
    base_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    smtp_url: str = ""
    smtp_ca_file: str = ""
    mail_from: str = "三八活动组 <eventreg@localhost>"
    mail_reply_to: str = ""
    robot_hosts: tuple[str, ...] = ()
    robot_ca_file: str = ""
    timezone: str = "Asia/Shanghai"
    scheduler: bool = True
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    workers: int = 1
    server: str = "waitress"
    tls: bool = False
    extra: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if urlsplit(self.base_url).scheme not in {"http", "https"}:
            raise BadSetting("EVENTREG_BASE_URL takes an address such as https://events.example.cn")
        try:
            ZoneInfo(self.timezone)
        except (KeyError, ValueError) as error:
            raise BadSetting("EVENTREG_TIMEZONE takes a zone such as Asia/Shanghai") from error
        smtp_limits(self.smtp_url)
        if self.mail_reply_to and not _is_mailbox(self.mail_reply_to):
            raise BadSetting("EVENTREG_MAIL_REPLY_TO takes a mailbox such as events@example.cn")
        self._check_server()

    def _check_server(self) -> None:
        """Only one of the two servers can do TLS and several processes."""
        if self.server not in SERVERS:
            raise BadSetting(f"EVENTREG_SERVER takes {' or '.join(SERVERS)}, not {self.server!r}")
        if self.workers < 1:
            raise BadSetting("EVENTREG_WORKERS takes a whole number from 1")
        if self.server == "waitress" and (self.tls or self.workers > 1):
            raise BadSetting("EVENTREG_SERVER=waitress is one process without TLS: leave it out, or granian")
        if self.tls and not self.secure:
            raise BadSetting("EVENTREG_TLS=on needs a EVENTREG_BASE_URL that begins with https://")

    @property
    def secure(self) -> bool:
        """Whether browsers reach us by https: cookies follow the public address."""
        return urlsplit(self.base_url).scheme == "https"

    @property
    def host_name(self) -> str:
        """The host of the public address."""
        return urlsplit(self.base_url).hostname or "localhost"

    @property
    def hsts(self) -> bool:
        """Whether browsers are told to insist on https.

        Not under a certificate of our own: a phone that has it no longer could not be let past it.
        """
        return self.secure and not self.tls

    @property
    def tls_folder(self) -> Path:
        """Where our own authority and certificate lie."""
        return self.instance / "tls"

    @property
    def database(self) -> str:
        """The SQLAlchemy URL: SQLite in the instance folder unless told otherwise."""
        return self.database_url or f"sqlite:///{self.instance / 'eventreg.db'}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host names we answer to. The public address is always one of them."""
        own = urlsplit(self.base_url).hostname or "127.0.0.1"
        return tuple(dict.fromkeys((own, "127.0.0.1", "localhost", *self.trusted_hosts)))


def _is_mailbox(text: str) -> bool:
    """Whether this can stand in a header as `address` or `name <address>`: every letter would be refused otherwise."""
    local, _at, domain = parseaddr(text)[1].rpartition("@")
    try:
        domain.encode("idna")
    except UnicodeError:
        return False
    return bool(local and domain) and local.isascii() and "@" not in local and text.isprintable()


def smtp_limits(url: str) -> dict[str, int]:
    """`rate`, letters a minute, and `batch`, letters a connection, of `smtp://host?rate=60&batch=50`.

    Raises BadSetting for another word and for what is no number from 1.
    """
    limits = {}
    for name, value in parse_qsl(urlsplit(url).query, keep_blank_values=True):
        if name not in {"rate", "batch"} or not (value.isascii() and value.isdigit() and int(value)):
            raise BadSetting("EVENTREG_SMTP_URL takes ?rate=LETTERS_A_MINUTE&batch=LETTERS_A_CONNECTION")
        limits[name] = int(value)
    return limits


def environment(environ: Mapping[str, str]) -> Settings:
    """Settings from EVENTREG_* variables; what is unset keeps its default.

    Raises BadSetting with the variable's name when a value cannot be used.
    """
    get, tls = environ.get, _switch(environ, "EVENTREG_TLS", default=False)
    server = get("EVENTREG_SERVER") or _server_of(environ, tls=tls)
    workers = _number(environ, "EVENTREG_WORKERS", WORKERS if server == "granian" else 1)
    host = get("EVENTREG_HOST") or (EVERYWHERE[0] if tls else "127.0.0.1")
    port = _number(environ, "EVENTREG_PORT", 8443 if tls else 8000)
    near = lan_addresses() if tls and host in EVERYWHERE else ()
    shown_host = next(iter(near), "127.0.0.1") if host in EVERYWHERE else host
    shown = f"{'https' if tls else 'http'}://{shown_host}:{port}"
    trusted = get("EVENTREG_TRUSTED_HOSTS", "").replace(",", " ").split()
    return Settings(
        instance=Path(get("EVENTREG_INSTANCE") or PROJECT / "instance").resolve(),
        database_url=_driver(get("EVENTREG_DATABASE_URL", "")),
        base_url=(get("EVENTREG_BASE_URL") or shown).rstrip("/"),
        host=host,
        port=port,
        smtp_url=get("EVENTREG_SMTP_URL", ""),
        smtp_ca_file=get("EVENTREG_SMTP_CA_FILE", ""),
        mail_from=get("EVENTREG_MAIL_FROM") or Settings.mail_from,
        mail_reply_to=get("EVENTREG_MAIL_REPLY_TO", "").strip(),
        robot_hosts=tuple(get("EVENTREG_ROBOT_HOSTS", "").lower().replace(",", " ").split()),
        robot_ca_file=get("EVENTREG_ROBOT_CA_FILE", ""),
        timezone=get("EVENTREG_TIMEZONE") or Settings.timezone,
        scheduler=_switch(environ, "EVENTREG_SCHEDULER", default=True),
        trusted_hosts=(*trusted, *near, *(host_names() if near else ())),
        proxy_hops=_number(environ, "EVENTREG_PROXY_HOPS", 0),
        workers=workers,
        server=server,
        tls=tls,
    )


def _server_of(environ: Mapping[str, str], *, tls: bool) -> str:
    """On Linux granian, whose processes share their memory there (ADR 13); elsewhere only where it is needed."""
    several = environ.get("EVENTREG_WORKERS") not in {None, "", "1"}
    return "granian" if tls or several or sys.platform == "linux" else "waitress"


def _driver(url: str) -> str:
    """`postgresql://…` means psycopg 3 here, the only driver that is installed."""
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit()):
        raise BadSetting(f"{name} takes a whole number, not {text!r}")
    return int(text)


def _switch(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = (environ.get(name) or ("on" if default else "off")).lower()
    if text not in {"on", "off"}:
        raise BadSetting(f"{name} takes on or off, not {text!r}")
    return text == "on"
