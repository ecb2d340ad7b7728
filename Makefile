# make demo shows notiform at work, make test proves it, make check is everything .ci/run runs.

GO          ?= go
# A count, not a time: at the end of a time Go's fuzzing may fail without a finding (go.dev/issue/75804).
FUZZTIME    ?= 2000x
CHROMIUM    ?= chromium
STATICCHECK  = honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK  = golang.org/x/vuln/cmd/govulncheck@v1.9.0
GOFMT        = "$$($(GO) env GOROOT)/bin/gofmt"

# STRICT=1 is how check runs the tests. The race detector needs a C compiler: where there is none,
# Go sets CGO_ENABLED=0, and test says that races were not looked for.
RACE         = $(if $(filter 1,$(shell $(GO) env CGO_ENABLED)),-race)
TESTFLAGS   ?= $(if $(STRICT),$(RACE) -shuffle=on)

.PHONY: help build install demo picture test check check-rest static fuzz vuln smoke bench fmt clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

# What is built names its commit, whatever GOFLAGS says, and also in a checkout that another user
# owns, as containers have them: Git is told that this one is meant.
STAMPED      = GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0="$(CURDIR)"

build: ## build bin/notiform
	$(STAMPED) $(GO) build -trimpath -buildvcs=auto -o bin/notiform .

install: ## install notiform into Go's bin directory
	$(STAMPED) $(GO) install -trimpath -buildvcs=auto .

demo: build ## validate, plan, apply and plan again on examples/drafts, against the sandbox
	@bin/notiform sandbox --seed examples/sandbox/live.json -- sh -ec '$(DEMO)'

# Each step is shown as it would be typed. The last one exits 2 if anything still differs.
define DEMO
run() { printf "\n$$ notiform %s\n" "$$*"; bin/notiform "$$@"; }; \
run validate examples/drafts; \
run plan examples/drafts; \
run apply examples/drafts --auto-approve; \
run plan examples/drafts --detailed-exitcode
endef

picture: build ## draw examples/plan.png, the page of a plan, with CHROMIUM
	@page=$$(mktemp -d) && bin/notiform sandbox --seed examples/sandbox/live.json -- bin/notiform plan examples/drafts/engagement-survey.yaml --report html="$$page/plan.html" >"$$page/plan.txt" && \
	$(CHROMIUM) --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=960,1030 --screenshot=examples/plan.png "file://$$page/plan.html"

# What only computes has no races, and takes five times as long when they are looked for.
PURE         = ./examples/... ./reconcile/diff ./reconcile/edit ./reconcile/report ./spec/card

test: ## run the tests; STRICT=1 adds -race and -shuffle=on
	@$(if $(STRICT),$(if $(RACE),,echo "races: not checked, there is no C compiler"))
	$(if $(STRICT),$(GO) test -shuffle=on $(PURE))
	$(GO) test $(TESTFLAGS) $(if $(STRICT),$$($(GO) list ./... | grep -vxF "$$($(GO) list $(PURE))"),./...)

check: STRICT = 1
check: test check-rest ## everything that must hold before a change lands

check-rest: static fuzz vuln smoke demo # check without the tests, for .ci/run, which has just run them

static: ## formatting, vet (for Windows and macOS too), staticcheck and go.mod, which run nothing
	@files=$$($(GOFMT) -l .) && test -z "$$files" || { echo "not formatted, see make fmt: $$files"; exit 1; }
	$(GO) vet ./...
	GOOS=windows $(GO) vet ./...
	GOOS=darwin $(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...
	$(GO) mod tidy -diff

fuzz: ## every fuzz target for FUZZTIME: 2000x is 2,000 inputs, 60s a minute
	GO="$(GO)" .ci/fuzz $(FUZZTIME)

vuln: ## known vulnerabilities, where the tool and its database can be reached
	GO="$(GO)" .ci/vuln $(GOVULNCHECK)

smoke: build ## the built binary starts, and in a clone it names the commit
	bin/notiform version
	@! test -d .git || bin/notiform version | grep -F "commit $$($(STAMPED) git rev-parse HEAD)," >/dev/null

bench: ## run the benchmarks
	$(GO) test -run '^$$' -bench . -benchmem ./...

fmt: ## format the Go code
	$(GOFMT) -w .

clean: ## remove what make built
	rm -rf bin
