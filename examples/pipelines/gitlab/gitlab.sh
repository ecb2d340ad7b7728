#!/bin/sh
# What the pipeline says on GitLab, and reads there.
#
#     gitlab.sh note REPORT DIGEST     put the report on the merge request: one note, replaced by each plan
#     gitlab.sh reviewed               print the digest that was reviewed for the commit of this pipeline, if any
#     gitlab.sh issue REPORT CODE      keep one issue open for as long as there is drift
#
# NOTIFORM_GITLAB_TOKEN is an access token with the scope api whose user is a Reporter. It reaches
# curl by standard input: arguments can be seen by other processes.
set -eu

: "${NOTIFORM_GITLAB_TOKEN:?is not set; README.md says what it is}"
here=$(dirname "$0")
project=$CI_API_V4_URL/projects/$CI_PROJECT_ID

# call METHOD URL [CURL-ARGUMENT ...]: one request.
call() {
	method=$1 url=$2
	shift 2
	printf 'header = "PRIVATE-TOKEN: %s"\n' "$NOTIFORM_GITLAB_TOKEN" |
		curl --silent --show-error --fail --config - --request "$method" "$@" "$url"
}

# values URL: the values of a JSON answer, one a line.
values() {
	answer=$(call GET "$1")
	printf '%s\n' "$answer" | awk -f "$here/json.awk"
}

# list URL KEYS: a line for each entry of a list, of all its pages, with the values of the KEYS
# and tabs between them. What an entry does not have is empty.
list() {
	page=1
	while [ $page -le 100 ]; do
		entries=$(values "$1&per_page=100&page=$page")
		[ -n "$entries" ] || break
		printf '%s\n' "$entries" | KEYS=$2 awk -F '\t' '
			BEGIN { n = split(ENVIRON["KEYS"], keys, " ") }
			{ last = $1 + 0; value[$1] = $2 }
			END {
				for (entry = 0; entry <= last; entry++) {
					line = value[entry "." keys[1]]
					for (k = 2; k <= n; k++) line = line "\t" value[entry "." keys[k]]
					print line
				}
			}'
		page=$((page + 1))
	done
}

# own MARKER URL ID-KEY TEXT-KEY: the id, a tab and the text of the newest entry of a list, sorted
# from old to new, that is ours and begins with the marker. Anybody can write a marker, so the
# author counts as well.
own() {
	user=$(values "$CI_API_V4_URL/user")
	me=$(printf '%s\n' "$user" | sed -n 's/^id	//p')
	ours=$(list "$2" "$3 author.id $4")
	printf '%s\n' "$ours" | ME=$me MARKER=$1 awk -F '\t' '
		$2 != "" && $2 == ENVIRON["ME"] && index($3, ENVIRON["MARKER"]) == 1 { found = $1 "\t" $3 }
		END { if (found != "") print found }'
}

note() {
	report=$1 digest=$2
	text=$(mktemp)
	{
		echo "<!-- notiform:reviewed sha=${CI_MERGE_REQUEST_SOURCE_BRANCH_SHA:-$CI_COMMIT_SHA} digest=${digest:-none} -->"
		cat "$report"
	} >"$text"
	notes=$project/merge_requests/$CI_MERGE_REQUEST_IID/notes
	found=$(own "<!-- notiform:reviewed " "$notes?sort=asc&order_by=created_at" id body)
	if [ -n "$found" ]; then
		call PUT "$notes/${found%%	*}" --data-urlencode "body@$text" >/dev/null
	else
		call POST "$notes" --data-urlencode "body@$text" >/dev/null
	fi
	rm "$text"
}

# The commit's own merge request is the one that was merged as exactly this commit: by a merge, a
# squash or a fast-forward. The note on it holds the commit that was planned, and the digest.
reviewed() {
	merged=$(list "$project/repository/commits/$CI_COMMIT_SHA/merge_requests?state=merged" \
		"iid sha target_branch state merge_commit_sha squash_commit_sha")
	merged=$(printf '%s\n' "$merged" | awk -F '\t' '
		$3 == ENVIRON["CI_COMMIT_BRANCH"] && $4 == "merged" &&
		($2 == ENVIRON["CI_COMMIT_SHA"] || $5 == ENVIRON["CI_COMMIT_SHA"] || $6 == ENVIRON["CI_COMMIT_SHA"]) { print $1, $2; exit }')
	if [ -n "$merged" ]; then
		marker="<!-- notiform:reviewed sha=${merged#* } digest=sha256:"
		found=$(own "$marker" "$project/merge_requests/${merged% *}/notes?sort=asc&order_by=created_at" id body)
		printf '%s\n' "$found" | sed -n 's/^[0-9]*	<!-- notiform:reviewed sha=[0-9a-f]* digest=\(sha256:[0-9a-f]\{64\}\) -->.*/\1/p'
	fi
}

issue() {
	report=$1 code=$2
	marker="<!-- notiform:drift -->"
	found=$(own "$marker" "$project/issues?state=opened&scope=all&order_by=created_at&sort=asc" iid description)
	iid=${found%%	*}
	case $code in
	0)
		[ -z "$iid" ] || call PUT "$project/issues/$iid" --data-urlencode "state_event=close" >/dev/null
		;;
	2 | 4)
		text=$(mktemp)
		{ echo "$marker" && cat "$report"; } >"$text"
		if [ -n "$iid" ]; then
			call PUT "$project/issues/$iid" --data-urlencode "description@$text" >/dev/null
		else
			call POST "$project/issues" --data-urlencode "description@$text" \
				--data-urlencode "title=The helpdesk no longer says what the draft files say" >/dev/null
		fi
		rm "$text"
		;;
	esac
}

case ${1-} in
note | reviewed | issue) "$@" ;;
*)
	sed -n 's/^#     //p' "$0" >&2
	exit 64
	;;
esac
