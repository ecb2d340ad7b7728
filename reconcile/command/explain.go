package command

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"notiform/reconcile/report"
	"notiform/spec"
)

func explainCommand(env Env) *cli.Command {
	return &cli.Command{
		Name: "explain", Usage: aboutExplain, UsageText: exampleExplain, ArgsUsage: "[RULE]", Description: storyExplain,
		Action: printing(env, func(c *cli.Context) error {
			switch c.NArg() {
			case 0:
				return listRules(env.Stdout)
			case 1:
				return explain(env.Stdout, strings.Trim(c.Args().First(), "[]"))
			default:
				return hinted{usage(oneRule, c.NArg()), hintRules}
			}
		}),
	}
}

// listRules prints a line a rule.
func listRules(w io.Writer) error {
	var b strings.Builder
	for _, r := range report.Rules() {
		lines := fold(r.Summary, helpWidth-ruleColumn)
		fmt.Fprintf(&b, ruleRow, r.ID, r.Severity, strings.Join(lines, "\n"+strings.Repeat(" ", ruleColumn)))
	}
	b.WriteString(rulesFoot)
	_, err := io.WriteString(w, b.String())
	return err
}

// explain prints all there is to say of a rule.
func explain(w io.Writer, id string) error {
	rules := report.Rules()
	i := slices.IndexFunc(rules, func(r spec.Rule) bool { return r.ID == id })
	if i < 0 {
		return noRule(id, rules)
	}
	r, e := rules[i], report.Explain(id)
	var b strings.Builder
	fmt.Fprintf(&b, ruleHead, r.ID, r.Severity, paragraph(r.Summary), paragraph(e.Why))
	if e.Bad.Text != "" {
		fmt.Fprintf(&b, ruleExamples, indented(e.Bad), indented(e.Good))
	}
	b.WriteString(paragraph(fmt.Sprintf(ruleSource, e.Source)))
	switch {
	case slices.ContainsFunc(spec.Rules(), func(r spec.Rule) bool { return r.ID == id && !r.Fixed }):
		fmt.Fprintf(&b, ruleSettable, r.ID)
	case e.Bad.Text != "":
		b.WriteString(ruleFixed)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func noRule(id string, rules []spec.Rule) error {
	var ids []string
	for _, r := range rules {
		ids = append(ids, r.ID)
	}
	if near := spec.Nearest(id, ids); near != "" {
		return hinted{usage(noSuchRule, id), fmt.Sprintf(hintNearRule, near)}
	}
	return hinted{usage(noSuchRule, id), hintRules}
}

// paragraph is a text of ours, folded and ended.
func paragraph(text string) string { return strings.Join(fold(text, helpWidth), "\n") + "\n" }

// indented is an example's text.
func indented(e spec.Example) string {
	indent := "    "
	if e.Kind == "sh" {
		indent += "$ "
	}
	return strings.TrimSuffix(indent+strings.ReplaceAll(e.Text, "\n", "\n    "), "    ")
}
