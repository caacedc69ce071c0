SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

LINT_VERSION := v2.15.0
LINT := $(CURDIR)/bin/golangci-lint-$(LINT_VERSION)
# What each fuzz target and each benchmark gets; BENCHLARGE=1 adds ten million rows, about three minutes.
FUZZTIME ?= 30s
BENCHTIME ?= 1s
BENCHLARGE ?= 1
# The packages with benchmarks. The module in bench measures against DuckDB.
BENCH_PACKAGES = $(shell grep -rl --include='*_test.go' --exclude-dir=bench '^func Benchmark' . | xargs -r -n1 dirname | sort -u)
# Tests that must hold for any number of processors.
ORDERLY = Law|Golden|Formats|Converted|Abreast|Portions|AtOnce
GO_FILES = $(shell find . -name '*.go' -not -path './.*')
.PHONY: help build run test quick e2e e2e-pages e2e-clickhouse chaos chaos-quick load load-quick backtest backtest-quick lint format bench bench-quick bench-cluster benchmarks fuzz compiler programs

help: ## list what make can do
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | expand -t 16

build: ## build bin/saidi
	go build -o bin/saidi ./cmd/saidi
run: build ## build, make a synthetic province in the folder province, report it, then serve the demo
	bin/saidi simulate --force --out province && echo
	bin/saidi report --mapping province/mapping.yaml --base province/customers.csv province/events.csv province/events-late.csv
	@printf '%s\n' '' 'That was a synthetic province. With files of your own:' \
	  '  bin/saidi report --base customers.csv events.csv    the indices of your events' \
	  '  bin/saidi serve --config saidi.yml                  the same all the time, see docs/serving.md' '' \
	  'Now the exporter with a province of its own: open http://localhost:9836, and stop it with Ctrl-C.'
	bin/saidi serve --demo --log.level=warn

test: programs format lint ## everything: format, vet, lint, race, fuzz and benchmarks in short
	go vet ./... && CGO_ENABLED=1 go test -race ./...
	for how in '-race -cpu 8' '-cpu 1,8'; do CGO_ENABLED=1 go test $$how -run '$(ORDERLY)' ./outage ./engine ./reliability ./snapshot ./store/... ./ingest/... ./cmd/saidi; done
	cd bench && go vet ./... && CGO_ENABLED=1 go test ./...
	for what in e2e e2e-pages e2e-clickhouse 'chaos-quick load-quick backtest-quick'; do $(MAKE) --no-print-directory $$what; done
	$(MAKE) --no-print-directory fuzz benchmarks FUZZTIME=3s BENCHTIME=1x BENCHLARGE=

quick: ## vet and the tests without the race detector, under three minutes
	go vet ./... && go test -short ./...
e2e: programs ## the exporter with a real Prometheus and Alertmanager, and its dashboards
	SAIDI_E2E=1 go test -count=1 -timeout 15m ./internal/$(if $(filter e2e-pages,$(MAKECMDGOALS)),browse,$(if $(filter e2e-clickhouse,$(MAKECMDGOALS)),shard,e2e))
e2e-pages: e2e ## the pages in a real browser, the report on paper and in LibreOffice, within two minutes
e2e-clickhouse: e2e ## two exporters over two real shards of ClickHouse: the same numbers, and faults, within three minutes
chaos: programs ## kill -9 the exporter 200 times while four kinds of sources tell events, 20 minutes at most
	SAIDI_CHAOS=200 SAIDI_CHAOS_TIME=$(if $(filter chaos-quick,$(MAKECMDGOALS)),55s,20m) go test -count=1 -v -timeout 25m -run TestKills ./internal/chaos
chaos-quick: chaos ## as many kills as go in a minute
load: programs ## pushes beside sqlite3, memory, and restarts with ten million rows, under ten minutes; writes docs/load.md
	SAIDI_LOAD=$(if $(filter load-quick,$(MAKECMDGOALS)),quick,full SAIDI_LOAD_OUT=$(CURDIR)/docs/load.md) go test -count=1 -v -timeout 20m -run TestLoad ./internal/load
load-quick: load ## the same of little, under 20 seconds; writes nothing
backtest: build ## the forecast against what came, under 8 minutes; writes docs/backtest.md
	oe417=internal/backtest/testdata/purdue; bin/saidi backtest --full --out docs/backtest.md --policy $$oe417/policy.yaml --mapping $$oe417/mapping.yaml ../shared/data/purdue/outage_raw.csv
backtest-quick: build ## the same of few provinces, within a minute; writes nothing
	@bin/saidi backtest --quick

format: # the files that gofmt would change, if any
	@unformatted=$$("$$(go env GOROOT)/bin/gofmt" -l $(GO_FILES)); \
	if [ -n "$$unformatted" ]; then printf 'not formatted, run gofmt -w on:\n%s\n' "$$unformatted" >&2; exit 1; fi

lint: $(LINT) ## golangci-lint, installed into bin if it is not there
	$(LINT) run && cd bench && $(LINT) run
$(LINT):
	@echo 'installing golangci-lint $(LINT_VERSION) into bin: about two minutes, once'
	GOBIN=$(CURDIR)/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION) && mv bin/golangci-lint $@

bench: compiler ## saidi against DuckDB at up to 60 million rows, under 15 minutes; writes BENCHMARKS.md
	cd bench && go run . $(if $(filter bench-quick,$(MAKECMDGOALS)),--quick,$(if $(filter bench-cluster,$(MAKECMDGOALS)),--cluster )--out ../BENCHMARKS.md)
bench-quick: bench ## the same at two million rows, under a minute; writes nothing
bench-cluster: programs bench ## 50 million rows in a folder and in ClickHouse, within 40 minutes; writes the end of BENCHMARKS.md
benchmarks: ## rows a second and memory of each part, up to ten million rows; BENCHTIME=1s each
	@if [ -n '$(BENCH_PACKAGES)' ]; then SAIDI_BENCH_LARGE=$(BENCHLARGE) go test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) $(BENCH_PACKAGES); else echo 'no benchmarks'; fi

fuzz: ## each fuzz target for FUZZTIME=30s
	@{ grep -rHoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' . || true; } | sort | while IFS=: read -r file func; do \
	  echo "fuzz $${file%/*} $${func#func }"; \
	  go test -run '^$$' -fuzz "^$${func#func }$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x "$${file%/*}" </dev/null || exit 1; \
	done
compiler programs: # what the tests, or the benchmarks, need beside Go
	@.ci/programs $@
