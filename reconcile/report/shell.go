package report

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

var bareWord = regexp.MustCompile(`^[A-Za-z0-9_./:=@%+,-]+$`)

// shellCommand is a command line for sh that has exactly these arguments. Arguments with
// characters that cannot be shown are quoted as $'…', which bash and zsh read.
func shellCommand(args []string) string {
	words := make([]string, len(args))
	for i, a := range args {
		words[i] = shellWord(a)
	}
	return strings.Join(words, " ")
}

func shellWord(s string) string {
	switch {
	case bareWord.MatchString(s) && inert(s) == s:
		return s
	case inert(s) == s && Visible(s) == strings.ReplaceAll(s, `\`, `\\`):
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r < ' ' || r >= 0x7F || strings.ContainsRune(`'\:#`, r) {
			for _, c := range []byte(s[i : i+size]) {
				fmt.Fprintf(&b, `\x%02x`, c)
			}
		} else {
			b.WriteByte(s[i])
		}
		i += size
	}
	return "$'" + b.String() + "'"
}
