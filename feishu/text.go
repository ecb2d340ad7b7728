package feishu

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// How much of the server's words is kept, in UTF-8 bytes and in list items.
const (
	maxText  = 1000
	maxLogID = 100
	maxList  = 20
)

// bounded returns s, or as much of its beginning as fits into size bytes with a
// mark at the end, never half a character.
func bounded(s string, size int) string {
	if len(s) <= size {
		return s
	}
	const mark = "…"
	end := size - len(mark)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + mark
}

// visible returns s with everything that does not print (control characters,
// line ends, bidi controls, broken UTF-8) as escapes.
func visible(s string) string {
	quoted := strconv.Quote(s)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

// shortestLeak is the number of bytes of a secret that must not be shown in a row.
const shortestLeak = 8

// mask returns s with every part that also occurs in one of the client's secrets
// replaced, for a server may send back what it was sent.
func (c *Client) mask(s string) string {
	for _, secret := range *c.secrets.Load() {
		s = maskOne(s, secret.Reveal())
	}
	return s
}

// conceal adds a secret to those that are masked. Only one goroutine at a time
// may call it.
func (c *Client) conceal(secret Secret) {
	list := append(slices.Clone(*c.secrets.Load()), secret)
	c.secrets.Store(&list)
}

func maskOne(s, secret string) string {
	size := min(shortestLeak, len(secret))
	if size == 0 || len(s) < size {
		return s
	}
	var b strings.Builder
	shown := 0 // s[:shown] is in b already
	for i := 0; i+size <= len(s); {
		n := commonPrefix(s[i:], secret, size)
		if n == 0 {
			i++
			continue
		}
		b.WriteString(s[shown:i] + redacted)
		i += n
		shown = i
	}
	b.WriteString(s[shown:])
	return b.String()
}

// commonPrefix returns the length of the longest prefix of s, of at least size
// bytes, that occurs in secret, or 0. One character over and over tells nothing:
// sample tokens have runs of zeros, and so do ids.
func commonPrefix(s, secret string, size int) int {
	n := size
	if !strings.Contains(secret, s[:n]) || n > 1 && strings.Trim(s[:n], s[:1]) == "" {
		return 0
	}
	for n < len(s) && strings.Contains(secret, s[:n+1]) {
		n++
	}
	return n
}
