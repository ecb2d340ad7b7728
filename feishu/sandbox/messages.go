package sandbox

// What the sandbox says to those who run it: id → sentence, a format where it has values, which
// vet holds against the verbs. English for now. What it answers is Feishu's and stands with the
// answers; what it explains in --help stands with the switches and faults.
const (
	// Settings.
	unknownSwitch    = "switch %q: no switch of that name"
	badSwitchValue   = "switch %s: %q is none of %s"
	unknownLimit     = "limit %q: no limit of that name"
	badRate          = "limit %s: %q is not a number of requests"
	badFault         = "fault %q: %w"
	faultForm        = "fault %q: want METHOD:ID:KIND[=ARGUMENT][:COUNT]"
	unknownMethod    = "%q is no method and no API"
	uselessCount     = "a count of %d hits nothing"
	unknownFaultKind = "no kind of fault is called %q"
	needlessArgument = "%s takes no argument"
	badArgument      = "%s wants %s, not %q"

	// Seeds.
	badSeed        = "seed: %s"
	seedUnended    = "the JSON does not end"
	seedSyntax     = "invalid JSON after byte %d: %v"
	seedUnknown    = "unknown field at %q"
	seedUnexpected = "unexpected %v at %q"
	seedForm       = "neither a JSON object nor an array"
	seedTwice      = "seed: notification %s is there already"

	// Serving.
	cannotListen   = "listen on %s: %w"
	notLoopback    = "listen on %s: the sandbox binds loopback only, such as 127.0.0.1:0"
	cannotStart    = "start the sandbox: %v"
	cannotStop     = "stop the sandbox: %v"
	noNotification = "notification %s: there is none"
	connectionCut  = "%s %s: %w"
)
