# Two commands do everything on a fresh Debian 12 with Python 3.11, Node 20 and root or sudo:
#   make demo   installs, builds, runs the whole loop for a class of 30, then serves it (ONCE=1: does not serve)
#   make test   installs and runs all tests
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
# Inside the environment, so that they go when it goes.
STAMPS := $(VENV)/.stamps
ONCE ?=
# A busy machine computes faster with one thread a process.
export OMP_NUM_THREADS ?= 1

APT_DEMO := bubblewrap chromium fonts-dejavu libseccomp2
APT_TEST := $(APT_DEMO) postgresql

TS := $(shell find extension/src extension/style widgets/js -type f 2>/dev/null)

.PHONY: help install demo test lint bench clean distclean

help:
	@echo "make demo [ONCE=1]   install, build, run the whole loop, serve it"
	@echo "make test            install and run all tests"
	@echo "make lint            format, style, types, layering"
	@echo "make bench           ratios, measured side by side, into build/bench.json"
	@echo "make clean           remove what was built (not the environment)"

# System packages: asked for only where a program is missing, so that a second call needs no root.
$(STAMPS)/apt-demo:
	@mkdir -p $(STAMPS)
	@if ! command -v bwrap >/dev/null || ! command -v chromium >/dev/null; then \
	  echo "Installing system packages: $(APT_DEMO)"; \
	  $(SUDO) apt-get update -qq && DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq $(APT_DEMO) >/dev/null; fi
	@touch $@

$(STAMPS)/apt-test: $(STAMPS)/apt-demo
	@if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then \
	  echo "Installing system packages: $(APT_TEST)"; \
	  $(SUDO) apt-get update -qq && DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq $(APT_TEST) >/dev/null; fi
	@touch $@

# Repeated, it mends an environment whose making was interrupted.
$(STAMPS)/venv:
	@mkdir -p $(STAMPS)
	@$(PYTHON) -m venv $(VENV) || { echo "Installing the venv module"; $(SUDO) apt-get update -qq; \
	  $(SUDO) apt-get install -y -qq python3.11-venv >/dev/null && $(PYTHON) -m venv $(VENV); }
	@$(BIN)/python -m pip install -qq --upgrade pip
	@touch $@

node_modules/.package-lock.json: package.json
	@echo "Installing the front end's packages"
	@npm install --no-audit --no-fund --no-package-lock --loglevel=error
	@touch $@

$(STAMPS)/install: pyproject.toml package.json $(STAMPS)/venv node_modules/.package-lock.json
	@mkdir -p $(STAMPS)
	@$(UNLINK)
	@echo "Installing Ustaz and what it stands on into $(VENV)"
	@$(BIN)/pip install -qq -e '.[model]'
	@touch $@

# pip writes and removes files through the link into the sources: it is taken away before pip runs.
UNLINK = rm -rf $(VENV)/share/jupyter/labextensions/ustaz-lab extension/ustaz_lab/labextension/install.json
LINK = cd extension && ../$(BIN)/jupyter-builder develop --overwrite ustaz_lab >/dev/null

$(STAMPS)/frontend: $(TS) package.json tsconfig.json $(STAMPS)/install
	@echo "Building the JupyterLab extension and the widgets"
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent build
	@$(LINK)
	@touch $@

$(STAMPS)/test-extra: $(STAMPS)/frontend
	@echo "Installing what the tests need"
	@$(UNLINK)
	@$(BIN)/pip install -qq -e '.[model,hub,test]'
	@$(LINK)
	@touch $@

install: $(STAMPS)/apt-demo $(STAMPS)/install $(STAMPS)/frontend

demo: install
	@$(BIN)/ustaz demo $(if $(ONCE),--once)

test: install $(STAMPS)/apt-test $(STAMPS)/test-extra
	@$(MAKE) --no-print-directory lint
	@npm test --silent
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest

lint: $(STAMPS)/test-extra node_modules/.package-lock.json
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	npm run --silent lint:check

bench: install $(STAMPS)/test-extra
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python tests/bench/run.py

clean:
	rm -rf $(STAMPS)/frontend build dist extension/lib extension/ustaz_lab/labextension widgets/ustaz_widgets/static tsconfig.tsbuildinfo

distclean: clean
	rm -rf $(VENV) node_modules
