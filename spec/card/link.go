package card

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// noClient is the address by which a card says that it does not open on a kind of client.
const noClient = "lark://msgcard/unsupported_action"

// address judges an address. Feishu opens http and https and nothing else, but a telephone number in
// a markdown element; an address without a scheme it refuses, or takes for none where its own
// samples have such.
func (j *judge) address(n *Node, address string, f Format) {
	scheme, rest := cutScheme(address)
	switch {
	case address == noClient || scheme == "tel" && f == FullMarkdown:
	case scheme == "":
		j.doubt(n, ruleLink, addressWithoutScheme, j.Quote(address)).with(writeScheme).Sure = f == Address || f == AppAddress
	case scheme == "lark" || scheme == "feishu":
		j.doubt(n, ruleLink, schemeNotOpened, j.Quote(address)).with(writeScheme)
	case scheme != "http" && scheme != "https":
		j.sure(n, ruleLink, schemeNotOpened, j.Quote(address)).with(writeScheme)
	case !strings.HasPrefix(rest, "//") || strings.Trim(rest, "/") == "" || strings.HasPrefix(rest, "///"):
		j.sure(n, ruleLink, addressWithoutHost, j.Quote(address)).with(writeScheme)
	case strings.IndexFunc(address, refusedInAddress) >= 0:
		j.sure(n, ruleLink, addressNotEscaped, j.Quote(address)).with(escapeAddress)
	case !isASCII(address):
		j.doubt(n, ruleLink, addressNotEscaped, j.Quote(address)).with(escapeAddress)
	}
}

func refusedInAddress(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("<>\"{}|\\^`", r)
}

// cutScheme is the scheme of an address in small letters, "" if it has none, and what follows it. A
// port follows a host and no scheme.
func cutScheme(address string) (scheme, rest string) {
	i := strings.IndexByte(address, ':')
	if i <= 0 || i+1 < len(address) && '0' <= address[i+1] && address[i+1] <= '9' && address[:i] != "tel" {
		return "", address
	}
	for _, r := range address[:i] {
		if !(r < utf8.RuneSelf && isWordByte(byte(r)) || r == '+' || r == '-') {
			return "", address
		}
	}
	return strings.ToLower(address[:i]), address[i+1:]
}

// addressSet judges an address that may differ from client to client: there is one for all, or one
// for each.
func (j *judge) addressSet(n *Node) {
	if n.IsZero() || n.text("url") != "" {
		return
	}
	for _, client := range []string{"pc_url", "ios_url", "android_url"} {
		if n.text(client) == "" {
			j.sure(n, ruleLink, addressOfNoClient, nameOf(n), client).Hint = writeURL
			return
		}
	}
}

// opens reports whether an element opens an address when it is clicked.
func opens(n *Node) bool {
	if n.text("url") != "" || !n.Get("multi_url").IsZero() {
		return true
	}
	for _, b := range n.items("behaviors") {
		if b.text("type") == "open_url" {
			return true
		}
	}
	return false
}

// items are what an object has in a list by a key.
func (n *Node) items(key string) []*Node {
	if m := n.Get(key); m != nil && m.Kind == List {
		return m.Nodes
	}
	return nil
}
