"""The sizes of all harnesses, in one table: small on each run, large for `make soak`."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """How much each harness plays."""

    race_rounds: int  # rounds a race, for each database
    model_examples: int  # histories of the state machine, for each database
    model_steps: int  # steps of one history
    kills: int  # SIGKILLs during sign-ups
    planted_kills: int  # SIGKILLs of a run with a planted fault, at most
    migration_kills: int  # SIGKILLs during an upgrade
    parallel_guesses: int  # wrong codes at one instant
    forged_tickets: int  # tokens that no key made, shown to one door
    nonce_rounds: int  # scans sent three times by two processes, for each database
    batch_kills: int  # SIGKILLs while a phone sends its scans
    starts_at_once: int  # products started in one instant on one empty folder
    full_disks: int  # sizes of a disk that becomes full
    restarts: int  # of PostgreSQL under a load of sign-ups
    letters: int  # under way while their workers are killed
    mail_kills: int  # SIGKILLs of those workers on SQLite, 30 at least; a third of them on PostgreSQL
    slow_letters: int  # posted at once, every tenth to a slow recipient
    slow_answer: float  # seconds that a mail server thinks, and the waits in proportion
    clock_upsets: int  # steps back of the clock, and instants of SIGKILLs, while reminders fall due
    attackers: int  # connections that stop in the middle of something and are held
    visitors: int  # honest ones beside them, two connections each
    slow_upload: int  # bytes that a phone brings at 20 kB a second
    file_kills: int  # SIGKILLs while files are handed in
    twin_batches: int  # lists of random texts that both counters of 字数 count
    every_look: bool  # axe reads each page at each width by day and by night, in each language


SMALL = Sizes(
    race_rounds=4,
    model_examples=25,
    model_steps=30,
    kills=40,
    planted_kills=40,
    migration_kills=12,
    parallel_guesses=24,
    forged_tickets=100_000,
    nonce_rounds=20,
    batch_kills=8,
    starts_at_once=4,
    full_disks=10,
    restarts=2,
    letters=300,
    mail_kills=30,
    slow_letters=40,
    slow_answer=0.6,
    clock_upsets=2,
    attackers=1_100,
    visitors=300,
    slow_upload=500_000,
    file_kills=6,
    twin_batches=60,
    every_look=False,
)
LARGE = Sizes(
    race_rounds=300,
    model_examples=1_000,
    model_steps=50,
    kills=400,
    planted_kills=120,
    migration_kills=120,
    parallel_guesses=100,
    forged_tickets=1_000_000,
    nonce_rounds=300,
    batch_kills=120,
    starts_at_once=8,
    full_disks=40,
    restarts=20,
    letters=5_000,
    mail_kills=300,
    slow_letters=400,
    slow_answer=45.0,
    clock_upsets=12,
    attackers=5_000,
    visitors=700,
    slow_upload=26_000_000,
    file_kills=200,
    twin_batches=3_000,
    every_look=True,
)

SIZES = LARGE if os.environ.get("EVENTREG_SIZES") == "large" else SMALL
