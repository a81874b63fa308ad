# One command for each thing one does. Needs git, make and the .NET 10 SDK; packages come on the first build.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help build command run demo up down test test-samples simulate soak schemas bench bench-sizes bench-quick clean

export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1
export DOTNET_SKIP_FIRST_TIME_EXPERIENCE := 1

DATA ?= ./data
APART = $(if $(filter file,$(origin DATA)),./data-apart,$(DATA))
LISTEN ?= 127.0.0.1:7410
SCENARIO := ukraine-2024
AS_OF := 2024-11-26
SIZES ?= 1000000
BENCH := tests/Timeline.Benchmarks/bin/Release/net10.0/Timeline.Benchmarks
SUITES := tests/Timeline.Tests tests/Timeline.Tests.Integration

help: ## List the targets.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-13s %s\n", $$1, $$2 }'

QUIETLY := -c Release -v quiet --nologo -clp:NoSummary

build: command ## Build everything; leaves the command at bin/timeline.
	dotnet build Timeline.sln $(QUIETLY)

# The command alone: who only runs it need not build the tests.
command:
	dotnet publish services/Timeline.Host $(QUIETLY) -o bin/app
	install -m 755 infra/local/timeline bin/timeline
	for service in Ingest Relay Projector Query Audit; do install -m 755 infra/local/service bin/Timeline.$$service; done

run: command ## The whole Timeline on this machine with the 2024 scenario loaded; stays up. DATA=./data LISTEN=127.0.0.1:7410
	bin/timeline serve --data $(DATA) --listen $(LISTEN) --scenario $(SCENARIO) --as-of $(AS_OF)

demo: command ## As run, in a new folder of its own, without staying up.
	rm -rf artifacts/demo
	bin/timeline serve --data artifacts/demo --listen 127.0.0.1:0 --scenario $(SCENARIO) --as-of $(AS_OF) --once

up: command ## All services apart on this machine, with a broker of their own: DATA=./data-apart PROJECTORS=1 RELAYS=1 PORT=7410; make down stops them.
	DATA=$(APART) infra/local/up

down: ## Stop what make up started. What is stored stays.
	DATA=$(APART) infra/local/down

test: build ## Every test; ends with one line: N passed, N failed.
	infra/local/test.sh $(SUITES)

test-samples: build ## The tests that need real files: TIMELINE_SAMPLES names their folder.
	@if [ -z "$${TIMELINE_SAMPLES:-}" ] || [ ! -d "$${TIMELINE_SAMPLES}" ]; then \
	  echo "TIMELINE_SAMPLES must name a folder of real feed files, such as TIMELINE_SAMPLES=/path/to/files make test-samples." >&2; exit 2; fi
	FILTER=Category=Samples infra/local/test.sh $(SUITES)

test-esdb: build ## The log's laws, the scenario and generated rows on a given EventStoreDB: ESDB='esdb://127.0.0.1:2113?tls=false'
	@if [ -z "$(ESDB)" ]; then echo "ESDB must be the connection string of an EventStoreDB: make test-esdb ESDB='esdb://127.0.0.1:2113?tls=false'. What the tests append stays there, under prefixes of their own." >&2; exit 2; fi
	TIMELINE_ESDB='$(ESDB)' FILTER='FullyQualifiedName~Integration.EventStoreDb.EventStoreDbEventLogTests|(FullyQualifiedName~Integration.EventStoreDb.SameDigestsTests&Category!=Samples)' \
	  infra/local/test.sh tests/Timeline.Tests.Integration

simulate: ## Relay, feed and Projector in SEEDS=20000 seeded schedules of faults; SEED=n runs again the one that a failure names.
	dotnet build tests/Timeline.Tests $(QUIETLY)
	SEEDS='$(or $(SEEDS),20000)' SEED='$(SEED)' FILTER='FullyQualifiedName~Projector.FeedSimulationTests' infra/local/test.sh tests/Timeline.Tests

soak: build ## Faults for about SOAK_MINUTES=20: damaged files, kill -9, full disks. SOAK_ROUNDS=50 SOAK_SEED=1 FUZZ_CASES=100000
	infra/local/soak.sh

schemas: ## Write the JSON Schemas of all event types anew from the contracts.
	UPDATE_GOLDEN=1 dotnet test tests/Timeline.Tests -c Release --nologo -v quiet --filter "FullyQualifiedName~The_committed_schemas_are_those_of_the_code"
	git --no-pager diff --stat -- contracts/schemas

bench: ## The figures, each beside its baseline in the same run. SIZES=1000000 (several: also a plot); TIMELINE_SAMPLES adds real files, ESDB names a server.
	dotnet build tests/Timeline.Benchmarks $(QUIETLY)
	$(BENCH) --out artifacts/bench --sizes $(SIZES)

bench-sizes: ## As bench, on 100,000, a million and five million rows, with a plot over the sizes; needs 20 GB of disk for a while.
	$(MAKE) bench SIZES="100000 1000000 5000000"

bench-quick: ## Every stage of the bench on few rows: shows that it works, not how fast anything is.
	dotnet build tests/Timeline.Benchmarks $(QUIETLY)
	$(BENCH) --out artifacts/bench-quick --quick --sizes 2000 4000

clean: ## Remove what the build made. Data folders stay.
	rm -rf bin artifacts
	find contracts infra services tests -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
