package spec

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
)

// What create writes into a draft file: a note above a draft that Feishu was asked to create, and
// then its id in the note's place. Both are put into the text, so that comments and layout stay byte
// for byte, and both are proven by reading the text again: it says what it said before, or the edit
// is not made.

// Asked reports, for each draft in a file's bytes, whether a note of create says that Feishu was asked
// for it and no answer is known. The note counts wherever among the comments of its document it
// stands, and whatever stands around it; the same words in a text of the draft are none. Without any
// it is nil.
func Asked(src []byte) []bool {
	const most = 100 // of which each is looked at alone; more of them are a note, whatever they are
	if !bytes.Contains(src, []byte(askedWords)) {
		return nil
	}
	f := fileText(src)
	asked := make([]bool, len(f.drafts))
	notes := askedForm.FindAllSubmatchIndex(src, -1)
	for _, at := range notes {
		begin, end := at[2], at[3]
		if i := f.owner(begin); i >= 0 && (len(notes) > most || f.same(f.spliced(begin, end, ""), -1)) {
			asked[i] = true
		}
	}
	return asked
}

var askedForm = regexp.MustCompile(`(?m)(?:^\x{feff}?|[ \t])(#[# \t]*notiform create: asked[^\r\n]*)`)

// NoteAsked is a file's bytes with the note that Feishu was asked at a time for its n-th draft, above
// the draft's first field.
func NoteAsked(src []byte, n int, at time.Time) ([]byte, error) {
	f := fileText(src)
	if n >= len(f.drafts) {
		return nil, noPlaceError{}
	}
	want := make([]bool, len(f.drafts))
	copy(want, Asked(src))
	want[n] = true
	for _, noted := range f.withLine(n, fmt.Sprintf(askedNote, at.UTC().Format(time.RFC3339))) {
		if f.same(noted, -1) && slices.Equal(Asked(noted), want) {
			return noted, nil
		}
	}
	return nil, noPlaceError{}
}

// EnterID is a file's bytes with the id of its n-th draft: where it has an empty notification_id
// there, or else as its first field.
func EnterID(src []byte, n int, id string) ([]byte, error) {
	f := fileText(src)
	if n >= len(f.drafts) {
		return nil, noPlaceError{}
	}
	field := fmt.Sprintf(idField, "notification_id", id)
	for _, entered := range slices.Concat(f.withFilled(n, id), f.withLine(n, field), f.withMember(n, id)) {
		if f.same(entered, n) && judgePlainly(entered).Drafts[n].NotificationID == id {
			return entered, nil
		}
	}
	return nil, noPlaceError{}
}

// noPlaceError is of a document whose layout holds neither note nor id.
type noPlaceError struct{}

func (noPlaceError) Error() string { return noPlaceForID }
func (noPlaceError) Hint() string  { return oneFieldALine }

// edited is a file whose text is to be edited.
type edited struct {
	src    []byte
	drafts []Draft
	errors int
	ends   []int // of the drafts' documents
}

// judgePlainly decodes a file without looking at any other.
func judgePlainly(src []byte) Set {
	return Decode("", src, Options{ReadCard: func(string) ([]byte, error) { return []byte("{}"), nil }})
}

func fileText(src []byte) *edited {
	set := judgePlainly(src)
	f := &edited{src: src, drafts: set.Drafts, errors: set.Errors()}
	for i := range f.drafts {
		_, from := f.line(i)
		end := len(src)
		if at := separator.FindIndex(src[from:]); at != nil {
			end = from + at[0]
		}
		f.ends = append(f.ends, end)
	}
	return f
}

// separator is a line that ends a document. No text of a draft can have one.
var separator = regexp.MustCompile(`(?m)^(?:---|\.\.\.)(?:[ \t\r]|$)`)

// line is where the line with which a draft begins begins, and the next one.
func (f *edited) line(i int) (begin, next int) {
	for range f.drafts[i].Pos.Line - 1 {
		begin += bytes.IndexByte(f.src[begin:], '\n') + 1
	}
	if begin == 0 {
		begin = len(f.src) - len(bytes.TrimPrefix(f.src, []byte("\ufeff")))
	}
	if end := bytes.IndexByte(f.src[begin:], '\n'); end >= 0 {
		return begin, begin + end + 1
	}
	return begin, len(f.src)
}

// owner is the draft in whose document, or above it, a place of the text is; -1 where there is none.
func (f *edited) owner(at int) int {
	for i, end := range f.ends {
		if at < end {
			return i
		}
	}
	return len(f.ends) - 1
}

func (f *edited) spliced(from, to int, text string) []byte {
	return slices.Concat(f.src[:from], []byte(text), f.src[to:])
}

// same reports whether a text says what f says, but for the id of one draft.
func (f *edited) same(src []byte, but int) bool {
	now := judgePlainly(src)
	return now.Errors() == f.errors && slices.EqualFunc(f.meant(but), (&edited{drafts: now.Drafts}).meant(but),
		func(a, b Draft) bool { return reflect.DeepEqual(a, b) })
}

// meant are the drafts without where they stand.
func (f *edited) meant(but int) []Draft {
	drafts := slices.Clone(f.drafts)
	for i := range drafts {
		drafts[i].Pos, drafts[i].at = Pos{}, [fieldCount]place{}
		if i == but {
			drafts[i].NotificationID = ""
		}
	}
	return drafts
}

// withLine are the texts with a line of its own above the line with which a draft begins, or below
// it where something else stands on that one, such as ---.
func (f *edited) withLine(i int, text string) [][]byte {
	begin, next := f.line(i)
	eol := "\n"
	if bytes.Contains(f.src, []byte("\r\n")) {
		eol = "\r\n"
	}
	above := f.spliced(begin, begin, blanks(f.src[begin:])+text+eol)
	if !bytes.HasSuffix(f.src[:next], []byte("\n")) {
		return [][]byte{above, f.spliced(next, next, eol+text)}
	}
	return [][]byte{above, f.spliced(next, next, blanks(f.src[next:])+text+eol)}
}

// blanks are those that a text begins with.
func blanks(text []byte) string {
	return string(text[:len(text)-len(bytes.TrimLeft(text, " \t"))])
}

var emptyID = regexp.MustCompile(`["']?notification_id["']?[ \t]*:([ \t]*)(""|''|~|null|Null|NULL|)`)

// withFilled are the texts with the id where a draft may have an empty one.
func (f *edited) withFilled(i int, id string) (texts [][]byte) {
	begin, _ := f.line(i)
	for _, at := range emptyID.FindAllSubmatchIndex(f.src[begin:f.ends[i]], 100) {
		from, to, text := begin+at[4], begin+at[5], fmt.Sprintf(quotedID, id)
		if from == to { // the blanks may stand before a comment
			from, to, text = begin+at[2], begin+at[2], " "+text
		}
		texts = append(texts, f.spliced(from, to, text))
	}
	return texts
}

// withMember is the text with the id as the first member of a draft in braces.
func (f *edited) withMember(i int, id string) [][]byte {
	begin, _ := f.line(i)
	open := bytes.IndexByte(f.src[begin:f.ends[i]], '{')
	if open < 0 {
		return nil
	}
	at := begin + open + 1
	rest := bytes.TrimLeft(f.src[at:], " \t\r\n")
	before := string(f.src[at : len(f.src)-len(rest)]) // what stands before the first member now
	name := "notification_id"
	if bytes.HasPrefix(rest, []byte(`"`)) {
		name = fmt.Sprintf(quotedID, name)
	}
	between := before
	if !strings.Contains(before, "\n") {
		between = " "
	}
	return [][]byte{f.spliced(at+len(before), at+len(before), fmt.Sprintf(idField, name, id)+","+between)}
}
