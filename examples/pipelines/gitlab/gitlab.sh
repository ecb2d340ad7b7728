#!/bin/sh
# The jobs of gitlab-ci.yml that know GitLab, in the work tree of the job.
#
#     gitlab.sh validate   check the drafts; no secrets
#     gitlab.sh plan       plan a merge request, and say so on it
#     gitlab.sh apply      write what a push has merged, or what NOTIFORM_DIGEST names
#     gitlab.sh applied    say on the merge requests what became of it, however apply has ended
#     gitlab.sh create     create the drafts of the branch that have no id yet, and save the ids that they get
#     gitlab.sh created    save them, where create had no time for it
#     gitlab.sh drift      keep one issue open for as long as there is drift
#
# The program beside notiform, built from the folder of this script, speaks to GitLab with
# NOTIFORM_GITLAB_TOKEN. README.md lists the variables.
set -eu

here=$(dirname "$0")
tools=$CI_PROJECT_DIR.notiform # outside the checkout, and still there for after_script
export NOTIFORM="$tools/notiform" REPORTS=.notiform/out HELPDESK="${NOTIFORM_HELPDESK-}" TICKET="${FEISHU_TICKET_ID-}"
export ALLOW_AUDIENCE="${NOTIFORM_ALLOW_AUDIENCE-}" TIMEOUT="${NOTIFORM_TIMEOUT-}"

ids=notiform-ids${NOTIFORM_HELPDESK:+-$NOTIFORM_HELPDESK}

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

# pushing runs git as somebody who may push to the project. The runner's own token may not.
pushing() {
	GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.$CI_SERVER_URL/.extraHeader" \
		GIT_CONFIG_VALUE_0="Authorization: Basic $(printf 'notiform:%s' "$NOTIFORM_PUSH_TOKEN" | base64 | tr -d '\n')" git "$@"
}

# create takes the branch as it is by now, since the commit of a job that is repeated lacks the ids. The
# branch notiform-ids is there for as long as its ids are on this runner alone, or wait to be merged.
create() {
	if [ -z "${NOTIFORM_PUSH_TOKEN-}" ]; then
		echo "Nothing is created without NOTIFORM_PUSH_TOKEN, by which the ids are saved." >&2
		exit 0
	fi
	export FEISHU_USER_ACCESS_TOKEN="$FEISHU_APPLY_TOKEN"
	git fetch --quiet origin "$CI_COMMIT_BRANCH"
	git checkout --quiet --detach FETCH_HEAD
	set -- --auto-approve --color never
	[ -z "$HELPDESK" ] || set -- "$@" --helpdesk "$HELPDESK"
	for audience in ${NOTIFORM_CREATE_AUDIENCE-}; do set -- "$@" --allow-audience "$audience"; done
	if "$NOTIFORM" create --max-changes 0 "$@" ${DRAFTS:+"$DRAFTS"} >"$REPORTS/seen" 2>&1; then
		exit 0 # there is no new draft
	fi
	if pushing ls-remote --exit-code "$CI_PROJECT_URL.git" "refs/heads/$ids" >"$REPORTS/waiting"; then
		echo "Nothing is created, since there is a branch $ids: merge its merge request, or look in the log of the job" >&2
		echo "that left it and in the helpdesk for what that created; then delete the branch." >&2
		exit 1
	fi
	pushing push --quiet -o ci.skip "$CI_PROJECT_URL.git" "HEAD:refs/heads/$ids"
	: >"$REPORTS/begun"
	trap : INT TERM # which notiform gets as well: it ends what it has begun
	code=0
	"$NOTIFORM" create --timeout "${TIMEOUT:-25m}" --report "json=$REPORTS/result.json" \
		--report "junit=$REPORTS/junit.xml" "$@" ${DRAFTS:+"$DRAFTS"} || code=$?
	created
	exit "$code"
}

# created saves the ids on the branch or, where that takes no push, in a merge request. It starts no
# pipeline of the branch: nothing is left to create in it.
created() {
	[ -e "$REPORTS/begun" ] || return 0
	export GIT_AUTHOR_NAME=notiform GIT_AUTHOR_EMAIL=notiform@localhost GIT_COMMITTER_NAME=notiform GIT_COMMITTER_EMAIL=notiform@localhost
	git add --update
	git diff --cached --quiet || git commit --quiet --message "Enter the ids of new notifications"
	for _ in 1 2 3; do
		if pushing push --quiet -o ci.skip "$CI_PROJECT_URL.git" "HEAD:refs/heads/$CI_COMMIT_BRANCH"; then
			pushing push --quiet "$CI_PROJECT_URL.git" ":refs/heads/$ids"
			rm "$REPORTS/begun"
			return 0
		fi
		git pull --quiet --rebase origin "$CI_COMMIT_BRANCH" || break
	done
	git rebase --abort 2>/dev/null || true
	pushing push --quiet --force -o merge_request.create -o "merge_request.target=$CI_COMMIT_BRANCH" \
		-o "merge_request.title=Enter the ids of new notifications" "$CI_PROJECT_URL.git" "HEAD:refs/heads/$ids"
	rm "$REPORTS/begun"
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
validate | plan | apply | applied | create | created | drift) "$@" ;;
*)
	sed -n 's/^#     //p' "$0" >&2
	exit 64
	;;
esac
