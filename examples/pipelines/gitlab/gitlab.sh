#!/bin/sh
# The jobs of gitlab-ci.yml that know GitLab, in the work tree of the job.
#
#     gitlab.sh validate   check the drafts; no secrets
#     gitlab.sh plan       plan a merge request, and say so on it
#     gitlab.sh apply      write what a push has merged, or what NOTIFORM_DIGEST names
#     gitlab.sh applied    say on the merge requests what became of it, however apply has ended
#     gitlab.sh drift      keep one issue open for as long as there is drift
#
# The program beside notiform, built from the folder of this script, speaks to GitLab with
# NOTIFORM_GITLAB_TOKEN. README.md lists the variables.
set -eu

here=$(dirname "$0")
tools=$CI_PROJECT_DIR.notiform # outside the checkout, and still there for after_script
export NOTIFORM="$tools/notiform" REPORTS=.notiform/out HELPDESK="${NOTIFORM_HELPDESK-}" TICKET="${FEISHU_TICKET_ID-}"
export ALLOW_AUDIENCE="${NOTIFORM_ALLOW_AUDIENCE-}" TIMEOUT="${NOTIFORM_TIMEOUT-}"

gitlab() { SSL_CERT_FILE=${CI_SERVER_TLS_CA_FILE-} "$tools/gitlab" "$@"; }

# job ...: one of notiform-ci.sh, with the exit code in $code.
job() {
	code=0
	sh "$here/../shell/notiform-ci.sh" "$@" || code=$?
}

# validate looks at what a merge request changes, and on the branch at everything. It has no secrets.
validate() {
	set --
	case ${CI_MERGE_REQUEST_EVENT_TYPE-} in
	'') ;;
	detached) set -- --changed "$CI_MERGE_REQUEST_DIFF_BASE_SHA" ;;
	*) set -- --changed "${CI_MERGE_REQUEST_TARGET_BRANCH_SHA:-HEAD^1}" ;;
	esac
	set -- --report "gitlab-codequality=$REPORTS/codequality.json" --report "junit=$REPORTS/junit.xml" "$@"
	[ -z "${DRAFTS-}" ] || set -- "$@" -- "$DRAFTS"
	exec "$NOTIFORM" validate --color never "$@"
}

# What is planned is what a merge would make of the target branch. GitLab has made that commit, and
# names the two that it is made of, or they are its parents; or else it is made here.
plan() {
	export FEISHU_USER_ACCESS_TOKEN="$FEISHU_PLAN_TOKEN"
	# A label lets a merge request reach a protected audience; apply finds that in the approvals.
	ALLOW_AUDIENCE=$(printf '%s\n' "${CI_MERGE_REQUEST_LABELS-}" | tr , '\n' | sed -n 's/^allow-audience \([a-z_]*\)$/\1/p')
	code=0
	if [ "${CI_MERGE_REQUEST_EVENT_TYPE:-detached}" = detached ]; then
		head=$CI_COMMIT_SHA
		git fetch --quiet origin "$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"
		base=$(git rev-parse FETCH_HEAD)
		git checkout --quiet --detach "$base"
		git -c user.name=notiform -c user.email=notiform@localhost merge --quiet --no-ff --message merge "$head" || code=4
		[ "$code" = 0 ] || git merge --abort
	else
		head=${CI_MERGE_REQUEST_SOURCE_BRANCH_SHA:-$(git rev-parse HEAD^2)}
		base=${CI_MERGE_REQUEST_TARGET_BRANCH_SHA:-$(git rev-parse HEAD^1)}
	fi
	case ${CI_MERGE_REQUEST_EVENT_TYPE-}-$code in
	*-4)
		echo "It cannot be merged as it is: bring its branch up to date." >"$REPORTS/report.md"
		;;
	merge_train-0) # nobody can read what a train plans, so it must have been approved before
		gitlab train "$REPORTS" "$CI_MERGE_REQUEST_IID" "$head"
		job plan "$base" "$REPORTS"/approved/*
		exit "$code"
		;;
	*)
		job plan "$base"
		;;
	esac
	gitlab plan "$REPORTS" "$head"
	exit "$code"
}

# apply by hand has the digest, and may have the base that the refused run had.
apply() {
	export FEISHU_USER_ACCESS_TOKEN="$FEISHU_APPLY_TOKEN"
	base=${NOTIFORM_BASE:-$CI_COMMIT_BEFORE_SHA}
	if ! git merge-base --is-ancestor "$base" HEAD 2>/dev/null; then
		base= # by hand without one, or the branch is new, or it was pushed by force
	fi
	git fetch --quiet origin "$CI_COMMIT_BRANCH" # FETCH_HEAD is what it says by now
	if [ "$CI_PIPELINE_SOURCE" = web ]; then
		exec sh "$here/../shell/notiform-ci.sh" approve "$base" FETCH_HEAD "$NOTIFORM_DIGEST"
	fi
	if [ -n "$base" ]; then
		git rev-list --first-parent "$base..HEAD" >"$REPORTS/commits"
	else
		echo "The branch is new, or was pushed by force: nothing is approved." >&2
		: >"$REPORTS/commits"
	fi
	gitlab approved "$REPORTS" <"$REPORTS/commits"
	exec sh "$here/../shell/notiform-ci.sh" apply "$base" FETCH_HEAD "$REPORTS"/approved/*
}

applied() {
	gitlab applied "$REPORTS"
}

drift() {
	export FEISHU_USER_ACCESS_TOKEN="$FEISHU_PLAN_TOKEN"
	job drift
	gitlab drift "$REPORTS" "$code"
	case $code in
	2 | 4) ;; # told by the issue; the job fails when it could not look
	*) exit "$code" ;;
	esac
}

mkdir -p "$REPORTS/approved"
echo "*" >"$REPORTS/.gitignore"
: >"$REPORTS/approved/none"
case ${1-} in
validate | plan | apply | applied | drift) "$@" ;;
*)
	sed -n 's/^#     //p' "$0" >&2
	exit 64
	;;
esac
