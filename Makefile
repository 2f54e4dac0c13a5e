PYTHON ?= python3.11
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2

.PHONY: run setup setup-dev browser test check bench audit clean screenshots

run: setup
	@$(BIN)/zetascope serve --port $(PORT)

setup: $(VENV)/.runtime

setup-dev: $(VENV)/.dev

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Zetascope needs Python 3.11: install it, or name it with make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The package itself is installed as a link to this checkout, for its command.
$(VENV)/.runtime: requirements.txt pyproject.toml setup.py | $(VENV)/bin/python
	$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements.txt
	$(BIN)/python -m pip install --disable-pip-version-check -q --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements-dev.txt
	@touch $@

browser: setup-dev
	@$(BIN)/python tests/browser/install.py

check: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n $(WORKERS) -m "not slow and not browser"

test: setup-dev browser audit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

bench: setup-dev
	$(BIN)/python -m pip install --disable-pip-version-check -q -r benchmarks/requirements.txt
	$(BIN)/python -m benchmarks

screenshots: browser
	$(BIN)/python docs/screenshots.py

# Fails on a known advisory; says so where the advisory data cannot be reached.
audit: setup-dev
	@$(BIN)/python hosting/audit.py

clean:
	rm -rf $(VENV) build zetascope.egg-info .audit .pytest_cache .ruff_cache .mypy_cache .hypothesis test-results
