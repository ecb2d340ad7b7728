package report

import (
	"notiform/spec"

	"bytes"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	markdownhtml "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

// codeOf are the texts of the code elements of a piece of Markdown, and whether they are all
// there is.
func codeOf(t *rapid.T, markdown string) (texts []string, rest string) {
	var b bytes.Buffer
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(markdownhtml.WithUnsafe()))
	if err := md.Convert([]byte(markdown), &b); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	var walk func(n *html.Node, in bool)
	walk = func(n *html.Node, in bool) {
		if n.Type == html.ElementNode && n.Data == "code" {
			texts, in = append(texts, ""), true
		}
		if n.Type == html.TextNode {
			if in {
				texts[len(texts)-1] += n.Data
			} else {
				rest += strings.TrimSpace(n.Data)
			}
		}
		for c := range n.ChildNodes() {
			walk(c, in)
		}
	}
	walk(root, false)
	return texts, rest
}

// shown is how a text looks in code: what Visible makes of it, or in quotes what one would not see.
func shown(s string) string {
	if s = clip(s, shownColumns, unclear); strings.TrimSpace(s) == "" {
		return strconv.Quote(s)
	}
	return s
}

// TestCodeShowsTheText is the law of every place where a name stands: rendered, it is one piece
// of code with exactly that text, and nothing is left of it outside.
func TestCodeShowsTheText(t *testing.T) {
	t.Parallel()
	pieces := rapid.SampledFrom([]string{"`", "``", "|", `\`, `\|`, " ", "a", "<", "&amp;", "&#64;", "]", "*", "\n", "维", "</code>", "-->", "@x", "\xff", "'", `"`})
	for _, row := range []struct {
		why      string
		markdown func(s string) string
	}{
		{"in a line", func(s string) string { return code(s) }},
		{"in a list within a quote", func(s string) string { return "> - x: " + code(s) + " at y\n" }},
		{"in a table", func(s string) string { return "| x | y |\n|---|---|\n| " + cell(code(s)) + " | z |\n" }},
		{"in a summary", func(s string) string {
			return "<details><summary>x " + codeElement(s) + "</summary>\n\nx\n\n</details>\n"
		}},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				s := strings.Join(rapid.SliceOf(rapid.OneOf(pieces, rapid.String())).Draw(t, "text"), "")
				markdown := row.markdown(s)
				want := shown(s)
				if strings.Contains(row.why, "summary") {
					want = clip(s, shownColumns, unclear)
				}
				texts, rest := codeOf(t, markdown)
				if len(texts) != 1 || texts[0] != want {
					t.Fatalf("%q is shown as %q, want %q, by\n%s", s, texts, want, markdown)
				}
				if strings.ContainsAny(rest, "`|\\<>@&") {
					t.Fatalf("%q is left outside, by\n%s", rest, markdown)
				}
			})
		})
	}
}

// TestFenceHoldsItsLines is the law of blocks: whatever the lines, they are all in one block.
func TestFenceHoldsItsLines(t *testing.T) {
	t.Parallel()
	var three diffBlock
	three.say(' ', "```")
	three.say('-', "````` x")
	if got := fenced("diff", three.lines); !strings.HasPrefix(got, "``````diff\n") || !strings.HasSuffix(got, "\n``````\n") {
		t.Errorf("the fence is no longer than what it holds:\n%s", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		var b diffBlock
		for range rapid.IntRange(0, 8).Draw(t, "lines") {
			text := Visible(strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"`", "```", "~~~", " ", "    ", "x", "<", "维", "\t", "</details>"})).Draw(t, "text"), ""))
			b.say(rapid.SampledFrom([]byte("+- !@")).Draw(t, "sign"), text)
		}
		texts, rest := codeOf(t, "<details><summary>x</summary>\n\n"+fenced("diff", b.lines)+"\n</details>\n\nend\n")
		if len(texts) != 1 || strings.TrimSuffix(texts[0], "\n") != strings.Join(b.lines, "\n") || rest != "xend" {
			t.Fatalf("%q became %q and %q", b.lines, texts, rest)
		}
	})
}

func TestMarker(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, kind, id, want string }{
		{"an id as Feishu has it", "plan", "7000000000000000000", "<!-- notiform:plan helpdesk=7000000000000000000 -->\n"},
		{"nothing is known", "validate", "", "<!-- notiform:validate -->\n"},
		{"nothing ends the comment", "plan", "-->\n<b>", "<!-- notiform:plan helpdesk=%2D%2D%3E%0A%3Cb%3E -->\n"},
		{"bytes that are no text", "apply", "\xff维", "<!-- notiform:apply helpdesk=%FF%E7%BB%B4 -->\n"},
		{"an endless id", "plan", strings.Repeat("7", 1000), "<!-- notiform:plan helpdesk=" + strings.Repeat("7", 100) + " -->\n"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			if got := marker(row.kind, row.id); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestLink(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, url, want string }{
		{"GitHub", "https://github.com/a/b-c/actions/runs/1", "<https://github.com/a/b-c/actions/runs/1>"},
		{"GitLab on a port", "http://gitlab.local:8080/a/b/-/jobs/1", "<http://gitlab.local:8080/a/b/-/jobs/1>"},
		{"none", "", ""},
		{"half of the settings are there", "/a/b/actions/runs/1", ""},
		{"something behind it", "https://x/y>\n@all", ""},
		{"another scheme", "javascript://x/y", ""},
		{"a query could carry anything", "https://x/y?z=[1](2)", ""},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			if got := link(row.url); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestInert(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, in, want string }{
		{"a workflow command", "::error::x", `\u{3A}:error::x`},
		{"the runner cuts off blanks", " \t\u3000::error::x", " \t\u3000" + `\u{3A}:error::x`},
		{"it may not see marks", "\ufe0f:\ufe0f:error::x", "\ufe0f" + `\u{3A}` + "\ufe0f:error::x"},
		{"elsewhere in a line it is none", "a::b::c", "a::b::c"},
		{"the old form counts anywhere", "a ##[error]b ###[x]", `a #\u{23}[error]b ##\u{23}[x]`},
		{"Azure's too", "##vso[task.setvariable]x", `#\u{23}vso[task.setvariable]x`},
		{"headings are none", "## x [y]", "## x [y]"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			if got := inert(row.in); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

// TestShellCommand types the words into a shell and wants them back.
func TestShellCommand(t *testing.T) {
	t.Parallel()
	shell, err := exec.LookPath("bash")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.OneOf(rapid.SampledFrom([]string{"'", `"`, "$(id)", "`id`", `\`, " ", "\n", "草稿", "*", "!", "\x1b", "\xff", "-", "::", "##[x]", "a", "1", "\u202e"}), rapid.StringMatching(`[^\x00]*`))
		var words []string
		for range rapid.IntRange(1, 5).Draw(t, "words") {
			words = append(words, strings.Join(rapid.SliceOfN(pieces, 0, 5).Draw(t, "word"), ""))
		}
		command := shellCommand(words)
		if strings.ReplaceAll(Visible(command), `\\`, `\`) != command || inert(command) != command {
			t.Fatalf("%q is not one safe line", command)
		}
		out, err := exec.CommandContext(t.Context(), shell, "-c", `printf '%s\0' `+command).Output()
		if got := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00"); err != nil || strings.Join(got, "\x00") != strings.Join(words, "\x00") {
			t.Fatalf("%v: %s gives %q, want %q", err, command, got, words)
		}
	})
}

// TestDiagnosticsAreEscapedOnce: package spec escapes what it quotes, and no format does again.
func TestDiagnosticsAreEscapedOnce(t *testing.T) {
	t.Parallel()
	set := spec.Decode("a\u200b.yaml", []byte("job_nam\ufeff: a\n'\\u{FEFF}': b\npush_type: 0\n"), spec.Options{})
	run := Run{Diagnostics: set.Diagnostics}
	for _, want := range []string{`"job_nam\u{FEFF}"`, `"\\u{FEFF}"`} {
		var lines, findings []string
		for _, d := range set.Diagnostics {
			lines = append(lines, strings.Join(diagnosticLines(d, "error"), "\n"), plainDiagnostic(d))
		}
		for _, f := range findingsOf(run) {
			findings = append(findings, f.text())
		}
		if n := strings.Count(strings.Join(lines, "\n"), want); n != 2 {
			t.Errorf("%s is said %d times in %q", want, n, lines)
		}
		if n := strings.Count(strings.Join(findings, "\n"), want); n != 1 {
			t.Errorf("%s is said %d times in %q", want, n, findings)
		}
	}
}
