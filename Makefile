# FairZone: `make help` lists what there is. Every target provides what it needs by itself.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo test check check-dates check-orders bench chaos fmt demo-python dev-python debian debian-bench debian-chaos pins clean

BIN := .venv/bin
# Two workers, each with a database cluster and a browser of its own; the order is drawn at random and printed.
SUITE := $(BIN)/python -m tests.suite

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: demo-python  ## the whole zone on this machine: broker, robots, bridge, server; prints the address to open
	@exec $(BIN)/fairzone demo $(ARGS)

test: dev-python debian  ## every test on SQLite and PostgreSQL, Chromium included; nothing is skipped
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(SUITE) all $(ARGS)

check: dev-python debian  ## the fast half in under three minutes: ruff, mypy, architecture and shape, quick tests on SQLite
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(SUITE) fast $(ARGS)
	@$(BIN)/python -m tests.architecture.shape

check-dates: dev-python debian  ## the fast tests on other days: month ends, 29 February, midnights, changes of clocks, 2036
	$(SUITE) dates $(ARGS)

check-orders: dev-python debian  ## the fast tests in twenty orders; what depends on the order is named
	$(SUITE) orders $(ARGS)

bench: dev-python debian debian-bench  ## the measured ratios: bridge, server, feed and bookings against their limits
	$(BIN)/python -m tests.bench $(ARGS)

chaos: dev-python debian debian-chaos  ## two minutes of killing everything under 50,000 reports, then the proof of the ledger
	@$(BIN)/python -m tests.chaos $(ARGS)

fmt: dev-python  ## format the code and mend what ruff can mend
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

clean:  ## remove .venv and everything that a build laid in
	rm -rf .venv server/static/vendor tests/support/vendor

pins: dev-python  ## raise the pinned versions of deploy/constraints.txt to the newest that pyproject.toml allows
	@deploy/provision/pin.sh

demo-python:
	@deploy/provision/python.sh demo

dev-python:
	@deploy/provision/python.sh dev

debian:
	@deploy/provision/debian.sh test

debian-bench:
	@deploy/provision/debian.sh bench

# Only a run on RabbitMQ or NATS needs more than the tests do.
debian-chaos:
	@for part in rabbitmq nats; do \
	  case " $(ARGS) " in *[\ =]$$part\ *) deploy/provision/debian.sh "chaos-$$part" || exit 1;; esac; done
