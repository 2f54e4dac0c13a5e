PYTHON ?= python3.11
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
# Tests in a browser wait for half of their time: four at once keep two cores busy.
ALL_WORKERS ?= 4
# Only what the locks list, byte for byte, and nothing that would have to run a setup script first.
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check -q --no-deps --require-hashes --only-binary :all:

# Types are checked beside the tests: alone they would keep one core of two idle for half a minute.
BESIDE_TYPES := $(BIN)/mypy & types=$$!; $(BIN)/python -m pytest
BOTH := tests=$$?; wait $$types && exit $$tests

.PHONY: run setup setup-dev browser engines test check bench audit lock clean screenshots

run: setup
	@$(BIN)/zetascope serve --port $(PORT)

setup: $(VENV)/.runtime

setup-dev: $(VENV)/.dev

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Zetascope needs Python 3.11: install it, or name it with make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# torch comes first: with hashes, pip prefers a build whose hash its index names to the CPU build that a folder of
# wheels offers; without them it takes that. The CPU build calls itself +cpu; the other one needs its libraries too.
# The package itself is installed as a link to this checkout, for its command.
$(VENV)/.runtime: requirements.lock requirements-cuda.lock pyproject.toml setup.py | $(VENV)/bin/python
	@mkdir -p $(VENV)/torch && awk '/^[^ \#]/ {on = /^torch==/} on' requirements.lock > $(VENV)/torch/lock
	$(BIN)/python -m pip download --disable-pip-version-check -q --no-deps -d $(VENV)/torch "$$(grep '^torch==' requirements.txt)"
	$(INSTALL) --no-index --find-links $(VENV)/torch -r $(VENV)/torch/lock
	@rm -r $(VENV)/torch
	$(INSTALL) -r requirements.lock
	@$(BIN)/python -m pip show torch 2>/dev/null | grep -q '^Version: .*+cpu' || $(INSTALL) -r requirements-cuda.lock
	$(BIN)/python -m pip install --disable-pip-version-check -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(INSTALL) -r requirements-dev.lock
	@touch $@

browser: setup-dev
	@$(BIN)/python tests/browser/install.py

engines: setup-dev
	@$(BIN)/python tests/numbers/standardizing/install_engines.py
	@$(BIN)/python tests/scale/install_engines.py

check: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BESIDE_TYPES) -n $(WORKERS) -m "not slow and not browser"; $(BOTH)

test: setup-dev browser engines audit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BESIDE_TYPES) -n $(ALL_WORKERS) --dist loadfile --durations 40; $(BOTH)

bench: setup-dev
	$(BIN)/python -m pip install --disable-pip-version-check -q -r benchmarks/requirements.txt
	$(BIN)/python -m benchmarks

screenshots: browser
	$(BIN)/python docs/screenshots.py

# Fails on a known advisory; says so where the advisory data cannot be reached.
audit: setup
	@$(BIN)/python hosting/audit.py

# After a change of requirements*.txt.
lock: setup
	@$(BIN)/python hosting/lock.py

clean:
	rm -rf $(VENV) build zetascope.egg-info .audit .lock .pytest_cache .ruff_cache .mypy_cache .hypothesis test-results
