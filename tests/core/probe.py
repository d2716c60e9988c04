"""A child of `core.sandbox` that tells what it has, or does what it must not: run by its tests only."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import sys
from pathlib import Path

from eventreg.core.sandbox import confine


def main() -> None:
    """Do what the argument says, once confined."""
    confine()
    DEEDS[sys.argv[1]]()


def _tell() -> None:
    descriptors = [link.name for link in Path("/proc/self/fd").iterdir() if link.exists()]
    limits = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_CORE)
    told = {
        "environment": sorted(os.environ),
        "descriptors": sorted(descriptors),
        "limits": [resource.getrlimit(limit)[1] for limit in limits],
        "input": sys.stdin.read(),
        "folder": str(Path.cwd()),
        "held": sorted(path.name for path in Path().iterdir()),
    }
    sys.stdout.write(json.dumps(told))


def _grow() -> None:
    sys.stdout.write(str(len(bytearray(600 * 1024 * 1024))))


def _write() -> None:
    while True:
        sys.stdout.buffer.write(bytes(1024 * 1024))


def _call() -> None:
    """Say whether a port of this machine can be reached; the number is the standard input."""
    try:
        socket.create_connection(("127.0.0.1", int(sys.stdin.read())), timeout=5).close()
    except OSError:
        sys.stdout.write("nobody there")
    else:
        sys.stdout.write("reached")


DEEDS = {"call": _call, "tell": _tell, "grow": _grow, "write": _write, "hang": signal.pause}

if __name__ == "__main__":
    main()
