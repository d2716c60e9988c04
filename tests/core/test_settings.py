"""Settings: what an operator may choose together, and what follows from it."""

from __future__ import annotations

import pytest

from eventreg.config import BadSetting, environment
from eventreg.network import EVERYWHERE, host_names, lan_addresses


@pytest.mark.parametrize(
    ("system", "server", "workers"), [("linux", "granian", 2), ("darwin", "waitress", 1)]
)
def test_plain_http_is_on_loopback(
    monkeypatch: pytest.MonkeyPatch, system: str, server: str, workers: int
) -> None:
    monkeypatch.setattr("sys.platform", system)
    made = environment({})

    assert made.server == server
    assert made.workers == workers
    assert made.base_url == "http://127.0.0.1:8000"
    assert made.host == "127.0.0.1"
    assert made.secure is False
    assert made.hsts is False


def test_tls_listens_to_the_network_under_every_name_of_this_machine() -> None:
    made = environment({"EVENTREG_TLS": "on"})
    shown = next(iter(lan_addresses()), "127.0.0.1")

    assert (made.server, made.host, made.base_url) == ("granian", EVERYWHERE[0], f"https://{shown}:8443")
    assert {*lan_addresses(), "127.0.0.1", "localhost"} <= set(made.hosts)
    assert set(made.hosts) <= {*lan_addresses(), *host_names(), "127.0.0.1", "localhost"}


def test_tls_on_a_named_host_is_for_that_host_alone() -> None:
    made = environment({"EVENTREG_TLS": "on", "EVENTREG_HOST": "127.0.0.1", "EVENTREG_PORT": "9000"})

    assert (made.base_url, made.hosts) == ("https://127.0.0.1:9000", ("127.0.0.1", "localhost"))


def test_browsers_are_told_to_insist_on_https_only_where_the_certificate_is_not_ours() -> None:
    behind_a_proxy = environment({"EVENTREG_BASE_URL": "https://events.example.cn"})
    ours = environment({"EVENTREG_TLS": "on", "EVENTREG_HOST": "127.0.0.1"})

    assert [(made.secure, made.hsts) for made in (behind_a_proxy, ours)] == [(True, True), (True, False)]


def test_several_processes_need_the_other_server() -> None:
    assert environment({"EVENTREG_WORKERS": "2"}).server == "granian"


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"EVENTREG_SERVER": "gunicorn"}, "EVENTREG_SERVER takes waitress or granian"),
        ({"EVENTREG_SERVER": "waitress", "EVENTREG_TLS": "on"}, "EVENTREG_SERVER=waitress is one process"),
        ({"EVENTREG_SERVER": "waitress", "EVENTREG_WORKERS": "2"}, "EVENTREG_SERVER=waitress is one process"),
        ({"EVENTREG_WORKERS": "0"}, "EVENTREG_WORKERS takes a whole number from 1"),
        ({"EVENTREG_TLS": "yes"}, "EVENTREG_TLS takes on or off"),
        ({"EVENTREG_TLS": "on", "EVENTREG_BASE_URL": "http://hall"}, "EVENTREG_TLS=on needs"),
    ],
)
def test_what_does_not_go_together_is_said(environ: dict[str, str], said: str) -> None:
    with pytest.raises(BadSetting, match=said):
        environment(environ)
