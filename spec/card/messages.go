package card

// This is the table of what people read, id → sentence, as in package spec; the summaries of the
// rules stand in their catalogue, rule.go. A message is named for what is wrong, a hint for what to
// do.

// What a value is.
const (
	isNull   = "null"
	isBool   = "true or false"
	isNumber = "a number"
	isText   = "a text"
	isList   = "a list"
	isObject = "an object"
)

// Where an element stands.
const (
	placeRoot      = "the elements of the card"
	placeAction    = "the actions of an action"
	placeExtra     = "the extra of a div"
	placeNote      = "a note"
	placeColumnSet = "the columns of a column_set"
	placeColumn    = "a column"
	placeForm      = "the elements of a form"
	placeContainer = "an interactive_container"
	placePanel     = "a collapsible_panel"
	placePanelHead = "the title of a collapsible_panel"
	placeChecker   = "the buttons of a checker"
	placeText      = "the place of a text"
	placePlain     = "the place of a plain text"
	placeIcon      = "the place of an icon"
	placeTags      = "the text_tag_list of a header"
	placeFallback  = "a fallback"
)

// Elements and their keys.
const (
	unknownElement    = "there is no element %s: Feishu refuses the whole card"
	didYouMean        = "did you mean %s?"
	wrongPlace        = "%s cannot stand in %s"
	standsIn          = "it stands in %s"
	putInAction       = "put it into an action: {tag: action, actions: […]}"
	putInColumn       = "put it into a column of a column_set"
	putInDiv          = "put it into a div: {tag: div, text: {…}}, or write a markdown element"
	onlyInForm        = "%s is for a form only"
	missingKey        = "%s has no %s"
	writeKey          = "write %s: …"
	anEntry           = "an entry of %s"
	moveKey           = "move it there, or remove it"
	removeKey         = "remove it, or write a form"
	writeBeside       = "%s is a key of the card, beside its elements"
	writeTagOf        = "write its tag: %s"
	formWithoutSubmit = "the form has no button that sends it"
	writeSubmit       = "give a button action_type: form_submit"
	unknownKey        = "%s has no key %s: Feishu ignores it"
	laterKey          = "%s has no key %s, which belongs to card JSON 2.0: Feishu ignores it"
	removeLater       = "remove it"
	misplacedKey      = "%s has no key %s, which belongs to %s: Feishu ignores it"
)

// Values.
const (
	wrongType         = "%s must be %s, not %s"
	writeTextObject   = "write {tag: plain_text, content: …}"
	writeWithKey      = "write {%s: …}"
	writeIcon         = "write {tag: standard_icon, token: …}"
	writeAsText       = "write it as one text: in YAML, %s: |- and the lines below it"
	putInQuotes       = "put it in quotes"
	writeTrueFalse    = "write true or false"
	leaveQuotes       = "write it without quotes"
	writeAsList       = "write it as a list: […], or a line with - for each"
	wrongValue        = "%s cannot be %s"
	writeOneOf        = "write one of %s"
	writeOneOfOr      = "write one of %s, or such as %s"
	writeLike         = "write it such as %s"
	textTooLong       = "%s is longer than %d characters"
	outOfRange        = "%s is %s, and must be %d to %d"
	belowRange        = "%s is %s, and must be at least %d"
	widthIgnored      = "a width in pixels does nothing in a column_set with flex_mode %s"
	writeNoFlex       = "write width: weighted, or flex_mode: none"
	notWhole          = "%s is %s, and must be a whole number"
	noLanguage        = "%s is no language of a card"
	nameTwice         = "the name %s is given twice"
	valueTwice        = "two options have the value %s"
	writeOther        = "write another for one of the two"
	noColumn          = "no column of the table has the name %s"
	wrongCell         = "the cell %s of type %s must be %s, not %s"
	dateInSeconds     = "the date %s is of 1970: it counts milliseconds"
	writeMilliseconds = "write three zeros behind it, if it counts seconds"
	markdownInCell    = "the cell %s has Markdown, and its column shows it as it is"
	writeDataType     = "give the column data_type: lark_md"
	unfilledPlace     = "%s was not filled in: people will read it as it is"
	fillPlace         = "write what belongs there"
)

// Limits.
const (
	tooManyElements = "the card has %d elements, and Feishu may refuse more than %d"
	tooManyLevels   = "elements are nested more than %d levels deep: Feishu refuses the card"
	tooManyTables   = "the card has more than %d tables: Feishu refuses it"
	tooMany         = "%s has %d entries, of which %d are shown"
	restNotShown    = "remove the others, or put them elsewhere"
	tooManyCharts   = "the card has more than %d charts, and Feishu advises no more"
	tooManyLines    = "%s has %d lines, of which %d are shown"
	shortenText     = "shorten it, or write the rest in the card"
	tooFew          = "%s has %d entries, and %d places"
	addImage        = "add what is missing, or write another combination_mode"
)

// Images.
const (
	addressAsImage = "%s is an address, not the key of an image: Feishu refuses the whole card"
	fileAsImage    = "%s is a file, not the key of an image: Feishu refuses the whole card"
	noImageKey     = "%s does not look like the key of an image, which begins with img_"
	uploadImage    = "upload the image to Feishu and write the image_key it returns"
)

// Addresses.
const (
	addressWithoutScheme = "the address %s has no https:// in front"
	schemeNotOpened      = "the address %s cannot be opened: only http and https are"
	addressWithoutHost   = "the address %s has no host"
	addressNotEscaped    = "the address %s has characters that must be escaped"
	escapeAddress        = "write a blank as %20, and copy other characters from the line of a browser"
	addressOfNoClient    = "%s has neither url nor %s"
	writeURL             = "write url, or all of pc_url, ios_url and android_url"
	addressTwice         = "the %s has both url and multi_url"
	removeOneAddress     = "remove one of the two"
	emptyAddress         = "the address of the %s is empty"
	writeScheme          = "write the whole address: https://…"
	addressGlued         = "the address %s ends at no blank: what follows it belongs to it for Feishu"
	addBlank             = "put a blank behind it, or write [text](address)"
)

// What does nothing.
const (
	callbackButton = "the button needs an app to answer it, and a notification has none: a click shows an error"
	silentButton   = "the button does nothing: it has no address"
	deadOption     = "the option does nothing: it has no address"
	writeButtonURL = "write its address as url: https://…"
	deadElement    = "%s needs an app to answer it, and a notification has none: a click shows an error"
	writeBehavior  = "write behaviors: [{type: open_url, default_url: https://…}]"
	removeOrLink   = "remove it, or write a button with the address where to answer"
)

// Markdown.
const (
	headingUnknown     = "a heading is shown as it is: %s"
	writeBold          = "write the line in bold: **…**"
	quoteUnknown       = "a quotation is shown as it is: %s"
	writeGrey          = "write it as <font color='grey'>…</font>, or as a note"
	tableUnknown       = "a table in Markdown is shown as it is"
	writeTable         = "write an element with tag: table, or columns in a column_set"
	fenceInLine        = "three backticks that do not begin their line are shown as they are"
	fenceOnLine        = "begin a line with them, without a blank before them"
	fenceUnknown       = "lark_md has no code blocks, and shows the backticks"
	listUnknown        = "lark_md has no lists, and shows the mark: %s"
	ruleUnknown        = "lark_md has no rules, and shows the line: %s"
	useRule            = "write an element with tag: hr"
	useMarkdown        = "write an element with tag: markdown instead"
	codeUnknown        = "backticks are shown as they are"
	leaveTicks         = "leave them out, or write the words in bold"
	fourStars          = "four stars in a row may break the text"
	writeTwoStars      = "write two in front of bold text and two behind it"
	linkWithoutAddress = "the link %s has no address"
	imageUnknown       = "lark_md has no images, and shows the marks"
	useImage           = "write an element with tag: img, or a markdown element"
	entityInAddress    = "%s in an address is read as %s"
	entityUnended      = "%s is read as %s"
	escapeAmpersand    = "write &amp; for &, or %26 in an address"
	htmlVanishes       = "%s is swallowed: nobody will see it"
	htmlRefused        = "%s is HTML that Feishu may refuse the card for"
	removeHTML         = "leave it out, or write the words in bold"
	writeLineBreak     = "begin a new line instead"
	escapeAngle        = "write &#60; for < and &#62; for >, if people are to read it"
	fontColour         = "the colour %s is not known, and is not shown"
	writeColour        = "write a name such as red, green, grey or blue-500"
	fontUnbalanced     = "the text has not as many </font> as <font>"
	closeFont          = "write </font> where the colour ends"
	markdownInPlain    = "plain_text shows Markdown as it is"
	markdownInHeader   = "a header shows Markdown as it is, but for mentions"
	leaveMarks         = "leave the marks out"
	nameUnknown        = "the link %s leads nowhere: href has no %s"
	writeHref          = "write href: {%s: {url: https://…}}, or the address itself"
	useLarkMarkdown    = "write tag: lark_md, where that may stand, or leave the marks out"
)

// Mentions.
const (
	mentionOfAll     = "everybody is mentioned: Feishu refuses that where it is not allowed"
	removeMention    = "remove it: who gets the notification is told anyway"
	mentionOfMessage = "%s is how text messages mention people, not cards"
	mentionOfNobody  = "%s mentions nobody"
	mentionByID      = "email=%s is no e-mail address"
	mentionByMail    = "id=%s is an e-mail address"
	mentionOfName    = "id=%s is no id"
	writeMention     = "write <at id=ou_…></at>, with the open_id"
	writeMail        = "write <at email=…></at>"
)

// Something else than a card, and a card that says nothing.
const (
	messagePasted   = "%s belongs to a message: this is what a card is sent in, not a card"
	cardWithin      = "%s holds a card: this is what one is sent in, not a card"
	requestPasted   = "%s belongs to a request: this is what a card is sent in, not a card"
	postPasted      = "this is a post, or a card as it is read back, and no card that can be sent"
	writeCard       = "write what is within it: the object that has header and elements"
	bodyPasted      = "body is of card JSON 2.0: the helpdesk takes card JSON 1.0, where it shows nothing"
	writeElements   = "write elements: […]"
	elementPasted   = "this is one element, %s, and no card"
	writeInElements = "write it as an entry of elements: [{…}]"
	nothingShown    = "the card shows nothing"
	nothingInList   = "in the list of chats the card will only say 卡片消息"
	writeTitle      = "write a header with a title, or begin with a text"
)

// What an editor says that reads the schema.
const (
	describeElement = "%s stands in %s"
	describeDead    = "%s stands in %s, and needs an app to answer it, which a notification has not"
	describeRange   = "%d to %d"
)
