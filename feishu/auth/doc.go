// Package auth logs a user in to Feishu (Lark), and keeps the login alive.
//
// # The grants
//
// [Client] speaks OAuth at the accounts host, for one app with its secret: every app of Feishu's
// developer console is a confidential client, also with PKCE.
//
//	POST /oauth/v1/device_authorization          the device grant of RFC 8628; no page of Feishu's describes it
//	GET  /open-apis/authen/v1/authorize          in a browser: the code grant, with PKCE S256 and state
//	POST /oauth/v3/token                         device code, code and refresh token → a new pair
//	POST /oauth/v1/revoke                        ends a token; no page either
//	GET  /open-apis/authen/v1/user_info          whose token it is, at the API's host
//
// A request is sent once. Only what certainly never left, and codes 20050 and 20072, by which Feishu
// asks for it, are sent again: a refresh token works once, and who sends it twice has lost the login.
// Redirects are not followed, answers are read up to a bound, and what a server says is masked,
// bounded and shown escaped. What each code means, and whether it ends a login, is in code.go.
//
// # The store
//
// [Store] is one file, which only its owner may read. It holds logins by accounts host and app id,
// and no app secret. It is replaced as a whole, by a file that is on the disk before it gets the
// name. Whoever refreshes holds a lock across processes, on a file beside it that is never
// replaced, reads again under the lock, and finds that somebody else was first, or is the first:
//
//	lock → read → note that a refresh is under way → send it → write the new pair → use it
//
// Whatever ends the process in between leaves the old pair or the new one. If the answer of a
// refresh is lost, nobody knows which of the two counts: the old pair is kept with the note, and tried
// once by the next run. What Feishu says ends a login, and nothing else, takes it out of the store;
// it is kept aside.
package auth
