# Two commands do everything on a machine with Python 3.11 or newer: make demo, make test.
.POSIX:
.SUFFIXES:

VENV = .venv
PYTHON = $(VENV)/bin/python
READY = $(VENV)/.ready
EXAMPLE = examples/fastapi-shop
LOCKS = requirements/dev.txt pyproject.toml

help:
	@echo 'make demo     set up, render $(EXAMPLE), and say what to look at'
	@echo 'make test     set up, run the tests; what needs a missing tool is skipped with its reason'
	@echo 'make lint     set up, run ruff and mypy'
	@echo 'make golden   render the golden trees and messages anew: read the diff'
	@echo 'make prove SPEC=cloudgen.yaml   apply, plan again and destroy a spec on an emulated AWS'
	@echo 'make lock     resolve the dependencies anew'
	@echo 'make clean    remove what was set up'

# The first of these that is new enough; the version of the system may be too old.
$(READY): $(LOCKS)
	@python=; \
	for candidate in python3 python3.14 python3.13 python3.12 python3.11; do \
	  if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then echo 'cloudgen needs Python 3.11 or newer, and found none on PATH' >&2; exit 2; fi; \
	if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "$$python has no venv module; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 2; \
	fi; \
	echo "Setting up $(VENV) with $$($$python --version); once, and when the locks change"; \
	$$python -m venv $(VENV)
	@$(PYTHON) -m pip --quiet --disable-pip-version-check install --require-hashes -r requirements/dev.txt
	@$(PYTHON) -m pip --quiet --disable-pip-version-check install --no-deps --no-build-isolation --editable .
	@touch $(READY)

setup: $(READY)

demo: $(READY)
	@$(VENV)/bin/cloudgen render $(EXAMPLE)/cloudgen.yaml --target all
	@echo
	@echo 'Look at:'
	@echo '  $(EXAMPLE)/cloudgen.yaml                      the spec'
	@echo '  $(EXAMPLE)/deploy/aws/README.md               what was made of it on AWS, with a picture and the commands'
	@echo '  $(EXAMPLE)/deploy/aws/services.tf             the Terraform that you would review'
	@echo '  $(EXAMPLE)/deploy/docker/web.Dockerfile       the image, and beside it compose.yaml to run it all here'
	@echo 'Run it again: nothing is written. Edit a file in between: nothing of yours is lost.'

test: $(READY)
	@$(PYTHON) -m pytest

golden: $(READY)
	@$(PYTHON) -m pytest -q tests/test_golden.py tests/test_invalid.py --update-golden

lint: $(READY)
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy

prove: $(READY)
	@PYTHONPATH=tests $(PYTHON) -m support.prove "$(SPEC)"

lock: $(READY)
	@$(PYTHON) -m pip --quiet install uv
	@$(VENV)/bin/uv pip compile --quiet --universal --no-emit-index-url --generate-hashes --custom-compile-command 'make lock' --upgrade \
	  pyproject.toml -o requirements/run.txt
	@$(VENV)/bin/uv pip compile --quiet --universal --no-emit-index-url --generate-hashes --custom-compile-command 'make lock' --upgrade \
	  --extra test --extra lint --extra build -c requirements/run.txt pyproject.toml -o requirements/dev.txt
	@$(VENV)/bin/uv pip compile --quiet --universal --no-emit-index-url --generate-hashes --custom-compile-command 'make lock' --upgrade \
	  --extra tools -c requirements/dev.txt pyproject.toml -o requirements/tools.txt

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis $(EXAMPLE)/deploy

.PHONY: help setup demo test golden lint prove lock clean
