package spec

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
)

// The tests of this file count what is allocated, so that none of them is parallel: those
// that are wait until these are done.

// allocated is how many bytes f allocates, whether it keeps them or not.
func allocated(f func()) int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc)
}

// fileLength is how long the files of these tests are. What grows with the square of that
// would be far beyond any multiple of it.
const fileLength = maxFile / 4

// filled is head and tail with units between them, as many as fit into a file; a unit with
// a verb in it is numbered.
func filled(head, unit, tail string) string {
	var b strings.Builder
	b.WriteString(head)
	for i := 0; b.Len() < fileLength-len(tail)-len(unit)-8; i++ {
		if strings.Contains(unit, "%d") {
			fmt.Fprintf(&b, unit, i)
			continue
		}
		b.WriteString(unit)
	}
	b.WriteString(tail)
	return b.String()
}

// TestMemoryIsBoundedByLength: what a file costs is a small multiple of its length, of
// which most is what yaml.v3 makes of a node: 160 bytes, if only a letter stands there.
func TestMemoryIsBoundedByLength(t *testing.T) {
	const bare, long = "job_name: a\npush_type: 0\npush_scope_type: 0\n", fileLength / 10
	text := strings.Repeat("x", long)
	deep := strings.Repeat("k", 500) + ": {"
	for _, tt := range []struct {
		why  string
		src  string
		most int // bytes allocated a byte
	}{
		{"drafts", filled("", draftWith()+"---\n", ""), 120},
		{"one mapping of a letter", filled("{", "a,", "a}\n"), 280},
		{"one list of a letter", filled(bare+"push_content: {e: [", "a,", "a]}\n"), 160},
		{"one list of different ids", filled(draftWith("push_scope_type: chats_only")+"chat_list: [", "oc_%d,", "oc_x]\n"), 70},
		{"one list of one id", filled(draftWith("push_scope_type: chats_only")+"chat_list: [", "oc_a,", "oc_x]\n"), 180},
		{"empty documents", filled(draftWith(), "---\n", ""), 220},
		{"documents that are no drafts", filled("", "a: b\n---\n", ""), 80},
		{"comments", filled(draftWith(), "#\n", ""), 16},
		{"bad block cards", filled("", bare+"push_content: |\n  {\n\n   ?\n---\n", ""), 110},
		{"unknown fields", filled(draftWith(), "field_of_no_draft_%d: x\n", ""), 90},
		{"fields of other YAML", filled("", "job_nameless_%d: x\n", ""), 90},
		{"numbers that JSON has not", filled(bare+"push_content: {e: [", "00,", "0]}\n"), 150},
		{"a long quoted text", draftWith(`user_id_type: "` + strings.Repeat(`\u202e`, fileLength/6-100) + `"`), 8},
		{"a long number", draftWith("notification_id: 1" + strings.Repeat("0", fileLength-200)), 16},
		{"a long time", draftWith("send_at: 2026-12-01 09:00:00." + strings.Repeat("0", fileLength-200)), 32},
		{"a long unknown anchor", draftWith("ext: *" + strings.Repeat("a", fileLength-200)), 16},
		{"an alias to a long id, in a list", filled(draftWith("ext: &a "+text)+"chat_list: [", "*a ,", "*a ]\n"), 100},
		{"in mappings", filled(draftWith("ext: &a "+text)+"department_list: [", "{department_id: *a },", "]\n"), 50},
		{"as a key", filled(bare+"ext: &a "+text+"\npush_content: {e: [", "{*a : 1},", "]}\n"), 90},
		{"as a value", filled(bare+"ext: &a "+text+"\npush_content: {e: [", "*a ,", "]}\n"), 120},
		{"a card's text from an earlier document", filled(bare+"push_content: &c '{\"a\":\""+text+"\"}'\n", "---\n"+bare+"push_content: *c\n", ""), 90},
		{"aliases into an earlier document", filled("a: &a x\n---\ne: [", "*a ,", "]\n"), 90},
		{"a long tag for everything", filled("%TAG !e! tag:"+text+"\n---\ne: [", "!e!a b,", "]\n"), 2},
		{"a tag for everything", filled("%TAG !e! tag:"+text[:maxDirective-13]+"\n---\ne: [", "!e!a b,", "]\n"), 120},
		{"hidden characters of many kinds", bare + "push_content: '{\"a\":\"" + manySelectors(fileLength-200) + "\"}'\n", 24},
		{"hidden characters far down", bare + "push_content: '" + strings.Repeat(`{"`+deep[:500]+`":`, 199) + manyHidden(maxFaults) + strings.Repeat("}", 199) + "'\n", 180},
		{"JSON too deep to be a card", bare + "push_content: '" + strings.Repeat("[", 9000) + strings.Repeat("1,", fileLength/2-10_000) + "1" + strings.Repeat("]", 9000) + "'\n", 16},
		{"JSON as deep as a card may be", bare + "push_content: '" + strings.Repeat(`{"b":`, 199) + "[" + strings.Repeat("1,", fileLength/2-2000) + "1]" + strings.Repeat(`,"a":1}`, 199) + "'\n", 90},
	} {
		t.Run(tt.why, func(t *testing.T) {
			if len(tt.src) > fileLength {
				t.Fatalf("made %d bytes", len(tt.src))
			}
			longest := 0
			got := allocated(func() {
				for _, d := range Decode("f.yaml", []byte(tt.src), Options{Dir: "."}).Diagnostics {
					longest = max(longest, len(d.Message), len(d.Hint))
				}
			})
			if got > tt.most*len(tt.src) {
				t.Errorf("%d bytes cost %d, %d a byte", len(tt.src), got, got/len(tt.src))
			}
			if longest > 800 {
				t.Errorf("a message of %d bytes", longest)
			}
		})
	}
}

// manySelectors is a text of some three thousand invisible characters, again and again.
func manySelectors(length int) string {
	var b strings.Builder
	for i := 0; b.Len() < length-4; i++ {
		b.WriteRune(rune(0xE0100 + i%0xEF0))
	}
	return b.String()
}

// TestLinesAreFoundOnce: a fault in a block text looks up a line of its file, which must
// not mean to go through the file from its beginning.
func TestLinesAreFoundOnce(t *testing.T) {
	t.Parallel()
	src := []byte("a\r\n\nb\n" + strings.Repeat("c\n", 100) + "d")
	f := newDecoder(Options{}).newFile("f.yaml", src)
	for line := 1; line <= 106; line++ {
		if got, want := f.line(line), lineOf(src, line); string(got) != string(want) {
			t.Errorf("line %d: got %q, want %q", line, got, want)
		}
	}
	if len(f.lineStarts) != 104 {
		t.Errorf("%d lines are known", len(f.lineStarts))
	}
}

// TestCardIsReadOnce: however many documents and files name it, at fault or not, a card
// file is read once and its faults are told once; no draft goes without it unnoticed.
func TestCardIsReadOnce(t *testing.T) {
	const documents, files = 20, 50
	draft := draftWith("-push_content", "push_content_file: cards/card.json")
	for _, tt := range []struct {
		why, card string
		faults    int
		kept      bool // whether drafts have the card, at fault or not
	}{
		{"a good card", `{"a":"` + strings.Repeat("x", 20_000) + `"}`, 0, true},
		{"a card with faults", `{"schema":"2.0","a":["` + strings.Repeat("\u200b\",\"", 5000) + `"]}`, 5001 + 1, true},
		{"no card", `[` + strings.Repeat(" ", maxFile-2) + `]`, 1, false},
		{"a card too large", strings.Repeat(" ", maxFile+1), documents * files, false},
	} {
		t.Run(tt.why, func(t *testing.T) {
			dir := t.TempDir()
			for i := range files {
				check(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("%02d.yaml", i)), []byte(strings.Repeat(draft+"---\n", documents)), 0o600))
			}
			var reads atomic.Int64
			opts := Options{Dir: dir, ReadCard: func(name string) ([]byte, error) {
				if reads.Add(1); name != "cards/card.json" {
					return nil, fs.ErrNotExist
				}
				return []byte(tt.card), nil
			}}
			var set Set
			cost := allocated(func() { set = Load(t.Context(), nil, anyCard(opts)) })
			if len(set.Drafts) != documents*files || len(set.Diagnostics) != tt.faults || reads.Load() != 1 {
				t.Fatalf("%d drafts, %d faults, %d reads", len(set.Drafts), len(set.Diagnostics), reads.Load())
			}
			for _, d := range set.Drafts {
				if d.PushContent.IsZero() == tt.kept || !tt.kept && set.Errors() == 0 {
					t.Fatalf("%s: a draft with the card %.20q", d.Pos, d.PushContent)
				}
			}
			if most := 150*documents*files*len(draft) + 60*len(tt.card); cost > most {
				t.Errorf("%d bytes allocated, more than %d", cost, most)
			}
		})
	}
}

// TestCardBehindLinksIsReadOnce: links to a card, or to folders on the way there, make no
// more cards of it.
func TestCardBehindLinksIsReadOnce(t *testing.T) {
	const links = 300
	card := "elements: 010\nx: '" + strings.Repeat("x", maxCard/2) + "'\n"
	files := map[string]string{"cards/card.yaml": card, "cards/again": "->.", "cards/json.json": "->card.yaml"}
	var src strings.Builder
	name := "cards/"
	for i := range links {
		link := fmt.Sprintf("cards/%d.yaml", i)
		files[link] = "->card.yaml"
		if name += "again/"; i%200 == 199 { // as deep as the operating system follows links
			name = "cards/again/./again/"
		}
		for _, named := range []string{link, name + "card.yaml"} {
			src.WriteString(draftWith("-push_content", "push_content_file: "+named) + "---\n")
		}
	}
	src.WriteString(draftWith("-push_content", "push_content_file: cards/json.json"))
	dir := writeFiles(t, files)
	var set Set
	cost := allocated(func() { set = Decode("f.yaml", []byte(src.String()), Options{Dir: dir}) })
	var said []string
	for _, d := range set.Diagnostics {
		said = append(said, d.Pos.String()+" "+d.Rule)
	}
	// Names of the length of all those folders cost something too, in looking them up.
	if want := "[cards/card.yaml:1:1 card-json cards/card.yaml:1:11 wrong-type]"; fmt.Sprint(said) != want || len(set.Drafts) != 2*links+1 {
		t.Errorf("%d drafts, %.500q", len(set.Drafts), said)
	}
	if most := 100*len(card) + 1000*src.Len(); cost > most {
		t.Errorf("%d bytes allocated, more than %d", cost, most)
	}
}

// TestWhatIsKeptOfAFile: of each of very many files only its drafts are kept, and what it
// takes to name it.
func TestWhatIsKeptOfAFile(t *testing.T) {
	const files = 2000
	for _, tt := range []struct {
		why  string
		src  string
		most int // bytes kept of a file while all are read
	}{
		{"small drafts", draftWith("notification_id: '%d'"), 700},
		{"files without a draft", "# %d\n", 250},
	} {
		t.Run(tt.why, func(t *testing.T) {
			dir := t.TempDir()
			for i := range files {
				check(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("%04d.yaml", i)), fmt.Appendf(nil, tt.src, i), 0o600))
			}
			before := inUse()
			l := &loader{decoder: newDecoder(Options{Dir: dir}), finder: find(Options{Dir: dir}, []string{"."})}
			l.files = make([]contents, len(l.sources))
			l.readAll(t.Context())
			if got := (inUse() - before) / files; got > tt.most || len(l.join().Diagnostics) > 0 {
				t.Errorf("%d bytes are kept of a file", got)
			}
		})
	}
}

func inUse() int {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc)
}

// TestNumbersOfAnyLength: what numbers cost to compare is a small multiple of their
// length, whichever part of them is long.
func TestNumbersOfAnyLength(t *testing.T) {
	const length = 4_000_000
	digits, zeros := strings.Repeat("7", length), strings.Repeat("0", length)
	for _, pair := range [][2]string{
		{"1e" + digits, "10e" + digits[1:] + "6"}, {"1e-" + digits, "0.1e-" + digits[1:] + "6"}, {digits, digits + ".0"},
		{"1" + zeros, "1e4000000"}, {"0." + zeros + "1", "1e-4000001"}, {"1e" + zeros + "1", "10"},
	} {
		a, b := mustJSON(t, pair[0]), mustJSON(t, pair[1])
		equal := false
		if cost := allocated(func() { equal = a.Equal(b) }); cost > 16*length || !equal {
			t.Errorf("%.10s… and %.10s…: equal %v, %d bytes allocated", a, b, equal, cost)
		}
	}
}

// TestStdinIsReadNoFurther: of standard input no more is read than shows that it is too
// long.
func TestStdinIsReadNoFurther(t *testing.T) {
	read := 0
	cost := allocated(func() {
		set := Load(t.Context(), []string{"-"}, Options{Stdin: counted{endless{}, &read}})
		if len(set.Diagnostics) != 1 || set.Diagnostics[0].Rule != ruleDraftFile || set.Diagnostics[0].Hint != splitFile {
			t.Errorf("got %v", set.Diagnostics)
		}
	})
	if read != maxFile+1 || cost > 10*maxFile {
		t.Errorf("%d bytes read, %d allocated", read, cost)
	}
}

type counted struct {
	endless
	read *int
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.endless.Read(p)
	*c.read += n
	return n, err
}
