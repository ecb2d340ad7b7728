#!/bin/sh
# The jobs of a pipeline for any CI that can run a shell, in a work tree with the whole history.
#
#     notiform-ci.sh validate [BASE]           check the drafts, or what HEAD changes since BASE; no secrets
#     notiform-ci.sh plan BASE [FILE ...]      what HEAD changes since BASE; leaves report.md, report.html and approvals;
#                                              with FILEs of approvals, refused if they do not allow it
#     notiform-ci.sh apply BASE TIP FILE ...   write that, if the FILEs of approvals allow all of it; BASE is
#                                              what was applied last, or "", TIP the branch as it is by now
#     notiform-ci.sh approve BASE TIP DIGEST   write that, if it is exactly the plan with the DIGEST
#     notiform-ci.sh drift                     exit 2 when the helpdesk no longer says what HEAD says
#
# NOTIFORM is the program (notiform), HELPDESK which one of .notiform.yaml (none), DRAFTS the folder
# (drafts; empty where .notiform.yaml has the paths), REPORTS where files are left
# (notiform-reports), TIMEOUT after how long nothing new is begun (25m), ALLOW_AUDIENCE the protected
# audiences that may be reached (none), LOCK a file to lock with flock while something is written
# (none), TICKET the ticket that gets apply's summary (none). FEISHU_* are notiform's own; give plan
# and drift a token that can only read. The exit code is notiform's. What writes becomes notiform, so
# that a signal reaches it: it ends what it has begun and leaves its reports.
set -eu

NOTIFORM=${NOTIFORM:-notiform}
REPORTS=${REPORTS:-notiform-reports}
DRAFTS=${DRAFTS-drafts}
become= # exec, for what writes

usage() {
	sed -n 's/^#     //p' "$0" >&2
	exit 64
}

# start COMMAND [FLAG ...]: notiform with its reports; or what this shell becomes.
start() {
	command=$1
	shift
	[ -z "${HELPDESK-}" ] || set -- --helpdesk "$HELPDESK" "$@"
	[ -z "$DRAFTS" ] || set -- "$@" -- "$DRAFTS"
	echo "The page with the cards will be $REPORTS/report.html" >&2
	$become "$NOTIFORM" "$command" --color never --report "json=$REPORTS/result.json" \
		--report "markdown=$REPORTS/report.md" --report "junit=$REPORTS/junit.xml" --report "html=$REPORTS/report.html" "$@"
}

# run COMMAND [FLAG ...]: start, with the exit code in $code.
run() {
	code=0
	start "$@" || code=$?
	# A program that the Go runtime cannot keep alive ends with 2 as well. Only a report says that the
	# helpdesk differs.
	if [ "$code" = 2 ] && ! grep -qs '^  "exit_code": 2,\{0,1\}$' "$REPORTS/result.json"; then
		code=70
	fi
}

# change BASE COMMAND [FLAG ...]: run a command on what HEAD changes since BASE, whose .notiform.yaml
# says what is guarded.
change() {
	base=$1 command=$2
	shift 2
	[ -z "$base" ] || set -- "$@" --changed "$base"
	for audience in ${ALLOW_AUDIENCE-}; do set -- "$@" --allow-audience "$audience"; done
	run "$command" --timeout "${TIMEOUT:-25m}" "$@"
}

# superseded TIP: the ids of the notifications of which TIP no longer says what HEAD says, or "." if
# that cannot be known. A run that waited, or is repeated, must not bring back what was changed since.
superseded() {
	head=$(git rev-parse HEAD)
	if ! git merge-base --is-ancestor HEAD "$1"; then
		echo "The branch no longer has $head, so nothing counts as approved." >&2
		echo .
	elif [ "$(git rev-parse "$1^{commit}")" != "$head" ]; then
		tree=$(mktemp -d) prefix=$(git rev-parse --show-prefix) # not here: it may have files where ours are
		git worktree add --quiet --detach "$tree" "$1"
		cd "$tree/$prefix"
		run plan --changed "$head" --timeout "${TIMEOUT:-25m}" >"$REPORTS/tip.txt" 2>&1
		cd "$OLDPWD"
		git worktree remove --force "$tree"
		if [ "$code" = 3 ] || ! grep -qs '^  "drafts": \[' "$REPORTS/result.json"; then
			cat "$REPORTS/tip.txt" >&2
			echo "It cannot be told what the branch says by now, so nothing counts as approved." >&2
			echo .
		else
			sed -n 's/^ *"notification_id": "\([0-9]*\)",\{0,1\}$/\1/p' "$REPORTS/result.json"
		fi
		clean
	fi
}

# clean: no report of a run before is taken for one of this.
clean() {
	rm -f "$REPORTS/result.json" "$REPORTS/report.md" "$REPORTS/report.html" "$REPORTS/junit.xml"
}

# lock: as long as this process lives, and what it becomes.
lock() {
	if [ -n "${LOCK-}" ]; then
		exec 9>>"$LOCK"
		flock 9
	fi
}

[ $# -gt 0 ] || usage
mkdir -p "$REPORTS"
REPORTS=$(cd "$REPORTS" && pwd)
[ -e "$REPORTS/.gitignore" ] || echo '*' >"$REPORTS/.gitignore"
clean
job=$1
shift
case $job-$# in
validate-0)
	run validate
	;;
validate-1)
	run validate --changed "$1"
	;;
plan-0 | apply-[012])
	usage
	;;
plan-*)
	base=$1
	shift
	rm -f "$REPORTS/approvals"
	for file; do set -- "$@" --approved "$file" && shift; done
	change "$base" plan --report "approvals=$REPORTS/approvals" --out "$REPORTS/plan.json" "$@"
	;;
apply-*)
	base=$1 tip=$2
	shift 2
	lock
	superseded "$tip" >"$REPORTS/superseded"
	n=0
	for file; do
		[ -r "$file" ] || { echo "$file cannot be read." >&2 && exit 1; }
		n=$((n + 1))
		grep -v -f "$REPORTS/superseded" "$file" >"$REPORTS/approved-$n" || true # none is left
		cmp -s "$file" "$REPORTS/approved-$n" || echo "The branch says something else by now, so not all of $file counts." >&2
		shift
		set -- "$@" --approved "$REPORTS/approved-$n"
	done
	[ -z "${TICKET-}" ] || set -- "$@" --ticket "$TICKET"
	become="exec"
	change "$base" apply --auto-approve "$@"
	;;
approve-3)
	base=$1 tip=$2 digest=$3
	case $digest in
	sha256:*) set -- --expect-digest "$digest" --refuse-console-edits=false ;;
	*) usage ;; # without a digest notiform would not compare
	esac
	[ -z "${TICKET-}" ] || set -- "$@" --ticket "$TICKET"
	lock
	if [ "$(git rev-parse "$tip^{commit}")" != "$(git rev-parse HEAD)" ]; then
		echo "Nothing is written: the branch has moved on since." >&2
		exit 4
	fi
	become="exec"
	change "$base" apply --auto-approve "$@"
	;;
drift-0)
	run plan --detailed-exitcode
	;;
*) usage ;;
esac
exit "$code"
