# The commands of the house; `make` alone lists them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := 0.13.9
DEMO   ?= demo

.DEFAULT_GOAL := help
.PHONY: help setup demo test check soak bench docs lock clean

help: ## List the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

# What only Debian has: as root we bring it (a new system may lack even the lists), else we say how.
APT = { apt-get install -y -q $(1) || { apt-get update -q && apt-get install -y -q $(1); }; } 2>/dev/null || \
  { echo "$(2) Run: sudo apt-get install $(1)"; $(3); }

setup: $(VENV)/.ready ## Create .venv with everything pinned in requirements.lock, and a font for Chinese
	@$(BIN)/python -c 'from tradeloop.forms.fonts import chosen; chosen()' 2>/dev/null || \
	  $(call APT,fonts-noto-cjk,Papers as PDF need a font with Chinese letters; all else works without.,true)

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Say make PYTHON=/path/to/python3.11"; exit 1; }
	@# A bare Debian splits venv from python3.
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  $(call APT,python3-venv,Python's venv module is missing.,exit 1)
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

demo: setup ## Make three synthetic towns, judge their trades, and live a year in one
	@$(BIN)/python -m tradeloop.cli.demo $(DEMO)

# Tests start databases by the hundred, and throw them away: memory takes a tenth of a disk's time.
IN_MEMORY := $(shell [ -z "$$TMPDIR" ] && [ -w /dev/shm ] && \
  [ "$$(df -k --output=avail /dev/shm | tail -1)" -gt 3000000 ] && echo TMPDIR=/dev/shm)

test: setup ## Every check: format, lint, types, contracts, tests
	$(BIN)/ruff format --check src tests bench
	$(BIN)/ruff check src tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(IN_MEMORY) $(BIN)/pytest -m "not soak" -n 2 --dist worksteal

check: test ## The same as test

soak: setup ## The long proofs: many seeds, a million trades
	$(BIN)/pytest -m soak -n 2 --dist worksteal

bench: setup ## Every benchmark, beside its peers
	@for file in bench/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

docs: setup ## Make the generated reference pages
	$(BIN)/python -m tradeloop.cli.reference docs/reference

lock: setup ## Resolve the dependencies anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	  --no-emit-index-url --no-header --extra dev -o requirements.lock pyproject.toml

clean: ## Remove what the commands made
	rm -rf $(VENV) $(DEMO) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
