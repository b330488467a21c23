# Nothing else decides: `make check` green means it can land.
.PHONY: check format
check:
	ruff format --check .
	ruff check .
	mypy
	lint-imports
	pytest

format:
	ruff format .
	ruff check --fix .
