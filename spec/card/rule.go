package card

// Rule is one entry of the catalogue of what a card can be told.
type Rule struct {
	ID      string
	Sure    bool // of most of its faults
	Summary string
}

// The ids of the rules; they are public.
const (
	ruleWrapper        = "card-wrapper"
	ruleUnknownElement = "card-unknown-element"
	rulePlace          = "card-place"
	ruleWrongType      = "card-wrong-type"
	ruleMissing        = "card-missing"
	ruleUnknownKey     = "card-unknown-key"
	ruleValue          = "card-value"
	ruleLimit          = "card-limit"
	ruleImageKey       = "card-image-key"
	ruleLink           = "card-link"
	ruleDeadButton     = "card-dead-button"
	ruleMarkdown       = "card-markdown"
	ruleMentionAll     = "card-mention-all"
	rulePlaceholder    = "card-placeholder"
	ruleEmpty          = "card-empty"
)

// Rules is the catalogue, in the order of the manual.
func Rules() []Rule {
	const sure = true
	return []Rule{
		{ruleWrapper, sure, "a message, a post, a request or one element instead of a card; a body of card JSON 2.0 is a warning"},
		{ruleUnknownElement, sure, "a tag that no element of card JSON 1.0 has: Feishu refuses the whole card"},
		{rulePlace, sure, "an element where it cannot stand, such as a button outside an action; a warning where Feishu's pages differ"},
		{ruleWrongType, sure, "a text where an object or a list is due, or the reverse; a number or true where a text is due is a warning"},
		{ruleMissing, sure, "a key that an element needs; of one that it only should have, a warning"},
		{ruleUnknownKey, !sure, "a key that is nearly one of the element's, or that belongs to another or to card JSON 2.0: Feishu ignores it in silence"},
		{ruleValue, !sure, "a value that the key does not have, such as a colour that does not exist; an error for a language or a cell of a table"},
		{ruleLimit, sure, "more than 5 tables or 5 levels of nesting; more tags, columns, images or elements than are shown are warnings"},
		{ruleImageKey, sure, "an address or a file name as the key of an image; one that does not look like a key is a warning"},
		{ruleLink, sure, "an address that is empty, has another scheme than http and https or none, blanks, or is glued to Chinese text; a warning where Feishu's own samples have it"},
		{ruleDeadButton, !sure, "a button without an address, or an element that needs an app behind it: a notification has none to answer a click"},
		{ruleMarkdown, !sure, "Markdown and HTML that the text does not know and shows as it is, or swallows"},
		{ruleMentionAll, !sure, "a mention of everybody, which Feishu refuses where it is not allowed"},
		{rulePlaceholder, !sure, "${x}, {{x}}, #{x}, %s or TODO, which people would read as it is"},
		{ruleEmpty, !sure, "a card that shows nothing, or whose line in the list of chats would only say 卡片消息"},
	}
}
