# The README's two commands are demo and test. Each makes its own environment in .venv and installs into it.
PYTHON ?= python3
VENV ?= .venv
PY = $(VENV)/bin/python

.PHONY: demo test lint clean

demo: $(VENV)/.installed
	$(PY) cli.py fit --config r64.yaml
	$(PY) cli.py test
	$(PY) cli.py test --config r64.yaml --ckpt_path last
	$(PY) cli.py compare lightning_logs/base-tiny-phi3 lightning_logs/repair-r64

test: $(VENV)/.installed-test
	$(PY) -m pytest

lint: $(VENV)/.installed-test
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

$(VENV)/.installed: setup.cfg pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(PY) -m pip install --quiet --disable-pip-version-check --editable ".[test]"
	touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
