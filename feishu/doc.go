// Package feishu speaks to the helpdesk part of Feishu's (Lark's) open platform.
//
// # What it speaks
//
// Three requests of weight, two of them on one notification that already exists:
//
//	GET   /open-apis/helpdesk/v1/notifications/:notification_id    100 a minute
//	PATCH /open-apis/helpdesk/v1/notifications/:notification_id     20 a minute
//	POST  /open-apis/helpdesk/v1/notifications                      10 a minute; makes a draft
//
// Each carries a user access token, the helpdesk's own id and token as a second
// header, and says which kind of user id the ids in it are.
//
// One more tells a ticket what was done. It carries a tenant access token instead
// of the user's; where none is given, another fetches it with the app's secret:
//
//	POST  /open-apis/helpdesk/v1/tickets/:ticket_id/messages        50 a second, 1000 a minute
//	POST  /open-apis/auth/v3/tenant_access_token/internal
//
// Five more are asked as the app, and only look: whether Feishu is there, what the app may do, what a
// ticket is, and who somebody is. [NewForApp] makes a client that takes no user and no helpdesk.
//
//	GET   /open-apis/authen/v1/user_info                            without a token ([Reach])
//	GET   /open-apis/application/v6/scopes
//	GET   /open-apis/helpdesk/v1/tickets/:ticket_id
//	POST  /open-apis/contact/v3/users/batch_get_id                  1000 a minute, 50 a second; only reads
//	GET   /open-apis/contact/v3/users/batch                         the same
//
// The user's token lives two hours, and runs are longer. When it is refused as ended,
// or ends within five minutes, the [TokenSource] is asked for the next one, once for all
// workers, and the request is repeated. A PATCH is not ([ErrRenewed]): whoever sent it
// looks first at what it would overwrite.
//
// # What it never speaks
//
// preview, submit_approve, cancel_approve, execute_send and cancel_send have no
// code here and no path: nothing that holds a [Client] can put a notification
// before people, ask for its approval or recall it.
//
// # How a request goes
//
// A request waits for its API's limiter, is sent, read whole (up to 4 MiB),
// and decoded in one pass. The limiter counts a request from its start until
// one window after its end, so that no window of the server, fixed or sliding,
// ever sees more than the limit. An answer that says "too often" (HTTP 429, or
// code 99991400 under any status) pauses the whole API for as long as the
// server asks, and the request is sent again, in its old place in the queue.
// Reads are also repeated after network errors and server errors. A PATCH is
// sent in a [WriteSlot]: the wait for the limiter comes first, then a look at what
// is to be overwritten, then the PATCH, once. It is never repeated here, because
// the notification may have moved meanwhile, or the PATCH may have been carried
// out: whoever sent it looks and decides. A create is sent in a slot as well, and once: Feishu has
// neither a key to know a second one by nor a list to look in, so after a lost answer nobody can tell
// by the API what became of it. A ticket message cannot be read back,
// so besides after a refusal it is sent again only when it certainly never left
// ([ErrUnsent]): there was no connection to send it on, whether dialling, a proxy or
// the TLS handshake failed. After an answer that did not come in time, the next
// attempt opens a connection of its own: an HTTP/2 line on which nothing comes back
// would otherwise take one retry after the other.
// Redirects are never followed, since Go would hand the helpdesk header to the
// other host.
//
// # What comes back
//
// An answer counts as success when its status is 2xx and its code is 0. Anything
// else is an [*Error], which says what was being done, to which notification,
// what was answered, and what to do next; all our own words stand in messages.go,
// and what a code means in code.go. Decide by its Code, by [ErrThrottled],
// [ErrUnsent], [IsRefused] and [HoldsForAll], never by the words of the server, which are bounded and shown
// escaped. Answers must be JSON without repeated names. Only what is compared, and
// the code, must be of its documented type, and status, push_type and
// push_scope_type must be there; everything else is shown at most, and taken as
// absent in any other shape ([Lenient]). Text that is not valid UTF-8 is read with
// replacement characters, so that it differs and can be written over. Absent, null
// and empty are not told apart where the API does not tell them apart. Our own
// errors say where an answer is at fault, and quote nothing of it.
//
// Tokens are kept as [Secret], which no verb, encoder or logger can print, and
// are cut out of whatever text a server sends back.
package feishu
