package spec

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// kind is what a node is to a draft. It follows YAML 1.2, where dates and yes, no,
// on and off are text; yaml.v3 resolves numbers more generously than JSON writes
// them, and those forms are kept apart because no two tools agree on them.
type kind int

const (
	kindMapping kind = iota + 1
	kindList
	kindText
	kindNull
	kindBool
	kindNumber    // a JSON number, to the letter
	kindOddNumber // 0x1F, 010, 1_000, .5, .inf …
	kindForeign   // a tag that drafts have no use for
)

func (k kind) String() string {
	return [...]string{
		kindMapping: aMapping, kindList: aList, kindText: aText, kindNull: nothing, kindBool: trueOrFalse,
		kindNumber: aNumber, kindOddNumber: aNumber, kindForeign: aForeignValue,
	}[k]
}

// kindOf judges a node that is no alias.
func kindOf(n *yaml.Node) kind {
	switch {
	case n.Kind == yaml.MappingNode && n.Tag == "!!map":
		return kindMapping
	case n.Kind == yaml.SequenceNode && n.Tag == "!!seq":
		return kindList
	case n.Kind != yaml.ScalarNode:
		return kindForeign
	case n.Style == 0 && isJSONNumber(n.Value):
		return kindNumber // also 1e999, which yaml.v3 takes for text
	case n.Style&yaml.TaggedStyle != 0:
		return kindOfTagged(n)
	}
	return kindOfTag(n.Tag)
}

func kindOfTag(tag string) kind {
	switch tag {
	case "!!str", "!!timestamp", "!!merge":
		return kindText
	case "!!null":
		return kindNull
	case "!!bool":
		return kindBool
	case "!!int", "!!float":
		return kindOddNumber
	}
	return kindForeign
}

// kindOfTagged trusts a tag written out, such as !!str 007, as far as the value
// bears it out: yaml.v3 does not look.
func kindOfTagged(n *yaml.Node) kind {
	k := kindOfTag(n.Tag)
	switch {
	case k == kindOddNumber && isJSONNumber(n.Value):
		return kindNumber
	case k == kindNull && n.Value != "" && n.Value != "~" && !strings.EqualFold(n.Value, "null"),
		k == kindBool && !strings.EqualFold(n.Value, "true") && !strings.EqualFold(n.Value, "false"):
		return kindForeign
	}
	return k
}

// isJSONNumber reports whether s is a number as RFC 8259 spells it.
func isJSONNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole := digits(s)
	if whole == 0 || whole > 1 && s[0] == '0' {
		return false
	}
	s = s[whole:]
	if after, ok := strings.CutPrefix(s, "."); ok {
		n := digits(after)
		if n == 0 {
			return false
		}
		s = after[n:]
	}
	if s == "" {
		return true
	}
	if s[0] != 'e' && s[0] != 'E' {
		return false
	}
	power := s[1:]
	if power != "" && (power[0] == '+' || power[0] == '-') {
		power = power[1:]
	}
	return power != "" && digits(power) == len(power)
}

// digits counts the decimal digits that s begins with.
func digits(s string) int {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return i
		}
	}
	return len(s)
}

func isDigits(s string) bool { return s != "" && digits(s) == len(s) }

// resolved is the node that an alias stands for, and any other node itself.
func resolved(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}
