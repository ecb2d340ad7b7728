package report

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
)

// Text from data stands in Markdown in three places only: a code span, a <code> element within
// a line of HTML, and a fenced block. None of them takes mentions, issue numbers, commit ids,
// emoji shortcodes, links or quick actions for what they are elsewhere, neither when Markdown is
// parsed nor in what GitHub and GitLab do to the HTML afterwards. Entities and backslashes would
// not do: an escaped @ is a mention again once the HTML is looked through.

// shownColumns is how much of a name or a file name stands in a heading or a table; all of it
// is in the block of the draft, where it changes.
const shownColumns = 60

// code is a code span that shows a name.
func code(s string) string { return span(s, shownColumns) }

// span is a code span that shows s, or as much of it as fits in so many columns.
func span(s string, columns int) string {
	s = clip(s, columns, unclear)
	if strings.TrimSpace(s) == "" {
		s = strconv.Quote(s) // blanks alone would not be a span, or not be seen
	}
	marks := strings.Repeat("`", longestRun(s)+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || strings.HasPrefix(s, " ") || strings.HasSuffix(s, " ") {
		s = " " + s + " " // one blank at both ends is not part of a span
	}
	return marks + s + marks
}

// cell is a piece of Markdown as it stands in a table, where a bar would end the cell even
// within a code span.
func cell(markdown string) string { return strings.ReplaceAll(markdown, "|", `\|`) }

// codeElement is code for a line of HTML, in which Markdown is not read.
func codeElement(s string) string {
	return "<code>" + html.EscapeString(clip(s, shownColumns, unclear)) + "</code>"
}

// longestRun is the length of the longest run of back quotes in s.
func longestRun(s string) int {
	longest, run := 0, 0
	for i := range len(s) {
		if s[i] != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// fenced is a fenced block around lines, none of which can end it.
func fenced(language string, lines []string) string {
	longest := 2
	for _, l := range lines {
		longest = max(longest, longestRun(l))
	}
	marks := strings.Repeat("`", longest+1)
	var b strings.Builder
	b.WriteString(marks + language + "\n")
	for _, l := range lines {
		b.WriteString(l + "\n")
	}
	b.WriteString(marks + "\n")
	return b.String()
}

// marker is the hidden line by which a comment of this kind is found again, to be replaced by
// the next. Nothing in the helpdesk's id can end the comment that hides it.
func marker(kind, helpdesk string) string {
	if helpdesk != "" {
		helpdesk = percentEncoded(helpdesk, "_")
		helpdesk = " helpdesk=" + helpdesk[:min(len(helpdesk), 100)]
	}
	return "<!-- notiform:" + kind + helpdesk + " -->\n"
}

// percentEncoded is s with every byte as %XX but letters, digits and those of also.
func percentEncoded(s, also string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte(also, c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

var urlForm = regexp.MustCompile(`^https?://[A-Za-z0-9.:-]+/[A-Za-z0-9/._-]*$`)

// link is an address of the CI system as a link, or nothing.
func link(url string) string {
	if !urlForm.MatchString(url) || len(url) > 500 {
		return ""
	}
	return "<" + url + ">"
}
