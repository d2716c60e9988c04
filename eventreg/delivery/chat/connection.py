"""One request to a robot's address; the IP address is checked when the connection is made (ADR 17).

A name is resolved once and the checked address is connected to, so a DNS answer that changes between check and
connection, or points into the local network, is of no use. Redirects and proxies of the environment are not followed.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass

from eventreg.chat.rules import RobotTarget

WAIT = 10.0  # seconds of silence, in each phase
MOST = 64 * 1024  # bytes of an answer that are read
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class InternalAddress(OSError):
    """The name resolves to an address of this machine or this network, which robots may not contact."""


@dataclass(frozen=True, slots=True)
class HttpReply:
    """The answer of the server."""

    status: int
    body: bytes


def call(
    target: RobotTarget, path: str, body: bytes, *, listed: bool, ca_file: str = "", wait: float = WAIT
) -> HttpReply:
    """POST a JSON body. `listed` means that an administrator allowed this host, whatever address it has.

    Raises InternalAddress, TimeoutError (silence), OSError (no network, a certificate that is not its own) and
    http.client.HTTPException.
    """
    context = ssl.create_default_context(cafile=ca_file or None)
    line = CheckedHttpsConnection(target, listed=listed, wait=wait, context=context)
    try:
        line.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8"})
        answer = line.getresponse()
        return HttpReply(answer.status, answer.read(MOST))
    finally:
        line.close()


class CheckedHttpsConnection(http.client.HTTPSConnection):
    """HTTPS to an address that was checked, with the certificate verified for the name that was asked for."""

    def __init__(self, target: RobotTarget, *, listed: bool, wait: float, context: ssl.SSLContext) -> None:
        super().__init__(target.host, target.port, timeout=wait, context=context)
        self.listed, self.wait, self.tls = listed, wait, context

    def connect(self) -> None:
        bare = self._reach()
        try:
            self.sock = self.tls.wrap_socket(bare, server_hostname=self.host)
        except BaseException:
            bare.close()
            raise

    def _reach(self) -> socket.socket:
        """A connection to the first allowed address that answers."""
        trouble: OSError = InternalAddress(self.host)
        for family, kind, protocol, _name, address in socket.getaddrinfo(
            self.host, self.port, type=socket.SOCK_STREAM
        ):
            if not (self.listed or is_outside(str(address[0]))):
                continue
            bare = socket.socket(family, kind, protocol)
            try:
                bare.settimeout(self.wait)
                bare.connect(address)
            except OSError as error:
                bare.close()
                trouble = error
                continue
            return bare
        raise trouble


def is_outside(address: str) -> bool:
    """Whether an address is a public one, also if it is embedded in another address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_outside(str(inner))
    return ip.is_global and not ip.is_multicast
