package spec

import (
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// member is one key of a mapping with its value.
type member struct {
	key   string
	node  *yaml.Node // the key's own
	value *yaml.Node // may be an alias
}

// memberSet is members with different keys.
type memberSet struct {
	list  []member
	index map[string]int // into list, once list is long
}

// longMapping is from how many keys on looking through them all costs more than
// an index.
const longMapping = 16

func (ms *memberSet) find(key string) *member {
	if ms.index != nil {
		if i, ok := ms.index[key]; ok {
			return &ms.list[i]
		}
		return nil
	}
	for i := range ms.list {
		if ms.list[i].key == key {
			return &ms.list[i]
		}
	}
	return nil
}

func (ms *memberSet) add(m member) {
	ms.list = append(ms.list, m)
	switch {
	case ms.index != nil:
		ms.index[m.key] = len(ms.list) - 1
	case len(ms.list) == longMapping:
		ms.index = make(map[string]int, 2*longMapping)
		for i := range ms.list {
			ms.index[ms.list[i].key] = i
		}
	}
}

// members are the members of a mapping, each key once, in the order written; what is
// merged in (<<) comes after the mapping's own keys and gives way to them. merging is
// how many << lead to the mapping.
func (f *file) members(n *yaml.Node, merging int) []member {
	ms := memberSet{list: make([]member, 0, min(len(n.Content)/2, longMapping))} // more may be all one key
	var merge *yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := resolved(n.Content[i]), n.Content[i+1]
		if !f.spend(key) {
			return ms.list
		}
		switch first := ms.find(key.Value); {
		case kindOf(key) != kindText:
			f.fault(placeOfNode(key), ruleWrongType, keyNotText, kindOf(key)).Hint = quoteKey
		case first != nil:
			f.duplicateField(key, first.node.Line)
		case key.Tag == "!!merge" && merge != nil:
			f.duplicateField(key, merge.Line)
		case key.Tag == "!!merge":
			merge = value
		default:
			if m, ok := f.member(key, value); ok {
				ms.add(m)
			}
		}
	}
	if merge != nil {
		f.merge(&ms, merge, merging+1)
	}
	return ms.list
}

// member is a key with its value. A key that a Chinese keyboard made is told, and taken for what was
// meant: one with a full-width colon, which has swallowed its value, or between Chinese quotes. One
// behind blanks that are none to YAML is of another mapping, and left out.
func (f *file) member(key, value *yaml.Node) (m member, sound bool) {
	m = member{key.Value, key, value}
	at, r, wide := firstWide(key.Value)
	if key.Style != 0 || !wide {
		return m, true
	}
	swallowed := value.Kind == yaml.ScalarNode && value.Value == "" && value.Style == 0 && value.Tag == "!!null"
	sound = true
	switch ascii := narrow(r); {
	case ascii == ":" && swallowed:
		rest := strings.TrimSpace(key.Value[at+utf8.RuneLen(r):])
		m.key, m.value = key.Value[:at], &yaml.Node{
			Kind: yaml.ScalarNode, Tag: "!!str", Value: rest, Style: yaml.DoubleQuotedStyle, Line: key.Line, Column: key.Column + utf8.RuneCountInString(key.Value[:at]) + 1,
		}
	case ascii == `"` && at == 0:
		m.key = strings.TrimFunc(key.Value, func(r rune) bool { return narrow(r) == ascii })
	case ascii == " " && at == 0:
		sound = false
	default:
		return m, true
	}
	message, hint := typed(r)
	f.fault(place{int32(key.Line), int32(key.Column + utf8.RuneCountInString(key.Value[:at]))}, ruleYAMLSyntax, asSaid, message).Hint = hint
	return m, sound
}

func (f *file) duplicateField(key *yaml.Node, first int) {
	f.fault(placeOfNode(key), ruleDuplicateField, keyTwice, quoted(key.Value), first).Hint = removeOne
}

// merge adds the members of what << names: one mapping, or a list of them of
// which earlier ones win.
func (f *file) merge(ms *memberSet, node *yaml.Node, merging int) {
	from := resolved(node)
	if kindOf(from) != kindList {
		f.mergeOne(ms, node, merging)
		return
	}
	for _, item := range from.Content {
		if f.spend(item) {
			f.mergeOne(ms, item, merging)
		}
	}
}

// maxMerging bounds how mappings merged in may merge others in; a mapping that
// merges itself ends here.
const maxMerging = 20

func (f *file) mergeOne(ms *memberSet, node *yaml.Node, merging int) {
	from := resolved(node)
	if kindOf(from) != kindMapping {
		f.fault(placeOfNode(node), ruleWrongType, mergedValue, kindOf(from))
		return
	}
	if merging > maxMerging {
		f.giveUp(node, mergedTooDeep, maxMerging)
		return
	}
	for _, m := range f.members(from, merging) {
		if ms.find(m.key) == nil {
			ms.add(m)
		}
	}
}
