# eventreg: `make run` starts it, `make test` proves it. Plain enough for the make of macOS (3.81).

VENV ?= .venv
BIN = $(VENV)/bin
RUN = $(VENV)/run.stamp
DEV = $(VENV)/dev.stamp
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
UV = $(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
     --no-emit-index-url --no-emit-find-links --no-annotate --no-header
BABEL = $(BIN)/pybabel --quiet
CATALOGUE = eventreg/translations
TESTS ?= tests
PROCESSES ?= 3
ifdef TLS
export EVENTREG_TLS = on
endif

.DEFAULT_GOAL := help
.PHONY: help run test sure checks tests soak bench format words screenshots lock migration

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)$$/\1|\2/p' Makefile | awk -F'|' '{ printf "make %-10s %s\n", $$1, $$2 }'

run: $(RUN) ## make what is missing, fill in the demo, serve it on http://127.0.0.1:8000 (TLS=1: https for phones of this network)
	@$(BIN)/flask --app app demo --links
	@exec $(BIN)/python app.py

test: $(DEV) ## install what the tests need of the system, then everything `make sure` checks
	@tools/system_packages.sh
	@$(MAKE) --no-print-directory sure

sure: $(DEV) ## format, lint, types, import contracts, translations, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@$(MAKE) --no-print-directory -j 2 checks tests

checks: $(DEV)
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/lint-imports
	$(BIN)/mypy

tests: $(DEV) ## the tests alone; MARK=race, kill or browser runs only those
	$(BIN)/pytest -n $(PROCESSES) --dist worksteal $(if $(MARK),-m "$(MARK)") $(TESTS)

soak: $(DEV) ## the same harnesses in their large sizes: hours, before a release
	EVENTREG_SIZES=large $(BIN)/pytest $(TESTS)

bench: $(DEV) ## measure beside what the machine allows; writes docs/figures.md (about 25 minutes on a quiet machine)
	@tools/system_packages.sh bench
	$(BIN)/python -m benchmarks

format: $(DEV) ## put the code into its form
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

words: $(DEV) ## extract what is worded, update the English catalogue and compile it
	$(BIN)/python tools/words.py

screenshots: $(DEV) ## take the pictures of the guide anew
	PYTHONPATH=. $(BIN)/python tools/screenshots.py

lock: $(DEV) ## pin what requirements*.in ask for, with hashes
	$(UV) requirements.in -o requirements.txt
	$(UV) requirements-dev.in -o requirements-dev.txt -c requirements.txt

migration: $(DEV) ## write a migration from what the models say: make migration m="what it does"
	@test -n "$(m)" || { echo 'usage: make migration m="what it does"' >&2; exit 2; }
	PYTHONPATH=. $(BIN)/python tools/new_migration.py "$(m)"

$(BIN)/python:
	@tools/make_venv.sh "$(VENV)"

$(RUN): requirements.txt | $(BIN)/python
	$(PIP) -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt | $(BIN)/python
	$(PIP) -r requirements-dev.txt
	@touch $@
