"""Load on a server, by the crowd or by wrk, and what came of it."""

from __future__ import annotations

import json
import os
import re
import resource
import statistics
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from eventreg.config import PROJECT

from .servers import Running


@dataclass
class Load:
    """What the generator reports of one job, with the server's CPU seconds meanwhile."""

    done: int
    rate: float
    p50: float
    p99: float
    slowest: float
    failed: int
    errors: list[str]
    server_cpu: float
    generator_share: float
    p95: float = 0.0


def play(server: Running, **job: Any) -> Load:
    """Let the crowd play a job against a server."""
    before = server.cpu()
    got = crowd({"host": "127.0.0.1", "port": server.port, **job})
    cpu, ways = server.cpu() - before, got["ways_ms"] or [0.0]
    if got["failed"]:
        print(f"  {got['failed']} failed: {got['errors'][:2]}", file=sys.stderr)
    return Load(
        done=got["done"],
        rate=got["done"] / got["seconds"],
        p50=statistics.median(ways),
        p99=ways[int(len(ways) * 0.99)],
        slowest=ways[-1],
        failed=got["failed"],
        errors=got["errors"],
        server_cpu=cpu,
        generator_share=got["generator_cpu_s"] / got["seconds"],
        p95=ways[int(len(ways) * 0.95)],
    )


def crowd(job: dict[str, Any]) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.crowd"],
        input=json.dumps(job).encode(),
        stdout=subprocess.PIPE,
        check=True,
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        timeout=float(job.get("seconds") or 240) + 60,
    )
    return json.loads(done.stdout)


def middle(ours: list[Load], limit: list[Load]) -> tuple[Load, Load]:
    """The round in which the ratio of ours to the limit was the median of all rounds.

    A machine that others share is fast for some minutes and slow for others: what was measured beside
    each other is compared, and never one's fast minute with the other's slow one.
    """
    rounds = sorted(zip(ours, limit, strict=True), key=lambda both: both[0].rate / both[1].rate)
    return rounds[len(rounds) // 2]


def wrk(server: Running, path: str, *, connections: int, seconds: int) -> Load:
    """So many connections that ask for one page again and again."""
    before, mine = server.cpu(), resource.getrusage(resource.RUSAGE_CHILDREN)
    address = f"http://127.0.0.1:{server.port}{path}"
    command = ["wrk", "--latency", "-t1", f"-c{connections}", f"-d{seconds}s", address]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    done, took = (
        re.search(r"(\d+) requests in ([\d.]+)s", said),
        re.findall(r"(50|99)%\s+([\d.]+)(us|ms|s)", said),
    )
    if done is None:
        raise RuntimeError(said)
    unit = {"us": 0.001, "ms": 1.0, "s": 1000.0}
    times = {mark: float(number) * unit[of] for mark, number, of in took}
    used = now.ru_utime + now.ru_stime - mine.ru_utime - mine.ru_stime
    return Load(
        done=int(done[1]),
        rate=int(done[1]) / float(done[2]),
        p50=times["50"],
        p99=times["99"],
        slowest=times["99"],
        failed=int(wrong[1]) if wrong else 0,
        errors=[],
        server_cpu=server.cpu() - before,
        generator_share=used / float(done[2]),
    )
