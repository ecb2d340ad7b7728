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
	for _, run := range []report.Run{planRun(t), applyRun(t), hostileRun("apply", "x"), hostileRun("plan", "x")} {
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
