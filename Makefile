# Everything starts here. A machine needs Python 3.11 or newer with its venv module, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# The program is started many hundred times by its tests: what Python compiled once is kept, whatever the machine says.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-long check format lock bench clean

demo: $(VENV)/.installed  ## build the training workspace demo/ and print its quality overview
	@$(BIN)/audit demo

test: $(VENV)/.installed-dev  ## everything that must hold before a change lands
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/audit check
	@$(BIN)/python -m pytest -m "not long" -n auto --dist loadfile --ignore=tests/terminal
	@$(BIN)/python -m pytest -m "not long" tests/terminal  # real terminals are played by themselves: they wait for pictures

test-long: $(VENV)/.installed-dev  ## the full sizes as well; hours
	@$(BIN)/python -m pytest

format: $(VENV)/.installed-dev
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix --quiet .

bench: $(VENV)/.installed-bench  ## the measurements the documentation speaks of
	@for file in benchmarks/bench_*.py; do $(BIN)/python $$file || exit 1; done

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("audit-engine needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Run: make PYTHON=python3.12 demo") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "This Python cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing audit-engine into $(VENV) ..." >&2
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "Installing what the tests need ..." >&2
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.installed-bench: pyproject.toml $(VENV)/.installed-dev
	@echo "Installing what the benchmarks compare with ..." >&2
	@$(PIP) install --no-build-isolation -e ".[bench]"
	@touch $@

# The locks hold hashes and name no index, so that every machine installs the same files from wherever it may.
lock: $(VENV)/bin/python
	@$(PIP) install pip-tools
	@$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header --no-annotate --extra build -o requirements.lock pyproject.toml
	@$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header --no-annotate --extra build --extra dev -o requirements-dev.lock pyproject.toml

clean:
	@rm -rf $(VENV) demo build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
