package report

import "regexp"

// CI systems read commands out of what a step prints, on both streams. GitHub's runner takes a
// line whose first characters other than blanks are "::", and the older "##[" anywhere in a line;
// Azure takes "##vso[" and TeamCity "##teamcity[" anywhere. Indentation is therefore no protection.
var (
	loggingCommand  = regexp.MustCompile(`##([A-Za-z]*)\[`)
	workflowCommand = regexp.MustCompile(`^([\s\p{Z}\p{M}\p{Cf}]*):([\p{M}\p{Cf}]*:)`)
)

// withoutLoggingCommands breaks the commands that count anywhere in a line. The escape is one of
// Visible's, so what it stands for is still told.
func withoutLoggingCommands(s string) string {
	return loggingCommand.ReplaceAllString(s, `#\u{23}$1[`)
}

// inert is a finished line of text in which no CI system finds a command, whatever its pieces
// add up to.
func inert(line string) string {
	return withoutLoggingCommands(workflowCommand.ReplaceAllString(line, `$1\u{3A}$2`))
}

// jsonWithoutLoggingCommands is the same JSON: a number sign occurs only within strings, where it
// may be written as its escape.
func jsonWithoutLoggingCommands(b []byte) []byte {
	return loggingCommand.ReplaceAll(b, []byte(`#\u0023$1[`))
}
