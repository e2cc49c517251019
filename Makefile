# Two commands: `make up` runs everything on this machine, `make test` runs every test.
# Needed beforehand: Python 3.11 or later with its venv module, and make. Nothing outside this folder is
# written except, as root, the data in /var/lib/pluralis and the system user `pluralis`.

SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
HERE := $(CURDIR)

# Every cache lies in the checkout, so an empty, missing or read-only home does no harm.
export UV_CACHE_DIR ?= $(HERE)/.cache/uv
export PIP_CACHE_DIR ?= $(HERE)/.cache/pip
export npm_config_cache ?= $(HERE)/.cache/npm
# Compiled sources are kept, or every process that the tests start would compile everything again.
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export npm_config_update_notifier := false
export npm_config_fund := false
export npm_config_audit := false
# Trust what this machine trusts (a company's own certificate authority), where it says what that is.
TRUSTED := $(firstword $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt))
ifneq ($(TRUSTED),)
export UV_SYSTEM_CERTS ?= 1
export NODE_EXTRA_CA_CERTS ?= $(TRUSTED)
endif
UV := $(BIN)/uv pip
INSTALL := $(UV) install --quiet --python $(BIN)/python --compile-bytecode --require-hashes
# The system user may not write here, so each of its processes would compile every source again.
COMPILE := $(BIN)/python -m compileall -q pluralis

# An ordinary user's data stay in the checkout; root's lie in the system's state folder.
ifneq ($(shell id -u),0)
export PLURALIS_DATA_DIR ?= $(HERE)/var
endif

.PHONY: help setup up test test-core lint messages assets models lock ci-free \
	bench-punctuality bench-workers bench-footprint bench-text bench-exactly-once demo-bluesky demo-bluesky-full

help:
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 22

setup: .venv/have-models .venv/have-catalogues tools ## prepare everything that up and test need
	@$(COMPILE)

up: .venv/have-run .venv/have-catalogues ## run everything on this machine: PORT=8000 DEMO=1
	@$(COMPILE)
	@DEMO=$${DEMO-1} $(BIN)/pluralis up

test: setup ## run every test: ARGS="tests/apps -k inbox"
	@$(BIN)/python tools/run_tests.py $(ARGS)

test-core: .venv/have-dev ## the quick tests of pluralis.core: seconds, no database
	@$(BIN)/pytest -q -p no:django -p no:schemathesis -m "not slow" tests/core $(ARGS)

lint: .venv/have-dev ## ruff, mypy and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	# The plugin for Django reads the settings; these values are good for nothing else.
	PLURALIS_DATA_DIR=$(HERE)/.cache/lint SECRET_KEY=only-for-lint-only-for-lint-only-for-lint \
		FIELD_KEYS=b25seS1mb3ItbGludC0zMi1ieXRlcy1sb25nLi4uLi4= $(BIN)/mypy
	$(BIN)/lint-imports

messages: .venv/have-run ## collect what is to be translated, and compile
	@$(BIN)/python -m tools.messages

assets: tools ## build what the browser loads
	@. .tools/env && cd frontend && npm ci --ignore-scripts && npm run build

models: .venv/have-models ## train the text engine's models again
	@$(BIN)/python -m tools.models

lock: .venv/have-uv ## write the locks anew from pyproject.toml
	@tools/lock.sh

ci-free: ## what CI does, without the groups that need root
	@REQUIRE= .ci/run

bench-punctuality: .venv/have-dev ## how late posts go out, beside the raw engine
	@$(BIN)/python -m bench.punctuality $(ARGS)

bench-workers: .venv/have-dev ## one, two and four workers, one of them killed; the tables at a tenth
	@$(BIN)/python -m bench.workers $(ARGS)

bench-footprint: .venv/have-dev ## cold and warm start, memory, page weight
	@$(BIN)/python -m bench.footprint $(ARGS)

bench-text: .venv/have-models ## the text engine beside its baselines
	@$(BIN)/python -m bench.text $(ARGS)

bench-exactly-once: .venv/have-dev ## kills and dropped answers, beside a naive publisher
	@$(BIN)/python -m bench.exactly_once $(ARGS)

bench-inbox: .venv/have-dev ## the inbox of a large team: ARGS="--short", ARGS="pages arriving"
	@$(BIN)/python -m bench.inbox $(ARGS)

demo-bluesky: setup ## publish FILE=posts.csv on a real Bluesky server on this machine
	@. .tools/env && $(BIN)/python -m tools.demo_bluesky $(FILE) $(ARGS)

demo-bluesky-full: setup ## hear and answer on the whole network: needs Node 22, PostgreSQL, Redis
	@. .tools/env && $(BIN)/python -m tools.demo_bluesky.hearing $(ARGS)

.PHONY: tools
tools: .venv/have-run
	@$(BIN)/python tools/prepare.py

.venv/have-uv: requirements/uv.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later with its venv module is needed" \
		"(on Debian: apt-get install python3-venv)."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/uv.txt
	@touch $@

.venv/have-run: .venv/have-uv requirements/run.txt pyproject.toml
	@echo "Installing what Pluralis needs."
	@$(INSTALL) -r requirements/run.txt
	@$(UV) install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.venv/have-dev: .venv/have-run requirements/dev.txt
	@echo "Installing what the tests need."
	@$(INSTALL) -r requirements/dev.txt
	@touch $@

.venv/have-models: .venv/have-dev requirements/models.txt
	@$(INSTALL) -r requirements/models.txt
	@touch $@

.venv/have-catalogues: .venv/have-run $(wildcard pluralis/locale/*/LC_MESSAGES/*.po)
	@$(BIN)/python tools/compile_catalogues.py
	@touch $@
