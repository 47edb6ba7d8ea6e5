# `make` alone lists what there is. Settings for one call: PYTHON=/path/to/python, PORT=8600, ARGS="-k import -x" (for pytest).

.DEFAULT_GOAL := help
.PHONY: help install run test lint audit bench peers prism clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

install: ## Make .venv with what running needs
	@PYTHON="$(PYTHON)" sh scripts/install.sh run

run: install ## Start FinTrack and print its address (PORT= chooses the port)
	@exec .venv/bin/python -m scripts.serve $(PORT)

test: .test-tools ## Run every test, with a real browser and a real PostgreSQL where there is one (ARGS= for pytest, EXAMPLES=10 for ten times as many, STORE=postgresql for every screen on it)
	@.venv/bin/python -m tests.machine.browser
	@# Browsers, servers and banks are waited for: two processes more than there are cores. Long tests come first, as collected.
	@FINTRACK_TEST_STORE="$(STORE)" .venv/bin/python -m pytest -n $$(($$(getconf _NPROCESSORS_ONLN || echo 1) + 2)) --maxprocesses 4 \
		--dist loadfile --no-loadscope-reorder $(ARGS)

lint: .test-tools ## Check style, types, the rules between rooms, and for known mistakes in safety
	@.venv/bin/python -m ruff check
	@.venv/bin/python -m ruff format --check
	@.venv/bin/python -m mypy
	@.venv/bin/lint-imports
	@.venv/bin/python -m bandit -q -ll -c pyproject.toml -r core pages scripts streamlit_app.py

audit: install ## Ask PyPI whether anything that is installed has known faults in safety (needs the network)
	@.venv/bin/python -m venv .audit && .audit/bin/python -m pip install --quiet pip-audit==2.10.1
	@# Strict: what PyPI can't tell of is no good news.
	@.audit/bin/pip-audit --strict --no-deps --disable-pip --requirement requirements.txt

bench: .test-tools ## Measure speed, side by side in one run (SIZES="10000 10000000" for rows, ARGS= for pytest)
	@FINTRACK_BENCH_SIZES="$(SIZES)" .venv/bin/python -m pytest -m bench -s --timeout 3600 tests/bench $(ARGS)
	@[ -n "$(ARGS)" ] || .venv/bin/python -m tests.bench.report

peers: .test-tools ## Fetch the programs that `make bench` sets beside ours (npm for one of them)
	@sh scripts/peers.sh

prism: ## Fetch the official mock of Plaid's interface, for the tests that ask it (needs npm)
	@npm install --prefix .prism --no-audit --no-fund @stoplight/prism-cli@5.14.2

clean: ## Remove what can be made again; data/ stays
	rm -rf .venv .audit .prism .peers .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: .test-tools
.test-tools:
	@PYTHON="$(PYTHON)" sh scripts/install.sh test
