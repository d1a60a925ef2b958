# `make demo` and `make test` need Python 3.11 or newer with venv and pip, and nothing else. `make` alone lists the rest.
PYTHON ?= python3
VENV ?= .venv
EXAMPLE ?= examples/even_or_odd.lean
BIN := $(VENV)/bin

# The floor of branch coverage holds where the embedded Lean runs; elsewhere its tests are skipped.
COVERED := $(if $(filter Linux-x86_64,$(shell uname -s)-$(shell uname -m)),90,0)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1
unexport PYTHONHOME PYTHONPATH

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: all clean cov demo evidence help lint test types

demo: $(VENV)/.for-demo ## find a proof of a theorem from examples/ (EXAMPLE=FILE names another)
	@echo 'lemmata prove $(EXAMPLE)' >&2
	@$(BIN)/lemmata prove $(EXAMPLE) || { status=$$?; test $$status -eq 3 || exit $$status; }  # 3: found, vouched for below `certified`

test: $(VENV)/.for-dev ## run the tests, with branch coverage
	@$(BIN)/pytest -n 2 --dist loadfile --cov --cov-report= --cov-fail-under=$(COVERED) -q -rsfE

cov: ## what the last `make test` did not reach
	@$(BIN)/coverage report --show-missing --skip-covered

lint: $(VENV)/.for-dev ## style, and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports --no-logo

types: $(VENV)/.for-dev ## mypy strict and pyright
	@$(BIN)/mypy
	@$(BIN)/pyright --pythonpath $(BIN)/python

all: lint types test demo ## everything that .ci/run does

evidence: $(VENV)/.for-dev ## full sweeps, soaks and tables: an hour or more
	@$(BIN)/pytest -m evidence -rs
	@for script in benchmarks/*.py; do echo "$$script"; $(BIN)/python $$script || exit; done

clean: ## remove what make, the tools and the tests have made; runs/ stays
	@rm -rf $(VENV) build dist src/*.egg-info .coverage .*_cache .hypothesis
	@find agents benchmarks configs graphs lean_env src tests tools -name __pycache__ -prune -exec rm -rf {} +

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# What is installed is remembered in a file; a newer pyproject.toml has it installed again.
$(VENV)/.for-demo: EXTRA := embedded
$(VENV)/.for-dev: EXTRA := dev
$(VENV)/.for-demo $(VENV)/.for-dev: pyproject.toml | $(BIN)/pip
	@echo 'installing lemmata[$(EXTRA)] into $(VENV): under a minute' >&2
	@$(BIN)/python -m pip install --quiet --editable '.[$(EXTRA)]'
	@touch $@

$(BIN)/pip:
	@command -v $(PYTHON) >/dev/null || { echo 'no $(PYTHON) here: install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, and this is $$($(PYTHON) --version): name another, make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo '$(PYTHON) cannot make virtual environments: apt install python3-venv' >&2; exit 1; }
	@echo 'making a virtual environment in $(VENV)' >&2
	@$(PYTHON) -m venv $(VENV)
