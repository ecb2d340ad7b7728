package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Pos is a place in a file. Line and Column count from 1, Column in characters.
type Pos struct {
	File         string
	Line, Column int
}

// String is file:line:col.
func (p Pos) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

func (p Pos) compare(q Pos) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

// place is a Pos within a file known from elsewhere; small, because every draft
// keeps one for each field. The zero place is none.
type place struct{ line, column int32 }

func (p place) in(file string) Pos {
	return Pos{File: file, Line: int(p.line), Column: int(p.column)}
}

// below is a place of a text that stands below so many lines.
func (p place) below(lines int) place { return place{p.line + int32(lines), p.column} }

// Severity is how much a diagnostic matters.
type Severity int8

// The severities; the zero Severity is none of them.
const (
	Error   Severity = iota + 1 // the drafts cannot be used
	Warning                     // probably not what was meant
	Off                         // not reported
	Note                        // told, and nothing more: see Diagnostic.Outside
)

// String is "error", "warning", "off" or "note".
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	case Off:
		return "off"
	case Note:
		return "note"
	}
	return "severity(" + strconv.Itoa(int(s)) + ")"
}

// parseSeverity reads what String writes.
func parseSeverity(s string) (sev Severity, ok bool) {
	for _, sev := range []Severity{Error, Warning, Off} {
		if s == sev.String() {
			return sev, true
		}
	}
	return 0, false
}

// Diagnostic is one thing to say about a draft file. Message and Hint may quote
// the file: quoted text is escaped and cut to a bearable length, but File is as
// it came, and printing it safely is the printer's part.
type Diagnostic struct {
	Pos      Pos
	Severity Severity
	// Outside says that it is not of the change that was asked about: it stops nobody.
	Outside bool
	Rule    string // the id of one of Rules
	Message string // what is wrong
	Hint    string // what to do next; may be empty
	Other   *Pos   // the first of the two places of duplicate-id, else nil
	// Source is the line it stands on; nil where there is none, and after the first 200 of a file.
	Source *Excerpt
	// InCard is the value of the card that it is about, see [card.Node.Pointer]; "" where that is none or not
	// known, and after the first 200 of a card.
	InCard string
}

// Excerpt is the line that a diagnostic is about, up to its place and from there on, as it stands
// in the file. A long line is cut on both sides, with an ellipsis.
type Excerpt struct{ Before, After string }

const (
	besidePlace  = 300 // how many bytes of a line are kept on each side of a place
	mostExcerpts = 200 // how many faults of a file have their line
)

// excerpt is the line of a place.
func (f *file) excerpt(at Pos) *Excerpt {
	f.findLines()
	if at.Line < 1 || at.Line > len(f.lineStarts) {
		return nil
	}
	from, middle := int(f.lineStarts[at.Line-1]), f.offsetOf(at.Line, at.Column)
	e := &Excerpt{Before: string(f.src[max(from, middle-besidePlace):middle])}
	rest := lineOf(f.src[middle:min(middle+besidePlace, len(f.src))], 1)
	if e.After = string(rest); middle-from > besidePlace {
		e.Before = "…" + strings.ToValidUTF8(e.Before, "")
	}
	if len(rest) == besidePlace {
		e.After = strings.ToValidUTF8(e.After, "") + "…"
	}
	return e
}

// excerpts gives the file's diagnostics their lines.
func (f *file) excerpts() {
	for i := range f.faults[:min(mostExcerpts, len(f.faults))] {
		if d := &f.faults[i]; d.Pos.File == f.name && (d.Pos != firstPlace().in(f.name) || d.Rule != ruleDraftFile) {
			d.Source = f.excerpt(d.Pos)
		}
	}
}

// Level is how much d matters here: its Severity, or no more than a Note of what is outside.
func (d Diagnostic) Level() Severity {
	if d.Outside {
		return Note
	}
	return d.Severity
}

// String is file:line:col: level: message [rule], without the hint.
func (d Diagnostic) String() string {
	return fmt.Sprintf("%s: %s: %s [%s]", d.Pos, d.Level(), d.Message, d.Rule)
}

// sortDiagnostics sorts by file, line, column and rule, then by the words, so
// that equal sets print as equal bytes.
func sortDiagnostics(ds []Diagnostic) {
	slices.SortFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(a.Pos.compare(b.Pos), cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Message, b.Message), cmp.Compare(a.Hint, b.Hint), cmp.Compare(a.Severity, b.Severity))
	})
}

// settle gives every diagnostic the severity that the options ask for, drops
// those turned off, and brings the rest into order, each once.
func (s *Set) settle(opts Options) {
	if len(s.Diagnostics) == 0 {
		return // as for most files
	}
	rules := make(map[string]Rule)
	for _, r := range Rules() {
		rules[r.ID] = r
	}
	kept := s.Diagnostics[:0]
	for _, d := range s.Diagnostics {
		if d.Severity = opts.severity(rules[d.Rule], d.Severity); d.Severity != Off {
			kept = append(kept, d)
		}
	}
	sortDiagnostics(kept)
	s.Diagnostics = slices.CompactFunc(kept, func(a, b Diagnostic) bool {
		a.Source, b.Source = nil, nil
		return a == b
	})
}

// severity is what the caller wants of the rule, or else that of the occurrence, or
// else the rule's own; with Strict, an error where it would be a warning, unless by the clock.
func (o Options) severity(r Rule, occurrence Severity) Severity {
	sev := cmp.Or(occurrence, r.Severity)
	if wanted, ok := o.Severity[r.ID]; ok && !r.Fixed {
		sev = wanted
	}
	if o.Strict && sev == Warning && !r.Clock {
		sev = Error
	}
	return sev
}

// off are the rules that are turned off.
func (o Options) off() map[string]bool {
	off := map[string]bool{}
	for id, sev := range o.Severity {
		if r, ok := ruleNamed(id); ok && sev == Off && !r.Fixed {
			off[id] = true
		}
	}
	return off
}

// quotedLength is how many characters of the author's text a message repeats.
const quotedLength = 60

// quoted shows text from a file within a message: escaped, so that it cannot
// pass for anything else, and cut, so that a megabyte stays out of the log.
func quoted(s string) string {
	if head := first(quotedLength, s); head != s {
		return `"` + escapes(head) + `"…`
	}
	return `"` + escapes(s) + `"`
}

// escapes writes what does not show as an escape, in the form that reports use for all
// text, and doubles a backslash, so that an escape always stands for the character.
func escapes(s string) string {
	var b strings.Builder
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02X`, s[i])
		case r == '"' || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		case strconv.IsPrint(r):
			b.WriteRune(r)
		case isLayout(r):
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		default:
			fmt.Fprintf(&b, `\u{%02X}`, r)
		}
	}
	return b.String()
}

// inOurEscapes is what another package says, with the escapes of Go's own packages in the form
// of escapes.
func inOurEscapes(err error) string {
	var b strings.Builder
	rest := err.Error()
	for at := strings.IndexByte(rest, '\\'); at >= 0; at = strings.IndexByte(rest, '\\') {
		b.WriteString(rest[:at])
		r, multibyte, after, notOne := strconv.UnquoteChar(rest[at:], 0)
		switch {
		case notOne != nil:
			b.WriteByte('\\')
			after = rest[at+1:]
		case r >= utf8.RuneSelf && !multibyte:
			b.WriteString(escapes(string([]byte{byte(r)})))
		default:
			b.WriteString(escapes(string(r)))
		}
		rest = after
	}
	return b.String() + rest
}

// first is as much of a text as n characters are, found without looking at the rest.
func first(n int, s string) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
