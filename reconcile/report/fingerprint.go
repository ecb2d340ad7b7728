package report

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
)

// fingerprints give each finding an identity that stays when lines move and that no other
// finding of the run has.
type fingerprints map[string]int

// place is a line, with or without a column, behind a file's name in a message.
var place = regexp.MustCompile(`:[0-9]+(:[0-9]+)?\b`)

func (seen fingerprints) of(f finding) (hash string, nth int) {
	h := sha256.New()
	for _, part := range []string{f.rule, f.pos.File, f.subject, place.ReplaceAllString(f.detail, "")} {
		h.Write([]byte(strconv.Quote(part)))
	}
	hash = hex.EncodeToString(h.Sum(nil)[:16])
	seen[hash]++
	return hash, seen[hash]
}
