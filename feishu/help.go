package feishu

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Feishu's own help stands in the error of a refusal: helps[].url, the page of the developer console
// where a missing scope is granted, and troubleshooter, words in front of the address of a diagnosis
// (the API page "Common error codes"). A hint shows them whole, for an address that is cut leads
// nowhere, so only what somebody may follow without looking twice is kept.

const (
	maxHelp     = 3   // addresses of one answer
	maxHelpSize = 500 // bytes of an address
)

// helpAddress is an address and nothing else: https, and only what an address may hold in print.
var helpAddress = regexp.MustCompile(`^https://[A-Za-z0-9._~:/?#@!$&*+,;=%-]+$`)

// addressIn returns what stands where an address is in a text, up to what ends it in a sentence:
// a blank, a full stop, or another script.
func addressIn(text string) string {
	ends := func(r rune) bool { return unicode.IsSpace(r) || r > unicode.MaxASCII && unicode.IsPrint(r) }
	for word := range strings.FieldsFuncSeq(text, ends) {
		if i := strings.Index(word, "https://"); i >= 0 {
			return strings.TrimRight(word[i:], ".,;!")
		}
	}
	return ""
}

// helpIn returns the addresses in texts that are Feishu's, each once.
func (c *Client) helpIn(texts []string) []string {
	var help []string
	for _, text := range texts[:min(len(texts), maxList)] {
		address := addressIn(text)
		if len(help) < maxHelp && isFeishus(address) && c.mask(address) == address && !slices.Contains(help, address) {
			help = append(help, address)
		}
	}
	return help
}

// isFeishus reports whether an address is of a host of Feishu or Lark.
func isFeishus(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Port() != "" || len(address) > maxHelpSize || !helpAddress.MatchString(address) {
		return false
	}
	for _, domain := range []string{"feishu.cn", "larksuite.com"} {
		if u.Host == domain || strings.HasSuffix(u.Host, "."+domain) {
			return true
		}
	}
	return false
}
