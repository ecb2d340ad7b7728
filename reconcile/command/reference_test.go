package command_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"notiform/reconcile/command"
	"notiform/reconcile/report"
	"notiform/spec"
)

// document reads a Markdown file of the top level.
func document(t *testing.T, name string) string {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(root(t), name))
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

var generated = regexp.MustCompile(`(?s)(<!-- generated: ([a-z ]+) -->\n).*?(<!-- end -->\n)`)

// TestReference holds what REFERENCE.md has of the program itself against that; -update writes it anew.
func TestReference(t *testing.T) {
	src := document(t, "REFERENCE.md")
	said := map[string]string{
		"rules": ruleTable(), "explanations": explanations(), "commands": commandHelp(t), "exit codes": exitCodeTable(),
	}
	names := map[string]bool{}
	want := generated.ReplaceAllStringFunc(src, func(region string) string {
		parts := generated.FindStringSubmatch(region)
		names[parts[2]] = true
		return parts[1] + "\n" + said[parts[2]] + "\n" + parts[3]
	})
	switch {
	case len(names) != len(said):
		t.Errorf("REFERENCE.md has the regions %v, want %d", names, len(said))
	case *update:
		write(t, filepath.Join(root(t), "REFERENCE.md"), want)
	case src != want:
		t.Error("REFERENCE.md is stale: go test ./reconcile/command -run TestReference -update")
	}
}

func ruleTable() string {
	var b strings.Builder
	b.WriteString("| rule | severity | when |\n|---|---|---|\n")
	for _, r := range spec.Rules() {
		fixed := ""
		if r.Fixed {
			fixed = " *"
		}
		fmt.Fprintf(&b, "| [%s](#%[1]s) | %s%s | %s |\n", r.ID, r.Severity, fixed, r.Summary)
	}
	return b.String()
}

func explanations() string {
	var b strings.Builder
	for i, r := range report.Rules() {
		e := report.Explain(r.ID)
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "#### %s\n\n%s: %s.\n\n%s\n", r.ID, r.Severity, r.Summary, e.Why)
		if e.Bad.Text != "" {
			fmt.Fprintf(&b, "\nBreaks it:\n\n```%s\n%s```\n\nKeeps it:\n\n```%s\n%s```\n", e.Bad.Kind, e.Bad.Text, e.Good.Kind, e.Good.Text)
		}
		fmt.Fprintf(&b, "\nSource: %s\n", e.Source)
	}
	return b.String()
}

func exitCodeTable() string {
	var b strings.Builder
	b.WriteString("| code | means |\n|---|---|\n")
	command.ExitCodes(func(code int, means string) { fmt.Fprintf(&b, "| %d | %s |\n", code, means) })
	return b.String()
}

// commandHelp is a table of the commands, and the help of each.
func commandHelp(t *testing.T) string {
	var table, help strings.Builder
	table.WriteString("| command | does |\n|---|---|\n")
	for _, name := range allCommands(t) {
		text := typed(t, "", nil, append([]string{"help"}, strings.Fields(name)...)...)
		about, _, _ := strings.Cut(strings.TrimPrefix(text, "notiform "+name+": "), "\n")
		fmt.Fprintf(&table, "| [%s](#notiform-%s) | %s |\n", name, strings.ReplaceAll(name, " ", "-"), about)
		fmt.Fprintf(&help, "\n#### notiform %s\n\n```text\n%s```\n", name, text)
	}
	return table.String() + help.String()
}

var (
	link    = regexp.MustCompile(`\]\(([^)#\s]*)(?:#([^)\s]+))?\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	fenced  = regexp.MustCompile("(?ms)^```.*?^```$")
	apart   = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// TestLinks follows the links of what people read first, to the heading.
func TestLinks(t *testing.T) {
	t.Parallel()
	followed, headings := 0, map[string][]string{}
	for _, name := range []string{"README.md", "REFERENCE.md", "examples/README.md", "examples/pipelines/README.md"} {
		for _, m := range link.FindAllStringSubmatch(fenced.ReplaceAllString(document(t, name), ""), -1) {
			to, anchor := filepath.Join(filepath.Dir(name), m[1]), m[2]
			if strings.Contains(m[1], ":") {
				continue // of the web
			}
			if m[1] == "" {
				to = name
			}
			if followed++; headings[to] == nil && strings.HasSuffix(to, ".md") {
				headings[to] = anchors(document(t, to))
			}
			if _, err := os.Stat(filepath.Join(root(t), to)); err != nil {
				t.Errorf("%s leads to %s: %v", name, m[0], err)
			} else if anchor != "" && !slices.Contains(headings[to], anchor) {
				t.Errorf("%s leads to %s, and there is no such heading", name, m[0])
			}
		}
	}
	if followed < 50 {
		t.Errorf("%d links were followed, want all", followed)
	}
}

// anchors are the headings of a document as links name them.
func anchors(src string) (names []string) {
	for _, m := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(src, ""), -1) {
		names = append(names, strings.ReplaceAll(apart.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-"))
	}
	return names
}

// TestTypedCommandsExist wants each command that people are told to type to be one, and to have its flags.
func TestTypedCommandsExist(t *testing.T) {
	told := regexp.MustCompile(`(?m)^(?:    |\$ |\s+run: )(?:\$ )?(?:.* -- )?notiform ([^#\n]+)`)
	flag := regexp.MustCompile(`--[a-z][a-z-]+`)
	commands, seen := allCommands(t), 0
	for _, name := range []string{"README.md", "REFERENCE.md", "examples/README.md", "examples/pipelines/README.md"} {
		for _, m := range told.FindAllStringSubmatch(document(t, name), -1) {
			words := strings.Fields(m[1])
			if len(words) > 1 && slices.Contains(commands, words[0]+" "+words[1]) {
				words[0] += " " + words[1]
			}
			if seen++; !slices.Contains(commands, words[0]) {
				t.Errorf("%s has %q typed, which is no command", name, m[0])
			}
			for _, f := range flag.FindAllString(m[1], -1) {
				if !slices.Contains(offered(t, "", append(strings.Fields(words[0]), f)...), f) {
					t.Errorf("%s has %q typed, which has no %s", name, m[0], f)
				}
			}
		}
	}
	if seen < 50 {
		t.Errorf("%d commands are told, want all", seen)
	}
}
