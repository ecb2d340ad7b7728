package spec

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// longestName is how many bytes of a job_name go into the name of a file: with the id and the ending
// it then fits wherever names are short.
const longestName = 100

// FileName is what the file of a draft is called: by its job_name, as far as every file system, shell
// and reader takes it alike, which letters and digits of all scripts are, and by its id, which tells it
// from all others, also where upper and lower case are the same.
func (d Draft) FileName() string {
	var b strings.Builder
	gap := false // between what has been written and what comes
	for _, r := range norm.NFC.String(d.JobName) {
		switch {
		case isHidden(r) && !unicode.IsSpace(r) && !breaksLine(r):
		case unicode.In(r, unicode.Mn, unicode.Mc) && !gap && b.Len() > 0, unicode.In(r, unicode.L, unicode.N):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	name := norm.NFC.String(b.String())
	if len(name) > longestName {
		cut := longestName
		for !utf8.RuneStart(name[cut]) {
			cut--
		}
		name = strings.TrimSuffix(name[:max(norm.NFC.LastBoundary([]byte(name[:cut])), 0)], "-")
	}
	if name != "" {
		name += "-"
	}
	return name + d.NotificationID + ".yaml"
}
