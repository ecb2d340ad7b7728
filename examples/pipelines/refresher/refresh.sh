#!/bin/sh
# The one job that holds a login: it refreshes it, keeps the new pair, and publishes the access token
# for all others, which only read. Run it every hour, and never two at once.
#
#     refresh.sh file FOLDER       FOLDER/login.json, publishes FOLDER/access-token
#     refresh.sh vault PATH        Vault KV v2: PATH, publishes PATH-access
#     refresh.sh github REPO       secrets of the environment notiform-refresh, publishes to notiform-plan
#     refresh.sh gitlab            variables NOTIFORM_LOGIN, publishes FEISHU_USER_ACCESS_TOKEN
#
# Needs FEISHU_APP_ID and FEISHU_APP_SECRET; NOTIFORM is the program (notiform). vault, gh and curl are
# given their own tokens: VAULT_TOKEN, GH_TOKEN, NOTIFORM_GITLAB_TOKEN. For github, NOTIFORM_LOGIN is the
# secret's value. LOGIN is the secret or variable that holds the login (NOTIFORM_LOGIN), NAME the one that is
# published (FEISHU_USER_ACCESS_TOKEN), TO the environments of GitHub that get it, with blanks between.
#
# A refresh token works once. So the place is written to, with what it held, before that is spent: who
# cannot write, or is not alone, ends there. The new pair is written only over what was read, and
# nothing uses it before.
set -eu
umask 077

NOTIFORM=${NOTIFORM:-notiform}
LOGIN=${LOGIN:-NOTIFORM_LOGIN}
NAME=${NAME:-FEISHU_USER_ACCESS_TOKEN}

usage() {
	sed -n 's/^#     //p' "$0" >&2
	exit 64
}

fail() {
	echo "refresh.sh: $*" >&2
	exit 1
}

# call METHOD URL [CURL-ARGUMENT ...]: one request to GitLab. Arguments can be seen by other processes.
call() {
	method=$1 url=$2
	shift 2
	printf 'header = "PRIVATE-TOKEN: %s"\n' "$NOTIFORM_GITLAB_TOKEN" |
		curl --silent --show-error --fail --config - --request "$method" "$@" "$url"
}

sum() { sha256sum <"$1" | cut -d ' ' -f 1; }

# read_vault, read_github, read_gitlab: what the place holds goes to $1.
read_vault() {
	version=$(vault kv metadata get -field=current_version "$path")
	vault kv get -version="$version" -field=login "$path" >"$1"
}
read_github() {
	printf '%s' "${NOTIFORM_LOGIN:?is not set}" >"$1"
	[ "$(gh variable get "${LOGIN}_SUM" --repo "$path" --env notiform-refresh)" = "$(sum "$1")" ] ||
		fail "the secret was written by somebody else since this job started"
}
read_gitlab() {
	call GET "$variables/$LOGIN" | sed -n 's/.*"value":"\([A-Za-z0-9+/=]*\)".*/\1/p' >"$1"
	[ -s "$1" ] || fail "the variable $LOGIN holds no login"
}

# write_vault, write_github, write_gitlab: $1 takes the place of what was read, $2, if that is still there.
# They are called where set -e does not count.
write_vault() {
	vault kv put -cas="$version" "$path" login=@"$1" >/dev/null || return 1
	version=$((version + 1))
}
write_github() {
	[ "$(gh variable get "${LOGIN}_SUM" --repo "$path" --env notiform-refresh)" = "$(sum "$2")" ] || return 1
	gh secret set "$LOGIN" --repo "$path" --env notiform-refresh <"$1" &&
		gh variable set "${LOGIN}_SUM" --repo "$path" --env notiform-refresh --body "$(sum "$1")"
}
write_gitlab() {
	read_gitlab "$work/now" && cmp -s "$work/now" "$2" &&
		call PUT "$variables/$LOGIN" --data-urlencode "value@$1" >/dev/null
}

# publish_vault, publish_github, publish_gitlab: the access token in $1 goes to all who read.
publish_vault() { vault kv put "$path-access" access_token=@"$1" >/dev/null; }
publish_github() {
	for to in ${TO:-notiform-plan}; do
		gh secret set "$NAME" --repo "$path" --env "$to" <"$1"
	done
}
publish_gitlab() { call PUT "$variables/$NAME" --data-urlencode "value@$1" >/dev/null; }

# access_token FILE: the login's access token, without a line end.
access_token() {
	"$NOTIFORM" auth token >"$work/line"
	tr -d '\n' <"$work/line" >"$1"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
unset FEISHU_USER_ACCESS_TOKEN FEISHU_USER_ACCESS_TOKEN_FILE FEISHU_TOKEN_COMMAND
case ${1-}-$# in
file-2) # the store keeps the pair by itself: locked, on the disk before it is used
	NOTIFORM_TOKEN_STORE=$2/login.json
	export NOTIFORM_TOKEN_STORE
	"$NOTIFORM" auth refresh
	access_token "$2/.access-token.new"
	chmod "${MODE:-0600}" "$2/.access-token.new"
	mv -f "$2/.access-token.new" "$2/access-token"
	exit 0
	;;
vault-2 | github-2) place=$1 path=$2 ;;
gitlab-1) place=$1 path='' variables=$CI_API_V4_URL/projects/$CI_PROJECT_ID/variables ;;
*) usage ;;
esac

NOTIFORM_TOKEN_STORE=$work/login.json
export NOTIFORM_TOKEN_STORE
"read_$place" "$work/read"
base64 -d <"$work/read" >"$work/login.json"
"write_$place" "$work/read" "$work/read" || fail "the login cannot be written back, or somebody else did; nothing was refreshed"
code=0
"$NOTIFORM" auth refresh || code=$?
base64 <"$work/login.json" | tr -d '\n' >"$work/new"
# Also a refresh that failed is kept, for the store notes what was sent and not answered. A login that is over
# is left where it is.
if [ "$code" = 0 ] || grep -q '"refresh_token":' "$work/login.json"; then
	cmp -s "$work/read" "$work/new" || "write_$place" "$work/new" "$work/read" ||
		fail "the new pair could not be kept, and the old one is spent: log in again (notiform auth login)"
fi
[ "$code" = 0 ] || exit "$code"
access_token "$work/token"
"publish_$place" "$work/token"
