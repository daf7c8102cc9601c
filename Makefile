# Undercount: what a person types. `make help` lists the targets.
# Each target that needs Python sets up .venv first, and again when the lock changes.
# Written for two cores: PYTEST="-n 4" and JOBS=4 use more.

.DEFAULT_GOAL := help
.PHONY: help setup report ukraine kosovo test lint types imports docs notebooks slow calibration benchmark scale ukraine-speed reproduction outcomes law-terms reference-class lock lab clean

BIN := .venv/bin
PYTEST ?= -n 2
JOBS ?= 2
FILE ?= $(UNDERCOUNT_DATA)/ukraine_losses/reports.csv

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

setup: ## make or refresh .venv
	@.ci/setup

report: setup ## the main job: the North Korea report, in reports/north_korea
	$(BIN)/undercount report data/north_korea --to reports/north_korea

# A changed fit of thousands of claims takes long: sources left out and scenarios only. The fits are
# kept, so that the report can be written again; .fits can be deleted at any time.
ukraine: setup ## the second study: rows imported from FILE=..., and its report
	$(BIN)/undercount import radford2023 "$(FILE)" --force
	$(BIN)/undercount report data/ukraine_losses --to reports/ukraine_losses --draws 2000 \
	    --keep .fits --changes origin --changes scenario --changes "early error"

kosovo: setup ## the third study: four lists of victims and the claims, in reports/kosovo
	$(BIN)/undercount report data/kosovo --to reports/kosovo

test: setup ## everything a change has to pass: lint, types, imports, docs, fast tests
	@$(MAKE) --no-print-directory -j $(JOBS) lint types imports docs
	$(BIN)/pytest $(PYTEST) --dist loadfile -m "not slow"

lint: setup ## style and spelling
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/codespell

types: setup ## types
	$(BIN)/mypy

imports: setup ## who may import whom
	$(BIN)/lint-imports --no-logo

docs: setup ## docstrings
	find estimators -name '*.py' -exec $(BIN)/python -m numpydoc lint {} +
	$(BIN)/python .ci/docs

notebooks: setup ## run notebooks/*.py and write them beside as .ipynb
	$(BIN)/python notebooks/run.py --jobs $(JOBS)

slow: setup ## the slow tests
	$(BIN)/pytest $(PYTEST) --dist loadfile -m slow

calibration: setup ## simulation-based calibration, hours, resumable (FRESH=--fresh begins anew)
	$(BIN)/python benchmarks/calibration.py --jobs $(JOBS) $(FRESH)

benchmark: setup ## speed and memory against the budgets
	$(BIN)/python benchmarks/budgets.py

scale: setup ## the same for 2,000 and 20,000 simulated claims, beside a plain model
	$(BIN)/python benchmarks/scale.py

ukraine-speed: setup ## speed of the second study beside a plain port of the published model
	$(BIN)/python benchmarks/ukraine.py --data "$(FILE)"

reproduction: setup ## the published model of the second study, run again: half an hour
	$(BIN)/python benchmarks/radford2023.py --data "$(FILE)" --draws 1200

outcomes: setup ## scores on known outcomes, cross-validated, beside newsroom rules and models
	$(BIN)/python benchmarks/known_outcomes.py --jobs $(JOBS) --write benchmarks/KNOWN_OUTCOMES.md

law-terms: setup ## what each term of the law of claim error is worth, resumable (FRESH=--fresh)
	$(BIN)/python benchmarks/law_terms.py --jobs $(JOBS) $(FRESH)

reference-class: setup ## learn the laws of claim error from the known outcomes anew
	$(BIN)/python benchmarks/reference_classes.py

lab: setup ## start JupyterLab in notebooks/ (run `make notebooks` first, open the .ipynb)
	$(BIN)/jupyter lab --notebook-dir=. --LabApp.default_url=/lab/tree/notebooks

# Keeps the locked versions that still fit; UPGRADE=--upgrade takes the newest of everything.
lock: setup ## write requirements.lock anew from pyproject.toml
	@uv=$$(command -v uv) || { \
	    place=$$(mktemp -d) && trap 'rm -rf "$$place"' EXIT && \
	    $(BIN)/python -m venv "$$place" && \
	    "$$place/bin/pip" install --quiet --disable-pip-version-check uv && uv=$$place/bin/uv; } && \
	UV_SYSTEM_CERTS=1 "$$uv" pip compile --quiet $(UPGRADE) --universal --python-version 3.12 \
	    --generate-hashes --no-header --no-emit-index-url --group dev pyproject.toml -o requirements.lock && \
	if grep -n '://' requirements.lock; then echo "requirements.lock names an address." >&2; exit 1; fi

clean: ## remove .venv, caches and build outputs
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
