#!/bin/sh
# Make the virtual environment $1 with the first Python on the path that is new enough.
set -eu

for python in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        "$python" -m venv "$1" 2>/dev/null && exit 0
        rm -rf "$1"
        echo "make: $python cannot make a virtual environment (on Debian and Ubuntu: apt-get install python3-venv)" >&2
        exit 1
    fi
done
echo "make: eventreg needs Python 3.11 or newer on the path; found $(python3 --version 2>/dev/null || echo none)" >&2
exit 1
