package edit

import (
	"bytes"
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"notiform/spec"
)

// span is a part of a text, in bytes.
type span struct{ start, end int }

// text is a text taken apart, and what is to be changed in it.
type text struct {
	src      string // without byte order marks, and with a line end at its end
	isJSON   bool
	quotes   bool // what is written now is within brackets where names have double quotes
	newline  string
	tab      string // what lines within brackets are indented by
	step     int    // how many of those, a level
	roots    []*yaml.Node
	lines    []int                // where they begin
	last     mark                 // that was asked for
	spans    map[*yaml.Node]span  // of values, without anchors and tags in front of them
	entries  map[*yaml.Node][]int // where each entry of a collection begins: its key, or its dash
	colons   map[*yaml.Node]int   // behind the colon of a key
	leaves   []span               // which hold no comment
	comments []span

	patches  []patch
	changed  map[*yaml.Node]struct{} // anchored nodes with a change in them
	followed map[*yaml.Node]struct{} // aliases that say what their anchor says then
	wanted   map[*yaml.Node]spec.JSON
	refused  error
}

// patch replaces a part of the text. Comments on the lines of an entry that goes, go with it.
type patch struct {
	span
	with string
	goes bool
}

var errNoYAML = errors.New(notYAML)

// take takes a text apart.
func take(src []byte, isJSON bool) (*text, error) {
	roots, plain, ok := spec.Documents(src)
	if !ok {
		return nil, errNoYAML
	}
	t := &text{
		src: string(plain), isJSON: isJSON, newline: "\n", tab: " ", step: 2, roots: roots,
		spans: map[*yaml.Node]span{}, entries: map[*yaml.Node][]int{}, colons: map[*yaml.Node]int{},
		changed: map[*yaml.Node]struct{}{}, followed: map[*yaml.Node]struct{}{}, wanted: map[*yaml.Node]spec.JSON{},
	}
	if strings.Contains(t.src, "\r\n") {
		t.newline = "\r\n"
	}
	if !strings.HasSuffix(t.src, "\n") {
		t.src += t.newline
	}
	if by := indentation.FindStringSubmatch(t.src); isJSON && by != nil {
		t.tab, t.step = by[1][:1], len(by[1])
	}
	t.lines = []int{0}
	for i := range len(t.src) {
		if t.src[i] == '\n' {
			t.lines = append(t.lines, i+1)
		}
	}
	for _, root := range roots {
		t.measure(root, t.offset(root), -1)
	}
	t.findComments()
	return t, t.refused
}

// indentation is what the first line that is indented begins with.
var indentation = regexp.MustCompile(`\n([ \t]+)\S`)

// pad is the beginning of a line within brackets.
func (t *text) pad(indent int) string { return strings.Repeat(t.tab, indent) }

// offset is where a node begins, with its anchor and its tag. Nodes are asked for in their order, and a
// whole card may stand on one line: each goes on from the one before.
func (t *text) offset(n *yaml.Node) int {
	if n.Line != t.last.line || n.Column < t.last.column {
		t.last = mark{n.Line, 1, t.lines[min(max(n.Line, 1), len(t.lines))-1]}
	}
	for ; t.last.column < n.Column; t.last.column++ {
		_, size := utf8.DecodeRuneInString(t.src[t.last.at:])
		t.last.at += size
	}
	return t.last.at
}

// mark is a place in the text, both ways.
type mark struct{ line, column, at int }

// refuse notes why a text is left as it is; the first reason counts.
func (t *text) refuse(err error) { t.refused = cmp.Or(t.refused, err) }

// replace is a patch.
func (t *text) replace(start, end int, with string) {
	t.patches = append(t.patches, patch{span{start, end}, with, false})
}

// drop takes out what an entry that goes consists of. Comments in it that have a line of their own
// stay: they may be about more than the entry.
func (t *text) drop(start, end int) {
	whole, at := start == t.lineStart(start), start
	for _, c := range t.comments {
		if c.start < at || c.end > end || !t.ownsLine(c.start) {
			continue
		}
		keep := c.start
		if at == t.lineStart(at) {
			keep = t.lineStart(c.start)
		}
		t.cut(at, keep)
		at = t.lineEnd(c.end)
	}
	if at > start && !whole {
		end = t.lineStart(end)
	}
	t.cut(at, end)
}

// cut takes out a part of an entry that goes, whatever is in it.
func (t *text) cut(start, end int) {
	t.patches = append(t.patches, patch{span{start, max(start, end)}, "", true})
}

// lineStart is where the line of an offset begins.
func (t *text) lineStart(at int) int { return strings.LastIndexByte(t.src[:at], '\n') + 1 }

// lineEnd is behind the end of the line that an offset is on, or of the line that ends there.
func (t *text) lineEnd(at int) int {
	if at > 0 && t.src[at-1] == '\n' {
		return at // of a block text
	}
	return at + strings.IndexByte(t.src[at:], '\n') + 1
}

// ownsLine reports whether nothing but blanks stands in front of an offset on its line.
func (t *text) ownsLine(at int) bool {
	return strings.Trim(t.src[t.lineStart(at):at], " \t") == ""
}

// column is how many characters stand in front of an offset on its line.
func (t *text) column(at int) int { return utf8.RuneCountInString(t.src[t.lineStart(at):at]) }

// carryOut is the text with its patches.
func (t *text) carryOut(original []byte, lossy bool) ([]byte, []string, error) {
	t.checkAnchors()
	slices.SortStableFunc(t.patches, func(a, b patch) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end))
	})
	var out strings.Builder
	out.Write(original[:bytes.Index(original, []byte(t.src[:len(t.src)-len(t.newline)]))]) // byte order marks
	marks, at := out.Len(), 0
	for _, p := range t.patches {
		if p.start < at {
			t.refuse(errTangled)
			break
		}
		out.WriteString(t.src[at:p.start] + strings.ReplaceAll(p.with, "\n", t.newline))
		at = p.end
	}
	if t.refused != nil {
		return nil, nil, t.refused
	}
	out.WriteString(t.src[at:])
	edited := out.String()
	if !bytes.HasSuffix(original, []byte("\n")) {
		edited = strings.TrimSuffix(edited, t.newline)
	}
	gone, err := t.proveComments(edited[marks:], lossy)
	return []byte(edited), gone, err
}

var errTangled = errors.New(tangled)
