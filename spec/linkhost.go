package spec

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/idna"
	"gopkg.in/yaml.v3"

	"notiform/spec/card"
)

// LinkHosts are the hosts that links may lead to, each with its subdomains, in the form that they
// have on the wire: small letters, ASCII. None is any.
type LinkHosts []string

// Stray says of each address in a card that leads elsewhere, or nobody knows where, what is wrong
// with it.
func (h LinkHosts) Stray(content JSON) []string {
	if len(h) == 0 {
		return nil
	}
	var said []string
	for _, fault := range h.faults(card.NewTable().Read(content.String())) {
		said = append(said, fault.Message)
	}
	return said
}

// faults are what a card's addresses are faulted for.
func (h LinkHosts) faults(root *card.Node) []card.Fault {
	if len(h) == 0 {
		return nil
	}
	var faults []card.Fault
	allowed := strings.Join(h, ", ")
	for _, link := range root.Addresses() {
		host := hostOf(link.Address)
		fault := card.Fault{At: link.At, Within: link.Within, Rule: ruleLinkHost, Sure: true, Hint: writeAllowedHost}
		switch {
		case isTelephone(link.Address) || h.has(host):
			continue
		case host == "":
			fault.Message = fmt.Sprintf(linkUnclear, quoted(link.Address), first(longestSaid, allowed))
		default:
			fault.Message = fmt.Sprintf(linkElsewhere, quoted(link.Address), host, first(longestSaid, allowed))
		}
		faults = append(faults, fault)
	}
	return faults
}

func (h LinkHosts) has(host string) bool {
	return host != "" && slices.ContainsFunc(h, func(allowed string) bool { return host == allowed || strings.HasSuffix(host, "."+allowed) })
}

// isTelephone reports whether an address dials a number, and leads to no host.
func isTelephone(address string) bool {
	return len(address) > 4 && strings.EqualFold(address[:4], "tel:") && strings.Trim(address[4:], "0123456789+-() ") == ""
}

var (
	// authority is what stands before the path of an address with the scheme http or https, or none.
	authority = regexp.MustCompile(`^(?i:(?:https?:)?//)?([^/?#]*)`)
	port      = regexp.MustCompile(`:[0-9]+$`)
	wireHost  = regexp.MustCompile(`^[a-z0-9_-]+(\.[a-z0-9_-]+)*$`)
	ipv6      = regexp.MustCompile(`^\[[0-9a-f:.]+\]$`)
)

// hostOf is the host that an address leads to, as it is on the wire; "" if it has another scheme, a
// user name, or anything else by which two programs could take it for two addresses: a backslash, a
// blank, an escape in the host.
func hostOf(address string) string {
	return onWire(port.ReplaceAllString(authority.FindStringSubmatch(address)[1], ""))
}

// onWire is a host in the form that it is looked up by, so that all spellings of it are one; "" if it
// is none.
func onWire(host string) string {
	if host = strings.ToLower(host); ipv6.MatchString(host) {
		return host
	}
	ascii, err := idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(false)).ToASCII(host)
	if ascii = strings.TrimSuffix(ascii, "."); err != nil || !wireHost.MatchString(ascii) {
		return ""
	}
	return ascii
}

func (t *teamFile) linkHosts(n *yaml.Node) {
	for _, entry := range t.some("link_hosts", n) {
		host := onWire(entry.Value)
		if host == "" {
			fault := t.fault(placeOfNode(entry), ruleInvalidValue, noHost, quoted(entry.Value))
			if meant := hostOf(strings.TrimLeft(entry.Value, "*.")); meant != "" {
				fault.Hint = fmt.Sprintf(writeHost, meant)
			}
			continue
		}
		t.team.Guards.LinkHosts = append(t.team.Guards.LinkHosts, host)
	}
}
