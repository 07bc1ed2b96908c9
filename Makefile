# `make warehouse` and `make test` do all the set-up they need: Python 3.11 or later, pip and make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: warehouse docs test check slow audit torture mutate simulate bench lint lock wheel clean

warehouse: .venv/installed
	$(BIN)/gelijkekansen build

docs: warehouse
	$(BIN)/gelijkekansen docs

# Where it may, it first installs what the tests look with: a browser, a spreadsheet, a scheduler.
test: .venv/installed
	@$(BIN)/python -m tests.tools
	$(BIN)/pytest -m "not slow"

# Before every commit, in half a minute: no build, no browser.
check: lint
	$(BIN)/pytest --quiet tests/unit

# What takes long: builds that are killed, swapped and repeated, a wheel, the benchmarks, small.
slow: .venv/installed
	$(BIN)/pytest tests/slow
	$(BIN)/pytest -m slow

# Hours: a thousand kills and swaps, ten thousand spoiled inputs, fifty full disks; docs/torture.md.
PART ?= 1
torture: .venv/installed
	$(BIN)/python -m tests.torture --part $(PART)

# Half an hour: two thousand single changes of the survey, and what a build says of each.
mutate: .venv/installed
	$(BIN)/python -m tests.mutation

# Half a minute: how often the intervals hold what is true, in populations that are made up.
simulate: .venv/installed
	$(BIN)/python -m tests.simulation

# Three quarters of an hour at the sizes of benchmarks/RESULTS.md; `make bench SIZES=1000,10000` is quicker.
SIZES ?= 1000,10000,100000,1000000
bench: .venv/installed
	$(BIN)/python -m benchmarks --sizes $(SIZES)

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --disable-progress-bar dbt_project

# pip compiles bytecode as it installs; without it every command starts five seconds later.
.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --only-binary :all: --requirement requirements.lock
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# What it stands on: advisories that the index gives, licences, what is declared and not used or the
# reverse, and dist/sbom.cdx.json, a software bill (CycloneDX) that goes with a release.
audit: .venv/installed .venv-audit/installed
	mkdir -p dist
	-.venv-audit/bin/pip-audit --requirement requirements.lock --require-hashes --disable-pip --progress-spinner off
	.venv-audit/bin/deptry .
	.venv-audit/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON -o dist/sbom.cdx.json .venv
	$(BIN)/python -m tests.supply dist/sbom.cdx.json

.venv-audit/installed: audit.lock
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/python -m pip install -qq --disable-pip-version-check --require-hashes --only-binary :all: --requirement audit.lock
	touch $@

# Names, versions and hashes only. Needs uv; run it after changing a dependency.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --no-strip-extras --extra dev pyproject.toml --output-file requirements.lock
	printf 'cyclonedx-bom\ndeptry\npip-audit\n' | uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --no-strip-extras - --output-file audit.lock

# The program alone; it builds wherever there are exports and a codebook.
wheel: .venv/installed
	$(BIN)/python -m pip wheel -qq --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .

clean:
	rm -rf .venv .benchmarks site dist test-results .warehouse-build warehouse.duckdb restricted.duckdb
