package spec

import (
	"bytes"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// What yaml.v3 says of a mistake is where it noticed, in a parser's words. The people who write
// drafts need to know where the mistake is and what to type. So remedies are tried on the lines
// near that place, one change to one line each: the change after which more of the file can be
// read names the mistake. The rest is then read as if it were made, so that all faults of the file
// are told at once; its drafts are not used.

// mend is a change to one line after which more of the file can be read.
type mend struct {
	number  int    // of the line
	before  string // the line
	after   string
	at      int   // where in before the mistake is, in bytes
	begun   place // where it is, if that is in another line
	message string
	hint    string
}

const (
	linesAbove   = 60        // how many lines before the place of an error are looked at
	mostMends    = 20        // in one file
	tryAtLeast   = 128 << 10 // how many bytes may be parsed to find out, in a file
	triesOfLarge = 2         // how often a large file may be parsed
)

// patience is what may be spent on finding mends for a file, its mended forms included.
type patience struct{ bytes, mends int }

func patienceFor(src []byte) *patience {
	return &patience{bytes: tryAtLeast + triesOfLarge*len(src), mends: mostMends}
}

// findMend is the mend of an error: with it most of the file can be read and, of several that
// lead to its end, the fewest faults are left; nil if there is none.
func (f *file) findMend(message string) *mend {
	if f.patience.mends--; f.patience.mends < 0 || strings.HasPrefix(message, yamlUnknownAnchor) { // of that the place is known
		return nil
	}
	reached := f.reaches(f.src)
	for _, remedies := range []func(line) []mend{likely, overLines, lastResort} {
		if m := f.bestMend(reached, remedies); m != nil {
			return m
		}
	}
	return nil
}

// bestMend is the best of some remedies.
func (f *file) bestMend(reached reach, remedies func(line) []mend) (best *mend) {
	for _, number := range nearLines(reached.line) {
		for _, m := range f.mends(number, remedies) {
			if f.patience.bytes < len(f.src) {
				return best
			}
			if to := f.reaches(f.with(m)); to.beyond(reached) {
				best, reached = &m, to
			}
			if reached == (reach{line: math.MaxInt}) {
				return best
			}
		}
	}
	return best
}

// nearLines are the lines to look at, the nearest to where the parser came first.
func nearLines(reached int) []int {
	reached = max(reached, 1)
	lines := []int{reached}
	for i := 1; i <= linesAbove && i < reached; i++ {
		lines = append(lines, reached-i)
	}
	return lines
}

// reach is how far a text can be read: to a line, or to the end with so many faults.
type reach struct{ line, faults int }

func (r reach) beyond(other reach) bool {
	return r.line > other.line || r.line == other.line && r.faults < other.faults
}

// reaches is how far a text can be read.
func (f *file) reaches(src []byte) reach {
	f.patience.bytes -= len(src)
	g := f.again(src)
	g.prepare()
	lines := &lineReader{rest: g.text}
	if parseAll(lines) != nil {
		return reach{line: lines.count}
	}
	g.faults = nil
	g.readAll()
	faults := 0
	for i := range g.faults {
		if g.faults[i].Rule != ruleHiddenCharacter { // what does not show may be meant
			faults++
		}
	}
	return reach{math.MaxInt, faults}
}

// with is the file with a mend made.
func (f *file) with(m mend) []byte {
	f.findLines()
	start := int(f.lineStarts[m.number-1])
	return slices.Concat(f.src[:start], []byte(m.after), f.src[start+len(m.before):])
}

// again is the file with another text.
func (f *file) again(src []byte) *file {
	g := f.newFile(f.name, src)
	g.each, g.patience, g.mended = f.each, f.patience, true
	return g
}

// readOn reads the file as if the mend were made.
func (f *file) readOn(m *mend) {
	f.takeOver(f.with(*m), func(d *Diagnostic) bool {
		if d.Pos.Line == m.number && d.Rule != ruleYAMLSyntax && d.Rule != ruleHiddenCharacter {
			return false // perhaps it speaks of the mend
		}
		d.Pos.Column = m.columnBefore(d.Pos)
		return true
	})
}

// takeOver reads a mended form of the file, and takes over the faults that are found. keep says which of the file's own, and
// puts them where they are in the file as it is.
func (f *file) takeOver(src []byte, keep func(*Diagnostic) bool) {
	g := f.again(src)
	g.readAll()
	f.faults = slices.DeleteFunc(f.faults, func(d Diagnostic) bool {
		return !slices.Contains([]string{ruleYAMLSyntax, ruleHiddenCharacter, ruleLineBreak, ruleDraftFile}, d.Rule) // they are found again
	})
	for _, d := range g.faults {
		if d.Rule == ruleDraftFile || d.Pos.File == f.name && !keep(&d) {
			continue // of the former: it speaks of the file as such
		}
		if len(f.faults) < maxFaults {
			f.faults = append(f.faults, d)
		}
	}
	f.isDraft = f.isDraft || g.isDraft
}

// columnBefore is the column, in the file as it is, of a place in the mended one: what stands
// behind the change is found from the end of the line, what stands before it from its beginning.
func (m *mend) columnBefore(p Pos) int {
	if p.Line != m.number {
		return p.Column
	}
	before, after := []rune(m.before), []rune(m.after)
	at := min(p.Column-1, len(after))
	if rest := len(after) - at; rest <= len(before) && slices.Equal(before[len(before)-rest:], after[at:]) {
		return len(before) - rest + 1
	}
	column := 0
	for _, r := range after[:at] {
		if column < len(before) && (before[column] == r || narrow(before[column]) == string(r)) {
			column++
		}
	}
	return column + 1
}

// wideIndent is an indentation with blanks that are none to YAML, before a key or a dash.
var wideIndent = regexp.MustCompile(`(?m)^ *[\x{A0}\x{1680}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}][ \t\p{Zs}]*(?:[-－]|["“]?[A-Za-z_]\w*["”]?[ \t\p{Zs}]*[:：])`)

// isWideBlank is cheaper than wideIndent, which few files need.
func isWideBlank(r rune) bool { return r == 0xA0 || r >= 0x1680 && unicode.Is(unicode.Zs, r) }

// wideIndents faults indentations with blanks that are none to YAML, if more of the file can be read or
// fewer faults are left with spaces in their place: within a text they mean nothing. What is found then
// is told with them.
func (f *file) wideIndents() bool {
	const most = 100
	if f.mended || !bytes.ContainsFunc(f.src, isWideBlank) || !wideIndent.Match(f.src) {
		return false
	}
	reached := f.reaches(f.src)
	for _, spaces := range []string{" ", "  "} { // an ideographic space is as wide as two
		src := wideIndent.ReplaceAllFunc(f.src, func(line []byte) []byte {
			begin := len(line) - len(bytes.TrimLeftFunc(line, unicode.IsSpace))
			indent := strings.Map(func(r rune) rune {
				if r > unicode.MaxASCII {
					return '\t'
				}
				return r
			}, string(line[:begin]))
			return append([]byte(strings.ReplaceAll(indent, "\t", spaces)), line[begin:]...)
		})
		if !f.reaches(src).beyond(reached) {
			continue
		}
		f.takeOver(src, func(*Diagnostic) bool { return true })
		for _, m := range wideIndent.FindAllIndex(f.src, most) {
			_, r, _ := firstWide(string(f.src[m[0]:m[1]]))
			message, hint := typed(r)
			f.fault(f.placeOf(m[0]+bytes.IndexFunc(f.src[m[0]:], func(r rune) bool { return r != ' ' })), ruleYAMLSyntax, asSaid, message).Hint = hint
		}
		return true
	}
	return false
}
