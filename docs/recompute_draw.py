"""Recompute a draw: python recompute_draw.py SEED NUMBER NUMBER ... prints the seed's SHA-256, then who was drawn in order."""

import hashlib
import sys

seed, *numbers = sys.argv[1:]
print(hashlib.sha256(seed.encode()).hexdigest())
lots = {hashlib.sha256(f"{seed}:{number}".encode()).hexdigest(): number for number in numbers}
for place, lot in enumerate(sorted(lots), start=1):
    print(place, lots[lot])
