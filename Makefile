# The ways to try cloudgen, to test it and to change it. All of them work in .venv, which is made at the first call.

VENV ?= .venv
BIN := $(VENV)/bin
EXAMPLE := examples/fastapi-shop
TARGET ?= aws

.PHONY: help setup demo test golden lint prove updates whole trust benchmark instructions lock clean
.DEFAULT_GOAL := help

help:
	@echo 'make demo                    render the example for every target, and say what to look at'
	@echo 'make test [ARGS=...]         run the tests; those whose tools are missing are skipped, with the reason'
	@echo 'make golden                  accept what is rendered now as the golden files; read the diff afterwards'
	@echo 'make lint                    ruff check, ruff format, mypy'
	@echo 'make prove SPEC=cloudgen.yaml [TARGET=aws|gcp] [THEN=changed.yaml]'
	@echo '                             init, validate, plan, apply, plan again, destroy, on an imagined cloud;'
	@echo '                             with THEN: what the changed spec does to what the first one made'
	@echo 'make updates                 play the table of edits, on the stand-ins and on the real providers that are found;'
	@echo '                             with what make test leaves out: chains of edits on moto, deliberate defects'
	@echo 'make whole [ARGS=...]        run what make test leaves out: more shapes of applications, more lives, more ways back'
	@echo 'make trust                   attack cloudgen in full, and write the figures into docs/trust.md'
	@echo 'make benchmark [ARGS=...]    measure cloudgen beside others, and write docs/performance.md'
	@echo 'make instructions            fail if a command takes more instructions than benchmarks/baseline.json says'
	@echo 'make lock                    lock the newest requirements that pyproject.toml allows'
	@echo 'make clean                   remove .venv, caches and what demo rendered'

# Newer than what it was made of, or it is made again.
$(VENV)/made: requirements/dev.txt pyproject.toml tools/setup.sh
	@tools/setup.sh $(VENV)
	@touch $@

setup: $(VENV)/made

demo: $(VENV)/made
	$(BIN)/cloudgen render $(EXAMPLE)/cloudgen.yaml --target all
	@echo
	@echo 'Look at:'
	@echo '  $(EXAMPLE)/cloudgen.yaml                   the spec'
	@echo '  $(EXAMPLE)/deploy/aws/README.md            what was made of it on AWS, with a picture and the commands'
	@echo '  $(EXAMPLE)/deploy/aws/architecture.svg     that picture, for a browser'
	@echo '  $(EXAMPLE)/deploy/aws/services.tf          the Terraform that you would review'
	@echo '  $(EXAMPLE)/deploy/docker/web.Dockerfile    the image, and beside it compose.yaml to run it all here'
	@echo 'Run it again: nothing is written. Edit a file in between: nothing of yours is lost.'

test: $(VENV)/made
	$(BIN)/python -m pytest $(ARGS)

golden: $(VENV)/made
	$(BIN)/python -m pytest tests/test_golden.py tests/test_invalid.py --update-golden --quiet
	@git status --short tests/golden tests/invalid

lint: $(VENV)/made
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

prove: $(VENV)/made
	@test -n '$(SPEC)' || { echo 'which spec? make prove SPEC=cloudgen.yaml [TARGET=aws|gcp] [THEN=changed.yaml]' >&2; exit 2; }
	@PYTHONPATH=tests $(BIN)/python -m rig.prove '$(SPEC)' --target '$(TARGET)' $(THEN:%=--then '%')

# Lives on the real providers are skipped, with the reason, where a provider is not found.
updates: $(VENV)/made
	$(BIN)/python -m pytest tests/updates -rs --whole $(ARGS)

whole: $(VENV)/made
	$(BIN)/python -m pytest -rs --whole -m whole $(ARGS)

trust: $(VENV)/made
	@PYTHONPATH=tests $(BIN)/python -m rig.trust --full --write $(ARGS)

benchmark: $(VENV)/made
	$(BIN)/python benchmarks/compare.py $(ARGS)

instructions: $(VENV)/made
	$(BIN)/python benchmarks/instructions.py $(ARGS)

# uv writes locks that hold on every platform and Python; installing from them needs pip only.
LOCK = UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	--no-emit-index-url --generate-hashes

lock: $(VENV)/made
	$(BIN)/python -m pip install --quiet uv
	$(LOCK) pyproject.toml --output-file requirements/run.txt
	$(LOCK) pyproject.toml --extra test --extra lint --extra build --constraint requirements/run.txt --output-file requirements/dev.txt
	$(LOCK) pyproject.toml --extra tools --constraint requirements/dev.txt --output-file requirements/tools.txt
	$(LOCK) requirements/scanners.in --output-file requirements/scanners.txt
	$(LOCK) requirements/standins.in --output-file requirements/standins.txt
	$(LOCK) requirements/installer.in --output-file requirements/installer.txt

clean:
	rm -rf $(VENV) .venv-scanners .venv-installer examples/*/deploy .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
	find src tests examples -name __pycache__ -type d -prune -exec rm -rf {} +
