package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"notiform/spec/card"
)

const (
	// maxFile is how many bytes a draft file or a card file may have. A card is at most
	// 30 KiB, so that is some thirty drafts with the largest cards in one file.
	maxFile = 1 << 20
	// maxFaults is how many faults of one file are told.
	maxFaults = 10_000
	// maxSpread is by how many bytes aliases may make one file larger than it is: enough
	// for the largest card that is read to its end.
	maxSpread = maxCard + 64<<10
)

// Decode reads the drafts in one file's bytes, UTF-8 of at most 1 MiB, and judges
// them; name is what diagnostics call the file. It never panics. Nothing else is
// read but the card files that the drafts name.
func Decode(name string, src []byte, opts Options) Set {
	d := newDecoder(opts)
	defer d.cards.close()
	patience := patienceOfFile
	f := d.decodeFile(name, src, &patience)
	set := Set{Drafts: f.drafts, Files: 1}
	set.Diagnostics = append(f.faults, slices.Concat(d.cards.faults(), duplicateIDs(f.drafts))...)
	set.settle(opts)
	return set
}

// DecodeCard reads one card in a file's bytes, as YAML or as JSON, and judges it; name is what
// diagnostics call the file. Of a file whose name does not say which of both it is, the first
// character does. The card is no object if it could not be read.
func DecodeCard(name string, src []byte, opts Options) (JSON, []Diagnostic) {
	f := newDecoder(opts).newFile(name, src)
	*f.patience = patienceOfFile
	var content JSON
	if len(src) > maxFile {
		f.fault(firstPlace(), ruleDraftFile, fileTooLarge, maxFile>>20).Hint = shortenCard
	} else {
		content = f.cardFile(isYAML(name, src))
	}
	f.excerpts()
	set := Set{Diagnostics: f.faults}
	set.settle(opts)
	return content, set.Diagnostics
}

func isYAML(name string, src []byte) bool {
	switch path.Ext(name) {
	case ".yaml", ".yml":
		return true
	case ".json":
		return false
	}
	return !bytes.HasPrefix(bytes.TrimLeft(src, "\ufeff \t\r\n"), []byte("{"))
}

// decoder is what decoding a file needs besides its bytes. Files are decoded in
// parallel with one decoder, which only its cards change.
type decoder struct {
	fields [fieldCount]definition
	names  [fieldCount]string // of the fields
	cards  *cardFiles
	table  func() *card.Table
	off    map[string]bool // the rules nobody wants to hear of
	now    time.Time
	guards Guards
	seen   func(name string, src []byte)
	memories
}

func newDecoder(opts Options) *decoder {
	d := &decoder{fields: fields(), cards: newCardFiles(opts), table: sync.OnceValue(card.NewTable), off: opts.off(), now: opts.Now, guards: opts.Guards, seen: opts.Seen}
	if d.seen == nil {
		d.seen = func(string, []byte) {}
	}
	for f := range d.fields {
		d.names[f] = d.fields[f].name
	}
	return d
}

// file is one file being decoded.
type file struct {
	*decoder
	name string
	src  []byte // without byte order marks in front
	text []byte // src as yaml.v3 is to see it; see prepare
	standIns
	contents

	lineStarts []int32                 // see line
	longLines  map[int][]int32         // see columns
	allowance  int                     // what is left to spend on reading nodes; see spend
	stopped    bool                    // there were too many faults to tell
	card       JSON                    // of a card file
	each       func(*file, *yaml.Node) // what is done with a document
	mended     bool                    // it is a form of a file that was no YAML
	meant      int                     // how many keys were mistyped, and taken for what was meant
	anyKey     bool                    // what is being read may have any key
	patience   *int                    // how many bytes may still be parsed to find mends
}

// contents is what a file held. It is kept for each of very many files, and nothing
// of the file's bytes or nodes with it.
type contents struct {
	drafts    []Draft
	faults    []Diagnostic
	documents int32 // how many were not empty, those refused included
	isDraft   bool  // some document has a field that only a draft has
	read      bool  // false: the file was not reached
	broken    bool  // it could not be read to its end
}

func (d *decoder) newFile(name string, src []byte) *file {
	f := &file{decoder: d, name: name, src: src, contents: contents{read: true}, allowance: 2*len(src) + maxSpread}
	f.each, f.patience = func(*file, *yaml.Node) {}, new(int)
	f.dropMarks()
	return f
}

func (d *decoder) decodeFile(name string, src []byte, patience *int) contents {
	f := d.newFile(name, src)
	f.patience = patience
	if f.readable() {
		f.each = (*file).decodeDocument
		f.readAll()
	}
	f.excerpts()
	return f.contents
}

// readAll reads the documents and, where a mistake ends that, goes on as if it were mended.
func (f *file) readAll() {
	for root := range f.roots() {
		f.each(f, root)
	}
}

// readable refuses, with one fault, bytes that yaml.v3 should not see.
func (f *file) readable() bool {
	if len(f.src) > maxFile {
		f.fault(firstPlace(), ruleDraftFile, fileTooLarge, maxFile>>20).Hint = splitFile
		return false
	}
	if at := invalidUTF8(f.src); at >= 0 {
		f.fault(f.placeOf(at), ruleDraftFile, fileNotUTF8, f.src[at]).Hint = saveAsUTF8
		return false
	}
	return true
}

// invalidUTF8 is the offset of the first byte that is not UTF-8, or -1.
func invalidUTF8(src []byte) int {
	if utf8.Valid(src) {
		return -1
	}
	for i := 0; ; {
		r, n := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
}

// roots yields the root node of every document that is not empty, and faults
// what is not YAML.
func (f *file) roots() func(yield func(*yaml.Node) bool) {
	return func(yield func(*yaml.Node) bool) {
		if at := longDirective(f.src); at >= 0 {
			f.fault(f.placeOf(at), ruleYAMLSyntax, directiveTooLong, maxDirective).Hint = leaveDirectiveOut
			f.broken = true
			return
		}
		if f.broken = f.conflicts(ruleYAMLSyntax) || f.wideIndents(); f.broken {
			return
		}
		f.prepare()
		if err := f.parse(bytes.NewReader(f.text), yield); err != nil {
			f.broken = true
			f.readMended(err)
		}
	}
}

// parse yields the root node of every document that is not empty, up to an error.
func (f *file) parse(text io.Reader, yield func(*yaml.Node) bool) error {
	dec := yaml.NewDecoder(text)
	aliases := bytes.IndexByte(f.src, '*') >= 0
	for f.allowance >= 0 {
		doc, err := nextDocument(dec)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		f.restore(doc)
		root := doc.Content[0]
		if aliases {
			f.refuseForeignAliases(root, doc.Line)
		}
		if !isEmptyDocument(root) && !yield(root) {
			return nil
		}
	}
	return nil
}

// refuseForeignAliases faults the aliases of a document that begins at a line whose
// anchors stand in an earlier one: YAML has no such thing, but yaml.v3 knows every
// anchor of the stream. Two documents never share a line.
func (f *file) refuseForeignAliases(n *yaml.Node, begins int) {
	if f.allowance < 0 {
		return
	}
	if n.Kind == yaml.AliasNode && n.Alias.Line < begins {
		f.fault(placeOfNode(n), ruleYAMLSyntax, aliasOfOtherDocument, first(quotedLength, n.Value)).Hint = repeatAnchor
	}
	for _, c := range n.Content {
		f.refuseForeignAliases(c, begins)
	}
}

// nextDocument reads one document. yaml.v3 finds some of its own mistakes by panicking.
// No input is known to bring this version to it, but fuzzers brought others
// (go-yaml/yaml issues 665, 666 and 833, mikefarah/yq issue 2481), and one odd
// file must not take down a run over thousands: here a panic is a syntax error.
func nextDocument(dec *yaml.Decoder) (doc *yaml.Node, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("yaml: %v", p)
		}
	}()
	doc = new(yaml.Node)
	if err := dec.Decode(doc); err != nil {
		return nil, err
	}
	return doc, nil
}

func isEmptyDocument(root *yaml.Node) bool {
	return root.Kind == yaml.ScalarNode && root.Value == "" && root.Tag == "!!null"
}

// fault reports a fault of the file: message is one of messages.go, followed by its
// values. The caller may give the diagnostic a hint, or another severity than the
// rule's, but not keep it. A file of nothing but faults may not fill the memory, so
// that beyond maxFaults the diagnostic is nobody's; so is one of a rule that is off,
// which must not use up the room of the others.
func (f *file) fault(at place, rule, message string, values ...any) *Diagnostic {
	if f.off[rule] {
		return new(Diagnostic)
	}
	if len(f.faults) >= maxFaults {
		f.stop()
		return new(Diagnostic)
	}
	if n := len(f.faults); n == cap(f.faults) {
		f.faults = slices.Grow(f.faults, n+1) // append would copy many of them oftener
	}
	f.faults = append(f.faults, Diagnostic{Pos: at.in(f.name), Rule: rule, Message: fmt.Sprintf(message, values...)})
	return &f.faults[len(f.faults)-1]
}

// stop ends the reading of a file that has maxFaults, with a last fault that says so.
// Its rule is Fixed: whatever is made of the others, what was not judged is refused.
func (f *file) stop() {
	if f.stopped {
		return
	}
	f.stopped = true
	f.faults = append(f.faults, Diagnostic{
		Pos: firstPlace().in(f.name), Rule: ruleDraftFile, Message: fmt.Sprintf(tooManyFaults, maxFaults), Hint: mendOthers,
	})
	f.allowance = -1
}

// spend charges the reading of a node to the file's allowance, and reports whether
// it may be read. The allowance is enough for all that the file spells out, and for
// maxSpread bytes that aliases repeat: work and memory are bounded by the file's
// length, whatever its aliases say. Once it is used up, the rest is not read.
// It costs a node its text, however often an alias leads there.
func (f *file) spend(n *yaml.Node) bool {
	if f.allowance < 0 {
		return false
	}
	if f.allowance -= 1 + len(n.Value); f.allowance >= 0 {
		return true
	}
	f.giveUp(n, spreadTooLarge)
	return false
}

// follow is the node that an alias stands for, and any other node itself, charged to
// the allowance.
func (f *file) follow(n *yaml.Node) (*yaml.Node, bool) {
	n = resolved(n)
	return n, f.spend(n)
}

// giveUp faults aliases or merges that would expand without end, and ends the
// reading of the file, whose meaning cannot be known.
func (f *file) giveUp(n *yaml.Node, message string, values ...any) {
	f.fault(placeOfNode(n), ruleYAMLSyntax, message, values...).Hint = writeValuesOut
	f.allowance = -1
}

func placeOfNode(n *yaml.Node) place { return place{int32(n.Line), int32(n.Column)} }

func (f *file) placeOf(offset int) place { return placeIn(f.src, offset) }

// firstPlace is where faults of a whole file are reported.
func firstPlace() place { return place{1, 1} }
