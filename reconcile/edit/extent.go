package edit

import (
	"errors"
	"strings"

	"gopkg.in/yaml.v3"
)

const (
	quoted = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle
	block  = yaml.LiteralStyle | yaml.FoldedStyle
)

// measure notes where a value stands that begins at an offset, and returns where it ends. indent is
// that of the block collection it is in.
func (t *text) measure(n *yaml.Node, at, indent int) int {
	at = t.pastProperties(at)
	end := at
	switch {
	case n.Kind == yaml.AliasNode:
		end = at + len("*") + len(n.Value)
		t.leaves = append(t.leaves, span{at, end})
	case n.Kind == yaml.ScalarNode:
		end = t.scalarEnd(n, at, indent)
	case t.isFlow(at):
		end = t.measureFlow(n, at, indent)
	default:
		at = t.pastBlanks(at)
		end = t.measureBlock(n, at)
	}
	if end > len(t.src) || at > end {
		t.refuse(errUnmeasured)
		end = at
	}
	t.spans[n] = span{at, end}
	return end
}

var errUnmeasured = errors.New(unmeasured)

// isFlow reports whether a collection has brackets.
func (t *text) isFlow(at int) bool {
	return strings.HasPrefix(t.src[at:], "{") || strings.HasPrefix(t.src[at:], "[")
}

// pastProperties is behind the anchor and the tag that stand before a value.
func (t *text) pastProperties(at int) int {
	for at < len(t.src) && (t.src[at] == '&' || t.src[at] == '!') {
		at += strings.IndexAny(t.src[at:]+" ", " \t\r\n,]}")
		if next := t.pastBlanks(at); next < len(t.src) && !strings.Contains(t.src[at:next], "\n") {
			at = next
		}
	}
	return at
}

// pastBlanks is behind blanks, line ends and comments.
func (t *text) pastBlanks(at int) int {
	for at < len(t.src) {
		switch c := t.src[at]; {
		case c == '#' && (at == 0 || strings.IndexByte(" \t\n", t.src[at-1]) >= 0):
			at += strings.IndexByte(t.src[at:], '\n')
		case strings.IndexByte(" \t\r\n", c) < 0:
			return at
		default:
			at++
		}
	}
	return at
}

// measureBlock measures the entries of a collection without brackets.
func (t *text) measureBlock(n *yaml.Node, at int) int {
	indent, end := t.column(at), at
	step := 1
	if n.Kind == yaml.MappingNode {
		step = 2
	}
	for i := 0; i+step <= len(n.Content); i += step {
		if step == 1 {
			end = t.measureItem(n, n.Content[i], t.pastBlanks(end), indent)
			continue
		}
		key := n.Content[i]
		at := t.offset(key)
		t.entries[n] = append(t.entries[n], at)
		end = t.measureValue(key, n.Content[i+1], t.measure(key, at, indent), indent)
	}
	return end
}

// measureItem measures an entry of a list that has dashes.
func (t *text) measureItem(list, item *yaml.Node, dash, indent int) int {
	if !strings.HasPrefix(t.src[dash:], "-") {
		t.refuse(errUnmeasured)
	}
	t.entries[list] = append(t.entries[list], dash)
	if isVoid(item) {
		t.spans[item] = span{dash + 1, dash + 1}
		return dash + 1
	}
	return t.measure(item, t.offset(item), indent)
}

// measureValue measures the value of a key that ends at an offset.
func (t *text) measureValue(key, value *yaml.Node, at, indent int) int {
	if colon := t.pastBlanks(at); strings.HasPrefix(t.src[colon:], ":") {
		at = colon + 1
	} else if !isVoid(value) {
		t.refuse(errUnmeasured)
	}
	t.colons[key] = at
	if isVoid(value) {
		t.spans[value] = span{at, at}
		return at
	}
	return t.measure(value, t.offset(value), indent)
}

// isVoid reports whether a node is nothing at all in the text.
func isVoid(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style&(quoted|block|yaml.TaggedStyle) == 0 && n.Anchor == ""
}

// measureFlow measures a collection in brackets.
func (t *text) measureFlow(n *yaml.Node, at, indent int) int {
	end := at + 1
	for i := 0; i < len(n.Content); i++ {
		first := n.Content[i]
		begins := t.offset(first)
		t.entries[n] = append(t.entries[n], begins)
		end = t.measure(first, begins, indent)
		if n.Kind == yaml.MappingNode {
			i++
			end = t.measureValue(first, n.Content[i], end, indent)
		}
	}
	for end < len(t.src) && strings.IndexByte("]}", t.src[end]) < 0 {
		next := t.pastBlanks(end)
		if next == end {
			next++ // a comma
		}
		end = next
	}
	return end + 1
}

// scalarEnd is where a scalar ends that begins at an offset.
func (t *text) scalarEnd(n *yaml.Node, at, indent int) int {
	end := at
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		for end++; end < len(t.src) && t.src[end] != '"'; end++ {
			if t.src[end] == '\\' {
				end++
			}
		}
		end++
	case n.Style&yaml.SingleQuotedStyle != 0:
		for end++; end < len(t.src) && (t.src[end] != '\'' || strings.HasPrefix(t.src[end:], "''")); end++ {
			if t.src[end] == '\'' {
				end++
			}
		}
		end++
	case n.Style&block != 0:
		header := t.lineEnd(at + 1)
		end = t.blockEnd(n, header, depthOf(t.src[at:header], indent), indent)
		t.leaves = append(t.leaves, span{header, end})
		return end
	default:
		end = t.plainEnd(n.Value, at)
	}
	t.leaves = append(t.leaves, span{at, end})
	return end
}

// plainEnd is where a text without quotes ends, which may go on on other lines.
func (t *text) plainEnd(value string, at int) int {
	for value != "" && at < len(t.src) {
		rest := strings.TrimLeft(value, " \n\t")
		if len(rest) < len(value) {
			at += len(t.src[at:]) - len(strings.TrimLeft(t.src[at:], " \t\r\n"))
			value = rest
			continue
		}
		if t.src[at] != value[0] {
			t.refuse(errUnmeasured)
			return at
		}
		value, at = value[1:], at+1
	}
	return at
}

// depthOf is how deep the lines of a block text are whose header says so, else -1.
func depthOf(header string, indent int) int {
	if i := strings.IndexAny(header[:min(len(header), len("|+1"))], "123456789"); i >= 0 {
		return max(indent, 0) + int(header[i]-'0')
	}
	return -1
}

// blockEnd is where a block text ends whose lines begin at an offset: before the first line that is
// not as deep as its first one.
func (t *text) blockEnd(n *yaml.Node, at, deep, indent int) int {
	end := at
	for at < len(t.src) {
		next := t.lineEnd(at + 1)
		if t.src[at] == '\n' {
			next = at + 1
		}
		line := strings.TrimRight(t.src[at:next], "\r\n")
		depth := len(line) - len(strings.TrimLeft(line, " "))
		switch {
		case depth == len(line): // blank
		case deep < 0 && depth > indent:
			deep = depth
			end = next
		case deep >= 0 && depth >= deep:
			end = next
		default:
			return t.kept(n, end, at)
		}
		at = next
	}
	return t.kept(n, end, at)
}

// kept is the end of a block text, which has the blank lines behind it if it keeps line ends.
func (t *text) kept(n *yaml.Node, end, next int) int {
	if strings.HasSuffix(n.Value, "\n\n") || strings.Trim(n.Value, "\n") == "" {
		return next
	}
	return end
}
