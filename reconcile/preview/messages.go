package preview

// This is the table of what people read of this package, id → sentence, English for now; what a
// value stands in is a format.
const (
	chatFirst = "(no title: the list of chats shows the first text)"
	chatBlank = "(a blank card)"
	chatNone  = "(no title: the list of chats only says 卡片消息)"

	unknownHere  = "[ %s cannot be drawn: %s ]"
	unknownValue = "[ cannot be drawn: %s ]"
	named        = "[ %s: %s ]"
	namedEmpty   = "[ %s ]"
	goesTo       = "%s → %s"
	withFacts    = "%s · %s"
	linkTo       = "%s ‹%s›"
	bareLink     = "‹%s›"
	imageIs      = "[ image: %s · %s ]"
	inColour     = "<%s>%s</%[1]s>"
	inLanguage   = "(%s) "
	elseIn       = "(else) "
	languageIs   = "in %s:"
	languageHas  = "in %s: %s"
	selectPerson = "select a person"
	selectPeople = "select people"
	dateAndTime  = "date and time"
	inBrackets   = "%s (%s)"
	rowOf        = "| %s"
	cellsJoin    = " | "

	addressesJoin = ", "
	cellJoin      = ", "
	unusedName    = "%s %s"

	// Of a page, beside what is drawn.
	notDrawn = "cannot be drawn"
	elseIs   = "else"
	asBefore = "… %d parts as before"

	elementsReplaced = "elements, in whose place people see i18n_elements:"
)
