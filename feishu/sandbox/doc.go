// Package sandbox is a stand-in for Feishu's helpdesk API: a server that speaks real HTTP, holds
// notifications in memory and answers as the API's pages say that the real one does. `notiform
// sandbox` serves it, `make demo` and the tests run against it.
//
// It shares no code with the client, not even the wire structs: a misspelt tag shared by both sides
// would cancel itself out.
//
// Three things make it more than a mock.
//
//   - It refuses what Feishu refuses, in Feishu's order: route, Authorization, token, rate limit,
//     scope, query and JSON, helpdesk header, existence, role, state, business rules. Codes,
//     statuses and bodies are those of the error tables; every answer has its log id.
//   - What Feishu leaves undocumented is a named switch, so that a client can be shown to cope with
//     either behaviour.
//   - Trouble is scripted (Fault): a throttle, a lost answer, an edit by somebody else between two
//     requests. Afterwards the tests ask for the final state (Notification) and for what was
//     requested (Requests), not for calls.
//
// The credentials are samples, and so are the tokens that are refused: the user tokens
// u-sandbox-member (no role at the helpdesk), u-sandbox-expired and u-sandbox-write (helpdesk:all
// alone), the tenant tokens t-sandbox-expired and t-sandbox-unscoped.
//
// # Logins
//
// Users log in as at Feishu's accounts host, by the device grant or the code grant with PKCE, and get
// pairs of tokens with a life: an access token for two hours, a refresh token that works once, a
// consent for a year. Where a person would consent, being asked is consent enough, unless a switch says
// otherwise. Advance moves the server's clock, and Options.Ahead sets it ahead.
//
// # People
//
// Who is seeded with an e-mail address or a mobile number is found by it, and has a standing; who is
// seeded as outside is not. Names and status can be withheld by a switch, as for want of a scope.
//
// # Numbers that are not Feishu's
//
// The API documents no number of a notification's status except that a draft has 0. The others used
// here are invented, and so are the sizes of departments that make up target_user_count, and the
// other ids of users whom no seed introduces: ou_x, on_x and x are one person. A client must not use
// them.
//
// # What is never faithful
//
// Nothing is sent to anybody. There is one app, one tenant and one helpdesk. What a notification's
// time does after approval is worked out from the clock when somebody looks; there is no background
// work, so the whole server runs inside a testing/synctest bubble when it is called directly or
// through InProcess.
package sandbox
