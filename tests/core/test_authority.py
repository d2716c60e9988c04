"""Our own authority: what it signs, for how long, and whom it cannot speak for."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from eventreg.core import authority
from eventreg.core.errors import Unusable
from tests.rig.cast import NOW

HOSTS = ("192.168.1.20", "127.0.0.1", "localhost", "hall", "hall.local")


def held(folder: Path, name: str = "server") -> x509.Certificate:
    """A certificate as it lies in the folder."""
    return x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes())


def certified(folder: Path, *hosts: str, after: timedelta = timedelta()) -> tuple[int, int]:
    """The serial numbers of authority and certificate once these hosts are certified."""
    authority.certify(folder, hosts or HOSTS, now=NOW + after)
    return held(folder, "authority").serial_number, held(folder).serial_number


def test_a_certificate_names_the_hosts_and_lasts_as_long_as_browsers_take_it(tmp_path: Path) -> None:
    authority.certify(tmp_path / "tls", HOSTS, now=NOW)
    made = held(tmp_path / "tls")
    named = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value

    assert sorted(str(name.value) for name in named) == sorted(HOSTS)
    assert made.not_valid_after_utc - made.not_valid_before_utc == timedelta(days=397)
    assert [
        made.extensions.get_extension_for_class(kind).value
        for kind in (x509.BasicConstraints, x509.ExtendedKeyUsage)
    ] == [
        x509.BasicConstraints(ca=False, path_length=None),
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]),
    ]


def test_keys_are_readable_by_us_alone(tmp_path: Path) -> None:
    authority.certify(tmp_path / "tls", HOSTS, now=NOW)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "tls").iterdir()}

    assert modes == {"authority.pem": 0o600, "server.pem": 0o600}
    assert stat.S_IMODE((tmp_path / "tls").stat().st_mode) == 0o700


def test_what_is_good_is_kept_and_what_is_not_is_made_anew(tmp_path: Path) -> None:
    first = certified(tmp_path)
    again = certified(tmp_path)
    moved = certified(tmp_path, "10.1.2.3")
    public = certified(tmp_path, "10.1.2.3", "203.0.113.7")

    assert again == first
    assert moved[0] == first[0]
    assert moved[1] != first[1]
    assert public[0] != first[0]


@pytest.mark.parametrize(
    ("days", "kept"), [(365, (True, True)), (367, (True, False)), (5 * 365 - 30, (False, False))]
)
def test_both_are_made_anew_a_month_before_they_end(
    tmp_path: Path, days: int, kept: tuple[bool, bool]
) -> None:
    first = certified(tmp_path)
    later = certified(tmp_path, after=timedelta(days=days))

    assert (later[0] == first[0], later[1] == first[1]) == kept


def test_a_phone_that_trusts_us_trusts_nobody_beyond_the_local_network(tmp_path: Path) -> None:
    """A certificate for a bank, made with the stolen key, is refused; the control is one of ours."""
    authority.certify(tmp_path, HOSTS, now=NOW)
    stolen = authority._read(tmp_path / "authority.pem")
    assert stolen is not None
    trust = PolicyBuilder().store(Store([stolen.certificate])).time(NOW.replace(tzinfo=None))

    def verify(host: str) -> int:
        made = authority._new_certificate(stolen, [host], now=NOW).certificate
        return len(trust.build_server_verifier(x509.DNSName(host)).verify(made, []))

    assert verify("hall.local") == 2
    with pytest.raises(VerificationError):
        verify("bank.example")


def test_its_fingerprint_is_that_which_phones_show(tmp_path: Path) -> None:
    assert authority.find_authority(tmp_path) is None

    authority.certify(tmp_path, HOSTS, now=NOW)
    der = authority.find_authority(tmp_path)

    assert der is not None
    assert len(authority.fingerprint(der).split(":")) == 32


def test_a_damaged_file_is_said_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "authority.pem").write_bytes(b"-----BEGIN NOTHING-----")

    with pytest.raises(Unusable, match=f"{tmp_path}/authority.pem is damaged: remove it"):
        authority.certify(tmp_path, HOSTS, now=NOW)
