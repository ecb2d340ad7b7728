package spec

import "gopkg.in/yaml.v3"

// member is one key of a mapping with its value.
type member struct {
	key  string
	name *yaml.Node // the key's own node
	node *yaml.Node // the value; may be an alias
}

// members are the keys of a mapping, each once, in the order written; what is
// merged in (<<) comes after the mapping's own keys and gives way to them.
type members struct {
	list  []member
	index map[string]int // into list, once list is long
}

// longMapping is from how many keys on looking through them all costs more than
// an index.
const longMapping = 16

func (ms *members) find(key string) *member {
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

func (ms *members) add(m member) {
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

// members reads a mapping's keys. merging is how many << lead to it.
func (f *file) members(n *yaml.Node, merging int) members {
	ms := members{list: make([]member, 0, len(n.Content)/2)}
	var merge *yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, node := resolved(n.Content[i]), n.Content[i+1]
		if !f.spend(name) {
			return ms
		}
		switch first := ms.find(name.Value); {
		case kindOf(name) != kindText:
			f.fault(placeOfNode(name), ruleWrongType, keyNotText, kindOf(name)).Hint = quoteKey
		case first != nil:
			f.duplicateField(name, first.name.Line)
		case name.Tag == "!!merge" && merge != nil:
			f.duplicateField(name, merge.Line)
		case name.Tag == "!!merge":
			merge = node
		default:
			ms.add(member{name.Value, name, node})
		}
	}
	if merge != nil {
		f.merge(&ms, merge, merging+1)
	}
	return ms
}

func (f *file) duplicateField(name *yaml.Node, first int) {
	f.fault(placeOfNode(name), ruleDuplicateField, keyTwice, quoted(name.Value), first).Hint = removeOne
}

// merge adds the members of what << names: one mapping, or a list of them of
// which earlier ones win.
func (f *file) merge(ms *members, node *yaml.Node, merging int) {
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

func (f *file) mergeOne(ms *members, node *yaml.Node, merging int) {
	from := resolved(node)
	if kindOf(from) != kindMapping {
		f.fault(placeOfNode(node), ruleWrongType, mergedValue, kindOf(from))
		return
	}
	if merging > maxMerging {
		f.giveUp(node, mergedTooDeep, maxMerging)
		return
	}
	for _, m := range f.members(from, merging).list {
		if ms.find(m.key) == nil {
			ms.add(m)
		}
	}
}
