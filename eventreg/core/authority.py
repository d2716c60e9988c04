"""A certificate authority of the installation for https in the local network, and its certificates (ADR 7).

Its name constraints allow only hosts of the local network, so that even a stolen key is of no use elsewhere.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from ipaddress import IPv4Network
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from .errors import Unusable
from .files import private_folder, write_whole

AUTHORITY_LIFE = timedelta(days=5 * 365)
CERTIFICATE_LIFE = timedelta(days=397)  # the most that browsers take
RENEW_BEFORE = timedelta(days=30)
CLOCKS_DIFFER = timedelta(days=1)  # a phone's clock may be behind ours
LOCAL = ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10")
LOCAL_NAMES = ("localhost", "local")


class CertificateWithKey:
    """A certificate and its key, in one file so that a crash cannot leave two that do not belong together."""

    def __init__(self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        self.certificate, self.key = certificate, key

    def pem(self) -> bytes:
        private = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return self.certificate.public_bytes(Encoding.PEM) + private


def certify(folder: Path, hosts: Sequence[str], *, now: datetime) -> Path:
    """The file with a good certificate for these names and addresses, and its key; made where needed.

    A new authority is made only where the old one may not speak for a host, or ends soon: every
    phone would have to trust it anew. Raises Unusable for a file that cannot be read.
    """
    private_folder(folder)
    authority = _read(folder / "authority.pem")
    if authority is None or not _may_vouch(authority, hosts, now=now):
        authority = _new_authority(hosts, now=now)
        write_whole(folder / "authority.pem", authority.pem())
    file = folder / "server.pem"
    held = _read(file)
    if held is None or not _still_good(held, authority, hosts, now=now):
        write_whole(file, _new_certificate(authority, hosts, now=now).pem())
    return file


def find_authority(folder: Path) -> bytes | None:
    """The authority's certificate, DER, as phones take it; None where there is none."""
    found = _read(folder / "authority.pem")
    return found.certificate.public_bytes(Encoding.DER) if found else None


def fingerprint(certificate: bytes) -> str:
    """SHA-256 of a DER certificate as phones show it: AB:CD:…"""
    return x509.load_der_x509_certificate(certificate).fingerprint(hashes.SHA256()).hex(":").upper()


def _read(file: Path) -> CertificateWithKey | None:
    if not file.exists():
        return None
    content = file.read_bytes()
    try:
        certificate, key = x509.load_pem_x509_certificate(content), load_pem_private_key(content, None)
    except ValueError as error:
        raise Unusable(f"{file} is damaged: remove it, and a new one is made.") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Unusable(f"{file} is not one of ours: remove it, and a new one is made.")
    return CertificateWithKey(certificate, key)


def _may_vouch(authority: CertificateWithKey, hosts: Iterable[str], *, now: datetime) -> bool:
    limits = authority.certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    permitted = limits.permitted_subtrees or []
    lasts = authority.certificate.not_valid_after_utc - now > RENEW_BEFORE
    return lasts and all(any(_within(name, limit) for limit in permitted) for name in _names(hosts))


def _within(name: x509.GeneralName, limit: x509.GeneralName) -> bool:
    if isinstance(name, x509.IPAddress):
        network = limit.value
        return isinstance(network, IPv4Network) and name.value in network
    return name.value == limit.value or str(name.value).endswith(f".{limit.value}")


def _still_good(
    held: CertificateWithKey, authority: CertificateWithKey, hosts: Iterable[str], *, now: datetime
) -> bool:
    try:
        held.certificate.verify_directly_issued_by(authority.certificate)
    except (ValueError, TypeError, InvalidSignature):
        return False
    named = held.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return set(_names(hosts)) <= set(named) and held.certificate.not_valid_after_utc - now > RENEW_BEFORE


def _new_authority(hosts: Iterable[str], *, now: datetime) -> CertificateWithKey:
    networks = [ipaddress.ip_network(network) for network in LOCAL]
    permitted: list[x509.GeneralName] = [x509.IPAddress(network) for network in networks]
    permitted += [x509.DNSName(name) for name in LOCAL_NAMES]
    for name in _names(hosts):
        if not any(_within(name, limit) for limit in permitted):
            permitted.append(_only(name))
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _subject(f"eventreg authority {secrets.token_hex(3)}")  # two of them must not look alike
    made = (
        _begun(subject, subject, key, now=now, life=AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(vouches=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return CertificateWithKey(made, key)


def _only(name: x509.GeneralName) -> x509.GeneralName:
    """The limit that lets exactly this host in."""
    return x509.IPAddress(ipaddress.ip_network(name.value)) if isinstance(name, x509.IPAddress) else name


def _new_certificate(
    authority: CertificateWithKey, hosts: Sequence[str], *, now: datetime
) -> CertificateWithKey:
    key, issuer = ec.generate_private_key(ec.SECP256R1()), authority.certificate
    made = (
        _begun(_subject("eventreg"), issuer.subject, key, now=now, life=CERTIFICATE_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(vouches=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_names(hosts)), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False
        )
        .sign(authority.key, hashes.SHA256())
    )
    return CertificateWithKey(made, key)


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, *, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    since = now - CLOCKS_DIFFER
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, vouches: bool) -> x509.KeyUsage:
    others = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    plain = dict.fromkeys((*others, "encipher_only", "decipher_only"), False)
    return x509.KeyUsage(digital_signature=not vouches, key_cert_sign=vouches, crl_sign=vouches, **plain)


def _subject(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _names(hosts: Iterable[str]) -> list[x509.GeneralName]:
    """Hosts as a certificate names them; ".example.cn" stands for what is below it."""
    return [_name(host) for host in hosts]


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.IPv4Address(host))
    except ValueError:
        plain = host.encode("idna").decode("ascii")
        return x509.DNSName(f"*{plain}" if plain.startswith(".") else plain)
