"""Under which addresses other machines of the same network find this one."""

from __future__ import annotations

import re
import socket

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  (compared, not bound)
LABELS = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")

# Nothing is sent there: a datagram socket only asks the routing table which address of ours it would use.
DIRECTIONS = ("192.0.2.254", "10.255.255.254", "172.31.255.254", "192.168.255.254")


def lan_addresses() -> tuple[str, ...]:
    """The IPv4 addresses that phones can try, that of the default route first; none without a network."""
    found = [*map(_address_towards, DIRECTIONS), *_addresses_of_name(socket.gethostname())]
    return tuple(dict.fromkeys(address for address in found if address and not address.startswith("127.")))


def host_names() -> tuple[str, ...]:
    """This machine's name, and the one that multicast DNS gives it."""
    name = socket.gethostname().lower()
    if not LABELS.fullmatch(name):
        return ()
    return (name,) if "." in name else (name, f"{name}.local")


def _address_towards(direction: str) -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect((direction, 9))
        except OSError:
            return ""
        return str(asking.getsockname()[0])


def _addresses_of_name(name: str) -> list[str]:
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(name, None, socket.AF_INET)]
    except OSError:
        return []
