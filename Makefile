# Two commands for a newcomer: `make demo` and `make test`. Both set up .venv from the locked versions first.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
UV := VIRTUAL_ENV=$(abspath $(VENV)) $(BIN)/uv
export GX_ANALYTICS_ENABLED := false
export DAGSTER_DISABLE_TELEMETRY := yes
export PYTHONUTF8 := 1

.PHONY: help demo test check soak refresh dev lock schemas clean chromium

help:  ## list what can be made
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.ready  ## the whole pipeline offline, on example pages; says where to look
	@$(BIN)/pricing-pipeline demo

test: $(VENV)/.ready-dev chromium  ## every test
	@$(BIN)/pytest -n 2 --dist loadfile

check: $(VENV)/.ready-dev  ## lint, formatting, types, and whether Dagster loads the definitions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@home=$$(mktemp -d) && DAGSTER_HOME=$$home $(BIN)/dagster definitions validate -w workspace.yaml; status=$$?; rm -rf $$home; exit $$status

soak: $(VENV)/.ready-dev  ## the long trials: 10,000 mutated pages, 200 kills
	@$(BIN)/pytest --soak -m soak tests

refresh: $(VENV)/.ready  ## fetch what is due from the vendors, and everything right of it
	@$(BIN)/pricing-pipeline refresh

dev: $(VENV)/.ready  ## the Dagster UI on this checkout: your data, or the demo's while there is none
	@$(BIN)/python -m assets.dev

lock:  ## resolve the locked versions anew
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command 'make lock' \
		-c requirements/constraints.txt pyproject.toml -o requirements/main.txt
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command 'make lock' \
		-c requirements/constraints.txt -c requirements/main.txt pyproject.toml --group dev -o requirements/dev.txt

schemas: $(VENV)/.ready  ## write the JSON Schemas of the files that people edit
	@$(BIN)/python -m pricing_pipeline.registry.schemas

clean:  ## remove the virtual environment
	rm -rf $(VENV)

chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Installing Chromium for the browser tests …"; apt-get update -qq && apt-get install -y -qq chromium >/dev/null; \
		else echo "NOT RUN: the browser tests need Chromium, which is not installed and cannot be installed without root and apt-get." >&2; fi; }

$(VENV)/bin/uv: requirements/uv.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt

$(VENV)/.ready: $(VENV)/bin/uv requirements/main.txt pyproject.toml
	$(UV) pip install -q --require-hashes -r requirements/main.txt
	$(UV) pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements/dev.txt
	$(UV) pip install -q --require-hashes -r requirements/dev.txt
	@touch $@
