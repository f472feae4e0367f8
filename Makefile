# Two commands do everything on a fresh machine that has Python 3.11 or newer, make and git:
#   make demo    installs, runs the main job on the bundled network, says where the page is
#   make test    installs, checks the house and runs all tests
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
STUDY ?= studies/middle-corridor.toml
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt

.PHONY: help demo test quick lint types house kernels kill docs build-check bench clean

help:
	@echo "make demo         install, run $(STUDY), say where the report is"
	@echo "make test         install, check style, types and floors, run all tests"
	@echo "make quick        the tests that take less than a minute"
	@echo "make kernels      test the kernels plain, and compiled with bounds checks"
	@echo "make kill         kill ensembles 2,000 times at random moments and look whether anything is lost"
	@echo "make docs         build the documentation into site/"
	@echo "make build-check  rebuild the bundled network from its inputs and compare"
	@echo "make bench        measure Dehliz beside other libraries"
	@echo "make clean        remove what these commands have made"

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3"; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, found: $$($(PYTHON) --version). Set PYTHON=/path/to/python3"; exit 2; }
	@echo "Making $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Dehliz (once; a minute on a slow line)"
	@$(PIP) install -e .
	@touch $@

$(VENV)/.test: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Dehliz and what its tests need (once)"
	@$(PIP) install -e '.[geo,omx,test,docs]'
	@touch $@ $(VENV)/.demo

demo: $(VENV)/.demo
	@$(BIN)/dehliz run $(STUDY) --folder runs/demo --overwrite

test: $(VENV)/.test lint types house
	@$(BIN)/python -m pytest -n 2 --dist loadfile

quick: $(VENV)/.test
	@$(BIN)/python -m pytest -n 2 -m "not slow and not browser"

lint: $(VENV)/.test
	@$(BIN)/ruff check src tests tools benchmarks
	@$(BIN)/ruff format --check src tests tools benchmarks

types: $(VENV)/.test
	@$(BIN)/mypy

house: $(VENV)/.test
	@$(BIN)/lint-imports --no-cache

kernels: $(VENV)/.test
	@DEHLIZ_JIT=off $(BIN)/python -m pytest -n 2 tests/unit/kernels
	@DEHLIZ_JIT=bounds $(BIN)/python -m pytest -n 2 tests/unit/kernels tests/agree/test_pareto.py

kill: $(VENV)/.test
	@$(BIN)/python -m tests.ensemble

docs: $(VENV)/.test
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	@echo "The documentation is in site/index.html"

build-check: $(VENV)/.test
	@$(BIN)/python -m tools.build_eurasia --check

bench: $(VENV)/.test
	@$(BIN)/python -m benchmarks.bench

clean:
	@rm -rf $(VENV) runs site build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .inputs
