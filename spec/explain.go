package spec

import (
	_ "embed"
	"regexp"
	"strings"
)

// Explanation says why a rule exists, and how to keep it.
type Explanation struct {
	Why    string // one paragraph, as one line
	Source string // where the fact stands, such as a page of the API by its name
	Bad    Example
	Good   Example
}

// Example is what breaks a rule, or keeps it.
type Example struct {
	Kind string // "yaml": fields of a draft; "sh": what is typed
	Text string // lines, each ended
}

//go:embed explain.md
var explanations string

var exampleForm = regexp.MustCompile("(?ms)^```([a-z]+) (bad|good)\n(.*?)^```$")

// Explain is the explanation of a rule of the catalogue; it is empty for another id.
func Explain(id string) Explanation {
	var e Explanation
	_, section, _ := strings.Cut(explanations, "\n## "+id+"\n")
	section, _, _ = strings.Cut(section, "\n## ")
	text, _, _ := strings.Cut(section, "\n```")
	why, source, _ := strings.Cut(text, "\nSource: ")
	e.Why, e.Source = oneLine(why), oneLine(source)
	for _, m := range exampleForm.FindAllStringSubmatch(section, -1) {
		if example := (Example{Kind: m[1], Text: m[3]}); m[2] == "bad" {
			e.Bad = example
		} else {
			e.Good = example
		}
	}
	return e
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
