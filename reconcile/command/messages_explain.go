package command

// What explain prints.
const (
	aboutExplain = "say why a rule exists, with an example that breaks it and one that keeps it"
	storyExplain = `RULE is what stands in [brackets] at the end of a fault. Without one, lists all rules.`

	ruleColumn = 41 // where the summaries begin
	ruleRow    = "%-30s %-9s %s\n"
	rulesFoot  = "\nnotiform explain RULE says why a rule exists. --rule RULE=error|warning|off changes one.\n"

	ruleHead     = "%s (%s)\n%s\n%s\n"
	ruleExamples = "Breaks it:\n\n%s\nKeeps it:\n\n%s\n"
	ruleSource   = "Source: %s"
	ruleSettable = "Change it: --rule %s=error, =warning or =off.\n"
	ruleFixed    = "It is always an error: behind it is a value that could not be known, or a file of which nothing can be said.\n"

	oneRule      = "explain takes one rule, not %d"
	noSuchRule   = "there is no rule %q"
	hintNearRule = "did you mean %s?"
	hintRules    = "notiform explain lists all rules"
)

// What schema is.
const (
	aboutSchema = "print JSON Schema of a draft, with which editors explain fields, offer values and underline faults"
	storySchema = `Write it to a file beside the drafts, and begin each draft with a line that leads there, as
notiform import --schema does:

  notiform schema >notiform.schema.json
  # yaml-language-server: $schema=../notiform.schema.json`
)
