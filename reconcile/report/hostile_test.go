package report_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"notiform/feishu"
	"notiform/reconcile"
	"notiform/reconcile/diff"
	"notiform/reconcile/report"
	"notiform/spec"
)

// fragments are texts that mean something to a terminal, a browser, Markdown, a forge or a CI
// system. They stand wherever data may: names, files, ids, cards, errors, messages.
func fragments() []string {
	return []string{
		"\x1b[2J\x1b]8;;http://evil.example\x07x", "\u009b2J", "\u202Egnp.exe", "ad\u200Bmin", "a\x00b", "\x7f", "bad\xff\xc0utf8", "\ufffe\uffff",
		"`", "``", "```", "````````````", "` `", "~~~", "\n```\n", "\n</details>\n", "</details>", "<details>", "</summary><h1>x</h1>", "</code></pre>",
		"<script>alert(1)</script>", "<img src=x onerror=y>", "<!--", "-->", "--!>", "<https://evil.example>", "&lt;b&gt;", "&#64;everyone",
		"::set-output name=a::b", "\n::add-mask::x", " \t::stop-commands::x", "\u3000::error::x", "##[error]x", "\n##[add-mask]x", "##vso[task.setvariable variable=a]b", "%0A::error::x", ",line=1,title=x", "100%25",
		"@everyone", "@org/team", "a@b.example", "#123", "GH-123", "org/repo#5", "!77", "~label", "%\"9.0\"", "$1$", "$$x$$", ":smile:", ":+1:", "1234567890abcdef1234567890abcdef12345678",
		"[x](http://evil.example)", "![](http://evil.example/a.png)", "![a][b]", "[a]: http://evil.example", "[^1]", "http://evil.example", "www.evil.example", "https://evil.example/`", "mailto:a@b.example",
		"a|b", `a\|b`, `\`, `\\`, `\` + "`", "| a | b |\n|---|---|", "# x", "\n# x", "- [ ] x", "> x", "1. x", "\n---\n", "***", "__x__", "  two  ", " ", "",
		"/close", "\n/approve\n", "{{ x }}", "${{ secrets.X }}", "{0}", "[x](1)", "]]>", "<![CDATA[", `"`, "'", "'; rm -rf ~; '", "$(id)", "\u2028", "\r\n", "\t",
		"系统维护", "👨‍👩‍👧‍👦", "🇨🇳🇨🇳", "e\u0301\u0301\u0301", "नमस्ते", "한국어", strings.Repeat("\u0301", 600), strings.Repeat("`", 600), strings.Repeat("维", 600),
	}
}

// hostileText draws a text out of fragments, any characters and any bytes.
func hostileText(t *rapid.T, label string) string {
	piece := rapid.OneOf(rapid.SampledFrom(fragments()), rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("`|\\<>@#:[]!&*_~ \n维👨\u200d"))),
		rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(rapid.Byte(), 0, 8).Draw(t, "bytes")) }))
	return strings.Join(rapid.SliceOfN(piece, 0, 4).Draw(t, label), "")
}

// jsonText is s as it can stand in a card: JSON is Unicode.
func jsonText(s string) spec.JSON { return spec.TextJSON(s) }

func hostileCard(s string, lines int) spec.JSON {
	content := strings.Repeat(s+"\n", lines)
	v, err := spec.ParseJSON([]byte(`{"elements":[{"tag":"markdown","content":` + jsonText(content).String() + `},{` + jsonText(" "+s).String() + `:[1e5,null,true]}]}`))
	if err != nil {
		panic(err)
	}
	return v
}

// hostileRun is a run of a command in which every text that comes from outside is s.
func hostileRun(command, s string) report.Run {
	run := report.Run{Command: command, ToolVersion: "v1.2.3", ExitCode: 5, Files: 1, Drafts: 1}
	run.Helpdesk, run.URL, run.Elsewhere, run.ApplyArgs = s, "https://ci.example/"+s+"\n", []string{s}, []string{"--only", s, s}
	run.Judged = []spec.Draft{{Pos: spec.Pos{File: s, Line: 1, Column: 1}, NotificationID: s, JobName: s}}
	for i, severity := range []spec.Severity{spec.Error, spec.Warning} {
		run.Diagnostics = append(run.Diagnostics, spec.Diagnostic{Pos: spec.Pos{File: s, Line: i + 1, Column: 2}, Severity: severity, Rule: "invalid-id", Message: s, Hint: s})
	}
	run.Diagnostics = append(run.Diagnostics, spec.Diagnostic{Pos: spec.Pos{File: s, Line: 3, Column: 2}, Severity: spec.Error, Rule: "invalid-id", Message: s, Hint: s, Outside: true})
	run.Changed = &report.Changed{Revision: s, Commit: s, Drafts: run.Judged, Of: 2}
	run.Removed = []reconcile.RemovedDraft{{File: s, NotificationID: s, JobName: s}}
	run.Fault = &reconcile.Fault{Message: s, Hint: s}
	if command == "validate" {
		return run
	}
	p := hostilePlan(s)
	run.Plan = &p
	if command == "apply" {
		r := hostileResult(p, s)
		run.Result = &r
	}
	return run
}

func hostilePlan(s string) reconcile.Plan {
	raw := s
	s = strings.ToValidUTF8(s, "\uFFFD") // draft files and answers are UTF-8; names of files need not be
	live := reader{
		id1: detail(feishu.Notification{ID: id1, JobName: s + "x", PushScopeType: 2, Ext: s + "y", PushContent: hostileCard("old "+s, 2).String(),
			UserList: []feishu.NotificationUser{{UserID: s, Name: shown(s)}}}),
		id2: detail(feishu.Notification{ID: id2, JobName: "x" + s, Status: 3, PushContent: s}),
	}
	draft := func(line int, id string) spec.Draft {
		return spec.Draft{Pos: spec.Pos{File: raw, Line: line, Column: 1}, NotificationID: id, JobName: s, PushType: spec.Scheduled, PushScopeType: spec.AllMembers,
			PushContent: hostileCard(s, 3), Ext: spec.Owned[string]{Value: s, Given: true}, ChatList: []spec.Target{{ID: "oc_" + s, Name: s}}}
	}
	p := reconcile.MakePlan(context.Background(), live, reconcile.Helpdesk{BaseURL: s, HelpdeskID: s}, []spec.Draft{draft(1, id1), draft(2, id2), draft(3, id3)}, reconcile.Options{Parallelism: 1})
	s = raw // what a saved plan says, or a server in an error
	p.Base = s
	for i := range p.Drafts {
		d := &p.Drafts[i]
		d.NotificationID, d.UpdatedAt, d.UpdatedBy = s, s, s
		for j := range d.Changes {
			d.Changes[j].Origin = diff.Conflict
		}
	}
	p.Drafts[2].Error = &reconcile.Fault{Message: s, Hint: s}
	return p
}

func hostileResult(p reconcile.Plan, s string) reconcile.Result {
	var r reconcile.Result
	for i, o := range []reconcile.Outcome{
		reconcile.OutcomeApplied, reconcile.OutcomeUnchanged, reconcile.OutcomeBlocked, reconcile.OutcomeStale, reconcile.OutcomeUnverified, reconcile.OutcomeFailed, reconcile.OutcomeNotAttempted,
	} {
		d := p.Drafts[i%2]
		r.Drafts = append(r.Drafts, reconcile.DraftResult{File: s, Line: i, NotificationID: s, JobName: s, Outcome: o, Status: d.Status, Changes: d.Changes,
			Remaining: d.Changes, ApprovalAppLink: "https://x/" + s, LogID: s, Error: &reconcile.Fault{Message: s, Hint: s}})
	}
	return r
}

// write is a run in one format.
func write(t fataler, format string, r report.Run) string {
	var b bytes.Buffer
	if err := report.Write(&b, format, r, 0); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return b.String()
}

// fataler is what *testing.T and *rapid.T share.
type fataler interface {
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// wantSafe holds what every format promises, whatever the data.
func wantSafe(t fataler, format, out string) {
	if !utf8.ValidString(out) {
		t.Errorf("%s: not UTF-8", format)
	}
	for i, line := range strings.Split(out, "\n") {
		for _, r := range line {
			if unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r) && format != "json" {
				t.Errorf("%s line %d: %U in %q", format, i+1, r, line)
			}
		}
		if format != "github" && strings.HasPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), "::") {
			t.Errorf("%s line %d is a workflow command: %q", format, i+1, line)
		}
		if strings.Contains(line, "##[") || strings.Contains(line, "##vso[") {
			t.Errorf("%s line %d holds a logging command: %q", format, i+1, line)
		}
	}
	switch format {
	case "markdown", "github-summary":
		wantNothingAlive(t, out)
	case "github":
		wantAnnotations(t, out)
	case "sarif":
		wantSARIF(t, []byte(out))
	case "junit":
		wantJUnit(t, out)
	case "gitlab-codequality":
		wantCodeQuality(t, []byte(out))
	case "html":
		wantInert(t, out)
	case "json":
		decode(t, []byte(out), new(any))
	}
}

// TestHostileText puts each of the fragments everywhere, in every format of every command.
func TestHostileText(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"validate", "plan", "apply", "show"} {
		for i, s := range fragments() {
			t.Run(fmt.Sprintf("%s/%d", command, i), func(t *testing.T) {
				t.Parallel()
				r := hostileRun(command, s)
				for _, format := range report.Formats(command, false) {
					wantSafe(t, format, write(t, format, r))
				}
				var b bytes.Buffer
				if err := report.Text(&b, r, report.Style{}); err != nil {
					t.Fatal(err)
				}
				wantSafe(t, "text", b.String())
			})
		}
	}
}

// TestHostileTextLaw is the same for whatever can be drawn.
func TestHostileTextLaw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		command := rapid.SampledFrom([]string{"validate", "plan", "apply", "show"}).Draw(t, "command")
		format := rapid.SampledFrom(report.Formats(command, false)).Draw(t, "format")
		wantSafe(t, format, write(t, format, hostileRun(command, "x"+hostileText(t, "text"))))
	})
}

// TestCommandsOutOfPieces: two harmless texts must not add up to a command.
func TestCommandsOutOfPieces(t *testing.T) {
	t.Parallel()
	p := reconcile.Plan{Complete: true, Summary: reconcile.Summary{Failed: 3}, Drafts: []reconcile.PlannedDraft{
		{Action: reconcile.Failed, File: "::x"}, {Action: reconcile.Failed, NotificationID: ":", File: ":x::"}, {Action: reconcile.Failed, NotificationID: "\u3000", File: "::error::x"},
	}}
	card := hostileCard("x", 1)
	before, err := spec.ParseJSON([]byte(`{"##":["a"]}`))
	if err != nil {
		t.Fatal(err)
	}
	after, err := spec.ParseJSON([]byte(`{"##":["b"]}`))
	if err != nil {
		t.Fatal(err)
	}
	p.Drafts = append(p.Drafts, reconcile.PlannedDraft{Action: reconcile.Update, JobName: "##", Live: &diff.State{PushContent: before}, Desired: &diff.State{PushContent: after},
		Changes: []diff.Change{{Field: "push_content", Path: "##[0]", Op: diff.Replace, Before: card, After: card}}})
	r := report.Run{Command: "plan", Plan: &p, WriteTime: time.Minute, Diagnostics: []spec.Diagnostic{{Pos: spec.Pos{File: ":"}, Severity: spec.Error, Rule: "invalid-id", Message: "m"}}}
	for _, format := range report.Formats("plan", false) {
		wantSafe(t, format, write(t, format, r))
	}
	var b bytes.Buffer
	if err := report.DiagnosticsText(&b, r.Diagnostics, report.Style{}); err != nil {
		t.Fatal(err)
	}
	wantSafe(t, "text", b.String())
}
