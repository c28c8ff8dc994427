# The front door: `make demo` shows the whole line on a simulated runner, `make test` proves it.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
TERRAFORM_OFFLINE ?= ../shared/tools/terraform_offline
VERSION = $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
LOCK_FORM := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras --no-header

PBIR_VALIDATOR := coros_assets_tests/powerbi/npm
TOM := .powerbi-tom

.PHONY: help install demo test test-slow torture ui pictures dictionary powerbi powerbi-check powerbi-check-tom bench infra-check release lint format lock clean

help:  ## List the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1	\2/p' $(MAKEFILE_LIST) | expand -t 12

install: $(INSTALLED)  ## Build .venv from the hash-pinned lock file

$(INSTALLED): requirements.lock pyproject.toml setup.cfg
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v <= (3, 13) else f"coros-assets needs Python 3.11 to 3.13, and $(PYTHON) is {v[0]}.{v[1]}. Name another one: make install PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: install  ## Two simulated years of a shift worker, to the three answers and the report
	$(BIN)/coros-assets demo

test: install  ## The default test suite
	$(BIN)/python -m pytest -n auto --dist worksteal

test-slow: install  ## The longer tests: browser, history, statistics
	$(BIN)/python -m pytest -m slow -n auto --dist worksteal --timeout 1200

torture: install  ## Every crash of twenty histories; some hours
	$(BIN)/python -m pytest -m torture --durations=0

ui: install  ## The Dagster UI with its sensors, on http://127.0.0.1:3000
	$(BIN)/coros-assets ui

pictures: demo  ## Take the README's pictures anew; needs the browser chromium
	$(BIN)/python docs/make_pictures.py

dictionary: install  ## Write docs/data_dictionary.md anew from the tables and metrics
	$(BIN)/python -m coros_assets.dictionary > docs/data_dictionary.new
	mv docs/data_dictionary.new docs/data_dictionary.md

powerbi: install  ## Write the generated part of powerbi/ anew; the measures are written by hand
	$(BIN)/python -m coros_assets.powerbi powerbi

powerbi-check: install  ## Check the Power BI project, also by Microsoft's validator; needs node and npm
	npm --prefix $(PBIR_VALIDATOR) ci
	$(BIN)/python -m pytest -m 'slow or not slow' coros_assets_tests/powerbi

powerbi-check-tom: install  ## By hand, Linux x64: the model in Microsoft's own parser, a preview under its licence
	npm install --prefix $(TOM) --no-save --ignore-scripts @microsoft/powerbi-modeling-mcp-linux-x64@0.5.0-beta.13
	$(BIN)/python -m coros_assets_tests.powerbi.tom $(TOM) powerbi

bench: install  ## Speed as ratios: readers, Parquet, metrics, ten years from landing to gold, views
	$(BIN)/python -m benchmarks

infra-check:  ## The Terraform in infra/, checked without an account
	@if command -v terraform >/dev/null; then \
		$(MAKE) --no-print-directory .venv-infra/.installed && \
		TERRAFORM_OFFLINE=$(TERRAFORM_OFFLINE) .venv-infra/bin/python -m pytest -rs infra/checks; \
	else echo "infra-check: terraform is not installed; nothing of infra/ was checked."; fi

.venv-infra/.installed: infra/requirements.txt
	$(PYTHON) -m venv .venv-infra
	.venv-infra/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement infra/requirements.txt
	@touch $@

release: install  ## What a machine on AWS installs, into dist/VERSION: the wheel and its hash-pinned dependencies
	rm -rf build dist
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist/$(VERSION) .
	uv pip compile pyproject.toml --extra aws --constraint requirements.lock $(LOCK_FORM) --output-file dist/$(VERSION)/requirements.txt

lint: install  ## Style, types, secrets, and known weaknesses of what is locked
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	.ci/scan_secrets
	$(BIN)/python .ci/audit.py

format: install  ## Rewrite the code in the project's style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock:  ## Resolve the dependencies anew
	uv pip compile pyproject.toml --extra aws --extra ask --extra sync --extra dev $(LOCK_FORM) --output-file requirements.lock
	uv pip compile infra/requirements.in $(LOCK_FORM) --output-file infra/requirements.txt

clean:  ## Remove everything the targets made here
	rm -rf .venv .venv-infra .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist *.egg-info $(TOM) $(PBIR_VALIDATOR)/node_modules
