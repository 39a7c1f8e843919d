# Two commands do everything on a fresh Debian machine with a Swift toolchain:
#   make run    builds, runs Pipelines/leaders.yaml over seeds/ and shows what came of it
#   make test   builds and runs every test

SHELL := /bin/bash
PACKAGES := libyaml-dev libzstd-dev libsqlite3-dev libssl-dev zlib1g-dev pkg-config
TEST_PACKAGES := zstd gzip bsdutils python3 python3-venv poppler-utils jq
BINARY = $(shell swift build -c release --show-bin-path)/annals

.PHONY: run test build setup test-setup lint fuzz sanitize bench clean

run: build
	$(BINARY) run Pipelines/leaders.yaml
	@echo
	$(BINARY) show leaders --pipeline Pipelines/leaders.yaml
	@echo
	$(BINARY) show topics --pipeline Pipelines/leaders.yaml

build: setup
	swift build -c release --product annals

test: setup test-setup lint
	swift build --build-tests
	.ci/suites --parallel --skip "TimedTests|BurdenTests"
	.ci/suites --filter "TimedTests|BurdenTests"
	.ci/plugins "$$(swift build --show-bin-path)/annals"
	.ci/schema "$$(swift build --show-bin-path)/annals"

lint:
	swift format lint --strict --parallel --recursive Package.swift Sources Tests

# Feeds each parser of the log, of CBOR and of YAML for SECONDS with inputs that libFuzzer makes up.
SECONDS := 20
fuzz: setup
	Tests/Fuzz/run.sh $(SECONDS)

# The suites of the log, the runner and the projections under the thread and address sanitizers.
sanitize: setup test-setup
	.ci/sanitize

bench: build
	Tests/Benchmarks/run.sh
	Tests/Benchmarks/edits.sh
	Tests/Benchmarks/log.sh
	Tests/Benchmarks/plugins.sh

# Installs what is missing; asks for nothing where everything is there.
setup:
	@.ci/install $(PACKAGES)

test-setup:
	@.ci/install $(TEST_PACKAGES)

clean:
	rm -rf .build .annals out
