package report_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"notiform/feishu"
	"notiform/reconcile"
	"notiform/reconcile/diff"
	"notiform/reconcile/report"
	"notiform/spec"
)

// wantInert holds what a page of HTML promises: elements and attributes that do nothing, a sheet that
// is the one its policy allows, and what it needs to be read.
func wantInert(t fataler, page string) {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatalf("%v", err)
	}
	ids := map[string]bool{}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if !slices.Contains(strings.Fields("html head meta title style body header main section h1 h2 h3 p dl div dt dd fieldset legend label input details summary ul ol li pre span mark ins del hr table tbody tr th td"), n.Data) {
			t.Errorf("<%s>", n.Data)
		}
		for _, a := range n.Attr {
			switch {
			case n.Data != "meta" && !harmlessValue.MatchString(a.Val):
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			case !slices.Contains(strings.Fields("charset http-equiv content name lang class open type id checked scope tabindex"), a.Key):
				t.Errorf("<%s %s>", n.Data, a.Key)
			case a.Key == "id" && ids[a.Val]:
				t.Errorf("two are %q", a.Val)
			case a.Key == "id":
				ids[a.Val] = true
			case a.Key == "lang" && a.Val == "":
				t.Errorf("<%s> has no language", n.Data)
			}
		}
		if n.Data == "style" {
			sum := sha256.Sum256([]byte(n.FirstChild.Data))
			policy := "default-src 'none';style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "';base-uri 'none';form-action 'none'"
			if !strings.Contains(html.UnescapeString(page), `http-equiv="Content-Security-Policy" content="`+policy+`"`) {
				t.Errorf("the policy is not %s", policy)
			}
		}
	}
	if strings.Count(page, "<h1>") != 1 || strings.Contains(page, "url(") {
		t.Errorf("%d headings of the page", strings.Count(page, "<h1>"))
	}
}

var harmlessValue = regexp.MustCompile(`^[A-Za-z0-9 _-]*$`)

// TestPageChoosesByRules has a rule for every choice that a page offers: without it, nothing would happen.
func TestPageChoosesByRules(t *testing.T) {
	t.Parallel()
	languages := report.Run{Command: "card", Card: card(t, `{"elements":[{"tag":"markdown","i18n_content":{"zh_cn":"你","en_us":"you","x:y":"no","default":"no"}}]}`)}
	if page := write(t, "html", languages); !strings.Contains(page, `id="in-en_us">en_us`) || strings.Contains(page, `"in-x`) || strings.Contains(page, `"in-default`) {
		t.Errorf("not the languages that there are:\n%s", page)
	}
	for _, run := range []report.Run{planRun(t), applyRun(t), hostileRun("apply", "x"), hostileRun("plan", "x"), languages} {
		page := write(t, "html", run)
		chosen := regexp.MustCompile(`id="(\w[\w-]*)"(| checked)>`).FindAllStringSubmatch(page, -1)
		if len(chosen) < 6 {
			t.Errorf("%d choices", len(chosen))
		}
		for _, c := range chosen {
			if c[2] == "" && !strings.Contains(page, ":root:has(#"+c[1]+":checked)") {
				t.Errorf("no rule for %s", c[1])
			}
		}
	}
}

// TestPageSize: 300 drafts make no more than 5 MB, and ten times the drafts no more than ten times the bytes.
func TestPageSize(t *testing.T) {
	t.Parallel()
	few, many := len(write(t, "html", changedCards(6, 40))), len(write(t, "html", changedCards(60, 40)))
	if many > 1_000_000 || many > 10*few || many < 5*few {
		t.Errorf("%d bytes of 6 drafts, %d of 60", few, many)
	}
}

// TestPageIsBounded: what has no room is left out by whole drafts, those last that are not dangerous, and the
// page says how many they are and where they stand.
func TestPageIsBounded(t *testing.T) {
	t.Parallel()
	large := changedCards(30, 2)
	for i := range large.Plan.Drafts {
		d := &large.Plan.Drafts[i]
		d.Desired.PushContent = card(t, `{"elements":[{"tag":"markdown","content":"`+strings.Repeat("字 ", 30_000)+`"}]}`)
	}
	large.Plan.Drafts[29].Live.PushScopeType, large.Plan.Drafts[29].Desired.PushScopeType = spec.SelectedMembers, spec.AllMembers
	large.Plan.Drafts[29].Changes = append(large.Plan.Drafts[29].Changes, diff.Change{Field: "push_scope_type", Op: diff.Replace, Before: spec.TextJSON("selected_members"), After: spec.TextJSON("all_members")})
	large.Elsewhere = []string{"plan <1>.json"}
	page := write(t, "html", large)
	left := strings.Count(page, "Its card and its changes are left out here.")
	if !strings.Contains(page, fmt.Sprintf("This report is cut to fit; %d drafts are without their cards and their changes. The whole report is in plan &lt;1&gt;.json.", left)) {
		t.Errorf("%d are left out, and the head says\n%s", left, page[strings.Index(page, "<h1>"):][:2000])
	}
	if n := strings.Count(page, `<section class="draft `); left < 5 || left > 25 || n != 30 || len(page) > 5_000_000 {
		t.Errorf("%d bytes with %d drafts, %d without their cards", len(page), n, left)
	}
	if last := page[strings.LastIndex(page, "<section"):]; !strings.Contains(last, "widened") || strings.Contains(last, "left out here") {
		t.Errorf("the dangerous one is cut:\n%.2000s", last)
	}
	wantInert(t, page)

	many := changedCards(60, 2)
	for i := range many.Plan.Drafts {
		many.Plan.Drafts[i].JobName = strings.Repeat("W", 200_000)
	}
	for i := range 600 {
		many.Diagnostics = append(many.Diagnostics, spec.Diagnostic{Pos: spec.Pos{File: "f.yaml", Line: i + 1, Column: 1}, Severity: spec.Warning, Rule: "root-department", Message: "m"})
		many.Removed = append(many.Removed, reconcile.RemovedDraft{File: "gone.yaml", NotificationID: fmt.Sprint(i)})
	}
	page = write(t, "html", many)
	listed := strings.Count(page, `<section class="draft `)
	want := fmt.Sprintf("%d drafts are not there; 100 faults are not there; 500 drafts that are gone are not named. The output of notiform plan as text has all of it.", 60-listed)
	if listed < 30 || listed > 50 || !strings.Contains(page, want) || len(page) > 8_000_000 {
		t.Errorf("%d bytes with %d drafts, and no %q in\n%s", len(page), listed, want, page[strings.Index(page, "<h1>"):][:2000])
	}
}

// TestPageTellsReach adds up whom everything reaches that is planned, and then what was written.
func TestPageTellsReach(t *testing.T) {
	t.Parallel()
	run := changedCards(4, 2)
	for _, tt := range []struct {
		counts []*int
		want   string
	}{
		{[]*int{nil, nil, nil, nil}, "not known: Feishu does not say of 4 drafts"},
		{[]*int{new(1200), nil, new(-1), nil}, "1,200 people; Feishu does not say of 3 drafts"},
		{[]*int{new(1200), new(1), new(0), new(2)}, "1,203 people in 4 drafts, whoever is in several counted in each"},
	} {
		written := reconcile.Result{Drafts: []reconcile.DraftResult{{Outcome: reconcile.OutcomeStale, Reaches: new(9)}}}
		for i := range run.Plan.Drafts {
			run.Plan.Drafts[i].Reaches = tt.counts[i]
			written.Drafts = append(written.Drafts, reconcile.DraftResult{Outcome: reconcile.OutcomeApplied, Reaches: tt.counts[i]})
		}
		for _, run := range []report.Run{run, {Command: "apply", Result: &written}} {
			if want := "<dt>reaches now</dt><dd>" + tt.want + "</dd>"; !strings.Contains(write(t, "html", run), want) {
				t.Errorf("%s: no %s", run.Command, want)
			}
		}
	}
}

// changedCards is a plan of n drafts, each with a card of so many texts of which one changes.
func changedCards(n, texts int) report.Run {
	cardOf := func(i int, day string) string {
		elements := []string{}
		for k := range texts / 2 {
			elements = append(elements, fmt.Sprintf(`{"tag":"markdown","content":"**第 %d 项** 请在 %s 前完成 [说明](https://example.com/%d/%d)"}`, k, day, i, k), `{"tag":"hr"}`)
			day = "周一"
		}
		return `{"header":{"title":{"tag":"plain_text","content":"通知"},"template":"blue"},"elements":[` + strings.Join(elements, ",") + `]}`
	}
	live, drafts := reader{}, make([]spec.Draft, n)
	for i := range n {
		id := fmt.Sprint(7_000_000_000_000_000_000 + i)
		live[id] = detail(feishu.Notification{ID: id, JobName: "通知", PushScopeType: 0, PushContent: cardOf(i, "周五")})
		content, err := spec.ParseJSON([]byte(cardOf(i, "周四")))
		if err != nil {
			panic(err)
		}
		drafts[i] = spec.Draft{Pos: spec.Pos{File: "all.yaml", Line: i + 1, Column: 1}, NotificationID: id, JobName: "通知", PushType: spec.Scheduled, PushScopeType: spec.AllMembers, PushContent: content}
	}
	p := reconcile.MakePlan(context.Background(), live, target, drafts, reconcile.Options{Parallelism: 4})
	return report.Run{Command: "plan", Plan: &p}
}

func BenchmarkPage(b *testing.B) {
	for _, n := range []int{100, 1000} {
		run := changedCards(n, 40)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				b.SetBytes(int64(len(write(b, "html", run))))
			}
		})
	}
}

// TestFaultsStandInCards: of two drafts in a file and one whose card is in another, each has its own faults
// in its card, under whatever name the drafts know the other file by.
func TestFaultsStandInCards(t *testing.T) {
	t.Parallel()
	const draft = "job_name: %s\npush_type: scheduled\npush_scope_type: all_members\n%s\n"
	src := fmt.Sprintf(draft, "one", "push_content: {header: {title: {tag: plain_text, content: T}}, elements: [{tag: one}]}") + "---\n" +
		fmt.Sprintf(draft, "two", "push_content: {header: {title: {tag: plain_text, content: T}}, elements: [{tag: two}]}") + "---\n" +
		fmt.Sprintf(draft, "three", "push_content_file: link.json")
	set := spec.Decode("f.yaml", []byte(src), spec.Options{ReadCard: func(string) ([]byte, error) {
		return []byte(`{"header":{"title":{"tag":"plain_text","content":"T"}},"elements":[{"tag":"three"}]}`), nil
	}})
	for i := range set.Diagnostics {
		set.Diagnostics[i].Pos.File = strings.Replace(set.Diagnostics[i].Pos.File, "link.json", "card.json", 1)
	}
	page := write(t, "html", report.Run{Command: "validate", ExitCode: 3, Judged: set.Drafts, Diagnostics: set.Diagnostics, CardFiles: map[string]string{"link.json": "card.json"}})
	wantInert(t, page)
	for name, place := range map[string]string{"one": "f.yaml:4:81", "two": "f.yaml:9:81", "three": "card.json:1:75"} {
		_, section, _ := strings.Cut(page, "<h2>"+name)
		section, _, _ = strings.Cut(section, "</section>")
		if strings.Count(section, "<li class=\"is-error\">") != 1 || !strings.Contains(section, "("+place+")</li>") {
			t.Errorf("%s: no fault at %s in\n%s", name, place, section)
		}
	}
}
