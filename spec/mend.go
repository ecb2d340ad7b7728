package spec

import (
	"bytes"
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// What yaml.v3 says of a mistake is where it noticed, in a parser's words. The people who write
// drafts need to know where the mistake is and what to type. So remedies are tried on the lines
// near that place, one change each: the change after which more can be read names the mistake. The
// file is then read as if they were all made, so that all its faults are told at once; its drafts
// are not used. Documents are mended by themselves, so that a try costs no more than one.

// mend is a change to a line, or to several, after which more of the file can be read.
type mend struct {
	number  int    // of the first line
	before  string // the lines
	after   string // as many lines
	at      int    // where in before the mistake is, in bytes
	begun   place  // where it is, if that is in another line
	message string
	hint    string
}

const (
	linesAbove     = 60       // how many lines before the place of an error are looked at
	linesBeside    = 12       // and for the last resort
	linesTogether  = 8        // how many lines may have mistakes that hide each other
	mostMends      = 20       // in one part
	leastPart      = 4 << 10  // how many bytes are mended together at least
	patienceOfFile = 4 << 20  // how many bytes of a file may be parsed to find mends
	patienceOfRun  = 16 << 20 // of all files that are no YAML; of those behind only the first error is told
)

// readMended tells the mistakes of a file that is no YAML, and reads it as if they were mended. Without
// patience only the first is told, as well as yaml.v3 knows it.
func (f *file) readMended(err error) {
	if f.mended { // and is none yet
		return
	}
	if *f.patience <= 0 || len(err.Error()) > longestMended {
		at, message, hint := f.plainly(err)
		f.fault(at, ruleYAMLSyntax, asSaid, message).Hint = hint
		return
	}
	var src []byte
	var made mends
	for rest := f.src; len(rest) > 0; {
		part := f.again(rest[:partEnd(rest)])
		rest = rest[len(part.src):]
		src = append(src, f.mendPart(part, bytes.Count(src, []byte{'\n'}), &made)...)
	}
	f.mended = true
	f.takeOver(src, made.keep)
}

// partEnd is where some documents of a text end.
func partEnd(src []byte) int {
	if len(src) > leastPart && src[0] != '%' && !bytes.Contains(src, []byte("\n%")) { // a directive belongs to the document behind it
		if at := separator.FindIndex(src[leastPart:]); at != nil {
			return leastPart + at[0]
		}
	}
	return len(src)
}

// mendPart tells what is wrong with documents that stand below so many lines, and is their text with
// that mended; what could not be is left out.
func (f *file) mendPart(part *file, above int, made *mends) []byte {
	for tries := 0; ; tries++ {
		reached, err := part.reaches()
		if err == nil {
			return part.src
		}
		m := part.findMend(reached, err)
		if m == nil || tries == mostMends {
			at, message, hint := part.plainly(err)
			f.fault(made.placeBefore(at.below(above)), ruleYAMLSyntax, asSaid, message).Hint = hint
			if part = part.again(part.without(reached.read)); tries < mostMends {
				continue
			}
			return bytes.Repeat([]byte{'\n'}, bytes.Count(part.src, []byte{'\n'}))
		}
		at := m.begun
		if at.line == 0 {
			at = place{int32(m.number), int32(utf8.RuneCountInString(m.before[:m.at]) + 1)}
		}
		f.fault(made.placeBefore(at.below(above)), ruleYAMLSyntax, asSaid, m.message).Hint = m.hint
		part = part.again(part.with(*m))
		m.number += above
		*made = append(*made, *m)
	}
}

// without is the text without the document in which a line is, or that ends before it.
func (f *file) without(number int) []byte {
	f.findLines()
	read := int(f.lineStarts[min(max(number, 1), len(f.lineStarts))-1])
	begin, end := 0, len(f.src)
	for _, at := range separator.FindAllIndex(f.src, -1) {
		if at[0] < read {
			begin = at[0]
		} else {
			end = at[0]
			break
		}
	}
	return slices.Concat(f.src[:begin], bytes.Repeat([]byte{'\n'}, bytes.Count(f.src[begin:end], []byte{'\n'})), f.src[end:])
}

// findMend is the mend of an error: with it most can be read and, of several that lead to the end, the
// fewest faults are left; nil if there is none.
func (f *file) findMend(reached reach, err error) *mend {
	if m := f.certain(err); m != nil {
		return m
	}
	near := nearLines(reached.read)
	if strings.Contains(err.Error(), yamlEndOfStream) {
		near = nearLines(reached.line)
	}
	var best *mend
	for _, remedies := range []func(line) []mend{likely, overLines} {
		if m, to := f.bestMend(reached, near, remedies); m != nil {
			best, reached = m, to
		}
	}
	if best == nil {
		best = f.besideAnother(reached, near[:min(linesTogether, len(near))])
	}
	if best == nil {
		best, _ = f.bestMend(reached, near[:min(linesBeside, len(near))], lastResort)
	}
	return best
}

// besideAnother is a mend with which no more can be read, but with which another leads on: of mistakes in lines
// beside each other each hides the other.
func (f *file) besideAnother(reached reach, near []int) *mend {
	for _, number := range slices.Backward(near) {
		for _, m := range f.mends(number, likely) {
			g := f.again(f.with(m))
			if to, err := g.reaches(); err == nil || reached.beyond(to) || *f.patience < len(f.src) {
				continue
			}
			if other, _ := g.bestMend(reached, near, likely); other != nil {
				return &m
			}
		}
	}
	return nil
}

// certain is the mend of an error of which yaml.v3 says enough.
func (f *file) certain(err error) *mend {
	said := strings.TrimPrefix(err.Error(), syntaxLine.FindString(err.Error()))
	var wrong, right string
	switch anchor := unknownAnchor.FindStringSubmatch(said); {
	case anchor != nil:
		wrong = "*" + anchor[1]
		right = inDoubleQuotes(wrong)
	case said == yamlUnknownEscape:
		wrong, right = `\`, `\\`
	case said == yamlControl:
		r, _ := utf8.DecodeRune(f.src[max(bytes.IndexFunc(f.src, refusedByYAML), 0):])
		wrong = string(r)
	default:
		return nil
	}
	at, message, hint := f.plainly(err)
	text, column := string(f.line(int(at.line))), f.offsetOf(int(at.line), int(at.column))-int(f.lineStarts[at.line-1])
	rest, stands := strings.CutPrefix(text[column:], wrong)
	if !stands {
		return nil
	}
	return &mend{number: int(at.line), before: text, after: text[:column] + right + rest, at: column, message: message, hint: hint}
}

// bestMend is the best of some remedies, if with it more can be read, and how far.
func (f *file) bestMend(reached reach, near []int, remedies func(line) []mend) (best *mend, to reach) {
	perfect := reach{math.MaxInt, math.MaxInt, 0}
	for _, number := range near {
		for _, m := range f.mends(number, remedies) {
			if *f.patience < len(f.src) || reached == perfect {
				return best, reached
			}
			if to, _ := f.again(f.with(m)).reaches(); to.beyond(reached) {
				best, reached = &m, to
			}
		}
	}
	return best, reached
}

// nearLines are the lines to look at, the nearest first.
func nearLines(number int) (lines []int) {
	for i := max(number, 1); i > 0 && i >= number-linesAbove; i-- {
		lines = append(lines, i)
	}
	return lines
}

// reach is how far a text can be read: the line up to which all is as it should be, how many lines were read
// until an error was noticed, and at the end of the text how many faults there are.
type reach struct{ line, read, faults int }

func (r reach) beyond(other reach) bool {
	return cmp.Or(cmp.Compare(r.line, other.line), cmp.Compare(r.read, other.read), cmp.Compare(other.faults, r.faults)) > 0
}

// reaches reads the file, to its end or to an error.
func (f *file) reaches() (reach, error) {
	*f.patience -= len(f.src)
	f.prepare()
	f.faults = nil
	lines := &lineReader{rest: f.text}
	err := f.parse(lines, func(root *yaml.Node) bool {
		f.each(f, root)
		return true
	})
	if err != nil {
		return reach{f.wentWrong(err, lines.count), lines.count, 0}, err
	}
	faults := 0
	for i := range f.faults {
		if f.faults[i].Rule != ruleHiddenCharacter { // what does not show may be meant
			faults++
		}
	}
	return reach{math.MaxInt, math.MaxInt, faults}, nil
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
	g.each, g.patience = f.each, f.patience
	return g
}

// mends are those that were made, in that order.
type mends []mend

// placeBefore is a place of the mended file in the file as it is.
func (ms mends) placeBefore(at place) place {
	for _, m := range slices.Backward(ms) {
		at.column = m.columnBefore(at)
	}
	return at
}

// keep puts a fault of the mended file where it is in the file as it is, unless it may speak of a mend.
func (ms mends) keep(d *Diagnostic) bool {
	for _, m := range ms {
		last := m.number + strings.Count(m.before, "\n")
		if m.number <= d.Pos.Line && d.Pos.Line <= last && d.Rule != ruleYAMLSyntax && (d.Rule != ruleHiddenCharacter || m.number < last) {
			return false
		}
	}
	d.Pos.Column = int(ms.placeBefore(place{int32(d.Pos.Line), int32(d.Pos.Column)}).column)
	return true
}

// takeOver reads a mended form of the file, and takes over the faults that are found. keep says which of the file's own, and
// puts them where they are in the file as it is.
func (f *file) takeOver(src []byte, keep func(*Diagnostic) bool) {
	g := f.again(src)
	g.mended = f.mended
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
func (m *mend) columnBefore(at place) int32 {
	number := int(at.line) - m.number
	if number < 0 || number > strings.Count(m.before, "\n") {
		return at.column
	}
	before, after := []rune(string(lineOf([]byte(m.before), number+1))), []rune(string(lineOf([]byte(m.after), number+1)))
	behind := min(int(at.column)-1, len(after))
	if rest := len(after) - behind; rest <= len(before) && slices.Equal(before[len(before)-rest:], after[behind:]) {
		return int32(len(before) - rest + 1)
	}
	column := int32(0)
	for _, r := range after[:behind] {
		if int(column) < len(before) && (before[column] == r || narrow(before[column]) == string(r)) {
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
	if !bytes.ContainsFunc(f.src, isWideBlank) || !wideIndent.Match(f.src) {
		return false
	}
	reached, _ := f.again(f.src).reaches()
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
		if to, _ := f.again(src).reaches(); !to.beyond(reached) {
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
