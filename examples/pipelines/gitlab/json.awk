# Prints the values of a JSON document, one a line: PATH, a tab, VALUE. A path is the names and
# indexes down to the value, such as 0.author.id. Strings stay escaped, so that a value is one
# line, except for what GitLab escapes without need. For POSIX awk; a record is what stands
# between two quotes, so the work grows with the size of the document only.
#
#     curl … | awk -f json.awk
BEGIN { RS = "\"" }

inside {
	text = text $0
	if (match($0, /\\+$/) && RLENGTH % 2) { # the quote behind it is escaped, and part of the text
		text = text "\""
		next
	}
	inside = 0
	word = text
	text = ""
	known = 1
	next
}

{
	for (i = 1; i <= length($0); i++) structure(substr($0, i, 1))
	inside = 1
}

function structure(c) {
	if (c == "{" || c == "[") {
		depth++
		kind[depth] = c
		name[depth] = c == "[" ? 0 : ""
	} else if (c == ":") {
		name[depth] = word
		known = 0
		word = ""
	} else if (c == "," || c == "}" || c == "]") {
		value()
		if (c != ",") depth--
		else if (kind[depth] == "[") name[depth]++
	} else if (c !~ /[ \t\r\n]/) { # a number, true, false or null
		word = word c
		known = 1
	}
}

function value(   at, i) {
	if (known) {
		for (i = 1; i <= depth; i++) at = at (i > 1 ? "." : "") name[i]
		print at "\t" plain(word)
	}
	known = 0
	word = ""
}

# plain undoes what GitLab escapes without need. A backslash that is escaped begins no escape.
function plain(s,   parts, n, i) {
	gsub(/\\\\/, "\001", s)
	gsub(/\\u003[cC]/, "<", s)
	gsub(/\\u003[eE]/, ">", s)
	gsub(/\\u0026/, "\\&", s)
	n = split(s, parts, "\001")
	s = parts[1]
	for (i = 2; i <= n; i++) s = s "\\\\" parts[i]
	return s
}
