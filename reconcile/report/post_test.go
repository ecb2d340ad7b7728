package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"notiform/reconcile"
	"notiform/reconcile/diff"
	"notiform/reconcile/report"
	"notiform/spec"
)

const postSize = 20_000

// posting is a message as Feishu reads it.
type posting struct {
	Post map[string]struct {
		Title   string
		Content [][]struct {
			Tag, Text, Href string
			UnEscape        *bool `json:"un_escape"`
		}
	}
}

func post(t interface{ Fatal(...any) }, r report.Run, size int) ([]byte, posting) {
	content, err := report.Post(r, size)
	if err != nil {
		t.Fatal(err)
	}
	var p posting
	d := json.NewDecoder(bytes.NewReader(content))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		t.Fatal(err)
	}
	return content, p
}

// lines is what a reader of a language sees, links as TEXT→ADDRESS.
func (p posting) lines(language string) []string {
	lines := []string{p.Post[language].Title}
	for _, paragraph := range p.Post[language].Content {
		line := ""
		for _, tag := range paragraph {
			if line += tag.Text; tag.Tag == "a" {
				line += "→" + tag.Href
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// wantSafe faults whatever in a message is more than text and web links.
func (p posting) wantSafe(fault func(format string, args ...any)) {
	if len(p.Post) != 2 || len(p.Post["zh_cn"].Content) != len(p.Post["en_us"].Content) || len(p.Post["zh_cn"].Content) == 0 {
		fault("the languages do not say the same: %+v", p)
	}
	for language, body := range p.Post {
		for _, paragraph := range body.Content {
			for _, tag := range paragraph {
				switch link, err := url.Parse(tag.Href); {
				case tag.Tag == "text" && (tag.UnEscape == nil || *tag.UnEscape || tag.Href != ""):
					fault("a text that is more: %+v", tag)
				case tag.Tag == "a" && (err != nil || link.Scheme != "http" && link.Scheme != "https" || link.Host == "" || link.User != nil):
					fault("a link to %q", tag.Href)
				case tag.Tag != "text" && tag.Tag != "a":
					fault("tag %q", tag.Tag)
				}
				if strings.Contains(tag.Text, "://") || strings.Contains(tag.Text, "<") || !utf8.ValidString(tag.Text) ||
					strings.ContainsFunc(tag.Text, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }) {
					fault("%s: something is alive in %q", language, tag.Text)
				}
			}
		}
	}
}

func goldenPost(t *testing.T, name string, r report.Run) {
	t.Helper()
	content, p := post(t, r, postSize)
	p.wantSafe(t.Errorf)
	var shown bytes.Buffer
	for _, language := range []string{"zh_cn", "en_us"} {
		fmt.Fprintf(&shown, "== %s\n%s\n", language, strings.Join(p.lines(language), "\n"))
	}
	shown.WriteString("== content\n")
	if err := json.Indent(&shown, content, "", " "); err != nil {
		t.Fatal(err)
	}
	shown.WriteByte('\n')
	golden(t, name, shown.Bytes())
}

func TestPostGoldens(t *testing.T) {
	t.Parallel()
	p, r := plan(t), result()
	// The result fixture has other drafts than the plan; the first and the fifth widen here.
	planned := reconcile.Plan{Drafts: make([]reconcile.PlannedDraft, len(r.Drafts))}
	planned.Drafts[0], planned.Drafts[5] = p.Drafts[1], p.Drafts[0]
	r.Drafts[0].Changes = slices.Clone(p.Drafts[1].Changes)
	r.Drafts[0].Changes[0].Origin = diff.FromConsole
	r.Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	goldenPost(t, "post_plan.txt", report.Run{Command: "plan", ExitCode: 4, Plan: &p, Now: afterwards})
	goldenPost(t, "post_result.txt", report.Run{Command: "apply", ExitCode: 5, Plan: &planned, Result: &r, Now: afterwards})
}

// TestPostVerdicts: whatever the end of a run, there is a title and at least one line.
func TestPostVerdicts(t *testing.T) {
	t.Parallel()
	equal := reconcile.Plan{Complete: true, Summary: reconcile.Summary{NoOp: 3}}
	update := reconcile.Plan{Complete: true, Summary: reconcile.Summary{Update: 1}, Digest: "sha256:d", Drafts: []reconcile.PlannedDraft{{JobName: "A", NotificationID: id1, Action: reconcile.Update}}}
	stopped := update
	stopped.Complete = false
	nothing := reconcile.Result{Summary: reconcile.ResultSummary{Unchanged: 3}}
	fault := &reconcile.Fault{Message: "this is not what was reviewed\n1 draft would change, and --max-changes allows 0"}
	faulty := []spec.Diagnostic{
		{Pos: spec.Pos{File: "a.yaml", Line: 2, Column: 1}, Severity: spec.Error, Rule: "unknown-field", Message: `unknown field "titel"`},
		{Pos: spec.Pos{File: "a.yaml", Line: 3, Column: 1}, Severity: spec.Warning, Rule: "root-department", Message: "department 0"},
	}
	many := make([]spec.Diagnostic, 7)
	for i := range many {
		many[i] = spec.Diagnostic{Pos: spec.Pos{File: "a.yaml", Line: i + 1, Column: 1}, Severity: spec.Error, Rule: "card-json", Message: "no JSON"}
	}
	for _, row := range []struct {
		why  string
		run  report.Run
		want []string
	}{
		{"nothing to say is one line", report.Run{Command: "plan", Plan: &equal},
			[]string{"notiform plan: nothing to change", "Plan: 0 to update, 3 unchanged, 0 blocked, 0 failed"}},
		{"so it is after an apply", report.Run{Command: "apply", Plan: &equal, Result: &nothing},
			[]string{"notiform apply: nothing to change", "Apply: 3 unchanged"}},
		{"there was no draft at all", report.Run{Command: "apply", Plan: &reconcile.Plan{Complete: true}, Result: &reconcile.Result{Complete: true}},
			[]string{"notiform apply: nothing to change", "Apply: nothing to do, there are no drafts"}},
		{"differences", report.Run{Command: "plan", ExitCode: 2, Plan: &update},
			[]string{"notiform plan: changes to review", "Plan: 1 to update, 0 unchanged, 0 blocked, 0 failed", "update: A (" + id1 + ")", "Digest: sha256:d"}},
		{"stopped", report.Run{Command: "plan", ExitCode: 130, Plan: &stopped},
			[]string{"notiform plan: interrupted", "Plan: 1 to update, 0 unchanged, 0 blocked, 0 failed", "The plan is not complete: the run was stopped with 0 drafts not read.", "update: A (" + id1 + ")", "Digest: sha256:d"}},
		{"refused by guards", report.Run{Command: "apply", ExitCode: 4, Plan: &equal, Result: &nothing, Fault: fault},
			[]string{"notiform apply: refused, and nothing was written", "error: this is not what was reviewed", "error: 1 draft would change, and --max-changes allows 0",
				"Apply: 3 unchanged"}},
		{"faulty files", report.Run{Command: "apply", ExitCode: 3, Diagnostics: faulty},
			[]string{"notiform apply: the draft files have errors", "1 fault in the draft files, so nothing was compared:", `a.yaml:2:1: unknown field "titel" [unknown-field]`}},
		{"many faults are cut", report.Run{Command: "plan", ExitCode: 3, Diagnostics: many},
			[]string{"notiform plan: the draft files have errors", "7 faults in the draft files, so nothing was compared:",
				"a.yaml:1:1: no JSON [card-json]", "a.yaml:2:1: no JSON [card-json]", "a.yaml:3:1: no JSON [card-json]", "a.yaml:4:1: no JSON [card-json]", "a.yaml:5:1: no JSON [card-json]", "…"}},
		{"it failed before there was a plan", report.Run{Command: "plan", ExitCode: 1, Fault: &reconcile.Fault{Message: "read the plan: no such file"}},
			[]string{"notiform plan: failed", "error: read the plan: no such file"}},
		{"it ended without a word", report.Run{Command: "plan", ExitCode: 1}, []string{"notiform plan: failed", "There is no plan."}},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			_, p := post(t, row.run, postSize)
			p.wantSafe(t.Errorf)
			if got := p.lines("en_us"); !slices.Equal(got, row.want) {
				t.Errorf("got %q\nwant %q", got, row.want)
			}
			if zh := p.lines("zh_cn"); !unicode.Is(unicode.Han, []rune(strings.TrimPrefix(zh[0], "notiform "))[0]) {
				t.Errorf("no Chinese: %q", zh)
			}
		})
	}
}

func TestPostNamesTheRun(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://ci.example/runs/1": "the run→https://ci.example/runs/1", "": "", "javascript:alert(1)": "", "ci.example/runs/1": "",
	} {
		_, p := post(t, report.Run{Command: "plan", Plan: &reconcile.Plan{Complete: true}, Around: report.Around{URL: address}}, postSize)
		p.wantSafe(t.Errorf)
		if lines := p.lines("en_us"); len(lines) > 2 != (want != "") || want != "" && lines[2] != want {
			t.Errorf("%s: %q", address, lines)
		}
	}
}

// TestPostLeavesOutWholeDrafts: those that need no look first, never a part of one, and it says
// how many.
func TestPostLeavesOutWholeDrafts(t *testing.T) {
	t.Parallel()
	const drafts = 500
	r := reconcile.Result{Summary: reconcile.ResultSummary{Applied: drafts - 2, Failed: 2}}
	for i := range drafts {
		d := reconcile.DraftResult{JobName: fmt.Sprintf("Draft %d", i), NotificationID: fmt.Sprintf("7%018d", i), Outcome: reconcile.OutcomeApplied,
			ApprovalAppLink: "https://applink.feishu.cn/client/mini_program/open?id=1"}
		if i == 300 || i == 499 {
			d.Outcome, d.Error = reconcile.OutcomeFailed, &reconcile.Fault{Message: "refused"}
		}
		r.Drafts = append(r.Drafts, d)
	}
	content, p := post(t, report.Run{Command: "apply", ExitCode: 5, Result: &r}, postSize)
	p.wantSafe(t.Errorf)
	lines := p.lines("en_us")
	listed, failed := 0, 0
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, "applied: "):
			if listed++; !strings.Contains(lines[i+1], "→https://applink") {
				t.Errorf("half a draft: %q %q", line, lines[i+1])
			}
		case strings.HasPrefix(line, "failed: "):
			listed++
			failed++
		}
	}
	if want := fmt.Sprintf("%d more drafts left out here; the output of the run has them all.", drafts-listed); failed != 2 || !slices.Contains(lines, want) {
		t.Errorf("%d listed, %d of them failed, and no %q in %q", listed, failed, want, lines)
	}
	if len(content) > postSize || len(content) < postSize*95/100 {
		t.Errorf("%d bytes", len(content))
	}
	var numbers []int
	for _, line := range lines {
		var n int
		if _, name, ok := strings.Cut(line, ": Draft "); ok && !strings.HasPrefix(line, " ") {
			fmt.Sscan(name, &n)
			numbers = append(numbers, n)
		}
	}
	if len(numbers) != listed || numbers[0] != 0 || !slices.IsSorted(numbers) {
		t.Errorf("not the first ones, or not in their order: %v", numbers)
	}
}

func TestPostThatCannotFit(t *testing.T) {
	t.Parallel()
	p := plan(t)
	if content, err := report.Post(report.Run{Command: "plan", Plan: &p}, 300); err == nil {
		t.Errorf("%d bytes: %s", len(content), content)
	}
}

func TestPostLinks(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why, link string
		follows   bool
	}{
		{"Feishu's own", "https://applink.feishu.cn/client/mini_program/open?appId=cli_9f9f8825d53b900d&path=a%2Fb", true},
		{"plain http", "http://a.example/x", true},
		{"a script", "javascript:alert(1)", false},
		{"an application", "lark://applink.feishu.cn/x", false},
		{"a local file", "file:///etc/passwd", false},
		{"no host", "https:///x", false},
		{"only a port", "https://:443/x", false},
		{"a password that looks like a host", "https://feishu.cn@evil.example/", false},
		{"a line break", "https://a.example/\nx", false},
		{"a hidden turn", "https://a.example/\u202egnp", false},
		{"another alphabet", "https://аpplink.feishu.cn/", false},
		{"a tag", "https://a.example/<b>", false},
		{"a quote", `https://a.example/"x`, false},
		{"without end", "https://a.example/" + strings.Repeat("x", 2000), false},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			r := reconcile.Result{Summary: reconcile.ResultSummary{Applied: 1},
				Drafts: []reconcile.DraftResult{{JobName: "A", NotificationID: id1, Outcome: reconcile.OutcomeApplied, ApprovalAppLink: row.link}}}
			_, p := post(t, report.Run{Command: "apply", Result: &r}, postSize)
			p.wantSafe(t.Errorf)
			line := p.lines("en_us")[3]
			if follows := strings.HasSuffix(line, "open its approval page→"+row.link); follows != row.follows {
				t.Errorf("a link: %v; %q", follows, line)
			}
			if !row.follows && !strings.HasPrefix(line, "    open its approval page: ") {
				t.Errorf("not shown either: %q", line)
			}
		})
	}
}

func TestPostNames(t *testing.T) {
	t.Parallel()
	family, flag := "👨‍👩‍👧‍👦", "🇨🇳"
	for _, row := range []struct{ why, name, want string }{
		{"as it is", `系统维护 "a" & 'b' @all @张三 **x** [y](z)`, `系统维护 "a" & 'b' @all @张三 **x** [y](z)`},
		{"none", "", "(no job_name)"},
		{"an address", "see https://evil.example/x", `see https:\u{2F}/evil.example/x`},
		{"a mention", `<at user_id="all">all</at>`, `\u{3C}at user_id="all">all\u{3C}/at>`},
		{"an entity stays what it is", "&lt;at&gt;", "&lt;at&gt;"},
		{"a terminal's", "a\x1b[2J\r\nb\u202e\xff", `a\u{1B}[2J\r\nb\u{202E}\xFF`},
		{"a hundred columns", strings.Repeat("飞", 50), strings.Repeat("飞", 50)},
		{"one more", strings.Repeat("飞", 51), strings.Repeat("飞", 50) + "…"},
		{"an emoji is never cut", strings.Repeat("x", 99) + family + "y", strings.Repeat("x", 99) + "…"},
		{"nor one at the end", strings.Repeat("x", 98) + family, strings.Repeat("x", 98) + family},
		{"nor what follows its join", strings.Repeat("x", 97) + family + "zzzz", strings.Repeat("x", 97) + family + "…"},
		{"nor a flag", strings.Repeat("x", 99) + flag + "y", strings.Repeat("x", 99) + flag + "…"},
		{"nor a mark", strings.Repeat("x", 99) + "e\u20DDy", strings.Repeat("x", 99) + "e\u20DD…"},
		{"nor an escape", strings.Repeat("x", 95) + "\u202ey", strings.Repeat("x", 95) + "…"},
		{"marks without end", "e" + strings.Repeat("\u20DD", 10_000), "e" + strings.Repeat("\u20DD", 134) + "…"},
		{"a letter in pieces", "Jose\u0301", `Jose\u{301}`},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			plan := reconcile.Plan{Complete: true, Drafts: []reconcile.PlannedDraft{{JobName: row.name, NotificationID: id1, Action: reconcile.Failed}}}
			_, p := post(t, report.Run{Command: "plan", Plan: &plan}, postSize)
			p.wantSafe(t.Errorf)
			if got, want := p.lines("en_us")[2], "failed: "+row.want+" ("+id1+")"; got != want {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
}

// TestPostLaw: whatever the drafts, their names, errors and links, the message is valid, safe, the
// same every time and not too large, and it counts what it leaves out.
func TestPostLaw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		hostile := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
			"", "\x1b[2J", "https://a.example", `<at user_id="all"></at>`, strings.Repeat("飞", 400), strings.Repeat("\u202e", 400), strings.Repeat(`"\`, 400), "\xff\xfe",
			"javascript:x", "https://user@a.example/", strings.Repeat("e\u0301", 900),
		}))
		outcomes := []reconcile.Outcome{reconcile.OutcomeApplied, reconcile.OutcomeBlocked, reconcile.OutcomeStale, reconcile.OutcomeUnverified, reconcile.OutcomeFailed, reconcile.OutcomeNotAttempted}
		n, size := rapid.IntRange(0, 120).Draw(t, "drafts"), rapid.IntRange(2_000, postSize).Draw(t, "size")
		var r reconcile.Result
		kinds := rapid.SliceOfN(hostile, 4, 4).Draw(t, "texts")
		for i := range n {
			status := i
			d := reconcile.DraftResult{JobName: kinds[i%4], NotificationID: fmt.Sprint(i), Outcome: outcomes[i%len(outcomes)], Status: &status, ApprovalAppLink: kinds[(i+1)%4]}
			if i%3 == 0 {
				d.Error = &reconcile.Fault{Message: kinds[(i+2)%4]}
			}
			r.Drafts = append(r.Drafts, d)
		}
		run := report.Run{Command: "apply", ExitCode: 5, Result: &r}
		content, p := post(t, run, size)
		p.wantSafe(t.Fatalf)
		if again, _ := report.Post(run, size); !bytes.Equal(content, again) || len(content) > size {
			t.Fatalf("another message, or too large: %d bytes of %d", len(content), size)
		}
		listed, left := 0, 0
		for _, line := range p.lines("en_us") {
			if strings.HasSuffix(line, ")") && !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "Digest") {
				listed++
			}
			fmt.Sscanf(line, "%d more draft", &left)
		}
		if listed+left != n {
			t.Fatalf("%d listed and %d left out of %d: %q", listed, left, n, p.lines("en_us"))
		}
	})
}

// TestPostFitsWithEveryFault: the lines before the drafts are bounded too.
func TestPostFitsWithEveryFault(t *testing.T) {
	t.Parallel()
	for _, text := range []string{strings.Repeat("飞", 999), strings.Repeat(`"`, 999), strings.Repeat(`\`, 999), strings.Repeat("\u202e", 999), strings.Repeat("e\u0301\u0301\u0301", 999), strings.Repeat("\u212B", 999), strings.Repeat("\u1112\u1161", 999), strings.Repeat("\u00A0", 999)} {
		run := report.Run{Command: "plan", ExitCode: 3, Fault: &reconcile.Fault{Message: strings.Repeat(text+"\n", 9)}}
		for range 9 {
			run.Diagnostics = append(run.Diagnostics, spec.Diagnostic{Pos: spec.Pos{File: text, Line: 1, Column: 1}, Severity: spec.Error, Rule: "new-staff-departments-missing", Message: text})
		}
		content, p := post(t, run, postSize)
		p.wantSafe(t.Errorf)
		if len(content) > postSize {
			t.Errorf("%.9q: %d bytes", text, len(content))
		}
	}
}
