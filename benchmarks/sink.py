"""A mail server that takes everything, or with `silent` nothing after a letter's end; one thread a line.

usage: python -m benchmarks.sink [silent]      prints its port; ends with its standard input
"""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from eventreg.config import PROJECT

ANSWERS = {b"EHLO": b"250 sink\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}
END = b"\r\n.\r\n"


@contextmanager
def sink(*, silent: bool = False) -> Iterator[int]:
    """The server in a process of its own; its port."""
    command = [sys.executable, "-m", "benchmarks.sink", *(["silent"] if silent else [])]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=PROJECT, **pipes) as process:  # type: ignore[call-overload]
        yield int(process.stdout.readline())
        process.stdin.close()
        process.wait(timeout=20)


def main() -> None:
    """Serve until whoever started us is done."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=50)
    print(listener.getsockname()[1], flush=True)
    threading.Thread(target=_accept, args=(listener, "silent" in sys.argv), daemon=True).start()
    sys.stdin.read()


def _accept(listener: socket.socket, silent: bool) -> None:
    while True:
        line, _from = listener.accept()
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_talk, args=(line, silent), daemon=True).start()


def _talk(line: socket.socket, silent: bool) -> None:
    with line:
        line.sendall(b"220 sink\r\n")
        held = b""
        while more := line.recv(65536):
            held += more
            command, end, rest = held.partition(b"\r\n")
            if not end:
                continue
            held = rest
            line.sendall(ANSWERS.get(command[:4].upper(), b"250 ok\r\n"))
            if command[:4].upper() == b"DATA":
                while not held.endswith(END):
                    held += line.recv(65536)
                held = b""
                if silent:
                    line.recv(1)
                    return
                line.sendall(b"250 taken\r\n")


if __name__ == "__main__":
    main()
