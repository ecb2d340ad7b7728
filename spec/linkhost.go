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

// Stray says of each address in a card that leads to none of LinkHosts, or nobody knows where, what is
// wrong with it.
func (g Guards) Stray(content JSON) []string {
	if len(g.LinkHosts) == 0 {
		return nil
	}
	var said []string
	for _, fault := range g.linkFaults(card.NewTable().Read(content.String())) {
		said = append(said, fault.Message)
	}
	return said
}

// linkFaults are what a card's addresses are faulted for.
func (g Guards) linkFaults(root *card.Node) []card.Fault {
	if len(g.LinkHosts) == 0 {
		return nil
	}
	var faults []card.Fault
	hosts := first(longestSaid, strings.Join(g.LinkHosts, ", "))
	for _, link := range root.Addresses() {
		host := hostOf(link.Address)
		fault := card.Fault{At: link.At, Within: link.Within, Rule: ruleLinkHost, Sure: true, Hint: writeAllowedHost}
		switch {
		case isTelephone(link.Address) || g.allows(host):
			continue
		case host == "":
			fault.Message = fmt.Sprintf(linkUnclear, quoted(link.Address), g.File, hosts)
		default:
			fault.Message = fmt.Sprintf(linkElsewhere, quoted(link.Address), host, g.File, hosts)
		}
		faults = append(faults, fault)
	}
	return faults
}

func (g Guards) allows(host string) bool {
	return host != "" && slices.ContainsFunc(g.LinkHosts, func(allowed string) bool { return host == allowed || strings.HasSuffix(host, "."+allowed) })
}

// isTelephone reports whether an address dials a number, and leads to no host.
func isTelephone(address string) bool {
	return len(address) > 4 && strings.EqualFold(address[:4], "tel:") && strings.Trim(strings.TrimPrefix(address[4:], "//"), "0123456789+-() ") == ""
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

// longestHost is more bytes than any host has, in whatever letters: on the wire it has 253.
const longestHost = 1 << 10

// onWire is a host in the form that it is looked up by, so that all spellings of it are one; "" if it
// is none.
func onWire(host string) string {
	if len(host) > longestHost { // to encode it would take the square of its length
		return ""
	}
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
			} else {
				fault.refuse("", entry.Value)
			}
			continue
		}
		t.team.Guards.LinkHosts = append(t.team.Guards.LinkHosts, host)
	}
}
