package spec_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"notiform/spec"
)

const asked = "# notiform create: asked 2026-11-26T09:00:00Z, no answer known"

func askedAt() time.Time { return time.Date(2026, 11, 26, 17, 0, 0, 0, time.FixedZone("", 8*3600)) }

// fields are those of a draft behind its first one.
const fields = "push_type: scheduled\npush_scope_type: all_members\npush_content: {}\n"

func TestNoteAndID(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why, src       string
		n              int
		noted, entered string // of src, what takes the place of <…>
	}{
		{why: "the plainest file", src: "<>job_name: a\n" + fields, noted: asked + "\n", entered: "notification_id: \"1\"\n"},
		{why: "comments stay above", src: "# yaml-language-server: $schema=x\n\n# ours\n<>job_name: a # why\n" + fields, noted: asked + "\n", entered: "notification_id: \"1\"\n"},
		{why: "CRLF", src: "<>job_name: a\r\n" + strings.ReplaceAll(fields, "\n", "\r\n"), noted: asked + "\r\n", entered: "notification_id: \"1\"\r\n"},
		{why: "a byte order mark", src: "\ufeff<>job_name: a\n" + fields, noted: asked + "\n", entered: "notification_id: \"1\"\n"},
		{why: "no newline at the end", src: "<>" + strings.TrimSuffix("job_name: a\n"+fields, "\n"), noted: asked + "\n", entered: "notification_id: \"1\"\n"},
		{why: "indented", src: "  <>job_name: a\n  " + strings.TrimSuffix(strings.ReplaceAll(fields, "\n", "\n  "), "  "), noted: asked + "\n  ", entered: "notification_id: \"1\"\n  "},
		{why: "the second of three", n: 1, src: "job_name: a\n" + fields + "---\n# b\n<>job_name: b\n" + fields + "...\n---\njob_name: c\n" + fields, noted: asked + "\n", entered: "notification_id: \"1\"\n"},
		{why: "behind a directive", src: "%YAML 1.2\n---\n<>job_name: a\n" + fields, noted: asked + "\n", entered: "notification_id: \"1\"\n"},
		{why: "--- inside of a text", n: 1, src: "job_name: a\n" + strings.Replace(fields, "{}", "|\n  {\"a\": \"\n  ---\"}", 1) + "---\n<>job_name: b\n" + fields, noted: asked + "\n", entered: "notification_id: \"1\"\n"},
	} {
		t.Run(row.why, func(t *testing.T) {
			src := strings.Replace(row.src, "<>", "", 1)
			want(t, "noted", strings.Replace(row.src, "<>", row.noted, 1))(spec.NoteAsked([]byte(src), row.n, askedAt()))
			want(t, "entered", strings.Replace(row.src, "<>", row.entered, 1))(spec.EnterID([]byte(src), row.n, "1"))
		})
	}
}

func TestEnterID(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, src, want string }{
		{"an id that is empty", "job_name: a\nnotification_id: \"\"  # later\n" + fields, "job_name: a\nnotification_id: \"1\"  # later\n" + fields},
		{"an id without a value", "notification_id:\njob_name: a\n" + fields, "notification_id: \"1\"\njob_name: a\n" + fields},
		{"an id without a value, with a comment", "notification_id:   # later\njob_name: a\n" + fields, "notification_id: \"1\"   # later\njob_name: a\n" + fields},
		{"null", "\"notification_id\": null\njob_name: a\n" + fields, "\"notification_id\": \"1\"\njob_name: a\n" + fields},
		{"~ with CRLF", "notification_id: ~\r\njob_name: a\r\n" + fields, "notification_id: \"1\"\r\njob_name: a\r\n" + fields},
		{"the words in a text first", "job_name: 'notification_id: '\nnotification_id: ''\n" + fields, "job_name: 'notification_id: '\nnotification_id: \"1\"\n" + fields},
		{"braces", "{job_name: a, push_type: 0, push_scope_type: 0, push_content: {}}", `{notification_id: "1", job_name: a, push_type: 0, push_scope_type: 0, push_content: {}}`},
		{"JSON", "--- {\n  \"job_name\": \"a\", \"push_type\": 0, \"push_scope_type\": 0, \"push_content\": {}\n}\n", "--- {\n  \"notification_id\": \"1\",\n  \"job_name\": \"a\", \"push_type\": 0, \"push_scope_type\": 0, \"push_content\": {}\n}\n"},
		{"JSON with null", `{"job_name": "a", "notification_id":null, "push_type": 0, "push_scope_type": 0, "push_content": {}}`, `{"job_name": "a", "notification_id":"1", "push_type": 0, "push_scope_type": 0, "push_content": {}}`},
		{"a tag in front", "--- !!map\njob_name: a\n" + fields, "--- !!map\nnotification_id: \"1\"\njob_name: a\n" + fields},
	} {
		t.Run(row.why, func(t *testing.T) {
			want(t, "entered", row.want)(spec.EnterID([]byte(row.src), 0, "1"))
			noted, err := spec.NoteAsked([]byte(row.src), 0, askedAt())
			if err != nil || !slices.Equal(spec.Asked(noted), []bool{true}) {
				t.Errorf("noted: %v %q", err, noted)
			}
		})
	}
	const odd = "a: &a\njob_name: x\nnotification_id: *a\n"
	if _, err := spec.EnterID([]byte(odd+fields), 0, "1"); err == nil {
		t.Error("an alias was taken for a place")
	}
}

func want(t *testing.T, what, text string) func([]byte, error) {
	return func(got []byte, err error) {
		t.Helper()
		if err != nil || string(got) != text {
			t.Errorf("%s: %v\n%q\nwant\n%q", what, err, got, text)
		}
	}
}

func TestAsked(t *testing.T) {
	t.Parallel()
	draft := func(name string) string { return "job_name: " + name + "\n" + fields }
	for _, row := range []struct {
		why, src string
		want     []bool
	}{
		{"none", draft("a"), nil},
		{"among other comments", "# ours\n" + asked + "\n\n# theirs\n" + draft("a"), []bool{true}},
		{"above ---", asked + "\n---\n" + draft("a"), []bool{true}},
		{"between documents", draft("a") + "...\n" + asked + "\n---\n" + draft("b"), []bool{false, true}},
		{"of the second", draft("a") + "---\n" + asked + "\n" + draft("b") + "---\n" + draft("c"), []bool{false, true, false}},
		{"behind a field", "job_name: a " + asked + "\n" + fields, []bool{true}},
		{"at the end", draft("a") + asked, []bool{true}},
		{"commented out again, and cut", "## notiform create: asked\n" + draft("a"), []bool{true}},
		{"CRLF and a byte order mark", "\ufeff" + asked + "\r\n" + strings.ReplaceAll(draft("a"), "\n", "\r\n"), []bool{true}},
		{"in a card's text", "job_name: a\n" + strings.Replace(fields, "{}", "\n  elements:\n  - tag: markdown\n    content: |\n      "+asked, 1), []bool{false}},
		{"in a name", "job_name: 'a " + asked + "'\n" + fields, []bool{false}},
		{"very many", strings.Repeat(asked+"\n", 2000) + draft("a"), []bool{true}},
		{"no draft at all", asked + "\n", []bool{}},
	} {
		t.Run(row.why, func(t *testing.T) {
			if got := spec.Asked([]byte(row.src)); !slices.Equal(got, row.want) {
				t.Errorf("%v, want %v", got, row.want)
			}
		})
	}
}

// TestEditsChangeOneLine puts notes and ids into files of any layout, one draft after the other in any
// order: what was there stays byte for byte.
func TestEditsChangeOneLine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		eol := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "eol")
		above := rapid.SampledFrom([]string{"", "# ours", "", "# notification_id: \"7\"", "  # x"})
		count := rapid.IntRange(1, 4).Draw(t, "drafts")
		var lines []string
		for i := range count {
			if i > 0 {
				lines = append(lines, rapid.SampledFrom([]string{"---", "--- # next", "...\n---"}).Draw(t, "between"))
			}
			lines = append(lines, above.Draw(t, "above"), fmt.Sprintf("job_name: n%d # %s", i, asked[4:]), strings.TrimSuffix(fields, "\n"), above.Draw(t, "below"))
		}
		src := strings.Join(lines, "\n")
		if rapid.Bool().Draw(t, "ends") {
			src += "\n"
		}
		src = rapid.SampledFrom([]string{"", "\ufeff"}).Draw(t, "mark") + strings.ReplaceAll(src, "\n", eol)
		now := []byte(src)
		for _, n := range rapid.Permutation([]int{0, 1, 2, 3}[:count]).Draw(t, "order") {
			noted, err := spec.NoteAsked(now, n, askedAt())
			if err != nil || !spec.Asked(noted)[n] || strings.Replace(string(noted), asked+eol, "", 1) != string(now) {
				t.Fatalf("noted %d: %v\n%q\nof\n%q", n, err, noted, now)
			}
			id := fmt.Sprint(100 + n)
			entered, err := spec.EnterID(now, n, id)
			if line := fmt.Sprintf("notification_id: %q%s", id, eol); err != nil || strings.Replace(string(entered), line, "", 1) != string(now) {
				t.Fatalf("entered %d: %v\n%q\nof\n%q", n, err, entered, now)
			}
			now = entered
		}
		for i, d := range spec.Decode("x.yaml", now, spec.Options{}).Drafts {
			if d.NotificationID != fmt.Sprint(100+i) || d.JobName != fmt.Sprint("n", i) {
				t.Fatalf("draft %d is %+v", i, d)
			}
		}
	})
}
