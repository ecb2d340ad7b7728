package report_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"notiform/reconcile"
	"notiform/reconcile/diff"
	"notiform/reconcile/report"
	"notiform/spec"
)

// textCard is a card of lines of text.
func textCard(t *testing.T, lines ...string) spec.JSON {
	t.Helper()
	return card(t, `{"header":{"title":{"tag":"plain_text","content":"标题"}},"elements":[{"tag":"markdown","content":`+spec.TextJSON(strings.Join(lines, "\n")).String()+`}]}`)
}

func numbered(n int) []string {
	var lines []string
	for i := range n {
		lines = append(lines, fmt.Sprintf("line %d.", i+1))
	}
	return lines
}

// TestCardsSeen is when a plan shows a card as people will see it, and how much of it.
func TestCardsSeen(t *testing.T) {
	t.Parallel()
	long, changed := numbered(60), numbered(60)
	changed[30] = "line thirty-one."
	rewritten := make([]string, 60)
	for i := range rewritten {
		rewritten[i] = fmt.Sprintf("第 %d 行", i)
	}
	for _, tt := range []struct {
		why           string
		action        reconcile.Action
		before, after []string // of a card
		widened       bool
		whole         bool
		lines         int // that are shown of it
		has, hasNot   string
	}{
		{"an update shows both sides", reconcile.Update, []string{"周五"}, []string{"周六"}, false, false, 3, "- 周五", "with --cards"},
		{"of a long one what is near the change", reconcile.Update, long, changed, false, false, 10, "… 28 lines as before", "line 5."},
		{"and all of it if that is wanted", reconcile.Update, long, changed, false, true, 62, "line 5.", "as before"},
		{"or if it reaches more people", reconcile.Update, long, changed, true, false, 62, "line 5.", "as before"},
		{"one that reaches more people is shown though it does not change", reconcile.Update, long, long, true, false, 61, "line 60.", "--cards"},
		{"one that changed throughout is folded", reconcile.Update, long, rewritten, false, false, 31, "91 more lines are shown with --cards", "第 59 行"},
		{"a new one is shown", reconcile.Create, nil, long, false, false, 31, "31 more lines are shown with --cards", "line 40."},
		{"a blocked one has its lines, and nobody will see it", reconcile.Blocked, []string{"周五"}, []string{"周六"}, false, false, 0, "", "as people"},
		{"nor is one that stays", reconcile.Update, long, long, false, false, 0, "", "as people"},
	} {
		live, desired := diff.State{}, diff.State{PushContent: textCard(t, tt.after...)}
		d := reconcile.PlannedDraft{NotificationID: id1, JobName: "x", Action: tt.action, Desired: &desired}
		if tt.before != nil {
			live.PushContent = textCard(t, tt.before...)
			d.Live = &live
		}
		if tt.widened {
			live.PushScopeType, desired.PushScopeType = spec.ChatsOnly, spec.AllMembers
		}
		if d.Live != nil {
			d.Changes = diff.Between(live, desired)
		}
		run := report.Run{Command: "plan", Plan: &reconcile.Plan{Complete: true, Drafts: []reconcile.PlannedDraft{d}}}
		run.Cards = tt.whole
		for _, format := range []string{"text", "markdown"} {
			out := write(t, format, run)
			got := seenPart(out)
			if n := strings.Count(got, "\n"); n != tt.lines {
				t.Errorf("%s: %d lines in %s, want %d:\n%s", tt.why, n, format, tt.lines, got)
			}
			if !strings.Contains(got, tt.has) || strings.Contains(got, tt.hasNot) {
				t.Errorf("%s: %s wants %q and not %q:\n%s", tt.why, format, tt.has, tt.hasNot, got)
			}
		}
		if out := write(t, "json", run); strings.Contains(out, "as people") {
			t.Errorf("%s: it is in JSON:\n%s", tt.why, out)
		}
	}
}

// seenPart are the lines below the heading of what people see, up to the next one.
func seenPart(out string) string {
	_, after, ok := strings.Cut(out, "the card as people ")
	if !ok {
		return ""
	}
	_, after, _ = strings.Cut(after, "\n")
	var b strings.Builder
	for line := range strings.Lines(after) {
		if trimmed := strings.TrimSpace(line); trimmed == "" || strings.HasPrefix(trimmed, "~ ") || strings.HasPrefix(trimmed, "@@") || strings.HasPrefix(trimmed, "```") {
			break
		}
		b.WriteString(line)
	}
	return b.String()
}

// everywhere is a card that has a text in every place where an element has one.
func everywhere(s string) string {
	plain := `{"tag":"plain_text","content":S,"i18n":{"zh_cn":S}}`
	return strings.NewReplacer("PLAIN", strings.ReplaceAll(plain, "S", spec.TextJSON(s).String()), "TEXT", spec.TextJSON(s).String()).Replace(
		`{"card_link":{"url":TEXT},"header":{"title":PLAIN,"subtitle":PLAIN,"template":TEXT,"text_tag_list":[{"tag":"text_tag","text":PLAIN,"color":TEXT}]},
		"elements":[{"tag":"div","text":{"tag":"lark_md","content":TEXT},"fields":[{"is_short":true,"text":{"tag":"lark_md","content":TEXT}}],"extra":{"tag":"img","img_key":TEXT,"alt":PLAIN}},
		{"tag":"markdown","content":TEXT,"href":{"u":{"url":TEXT}}},{"tag":"note","elements":[PLAIN]},{"tag":TEXT,"x":TEXT},
		{"tag":"action","actions":[{"tag":"button","text":PLAIN,"url":TEXT,"confirm":{"title":PLAIN,"text":PLAIN}},{"tag":"select_static","placeholder":PLAIN,"options":[{"text":PLAIN,"value":TEXT}]}]},
		{"tag":"table","columns":[{"name":"a","display_name":TEXT,"data_type":"lark_md"}],"rows":[{"a":TEXT},{"a":[TEXT]}]},
		{"tag":"chart","chart_spec":{"t":TEXT}},{"tag":"collapsible_panel","header":{"title":PLAIN},"elements":[{"tag":"markdown","content":TEXT}]}],
		"i18n_elements":{"en_us":[{"tag":"markdown","content":TEXT}]}}`)
}

// TestCardSeenIsInert: nothing that a card says has any effect where it is drawn.
func TestCardSeenIsInert(t *testing.T) {
	t.Parallel()
	draw := func(t fataler, s string) {
		content, err := spec.ParseJSON([]byte(everywhere(s)))
		if err != nil {
			t.Fatalf("%v", err)
		}
		one := report.Run{Command: "card", Card: content}
		wantSafe(t, "text", write(t, "text", one))
		d := reconcile.PlannedDraft{JobName: "x", Action: reconcile.Create, Desired: &diff.State{PushContent: content}}
		planned := report.Run{Command: "plan", Plan: &reconcile.Plan{Complete: true, Drafts: []reconcile.PlannedDraft{d}}}
		planned.Cards = true
		for _, format := range []string{"text", "markdown", "github-summary"} {
			wantSafe(t, format, write(t, format, planned))
		}
	}
	for _, s := range fragments() {
		draw(t, s)
	}
	rapid.Check(t, func(t *rapid.T) { draw(t, hostileText(t, "text")) })
}
