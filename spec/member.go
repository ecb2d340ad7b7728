package spec

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"unicode"
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
		if n.Style&yaml.FlowStyle != 0 && i > 0 {
			if parts := f.partsOfText(n.Content[i-2:]); parts > 0 {
				i += 2 * (parts - 1)
				continue
			}
		}
		f.mendKey(key, value)
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
			ms.add(member{key.Value, key, value})
		}
	}
	if merge != nil {
		f.merge(&ms, merge, merging+1)
	}
	return ms.list
}

// gluedKey is a key that has swallowed its value: what stands between them is no colon and a space.
var gluedKey = regexp.MustCompile(`^([A-Za-z_][\w-]*)((?:[\s\p{Zs}]*[:：])?[\s\p{Zs}]*)(\S.*)$`)

// mendKey tells of a key that was mistyped, and makes its node and its value's what was meant: one
// that has swallowed its value, or that stands between Chinese quotes or beside blanks that are none
// to YAML. Where the author makes up the keys, any is right.
func (f *file) mendKey(key, value *yaml.Node) {
	if key.Style != 0 || f.anyKey || !isUnsaid(value) && !strings.ContainsFunc(key.Value, isWide) {
		return // as nearly all
	}
	if (key.Value == "content" || key.Value == "job_name") && isUnsaid(value) && f.hashText(key, value) {
		return
	}
	if g := gluedKey.FindStringSubmatch(key.Value); g != nil && g[2] != "" && f.swallowed(key, value) {
		at, message, hint := between(g[1], g[2], g[3])
		*value = *scalar(g[3])
		value.Line, value.Column = key.Line, key.Column+utf8.RuneCountInString(g[1]+g[2])
		f.mistyped(key, g[1], len(g[1])+at, message, hint)
		return
	}
	isEdge := func(r rune) bool { return r > unicode.MaxASCII && strings.Contains(` "{[`, cmp.Or(narrow(r), "-")) }
	inner := strings.TrimFunc(key.Value, isEdge)
	if inner != key.Value && inner != "" {
		at := strings.IndexFunc(key.Value, isEdge)
		r, _ := utf8.DecodeRuneInString(key.Value[at:])
		message, hint := typed(r)
		f.mistyped(key, inner, at, message, hint)
		value.Value = strings.TrimRightFunc(value.Value, func(r rune) bool { return isWide(r) && strings.Contains("]}", cmp.Or(narrow(r), "-")) })
	}
}

func isWide(r rune) bool { return r > unicode.MaxASCII }

// partsOfText tells of a text within brackets, the value of the first of some members, that has commas: what stands behind
// those are keys to YAML, mostly with no value. It returns how many they are.
func (f *file) partsOfText(members []*yaml.Node) (parts int) {
	name, text := members[0].Value, resolved(members[1])
	if !isTextKey(name) && name != "job_name" && name != "name" || f.anyKey || text.Kind != yaml.ScalarNode || text.Style != 0 {
		return 0
	}
	whole := text.Value
	for i := 2; i+1 < len(members); i += 2 {
		part, ok := f.partOfText(members[i], members[i+1])
		if !ok {
			break
		}
		whole += ", " + part
		parts++
	}
	if parts > 0 {
		f.meant++
		f.fault(placeOfNode(members[2]), ruleYAMLSyntax, textWithComma).Hint = fmt.Sprintf(writeQuoted, first(quotedLength, inDoubleQuotes(whole)))
	}
	return parts
}

// partOfText is a key that could be the part of a text behind a comma, and its value.
func (f *file) partOfText(key, value *yaml.Node) (part string, ok bool) {
	_, _, sign := firstWide(key.Value)
	switch {
	case key.Style != 0:
		return "", false
	case !f.swallowed(key, value):
		return key.Value + ": " + value.Value, !sign && strings.ContainsFunc(key.Value, isWide) && value.Kind == yaml.ScalarNode
	}
	g := gluedKey.FindStringSubmatch(key.Value)
	return key.Value, g == nil || g[2] == "" // or a comma that is meant
}

// mistyped faults a key at one of its bytes.
func (f *file) mistyped(key *yaml.Node, meant string, at int, message, hint string) {
	f.meant++
	f.fault(place{int32(key.Line), int32(key.Column + utf8.RuneCountInString(key.Value[:at]))}, ruleYAMLSyntax, asSaid, message).Hint = hint
	key.Value = meant
}

// swallowed reports whether a key without a value has no colon either, as within brackets.
func (f *file) swallowed(key, value *yaml.Node) bool {
	if !isUnsaid(value) {
		return false
	}
	from := f.offset(key)
	behind, isWritten := bytes.CutPrefix(f.src[from:], []byte(key.Value))
	return isWritten && !bytes.HasPrefix(bytes.TrimLeft(behind, " "), []byte{':'})
}

// hashForm is what begins with # right behind a key's colon, and is no comment by its looks.
var hashForm = regexp.MustCompile(`^\w+: +(#[^\s#!][^\n]*)|^content: +(#+ [^\n]*)`)

// hashText tells of a text that begins with #, which YAML takes for a comment, and makes it the value.
func (f *file) hashText(key, value *yaml.Node) bool {
	m := hashForm.FindSubmatch(f.src[f.offset(key):])
	if m == nil {
		return false
	}
	text := strings.TrimSpace(string(m[1]) + string(m[2]))
	*value = yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text, Line: key.Line, Column: key.Column + len(key.Value) + len(": ")}
	f.meant++
	f.fault(placeOfNode(value), ruleYAMLSyntax, textBeginsWith, "#").Hint = fmt.Sprintf(writeQuoted, first(quotedLength, inDoubleQuotes(text)))
	return true
}

// isUnsaid reports whether there is no value, not even null.
func isUnsaid(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style == 0 && n.Tag == "!!null"
}

// between says what is wrong with what stands between a key and its value, and where.
func between(key, sign, value string) (at int, message, hint string) {
	if at, r, wide := firstWide(sign); wide {
		message, hint = typed(r)
		return at, message, hint
	}
	hint = fmt.Sprintf(writeLine, first(quotedLength, key+": "+value))
	if at = strings.IndexByte(sign, ':'); at >= 0 {
		return at, fmt.Sprintf(signWantsBlank, ":"), hint
	}
	return 0, fmt.Sprintf(colonMissing, key), hint
}

// scalar is a value as YAML reads it.
func scalar(text string) *yaml.Node {
	if doc, err := nextDocument(yaml.NewDecoder(strings.NewReader(text))); err == nil && doc.Content[0].Value == text {
		return doc.Content[0]
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
}

func (f *file) duplicateField(key *yaml.Node, first int) {
	fault := f.fault(placeOfNode(key), ruleDuplicateField, keyTwice, quoted(key.Value), first)
	switch fault.Hint = removeOne; key.Value {
	case "job_name", "notification_id", "push_type", "push_scope_type":
		fault.Hint = removeOneOrPart
	case "tag", "user_id", "department_id":
		fault.Hint = removeOneOrDash
	}
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
