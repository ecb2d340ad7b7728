package spec

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// around is the draft that the fields of an example are laid over.
const around = `notification_id: "6985032626234982420"
job_name: 新人欢迎
push_type: scheduled
push_scope_type: selected_members
user_list: [ou_7277fd1262bfafc363d5b2a1f9c2ac90]
push_content: {header: {title: {tag: plain_text, content: 欢迎}}, elements: [{tag: div, text: {tag: lark_md, content: "**欢迎**加入"}}]}
`

var fieldName = regexp.MustCompile(`(?m)^([a-z_]+):.*\n`)

// laidOver is a whole file of an example's fields, document by document.
func laidOver(fields string) string {
	var documents []string
	for _, part := range strings.Split(fields, "---\n") {
		rest := fieldName.ReplaceAllStringFunc(around, func(line string) string {
			name, _, _ := strings.Cut(line, ":")
			if strings.Contains("\n"+part, "\n"+name+":") {
				return ""
			}
			return line
		})
		documents = append(documents, rest+part)
	}
	return strings.Join(documents, "---\n")
}

// files are those that examples name.
func exampleFiles() map[string]string {
	fill := func(n int) string {
		return around[:strings.Index(around, "push_content")] + "push_content: {elements: [{tag: markdown, content: " + strings.Repeat("x", n) + "}]}\n"
	}
	return map[string]string{
		"welcome.yaml": around, "cards/welcome.json": `{"elements": [{"tag": "markdown", "content": "欢迎"}]}`,
		"30-kib.yaml": fill(30 << 10), "27-kib.yaml": fill(27 << 10),
		"lone-cr.yaml": strings.Replace(around, "\n", " # a\rnote\n", 1), "map.png": "\x89PNG\r\n\x1a\n", "crlf.yaml": strings.ReplaceAll(around, "\n", "\r\n"),
	}
}

// ofTeam is the team's file for the rules that it sets.
const ofTeam = `guards:
  link_hosts: [example.com]
  send_window: {days: [mon, tue, wed, thu, fri], from: "09:00", to: "18:00", zone: Asia/Shanghai}
`

// trips is what is said of an example.
func trips(t *testing.T, e Example, guards Guards) []Diagnostic {
	t.Helper()
	dir := t.TempDir()
	for name, text := range exampleFiles() {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	name := "example.yaml"
	switch e.Kind {
	case "yaml":
		text := laidOver(e.Text)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	case "sh":
		if _, err := fmt.Sscanf(e.Text, "notiform validate %s\n", &name); err != nil {
			t.Fatalf("%q: %v", e.Text, err)
		}
	default:
		t.Fatalf("an example of kind %q", e.Kind)
	}
	now := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	return Load(t.Context(), []string{name}, Options{Dir: dir, Now: now, Guards: guards}).Diagnostics
}

// beyondSchema reports whether a rule is of what no schema can say: of what is no YAML, or stands in texts and files, or is
// counted, or is the team's.
func beyondSchema(id string) bool {
	return slices.Contains([]string{
		"yaml-syntax", "duplicate-field", "duplicate-id", "card-json", "content-file", "card-link", "card-limit", "link-host", "send-window",
	}, id)
}

// TestEveryRuleIsExplained: each rule has its reason, its source, a bad example that it tells, and
// it alone, and a good one of which nothing is told.
func TestEveryRuleIsExplained(t *testing.T) {
	t.Parallel()
	team, faults := DecodeTeam(TeamFile, []byte(ofTeam))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	s := compiledSchema(t)
	for _, r := range Rules() {
		var guards Guards
		if r.ID == "link-host" || r.ID == "send-window" {
			guards = team.Guards
		}
		t.Run(r.ID, func(t *testing.T) {
			t.Parallel()
			e := Explain(r.ID)
			if e.Why == "" || e.Source == "" || strings.Contains(e.Why+e.Source, "```") {
				t.Fatalf("explain.md does not explain it: %+v", e)
			}
			bad := trips(t, e.Bad, guards)
			if len(bad) != 1 || bad[0].Rule != r.ID || bad[0].Severity != r.Severity {
				t.Errorf("the bad example breaks %v:\n%s", bad, e.Bad.Text)
			}
			if good := trips(t, e.Good, guards); len(good) > 0 {
				t.Errorf("the good example breaks %v:\n%s", good, e.Good.Text)
			}
			if err := schemaRefusal(s, laidOver(e.Good.Text)); e.Good.Kind == "yaml" && err != nil {
				t.Errorf("the schema refuses the good example: %v", err)
			}
			if err := schemaRefusal(s, laidOver(e.Bad.Text)); e.Bad.Kind == "yaml" && (err != nil) != (r.Severity == Error && !beyondSchema(r.ID)) {
				t.Errorf("of the bad example the schema says %v", err)
			}
		})
	}
	if e := Explain("no-rule"); e != (Explanation{}) {
		t.Errorf("got %+v of no rule", e)
	}
}
