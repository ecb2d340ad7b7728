package sandbox

// This file is the table of what people read of this package, id → sentence: formats, whose values
// go vet holds against the verbs. English for now. What is answered is Feishu's and stands with the
// answers; what the switches and faults do stands in the tables of both.
const (
	// Settings, quoted as they were typed: whoever says it makes it visible.
	unknownSwitch    = "switch \"%s\": no switch of that name"
	badSwitchValue   = "switch %s: \"%s\" is none of %s"
	unknownLimit     = "limit \"%s\": no limit of that name"
	badRate          = "limit %s: \"%s\" is not a number of requests"
	limitAMinute     = "requests a minute; 0 for no limit"
	limitASecond     = "requests a second; 0 for no limit"
	badFault         = "fault \"%s\": %w"
	badFaultForm     = "fault \"%s\": want METHOD:ID:KIND[=ARGUMENT][:COUNT]"
	unknownMethod    = "\"%s\" is no method and no API"
	uselessCount     = "a count of %d hits nothing"
	unknownFaultKind = "no kind of fault is called \"%s\""
	needlessArgument = "%s takes no argument"
	badArgument      = "%s wants %s, not \"%s\""

	// Seeds.
	badSeed        = "seed: %s"
	seedUnended    = "the JSON does not end"
	seedSyntax     = "invalid JSON after byte %d: %v"
	seedUnknown    = "unknown field at \"%s\""
	seedUnexpected = "unexpected %v at \"%s\""
	seedForm       = "neither a JSON object nor an array"
	seedRefusal    = "an answer without a notification"
	seedTwice      = "seed: notification %s is there already"

	// Serving.
	cannotListen   = "listen on %s: %w"
	notLoopback    = "listen on %s: the sandbox binds loopback only, such as 127.0.0.1:0"
	cannotStart    = "start the sandbox: %v"
	cannotStop     = "stop the sandbox: %v"
	noNotification = "notification %s: there is none"
	connectionCut  = "%s %s: %w"
)
