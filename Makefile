# Every target that does something is one command of sandbox/cli.ts; `make` alone lists them.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
sandbox := node -r ts-node/register sandbox/cli.ts

.PHONY: help up down test lint bench bench-cold bench-connect bench-scale bench-standalone tools images images-verify e2e cluster-up cluster-down cluster-status

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-15s %s\n", $$1, $$2 }'

up: packages ## deploy the dev stack and run a Spark job on real data (KUBECONTEXT=name for a cluster of your own)
	@$(sandbox) up

down: packages ## destroy the dev stack, then stop the sandbox cluster and delete its data
	@$(sandbox) down

test: packages ## lint, types, unit, integration and end-to-end tests, with a cluster of their own making
	@$(sandbox) test

e2e: packages ## the long tests: every end-to-end test on both lines of Spark, the sandbox, the images; takes hours
	@$(sandbox) e2e

bench: packages ## measure what the README promises
	@$(sandbox) bench

lint: packages ## style and types
	@npm run --silent lint && npm run --silent typecheck

tools images images-verify bench-cold bench-connect bench-scale bench-standalone cluster-up cluster-down cluster-status: packages
	@$(sandbox) $@

bench-standalone: ## time start and failovers of Standalone clusters (SPARK=4.1.0: of one line); takes about 20 minutes
bench-scale: ## time the start of programs and previews of many workspaces; deploys nothing
bench-connect: ## time the start of Connect servers, and find how many sessions and clients one bears; takes about 8 minutes
bench-cold: ## time make up as on a new machine; takes about 20 minutes
tools: ## find or build the tool chain
images: ## build the container images
images-verify: ## build images again and compare the bytes (IMAGES="minio spark:4.1.0" for some of them)
cluster-up: ## start the sandbox cluster
cluster-down: ## stop the sandbox cluster; its data stay (PURGE=1 deletes them)
cluster-status: ## what runs, and since when

# Recorded beside the modules, so that deleting node_modules is enough to start over.
.PHONY: packages
packages: node_modules/.installed
node_modules/.installed: package-lock.json
	@sh sandbox/check-node.sh
	@echo "npm ci: installing the locked packages"
	@npm ci --no-fund --no-audit --loglevel=error
	@touch $@
