# `make serve` runs the simulated exchanges, `make test` runs everything that CI runs. Needs Python 3.11 or newer, nothing else.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TYPECHECK := .typecheck

# The first Python on the PATH that is new enough. To choose another: make PYTHON=/path/to/python3
PYTHON := $(shell for p in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)

# More arguments for the tools behind the targets, such as SERVE="--venue okcoinjp" or PYTEST="tests/core -x".
SERVE :=
PYTEST :=
BENCH :=
PIP := $(BIN)/python -m pip --disable-pip-version-check

# Prints a step's output only if it fails.
quietly = out=`$(1) 2>&1` || { printf '%s\n' "$$out"; exit 1; }

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help serve test lint types contracts thirdparty pytest faux bench format clean

help:
	@echo "make serve       run every venue with a live market (SERVE=... adds options)"
	@echo "make test        everything that CI runs, fast checks first"
	@echo "make lint types contracts thirdparty pytest    its parts (PYTEST=... adds arguments)"
	@echo "make faux        prove every case of the conformance suite with wrong clients, in full (make test takes a sample)"
	@echo "make bench       measure, and print the table of the README"
	@echo "make format      format the code and mend what the linter can mend"
	@echo "make clean       remove environments, caches and build output"

serve: $(READY)
	@exec $(BIN)/mockex serve $(SERVE)

test: lint types contracts thirdparty pytest

lint: $(READY)
	@echo "== lint: ruff"
	@$(BIN)/ruff check --quiet .
	@$(call quietly,$(BIN)/ruff format --check .)

# Type checkers and the import linter do not follow an editable install's finder, so both look at an installed copy.
# Build output of an earlier run would smuggle deleted modules into it.
$(TYPECHECK)/mockex: $(READY) FORCE
	@rm -rf build $(TYPECHECK)
	@$(call quietly,$(PIP) install --quiet --no-deps --no-compile --target $(TYPECHECK) .)
	@rm -rf build

types: $(TYPECHECK)/mockex
	@echo "== types: mypy --strict"
	@cd $(TYPECHECK) && ../$(BIN)/mypy --config-file ../pyproject.toml --cache-dir ../.mypy_cache -p mockex

contracts: $(TYPECHECK)/mockex
	@echo "== contracts: import-linter"
	@cd $(TYPECHECK) && $(call quietly,../$(BIN)/lint-imports --config ../pyproject.toml --no-logo --no-cache)

thirdparty: $(READY)
	@echo "== thirdparty: other people's clients, each in its own environment under .venvs"
	@$(BIN)/python -m mockex.conformance.thirdparty.build

# Four workers also where there are two cores: most of the time goes to waiting for what wrong clients do not do.
pytest: $(READY)
	@echo "== pytest"
	@$(BIN)/python -m pytest -q -n 4 --dist loadfile --no-loadscope-reorder $(PYTEST)

faux: $(READY)
	@echo "== faux: every deliberately wrong client against all cases that concern it"
	@MOCKEX_FAUX=concerned $(BIN)/python -m pytest -q -n 4 tests/conformance/test_conformance_faux_*.py

bench: $(READY)
	@$(BIN)/python -m benchmarks $(BENCH)

format: $(READY)
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format .

clean:
	@rm -rf $(VENV) .venvs $(TYPECHECK) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml setup.py
	@test -n "$(PYTHON)" || { echo "mockex needs Python 3.11 or newer. Install it, or: make PYTHON=/path/to/python3"; exit 1; }
	@echo "== setting up $(VENV) with `$(PYTHON) --version`"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --editable '.[dev]' > $(VENV)/install.log 2>&1 || \
		{ tail -n 25 $(VENV)/install.log; echo "Installing failed. All of its output: $(VENV)/install.log"; exit 1; }
	@touch $@

FORCE:
