"""A mail server on loopback that keeps what it gets, or answers as told; and a certificate for it."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


class Box:
    """What the server does with each command, and the letters it took."""

    def __init__(self, *, rcpt: str = "250 OK", drop_after_data: bool = False) -> None:
        self.got: list[bytes] = []
        self.rcpt, self.drop = rcpt, drop_after_data

    async def handle_RCPT(self, _s: object, _se: object, envelope: object, address: str, _o: object) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)  # type: ignore[attr-defined]
        return self.rcpt

    async def handle_DATA(self, _server: object, _se: object, envelope: object) -> str:  # noqa: N802
        self.got.append(envelope.content)  # type: ignore[attr-defined]
        return "250 OK"

    async def handle_QUIT(self, server: object, _se: object, _e: object) -> str:  # noqa: N802
        if self.drop:
            server.transport.abort()  # type: ignore[attr-defined]
        return "221 bye"


@contextmanager
def smtp(box: Box, certificate: Path | None = None) -> Iterator[int]:
    """The server on a free port; with a certificate it asks for STARTTLS."""
    tls = None
    if certificate is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
    controller = Controller(
        box, hostname="127.0.0.1", port=free_port(), tls_context=tls, require_starttls=tls is not None
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def self_signed(folder: Path, now: dt.datetime) -> Path:
    """A certificate for 127.0.0.1 that nobody vouches for, with its key, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=3650))
        .not_valid_after(now + dt.timedelta(days=3650))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    kind = serialization.PrivateFormat.PKCS8
    private = key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption())
    path = folder / "mail.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
