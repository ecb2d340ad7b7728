package report_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"notiform/reconcile"
	"notiform/reconcile/diff"
	"notiform/reconcile/report"
	"notiform/spec"
)

// bigPlan has so many updates, each of a card whose every line is replaced by lines of text.
func bigPlan(drafts, lines int, text string) report.Run {
	p := reconcile.Plan{Complete: true, Digest: "sha256:" + strings.Repeat("0", 64), Summary: reconcile.Summary{Update: drafts}}
	before, after := &diff.State{PushContent: spec.TextJSON("old")}, &diff.State{PushContent: spec.TextJSON(strings.Repeat(text+"\n", lines))}
	for i := range drafts {
		p.Drafts = append(p.Drafts, reconcile.PlannedDraft{File: fmt.Sprintf("drafts/%d.yaml", i), Line: 1, NotificationID: id1, JobName: fmt.Sprintf("草稿 %d", i),
			Action: reconcile.Update, Live: before, Desired: after,
			Changes: []diff.Change{{Field: "push_content", Op: diff.Replace, Before: before.PushContent, After: after.PushContent}}})
	}
	r := report.Run{Command: "plan", Plan: &p}
	r.ApplyArgs, r.Elsewhere = []string{"drafts"}, []string{"plan.json"}
	return r
}

// limits are the most characters and bytes of a page.
type limits struct{ characters, bytes int }

func (l limits) of(r report.Run) string { return report.PageWithin(r, l.characters, l.bytes) }

// everything is no limit at all, and comment what the format for comments keeps within: GitHub takes
// 65 536 characters and 262 144 bytes.
var everything, comment = limits{1 << 40, 1 << 40}, limits{60_000, 260_000}

// counted is a number in front of words, 0 where the words do not stand.
func counted(t fataler, out, words string) int {
	m := regexp.MustCompile(`([0-9]+) (?:` + words + `)`).FindStringSubmatch(out)
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		t.Fatalf("%v", err)
	}
	return n
}

var saysLeftOut = regexp.MustCompile(`(more lines? (is|are) left out here|^This report is cut to fit|^> - and [0-9]+ more$)`)

// wantCut wants a report within its limits that is part of the whole one, line by line, and
// that says how much is left out and where the rest is.
func wantCut(t fataler, r report.Run, within limits) string {
	return wantPart(t, r, within, everything.of(r))
}

// wantPart is wantCut with the whole report at hand.
func wantPart(t fataler, r report.Run, within limits, all string) string {
	out := within.of(r)
	if n := utf8.RuneCountInString(out); n > within.characters || len(out) > within.bytes {
		t.Errorf("%d characters and %d bytes, want at most %+v", n, len(out), within)
	}
	wholeLines := map[string]bool{}
	for line := range strings.Lines(all) {
		wholeLines[line] = true
	}
	for line := range strings.Lines(out) {
		isFence := strings.Trim(strings.TrimSuffix(line, "\n"), "`") == "" || strings.HasSuffix(line, "```diff\n")
		if !wholeLines[line] && !isFence && !saysLeftOut.MatchString(strings.TrimSuffix(line, "\n")) {
			t.Errorf("%q is no line of the whole report", line)
		}
	}
	drafts, blocks, rows := len(r.Plan.Drafts), strings.Count(out, "<details><summary><b>"), strings.Count(out, "\n| update")
	if n := counted(t, out, "drafts? (?:is|are) without its changes"); blocks+n != drafts {
		t.Errorf("%d blocks, and %d are said to be left out of %d", blocks, n, drafts)
	}
	if n := counted(t, out, "drafts? (?:is|are) not in the table"); rows+n != drafts {
		t.Errorf("%d rows, and %d are said to be left out of %d", rows, n, drafts)
	}
	if out != all && !strings.Contains(out, "plan.json") {
		t.Errorf("it is not said where the whole report is:\n%s", out)
	}
	wantNothingAlive(t, out)
	return out
}

// TestCutAtEveryCharacter moves the limit over a card of emoji, Chinese and combining marks one
// character, and one byte, at a time.
func TestCutAtEveryCharacter(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"👨‍👩‍👧‍👦🇨🇳", "维护通知", "e\u0301नमस्ते", "```"} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			r := bigPlan(2, 60, text)
			full := everything.of(r)
			for n := range 120 {
				size := 1800 + n
				wantPart(t, r, limits{size, 1 << 40}, full)
				wantPart(t, r, limits{1 << 40, size + 600}, full)
			}
			if len(full) < 1800 {
				t.Fatalf("%d bytes: nothing was cut", len(full))
			}
		})
	}
}

// TestCutOfHugePlans holds the limits of a comment against what is too large for one.
func TestCutOfHugePlans(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why           string
		drafts, lines int
		text          string
		blocks, rows  int // at least so many are shown
	}{
		{"one card of ten thousand lines is shown as far as it goes", 1, 10_000, "维护通知 x", 1, 1},
		{"three thousand drafts", 3_000, 1, "维护", 100, 200},
		{"drafts of five thousand lines", 3, 5_000, "👨‍👩‍👧‍👦", 1, 3},
		{"one line of a hundred thousand characters", 1, 1, strings.Repeat("维", 100_000), 1, 1},
		{"a line of marks that no limit holds is left out", 1, 1, strings.Repeat("\u0301", 100_000), 0, 1},
		{"back quotes", 2, 2000, strings.Repeat("`", 500), 1, 2},
		{"characters of four bytes", 1, 3000, strings.Repeat("😀", 40), 1, 1},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			out := wantCut(t, bigPlan(row.drafts, row.lines, row.text), comment)
			if blocks, rows := strings.Count(out, "<details>"), strings.Count(out, "\n| update"); blocks < row.blocks || rows < row.rows {
				t.Errorf("%d blocks and %d rows are shown, want %d and %d", blocks, rows, row.blocks, row.rows)
			}
			if n := utf8.RuneCountInString(out); n < 50_000 && !strings.Contains(row.why, "marks") {
				t.Errorf("%d characters, though there is room for 60 000", n)
			}
			if !strings.Contains(out, "This report is cut to fit") || !strings.Contains(out, "--expect-digest sha256:") {
				t.Errorf("head and foot are missing:\n%s", out[:1000])
			}
		})
	}
}

// TestOneHugeCardHidesNoOther shows all the small drafts whole, and the huge one as far as it
// goes: one that no comment holds, and one that would fit if it were alone.
func TestOneHugeCardHidesNoOther(t *testing.T) {
	t.Parallel()
	for _, lines := range []int{10_000, 5_000} {
		r, huge := bigPlan(40, 1, "small"), bigPlan(1, lines, "huge")
		if alone := comment.of(huge); lines < 10_000 && strings.Contains(alone, "cut to fit") {
			t.Fatalf("%d lines do not fit alone", lines)
		}
		r.Plan.Drafts[0] = huge.Plan.Drafts[0]
		out := wantCut(t, r, comment)
		if n := strings.Count(out, "small"); n != 40-1 {
			t.Errorf("%d small drafts are shown, want 39", n)
		}
		if shown, left := strings.Count(out, "| huge\n"), counted(t, out, "more lines are left out here"); shown+left < lines || shown < 1000 || left == 0 {
			t.Errorf("%d lines of the huge one are shown and %d are said to be left out", shown, left)
		}
	}
}

// TestCutLaw is the law of every size.
func TestCutLaw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := bigPlan(rapid.IntRange(1, 60).Draw(t, "drafts"), rapid.IntRange(0, 60).Draw(t, "lines"), rapid.SampledFrom([]string{"x", "维护", "😀", "`````"}).Draw(t, "text"))
		for i := range rapid.IntRange(0, 40).Draw(t, "diagnostics") {
			r.Diagnostics = append(r.Diagnostics, spec.Diagnostic{Pos: spec.Pos{File: "x", Line: i}, Severity: spec.Warning, Rule: "r", Message: "维护"})
		}
		for i := range r.Plan.Drafts { // each of another size
			r.Plan.Drafts[i].JobName += strings.Repeat("x", i)
		}
		size := rapid.IntRange(2500, 20_000).Draw(t, "size")
		wantCut(t, r, limits{size, size * 2})
	})
}

// TestManyDangersAreCounted: a list of all of them would hide the table and the blocks.
func TestManyDangersAreCounted(t *testing.T) {
	t.Parallel()
	r := bigPlan(0, 0, "")
	for range 50 {
		r.Plan.Drafts = append(r.Plan.Drafts, reconcile.PlannedDraft{Action: reconcile.Failed, JobName: "x", Error: &reconcile.Fault{Message: "no"}})
	}
	out := comment.of(r)
	if n := strings.Count(out, "> - **failed**"); n != 20 || !strings.Contains(out, "> - and 30 more\n") {
		t.Errorf("%d are called out:\n%s", n, out[:3000])
	}
}

// TestStepSummary adds to what is there and keeps below what GitHub drops whole.
func TestStepSummary(t *testing.T) {
	t.Parallel()
	r := bigPlan(500, 100, "维护通知")
	for _, existing := range []int{0, 1, 500 << 10, 890 << 10} {
		var b bytes.Buffer
		if err := report.Write(&b, "github-summary", r, existing); err != nil {
			t.Fatal(err)
		}
		if n := existing + b.Len(); n > 1<<20 || n < 880<<10 {
			t.Errorf("with %d bytes there, %d in all", existing, n)
		}
		if got := strings.HasPrefix(b.String(), "\n\n<!-- "); got != (existing > 0) {
			t.Errorf("with %d bytes there it begins %q", existing, b.String()[:20])
		}
		wantNothingAlive(t, b.String())
	}
	for _, existing := range []int{899 << 10, 1 << 20, 1 << 40} {
		var b bytes.Buffer
		if err := report.Write(&b, "github-summary", r, existing); err == nil || b.Len() > 0 {
			t.Errorf("with %d bytes there: %v, and %d bytes are written", existing, err, b.Len())
		}
	}
}

// TestCommentLimits: the format for comments keeps within the limits that the other tests hold.
func TestCommentLimits(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"x", "😀"} { // the one has more characters, the other more bytes
		r := bigPlan(1, 10_000, strings.Repeat(text, 40))
		if got := write(t, "markdown", r); got != comment.of(r) {
			t.Errorf("%q: %d characters and %d bytes, want %d", text, utf8.RuneCountInString(got), len(got), len(comment.of(r)))
		}
	}
}
