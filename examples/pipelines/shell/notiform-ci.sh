#!/bin/sh
# The four jobs of a pipeline for any CI that can run a shell.
#
#     notiform-ci.sh validate             check the drafts; no network, no secrets
#     notiform-ci.sh plan BASE            what main would write; leaves digest and report.md
#     notiform-ci.sh apply BASE DIGEST    write exactly that; BASE is what was applied last, or ""
#     notiform-ci.sh drift                exit 2 when the helpdesk no longer says what HEAD says
#
# NOTIFORM is the program (notiform), DRAFTS the folder (drafts), REPORTS where files are left
# (notiform-reports), MAX_CHANGES the most drafts that apply may change (25), TICKET the ticket
# that gets apply's summary (none). FEISHU_* are notiform's own; give plan and drift a token that
# can only read. The exit code is notiform's.
set -eu

NOTIFORM=${NOTIFORM:-notiform}
DRAFTS=${DRAFTS:-drafts}
REPORTS=${REPORTS:-notiform-reports}

usage() {
	sed -n 's/^#     //p' "$0" >&2
	exit 64
}

# run COMMAND [FLAG ...]: notiform, with its reports and its exit code in $code.
run() {
	command=$1
	shift
	code=0
	rm -f "$REPORTS/result.json" "$REPORTS/report.md" "$REPORTS/junit.xml"
	"$NOTIFORM" "$command" --color never --report "json=$REPORTS/result.json" --report "markdown=$REPORTS/report.md" \
		--report "junit=$REPORTS/junit.xml" "$@" -- "$DRAFTS" || code=$?
	# A program that the Go runtime cannot keep alive ends with 2 as well. Only a report says that the
	# helpdesk differs.
	if [ "$code" = 2 ] && ! grep -qs '^  "exit_code": 2,\{0,1\}$' "$REPORTS/result.json"; then
		code=70
	fi
}

[ $# -gt 0 ] || usage
mkdir -p "$REPORTS"
job=$1
shift
case $job-$# in
validate-0)
	run validate
	;;
plan-1)
	rm -f "$REPORTS/digest"
	run plan --base "$1" --out "$REPORTS/plan.json"
	if [ "$code" = 0 ]; then
		sed -n 's/^  "digest": "\(sha256:[0-9a-f]\{64\}\)",\{0,1\}$/\1/p' "$REPORTS/result.json" >"$REPORTS/digest"
	fi
	;;
apply-2)
	base=$1 digest=$2
	case $digest in
	sha256:*) ;;
	*) usage ;; # without a digest notiform would not compare
	esac
	set -- --auto-approve --expect-digest "$digest" --max-changes "${MAX_CHANGES:-25}"
	[ -z "$base" ] || set -- "$@" --base "$base" --refuse-console-edits
	[ -z "${TICKET-}" ] || set -- "$@" --ticket "$TICKET"
	run apply "$@"
	;;
drift-0)
	run plan --base HEAD --detailed-exitcode
	;;
*) usage ;;
esac
exit "$code"
