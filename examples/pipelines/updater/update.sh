#!/bin/sh
# Takes what somebody changed at the console into the draft files, as a pull request.
#
#     update.sh [PATH ...]
#
# Run it at night in a clone of the default branch with its whole history. The edits go onto the branch
# notiform/console-edits, made anew from the default branch, in one commit that tells who edited what. On
# GitHub, with GH_TOKEN, gh makes the pull request; on GitLab the push does; elsewhere you do. Nothing is
# pushed when nothing was edited, or when the branch says the same already. What is left (both sides
# changed it, a comment would be lost) is in the log, and the exit code is notiform's.
#
# NOTIFORM is the program (notiform). FEISHU_* are notiform's own; a token that can only read will do.
set -eu

branch=notiform/console-edits
main=$(git rev-parse --abbrev-ref HEAD)
[ "$main" != HEAD ] || main=${CI_DEFAULT_BRANCH:-main}
message=$(mktemp)
trap 'rm -f "$message"' EXIT

code=0
"${NOTIFORM:-notiform}" import --update --color never --report "text=$message" "$@" || code=$?
case $code in
64 | 70 | 130) exit "$code" ;;
esac
if git diff --quiet; then
	echo "the files say what the helpdesk has, but for what is told above" >&2
	exit "$code"
fi

git checkout --quiet -B "$branch"
git add --update
{
	printf 'Take edits made at the console into the files\n\n'
	sed 's/^/    /' "$message"
} >"$message.commit"
mv "$message.commit" "$message"
git commit --quiet --cleanup=verbatim --file="$message"

if git fetch --quiet origin "$branch" 2>/dev/null && git diff --quiet FETCH_HEAD HEAD; then
	echo "$branch has these edits already" >&2
	exit "$code"
fi
set -- --quiet --force origin "$branch"
[ -z "${GITLAB_CI-}" ] || set -- -o merge_request.create -o "merge_request.target=$main" "$@"
git push "$@"
if [ -n "${GH_TOKEN-}" ]; then
	# Names and texts of the helpdesk stand in a block of code, where they are nothing but text.
	sed 1,2d "$message" >"$message.body"
	mv "$message.body" "$message"
	if [ "$(gh pr list --head "$branch" --state open --json number --jq length)" = 0 ]; then
		gh pr create --head "$branch" --base "$main" --title 'Take edits made at the console into the files' --body-file "$message"
	else
		gh pr edit "$branch" --body-file "$message"
	fi
fi
exit "$code"
