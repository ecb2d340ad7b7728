package spec

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// writeFiles fills a new directory; a name that ends in a slash is a folder, and
// content that begins with -> is a link.
func writeFiles(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		check(t, os.MkdirAll(filepath.Dir(full), 0o755))
		switch to, link := strings.CutPrefix(content, "->"); {
		case strings.HasSuffix(name, "/"):
			check(t, os.MkdirAll(full, 0o755))
		case link:
			check(t, os.Symlink(to, full))
		default:
			check(t, os.WriteFile(full, []byte(content), 0o644))
		}
	}
	return dir
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestContentFile(t *testing.T) {
	t.Parallel()
	outside := writeFiles(t, map[string]string{"secret.json": "{}"})
	dir := writeFiles(t, map[string]string{
		"drafts/card.json":    `{"b": 1.0, "a": 1}`,
		"drafts/card.yaml":    "b: 1.0\na: 1\n",
		"cards/card.json":     "\ufeff{\"b\": 1.0, \"a\": 1}",
		"cards/bad.json":      "{\n  \"a\": 1,\n  \"a\": 2\n}",
		"cards/list.json":     "[]",
		"cards/latin1.json":   "{\"a\": \"\xe9\"}",
		"cards/odd.yaml":      "a: 010\nb: 0x1\n",
		"cards/broken.yaml":   "a: 1\n- b\n",
		"cards/two.yaml":      "a: 1\n---\nb: 1\n",
		"cards/list.yml":      "- a\n",
		"cards/empty.yaml":    "# nothing\n",
		"cards/v2.json":       `{"schema": "2.0"}`,
		"cards/hidden.json":   "{\"a\": \"\u202e\"}",
		"cards/large.json":    `{"a": "` + strings.Repeat("x", maxFile) + `"}`,
		"cards/long.json":     `{"a": "` + strings.Repeat("x", 31<<10) + `"}`,
		"cards/within.json":   "->card.json",
		"cards/without.json":  "->" + filepath.Join(outside, "secret.json"),
		"cards/nowhere.json":  "->nowhere",
		"cards/folder.json/":  "",
		"drafts/sub/dir.json": "{}",
	})
	const card = `{"a":1,"b":1.0}`
	for _, tt := range []struct {
		why, named string
		card       string
		want       []string
	}{
		{"beside the draft", "card.json", card, nil},
		{"written as YAML", "card.yaml", card, nil},
		{"elsewhere below the working directory, with a byte order mark", "../cards/card.json", card, nil},
		{"by a link that stays within", "../cards/within.json", card, nil},
		{"not absolute", "/cards/card.json", "", []string{`drafts/f.yaml:4:20: error: push_content_file "/cards/card.json" is an absolute path [content-file]`}},
		{"not above the working directory", "../../x.json", "", []string{`drafts/f.yaml:4:20: error: push_content_file "../../x.json" is outside the working directory [content-file]`}},
		{"not by a link either", "../cards/without.json", "", []string{`drafts/f.yaml:4:20: error: push_content_file "../cards/without.json" is outside the working directory [content-file]`}},
		{"not a file that is not there", "card2.json", "", []string{`drafts/f.yaml:4:20: error: push_content_file "card2.json" does not exist [content-file]`}},
		{"not a link to one", "../cards/nowhere.json", "", []string{`drafts/f.yaml:4:20: error: push_content_file "../cards/nowhere.json" does not exist [content-file]`}},
		{"not a folder", "../cards/folder.json", "", []string{`drafts/f.yaml:4:20: error: push_content_file "../cards/folder.json" is not a regular file [content-file]`}},
		{"not a large file", "../cards/large.json", "", []string{`drafts/f.yaml:4:20: error: push_content_file "../cards/large.json" is larger than 1024 KiB [content-file]`}},
		{"its faults are in it", "../cards/bad.json", "", []string{`cards/bad.json:3:3: error: the card is not JSON: member "a" is given twice [card-json]`}},
		{"it is an object", "../cards/list.json", "", []string{`cards/list.json:1:1: error: the card's JSON is not an object [card-json]`}},
		{"it is UTF-8", "../cards/latin1.json", "", []string{`cards/latin1.json:1:8: error: the card file is not UTF-8 [content-file]`}},
		{"in YAML, all faults are told", "../cards/odd.yaml", "", []string{
			`cards/odd.yaml:1:4: error: "010" is a number to YAML but not to JSON [wrong-type]`,
			`cards/odd.yaml:2:4: error: "0x1" is a number to YAML but not to JSON [wrong-type]`}},
		{"YAML may be broken", "../cards/broken.yaml", "", []string{`cards/broken.yaml:2:1: error: this line does not fit the lines above it [yaml-syntax]`}},
		{"a file holds one card", "../cards/two.yaml", "", []string{`cards/two.yaml:3:1: error: a card file holds one card, and here begins another [content-file]`}},
		{"not a list", "../cards/list.yml", "", []string{`cards/list.yml:1:1: error: a card is a mapping, not a list [card-json]`}},
		{"not nothing", "../cards/empty.yaml", "", []string{`cards/empty.yaml:1:1: error: the card file is empty [card-json]`}},
		{"the rules hold for it", "../cards/v2.json", `{"schema":"2.0"}`, []string{`cards/v2.json:1:1: error: the card is card JSON 2.0 (schema "2.0") [card-version]`}},
		{"all of them", "../cards/hidden.json", "{\"a\":\"\u202e\"}", []string{`cards/hidden.json:1:7: warning: the card has U+202E (bidi control) at "/a" [hidden-character]`}},
		{"size as well", "../cards/long.json", `{"a":"` + strings.Repeat("x", 31<<10) + `"}`,
			[]string{`cards/long.json:1:1: error: the card is 31752 bytes as compact JSON, over the limit of 30 KiB (30720 bytes) [card-size]`}},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			src := draftWith("-push_content", "push_content_file: "+tt.named)
			for _, name := range []string{"drafts/f.yaml", filepath.ToSlash(filepath.Join(dir, "drafts/f.yaml"))} {
				set := Decode(name, []byte(src), anyCard(Options{Dir: dir}))
				var got []string
				for _, d := range set.Diagnostics {
					got = append(got, strings.TrimPrefix(d.String(), filepath.ToSlash(dir)+"/"))
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
				if got := set.Drafts[0].PushContent.String(); got != tt.card {
					t.Errorf("got %.100s, want %.100s", got, tt.card)
				}
				if got := set.Drafts[0].place(fieldPushContent).line; tt.card != "" && got != 4 {
					t.Errorf("push_content is at line %d", got)
				}
			}
		})
	}
}

func TestContentFileBesideContent(t *testing.T) {
	t.Parallel()
	set := Decode("f.yaml", []byte(draftWith("push_content_file: nowhere.json")), Options{Dir: t.TempDir()})
	want := []string{"5:20: error: push_content_file is given beside push_content [content-file]"}
	if diff := cmp.Diff(want, saidBy(set)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if set.Drafts[0].PushContent.IsZero() {
		t.Error("push_content went unread")
	}
}

func TestContentFileWithoutWorkingDirectory(t *testing.T) {
	t.Parallel()
	set := Decode("f.yaml", []byte(draftWith("-push_content", "push_content_file: card.json")), Options{Dir: filepath.Join(t.TempDir(), "gone")})
	if len(set.Diagnostics) != 1 || set.Diagnostics[0].Rule != ruleContentFile {
		t.Errorf("got %q", saidBy(set))
	}
}

// TestContentFileOfDraftOutside: a draft may be named from anywhere, but a path
// that leads out of the working directory is refused even if it leads back.
func TestContentFileOfDraftOutside(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{
		"work/":            "",
		"beside/a.yaml":    draftWith("-push_content", "push_content_file: card.json"),
		"beside/b.yaml":    draftWith("-push_content", "push_content_file: ../work/card.json"),
		"beside/card.json": "{}",
		"work/card.json":   "{}",
	})
	set := Load(t.Context(), []string{"../beside"}, Options{Dir: filepath.Join(dir, "work")})
	var got []string
	for _, d := range set.Diagnostics {
		got = append(got, d.String())
	}
	want := []string{
		`../beside/a.yaml:4:20: error: push_content_file "card.json" is outside the working directory [content-file]`,
		`../beside/b.yaml:4:20: error: push_content_file "../work/card.json" is outside the working directory [content-file]`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestContentFileFromElsewhere: ReadCard stands for the file system, but not for
// the rules about which file a draft may name.
func TestContentFileFromElsewhere(t *testing.T) {
	t.Parallel()
	revision := map[string]string{"cards/a.json": `{"a": 1}`, "cards/large.json": strings.Repeat(" ", maxFile+1)}
	opts := Options{Dir: t.TempDir(), ReadCard: func(name string) ([]byte, error) {
		src, ok := revision[name]
		if !ok {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		return []byte(src), nil
	}}
	for _, tt := range []struct{ why, named, card, want string }{
		{"a card of that revision", "../cards/a.json", `{"a":1}`, ""},
		{"one that was not there", "../cards/b.json", "", "does not exist"},
		{"one too large", "../cards/large.json", "", "is larger than 1024 KiB"},
		{"one outside", "../../x.json", "", "is outside the working directory"},
	} {
		set := Decode("drafts/f.yaml", []byte(draftWith("-push_content", "push_content_file: "+tt.named)), anyCard(opts))
		said := strings.Join(saidBy(set), "")
		if set.Drafts[0].PushContent.String() != tt.card || (said == "") != (tt.want == "") || !strings.Contains(said, tt.want) {
			t.Errorf("%s: got %s, %s", tt.why, set.Drafts[0].PushContent, said)
		}
	}
}
