package spec

// This is the table of what people read, id → sentence, English for now; the summaries of the
// rules stand in their catalogue, rule.go. Each is a whole sentence, so that a translator may
// put its words in any order, and a format where it has values: go vet holds the values against
// the verbs. A message is named for what is wrong, a hint for what to do. Text from a file is a
// value made by quoted.

// asSaid is what the operating system, yaml.v3 or jsontext says, as it says it.
const asSaid = "%s"

// What a YAML node is.
const (
	aMapping      = "a mapping"
	aList         = "a list"
	aText         = "a text"
	nothing       = "nothing"
	trueOrFalse   = "true or false"
	aNumber       = "a number"
	aForeignValue = "a value with a tag of its own"
)

// Paths and files.
const (
	emptyPath        = "the path is empty"
	linkNotFollowed  = "links in directories are not followed"
	nameLink         = "keep the file itself here, or name the link as a path"
	notLookedAt      = "the file is not looked at: only *.yaml and *.yml, in small letters, are drafts"
	renameDraft      = "rename it, if it is a draft"
	noDraftHere      = "no draft here"
	emptyFile        = "the file holds no draft: it is empty, or all of it is comments"
	writeFields      = "write job_name: … and the other fields of a draft, or delete the file"
	lookForDrafts    = "drafts are in *.yaml and *.yml files; in directories, names that begin with . are skipped"
	notRegularFile   = "not a regular file"
	fileTooLarge     = "the file is larger than %d MiB"
	splitFile        = "split it into several files"
	fileNotUTF8      = "the file is not UTF-8: byte 0x%02X"
	saveAsUTF8       = "save the file as UTF-8"
	tooManyFaults    = "more than %d faults: the file was not read to the end"
	mendOthers       = "fix the others and validate again"
	notADraft        = "this is no draft: none of its fields is a draft's"
	keepOtherYAMLOut = "keep other YAML out of the folders that hold drafts, or begin its name with a dot"
	draftNotMapping  = "a draft is a mapping, not %s"
	writeAsFields    = "write it as fields, such as job_name: …"
)

// YAML.
const (
	keyTwice        = "%s is given twice, first at line %d"
	removeOne       = "remove one of the two"
	removeOneOrPart = "remove one of the two, or write --- in a line of its own before another draft"
	removeOneOrDash = "remove one of the two, or write - and a space before it where it begins another entry of the list"
	keyNotText      = "a key must be text, not %s"
	quoteKey        = "put the key in quotes"
	mergedValue     = "<< wants a mapping or a list of mappings, not %s"
	mergedTooDeep   = "<< is nested more than %d deep, or in a circle"
	spreadTooLarge  = "aliases make the file too large to read to the end"
	writeValuesOut  = "write the values out instead of using aliases"
	aliasOfItself   = "alias *%s contains itself"
	writeValueOut   = "write the value out"

	directiveTooLong        = "the %%TAG line is longer than %d bytes"
	leaveDirectiveOut       = "leave it out: drafts have no tags of their own"
	directiveWithoutVersion = "a %%YAML line has one version"
	otherVersion            = "%%YAML %s is another version: drafts are YAML 1.2"
	writeVersion            = "write %YAML 1.2, or leave the line out"
	halfCharacter           = "the escape %s is half of a character, without the other half"
	writeCharacter          = "write the character itself"
	brokenLine              = "U+%04X ends a line for YAML, and for no editor"
	writeLineBreak          = "delete it, and begin a new line where one is meant"
	aliasOfOtherDocument    = "alias *%s has its anchor in another document"
	repeatAnchor            = "repeat the anchor in this document: none reaches past ---"
)

// What yaml.v3 says, word for word: it tells which of our sentences and which place are meant.
const (
	yamlMappingValues    = "mapping values are not allowed"
	yamlNoEntryHere      = "block sequence entries are not allowed"
	yamlNoContent        = "did not find expected node content"
	yamlEndOfStream      = "found unexpected end of stream"
	yamlNoToken          = "found character that cannot start any token"
	yamlNotFound         = "did not find expected"
	yamlCouldNotFind     = "could not find expected"
	yamlControl          = "control characters are not allowed"
	yamlUnknownEscape    = "found unknown escape character"
	yamlBadEscape        = "found invalid Unicode character escape code"
	yamlNoDigits         = "did not find expected hexdecimal number"
	yamlTab              = "found a tab character"
	yamlNoKey            = "did not find expected key"
	yamlNoDash           = "did not find expected '-' indicator"
	yamlNoDocument       = "did not find expected <document start>"
	yamlNoCommaOrBracket = "did not find expected ',' or ']'"
	yamlNoCommaOrBrace   = "did not find expected ',' or '}'"
)

// Fields and their values.
const (
	indentCard     = "it belongs to the card: indent it, and all that it holds, by 2 more, below push_content"
	unknownField   = "unknown field %s"
	unknownFieldIn = "unknown field %s in %s"
	didYouMean     = "did you mean %s?"
	serverField    = "%s is set by Feishu and cannot be written"
	leaveOut       = "leave it out"
	writeIDAs      = "write the notification's id as notification_id"
	missingField   = "%s is missing"
	notText        = "%s must be a text, not %s"
	quoteText      = "put it in quotes"
	notNameNumber  = "%s must be a name or a number, not %s"
	notList        = "%s must be a list, not %s"
	writeAsEntries = "write it as - entries, or [] for none"
	noSuchValue    = "%s cannot be %s"
	noneOfValues   = "%s %s is none of %s, nor a number"

	writeJobName           = "write a name for the helpdesk team to know it by"
	writeUserIDType        = "write open_id, union_id, user_id"
	writePushType          = "write scheduled (0) or new_staff (1)"
	writePushScopeType     = "write all_members (0), chats_only (1), selected_members (2) or new_staff (3)"
	writeNewStaffScopeType = "write all (0) or departments (1)"
	writeContent           = "write the card under push_content, or name its file as push_content_file"
)

// Ids.
const (
	notificationIDNotDecimal = "notification_id %s is not a decimal number"
	copyID                   = "copy the id from the helpdesk or from the answer that created the notification"
	notificationIDBare       = "notification_id is a bare number, which other YAML tools round"
	quoteID                  = "put it in quotes: %s"
	notificationIDTwice      = "notification_id %s is owned by two drafts, first at %s"
	keepOne                  = "if one is a copy, remove the notification_id from it: it is another notification, not created yet"
	noID                     = "%s: %s is no id: only letters, digits and _ - . @ occur in ids"
	noDepartmentID           = "%s: %s is no department_id"
	belongsIn                = "an id that begins with %s belongs in %s"
	findPerson               = "an e-mail address or a mobile number is a person's: notiform who finds whose, and prints the line for user_list"
	copyTargetID             = "copy the %s from Feishu: a name is no id"
	noChatID                 = "%s: %s is no chat id, which begins with oc_"
	noUserID                 = "user_list: %s is no %s, which begins with %s"
	writeLikelyIDType        = "it looks like a %[1]s: write user_id_type: %[1]s, if all in the list are"
	findByAddress            = "an e-mail address or a mobile number is no id: notiform who finds whose it is, and prints the line to write here"
	findByName               = "a name is no id: notiform who finds people by e-mail or mobile, and prints the line to write here"
	writeTenantIDType        = "write user_id_type: user_id, if these are the tenant's own user ids"
)

// Lists of targets.
const (
	emptyEntry        = "%s has an empty entry"
	writeID           = "write an id, or remove the entry"
	entryType         = "an entry of %s must be an id or a mapping, not %s"
	entryWithoutID    = "an entry of %s has no %s"
	findTheID         = "write the id, which notiform who finds by e-mail or mobile, or remove the entry"
	writeTheID        = "write the id, or remove the entry"
	targetTwice       = "%s has %s twice, first at line %d, column %d"
	wholeOrganisation = "%s: department 0 is the whole organisation"
	writeAllMembers   = "write push_scope_type: all_members instead"
	writeAllStaff     = "write new_staff_scope_type: all instead"
)

// Push types and scopes.
const (
	scheduledForNewStaff = "push_scope_type new_staff needs push_type new_staff"
	writeNewStaffPush    = "write push_type: new_staff, or another scope"
	newStaffForOthers    = "push_type new_staff cannot have push_scope_type %s"
	writeNewStaffScope   = "write push_scope_type: new_staff, or chats_only"
	newStaffOfNoScope    = "push_type new_staff needs new_staff_scope_type"
	newStaffOfNobody     = "new_staff_scope_type departments needs a new_staff_scope_department_list"
	listDepartments      = "list the departments, or write new_staff_scope_type: all"
	ignoredWhenScheduled = "%s has no effect with push_type scheduled"
	ignoredForAllStaff   = "%s has no effect with new_staff_scope_type all"
	removeIgnored        = "remove it"
	audienceInScope      = "%s must be empty with push_scope_type %s"
	removeAudience       = "remove it, or write push_scope_type: selected_members"
	noAudience           = "push_scope_type selected_members needs a user_list or a department_list"
	listAudience         = "list who is to get it"
	noChats              = "push_scope_type chats_only needs a chat_list"
	listChats            = "list the chats that are to get it"
)

// send_at.
const (
	timeWithoutOffset = "send_at %s has no offset from UTC"
	writeOffset       = "write it with its offset, such as %s+08:00"
	noTime            = "send_at %s is no time such as 2026-12-01T09:00:00+08:00, nor milliseconds"
	writeTime         = "write %s"
	noSuchTime        = "send_at %s: there is no %s %02d"
	timePartRange     = "the %s goes from %02d to %02d here"
	timeTooFine       = "send_at %s is finer than a millisecond"
	timeOutside       = "send_at %s is outside the years 2001 to 2286"
	noMilliseconds    = "send_at %s is not milliseconds since 1970: those have 13 digits, not %d"
	writeMilliseconds = "these look like seconds: write %s000"
	cutAtHash         = "the text ends here: what follows # is a comment to YAML"
	quoteWhole        = "put the whole text in quotes, or a space behind # if it is a comment"
	cutAnchor         = "&%s is an anchor to YAML, and no part of the text"
	quoteAnchored     = "put the text in quotes, or remove it"

	timePassed      = "send_at %s has passed"
	writeTimeToCome = "write a time in the future, or leave send_at out"
)

// The parts of a time.
const (
	partMonth        = "month"
	partDay          = "day"
	partHour         = "hour"
	partMinute       = "minute"
	partSecond       = "second"
	partOffsetHour   = "offset hour"
	partOffsetMinute = "offset minute"
)

// Cards.
const (
	cardNotCard        = "push_content must be a card, not %s"
	writeObject        = "write one JSON object: {…}"
	writeCard          = "write the card as a YAML mapping, or its JSON object as a text under push_content: |"
	cardNotJSON        = "the card is not JSON: %s"
	cardNotObject      = "the card's JSON is not an object"
	cardTooLargeToRead = "the card is larger than %d KiB, too large to read"
	keepToMaximum      = "a card has at most 30 KiB"
	cardTooDeep        = "the card is nested more than %d levels deep"
	numberNotJSON      = "%s is a number to YAML but not to JSON"
	writeDecimal       = "put it in quotes if it is a text, or write it in decimal"
	foreignTag         = "a card has no values with the tag %s"
	removeTag          = "remove the tag"
	cardVersion2       = "the card is card JSON 2.0 (schema %s)"
	exportVersion1     = "the helpdesk takes card JSON 1.0: export it without schema and body"
	cardTemplate       = "the card is a reference to a card template"
	cardEntity         = "the card is a reference to a card entity"
	writeCardItself    = "write out the card itself: the helpdesk takes card JSON 1.0"
	cardNearLimit      = "the card is %d bytes as compact JSON, close to the limit of 30 KiB (%d bytes)"
	cardOverLimit      = "the card is %d bytes as compact JSON, over the limit of 30 KiB (%d bytes)"
	shortenCard        = "shorten it, or split it into two notifications"
)

// push_content_file.
const (
	contentTwice       = "push_content_file is given beside push_content"
	cardFileAbsolute   = "push_content_file %s is an absolute path"
	writeRelative      = "write it relative to the draft"
	cardFileOutside    = "push_content_file %s is outside the working directory"
	keepCardsBeside    = "keep cards beside the drafts, and run where both are"
	cardFileMissing    = "push_content_file %s does not exist"
	lookRelative       = "the path is relative to the draft's own folder: looked for %s"
	cardFileNotRegular = "push_content_file %s is not a regular file"
	cardFileTooLarge   = "push_content_file %s is larger than %d KiB"
	cardFileUnreadable = "push_content_file %s cannot be read: %s"
	cardFileRefused    = "push_content_file %s %s"
	cardFileNotUTF8    = "the card file is not UTF-8"
	cardFileOfTwo      = "a card file holds one card, and here begins another"
	beginCard          = "begin it with header: and elements:, and write what they hold below them, indented by 2"
	cardFileNotMapping = "a card is a mapping, not %s"
	cardFileEmpty      = "the card file is empty"
)

// Hidden characters: where, and what they are.
const (
	hiddenInName      = "%s has %s"
	hiddenInEntry     = "a name in %s has %s"
	hiddenHere        = "the text has U+%04X (%s) here"
	hiddenMarks       = "the file begins with %d byte order marks"
	saveWithoutMark   = "save it as UTF-8 without a byte order mark"
	hiddenInCard      = "the card has %s"
	hiddenInCardAt    = "the card has %s at %s"
	removeHidden      = "remove it, unless it is meant"
	hiddenItem        = "U+%04X (%s)"
	hiddenAndOthers   = "%s and others"
	controlCharacter  = "control character"
	bidiControl       = "bidi control"
	tagCharacter      = "tag character"
	variationSelector = "variation selector"
	lineSeparator     = "line separator"
	zeroWidth         = "zero-width character"
)

// Settings of rules.
const (
	settingForm     = "rule setting \"%s\": want ID=error, ID=warning or ID=off"
	settingSeverity = "rule setting \"%s\": severity \"%s\": want error, warning or off"
	settingFixed    = "rule setting \"%s\": %s is always an error"
	settingNoRule   = "rule setting \"%s\": no such rule"
	settingNearRule = "rule setting \"%s\": no such rule; did you mean \"%s\"?"
)

// The team's file.
const (
	teamFileElsewhere    = "this file is not read: what belongs to the team stands in %s"
	moveTeamFile         = "move it to %s, or give it another name"
	teamFileNotRegular   = "not a regular file; a link is not followed"
	teamFileOfTwo        = "the file holds one document, and here begins another"
	notMapping           = "%s must be a mapping, not %s"
	helpdeskNamed        = "%s cannot be the name of a helpdesk: it has letters, digits and _ . - in it, and begins with a letter or a digit"
	helpdeskWithoutID    = "helpdesk %s has no helpdesk_id"
	copyHelpdeskID       = "copy it from the helpdesk admin site: settings centre, API credentials"
	helpdeskIDNotDecimal = "helpdesk_id %s is not a decimal number"
	helpdeskIDBare       = "helpdesk_id is a bare number, which other YAML tools round"
	noBaseURL            = "base_url %s is no https address without query and user name"
	writeBaseURL         = "write https://open.feishu.cn, or https://open.larksuite.com for Lark; or leave it out"
	pathOutside          = "%s does not lead below the folder of this file"
	pathOfTwo            = "%s and %s of helpdesk %s have drafts in common"
	pathsApart           = "give each helpdesk folders of its own"
	writeFromRoot        = "write the path from the root of the work tree, with slashes, such as drafts/it"
	emptyList            = "%s is empty, which could mean all as well as none"
	leaveListOut         = "leave it out, or list something"
	entryNotText         = "an entry of %s must be a text, not %s"
	noRule               = "there is no rule %s"
	noSeverity           = "rule %s can be error, warning or off"
	writeSeverity        = "write one of the three"
	ruleIsFixed          = "rule %s is always an error"
	notTrueOrFalse       = "%s must be true or false, not %s"
	writeTrueOrFalse     = "write true or false, without quotes"
	noCount              = "%s cannot be %s"
	writeCount           = "write a whole number, 0 or more, without quotes"
)

// The hosts that links may lead to.
const (
	linkElsewhere    = "the address %s leads to %s, and link_hosts of %s allows %s"
	linkUnclear      = "nobody can tell where the address %s leads, and link_hosts of %s allows %s"
	writeAllowedHost = "write an http or https address of an allowed host, without a user name, or have the team add its host to link_hosts"
	noHost           = "link_hosts: %s is no host"
	writeHost        = "write %s; its subdomains and ports are allowed with it"
)

// When a notification may be sent.
const (
	timeOutsideWindow = "send_at %s is %s %s in %s, and send_window of %s allows %s from %s to %s"
	everyDay          = "every day"
	writeWithinWindow = "write a time within it, or have the team change send_window"
	windowWithoutZone = "send_window has no zone"
	writeZone         = "write the name of a time zone, such as Asia/Shanghai"
	windowEmpty       = "send_window cannot go from %s to %s"
	writeWholeDay     = "for all day write from: \"00:00\" and to: \"24:00\", or leave both out"
	noDay             = "days: %s is no day"
	writeDay          = "write mon, tue, wed, thu, fri, sat or sun"
	writeThis         = "write %s"
	noClock           = "%s: %s is no time of day"
	writeClock        = "write it with two digits each, such as \"09:00\"; the day ends at \"24:00\""
	writeThisClock    = "write \"%s\""
	noZone            = "zone: %s is no time zone"
)

// Why a draft is not written into a file.
const (
	tooLargeToWrite = "its card is too large for the %d MiB that a draft file may have"
	notToBeWritten  = "no draft file can say exactly what it says"
)
