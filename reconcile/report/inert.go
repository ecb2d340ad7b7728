package report

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// CI systems read commands out of what a step prints, on both streams. GitHub's runner takes a
// line whose first characters other than blanks are "::", and the older "##[" anywhere in a line;
// Azure takes "##vso[" and TeamCity "##teamcity[" anywhere. Indentation is therefore no protection.
var (
	loggingCommand  = regexp.MustCompile(`##([A-Za-z]*)\[`)
	lateControl     = regexp.MustCompile(`[\x{7F}-\x{9F}]`)
	workflowCommand = regexp.MustCompile(`^([\s\p{Z}\p{M}\p{Cf}]*):([\p{M}\p{Cf}]*:)`)
)

// withoutLoggingCommands breaks the commands that count anywhere in a line. The escape is one of
// Visible's, so what it stands for is still told.
func withoutLoggingCommands(s string) string {
	if !strings.Contains(s, "##") { // nearly always, and every line of a long card comes by here
		return s
	}
	return loggingCommand.ReplaceAllString(s, `#\u{23}$1[`)
}

// inert is a finished line of text in which no CI system finds a command, whatever its pieces
// add up to.
func inert(line string) string {
	if mayBeginCommand(line) {
		line = workflowCommand.ReplaceAllString(line, `$1\u{3A}$2`)
	}
	return withoutLoggingCommands(line)
}

// mayBeginCommand rules out what nearly every line is: one that begins, behind its indentation,
// with a printable ASCII character other than a colon.
func mayBeginCommand(line string) bool {
	text := strings.TrimLeft(line, " ")
	return text != "" && (text[0] == ':' || text[0] <= ' ' || text[0] >= 0x7F)
}

// InertJSON is the same JSON, to its last value, without commands of CI systems, and without the
// controls beyond ASCII's that terminals obey and JSON does not escape. Both occur only within
// strings. It is for whoever prints a document of ours that he did not write through Write.
func InertJSON(b []byte) []byte {
	b = loggingCommand.ReplaceAll(b, []byte(`#\u0023$1[`))
	return lateControl.ReplaceAllFunc(b, func(c []byte) []byte {
		r, _ := utf8.DecodeRune(c)
		return fmt.Appendf(nil, `\u%04x`, r)
	})
}
