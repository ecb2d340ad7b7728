package command

// ExitCodes are the exit codes, each with what it means, for the reference.
func ExitCodes(row func(code int, means string)) {
	for _, e := range exitCodes() {
		row(e.code, e.means)
	}
}
