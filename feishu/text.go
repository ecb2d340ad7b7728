package feishu

import (
	"cmp"
	"errors"
	"net/http"
	"regexp"
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

// bounded returns s, or as much of its beginning as fits into size bytes together
// with a mark at its end. It never cuts within a character.
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

// shortestLeak is how many bytes of a secret must not be shown in a row.
const shortestLeak = 8

// mask returns s without the parts that also occur in one of the client's secrets,
// for a server may send back what it was sent.
func (c *Client) mask(s string) string {
	for _, secret := range *c.secrets.Load() {
		s = maskOne(s, secret.Reveal())
	}
	return s
}

// Mask returns text that may be shown of what a server sent: bounded, without what also occurs in one
// of the secrets, and with everything that does not print as escapes.
func Mask(text string, secrets ...Secret) string {
	text = bounded(text, maxText)
	for _, secret := range secrets {
		text = maskOne(text, secret.Reveal())
	}
	return visible(text)
}

// addSecret adds a secret to those that are masked.
func (c *Client) addSecret(secret Secret) {
	for added := false; !added; {
		old := c.secrets.Load()
		list := append(slices.Clone(*old), secret)
		added = c.secrets.CompareAndSwap(old, &list)
	}
}

// maskOne replaces every part of s that occurs in secret and is at least
// shortestLeak bytes long, or as long as the secret.
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

// commonPrefix returns the length of the longest prefix of s that occurs in secret,
// or 0 if that has fewer than size bytes. One character over and over does not
// count: sample tokens have runs of zeros, and so do ids.
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

// logID returns the id that Feishu's support can look a request up by.
func (c *Client) logID(h http.Header) string {
	id := cmp.Or(h.Get("X-Tt-Logid"), h.Get("X-Request-Id"))
	if strings.Trim(id, "0123456789ABCDEF") == "" { // nearly always, and no token looks like that
		return bounded(id, maxLogID)
	}
	return c.mask(bounded(id, maxLogID))
}

// censorAnswer censors all text of a that came from the server.
func (c *Client) censorAnswer(a *answer) {
	a.msg = c.censor(a.msg)
	if a.logID == "" {
		a.logID = c.mask(bounded(a.headLogID, maxLogID))
	}
	a.scopes = c.censorAll(a.scopes)
	a.violations = c.censorAll(a.violations)
	a.help = c.helpIn(a.help)
}

// censor returns s as it may be shown: bounded, and without secrets. It cuts first,
// for masking is slow, and a part of a secret is masked as well as the whole.
func (c *Client) censor(s string) string { return c.mask(bounded(s, maxText)) }

func (c *Client) censorAll(list []string) []string {
	list = list[:min(len(list), maxList)]
	for i := range list {
		list[i] = c.censor(list[i])
	}
	return list
}

// peersWords are how package net/http quotes what the other side sent.
var peersWords = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// censorError returns err, or an error with its words censored if they have to be:
// they may quote a token, or a piece of what the other side sent.
func (c *Client) censorError(err error) error {
	words := peersWords.ReplaceAllString(err.Error(), `"…"`)
	if words = c.censor(words); words != err.Error() {
		return errors.New(words)
	}
	return err
}
