# `make demo` and `make test` set up .venv by themselves from the locked versions.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
DEV := .venv/.installed-dev
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test setup lint types imports unit docs format lock clean

demo: $(STAMP)
	$(BIN)/dateline demo

test: lint types imports unit docs
	@echo "All checks passed."

setup: $(DEV)

# The program and what it needs to run. Also made when everything for development is.
$(STAMP): pyproject.toml requirements.lock
	@$(call install,requirements.lock,about a minute)
	@touch $@

# The same versions, and with them what checks, tests and reads data sets back.
$(DEV): pyproject.toml requirements-dev.lock
	@$(call install,requirements-dev.lock,some minutes)
	@touch $(STAMP) $@

define install
	$(PYTHON) -c 'import sys; sys.exit("Dateline needs Python 3.11 or newer, but $(PYTHON) is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 demo") if sys.version_info < (3, 11) else None' && \
	echo "Setting up .venv from $(1) (once; $(2)) ..." && \
	{ test -x $(BIN)/python || $(PYTHON) -m venv .venv; } && \
	$(PIP) --require-hashes --requirement $(1) && \
	$(PIP) --no-deps --no-build-isolation --editable .
endef

lint: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(DEV)
	$(BIN)/mypy

imports: $(DEV)
	$(BIN)/lint-imports

unit: $(DEV)
	$(BIN)/pytest -n 2 --dist loadfile

docs: $(DEV)
	$(BIN)/cog -P --check README.md docs/*.md

format: $(DEV)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# For maintainers: resolve the versions anew, for development first and then the same ones for running alone.
# The lock files hold no registry address.
COMPILE := .venv-lock/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --quiet

lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install --quiet uv==0.13.9
	$(COMPILE) --group dev --output-file requirements-dev.lock
	$(COMPILE) --group install --constraint requirements-dev.lock --output-file requirements.lock
	rm -rf .venv-lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
