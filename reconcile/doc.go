// Package reconcile decides what must change on the server so that a helpdesk notification
// says what its draft file says, and changes exactly that.
//
// The loop, on one page:
//
//	observe   GET every draft; a Reader cannot write            observe.go
//	compare   both sides become one diff.State, and package     wire.go, diff/
//	          diff says what must change
//	plan      each draft is no-op, create, update, blocked,     plan.go
//	          closed, failed or not-read; the Plan is data:
//	          shown, saved, refused
//	approve   each update by its own digest; approvals add up   approval.go
//	apply     per update: take a write slot, GET again, stop    apply.go
//	          if it moved, PATCH the whole writable state
//	prove     GET and compare until it shows, or four seconds   prove.go
//	          are over; what did nothing is sent again; anything
//	          but equal is said, field by field
//	create    per draft without an id: take a slot, note in     create.go
//	          its file that Feishu is asked, POST once, put the
//	          id in the place of the note, prove
//	import    the way back: GET, and a draft file that plans as   import.go
//	          no-op
//
// And the other way, without sending anything:
//
//	take over  what was edited at the console goes into the     takeover.go, update.go,
//	           files, in the lines that say it; proved by       edit/
//	           reading the new text again
//
// # Where things meet
//
// The rooms, from the lower to the higher; none imports one below it in this list:
//
//	spec       what the author wrote; no network
//	feishu     what the API says; no files
//	diff       two states in, changes out; pure
//	edit       the text of a draft file, changed in the lines that say something else; pure
//	history    what Git knows of a draft; the one that starts a process
//	reconcile  this package: plan and apply, and the one file that knows both
//	           vocabularies, wire.go
//	report     a plan or a result, for people and programs
//	command    how it is typed
//
// feishu/sandbox stands beside them: a helpdesk to try all this on.
//
// # What is never done
//
// Nothing here can submit, send, preview or recall: the interfaces that the engine is given
// (Reader, Writer, Creator) have no such method. A notification whose status is not 0 is never written,
// because Feishu lets only drafts be changed and documents no other status number (the API pages
// "更新推送", update notification, and "查询推送", get notification).
//
// # The window that remains
//
// The API documents no ETag and no version, so an edit made by somebody
// between the second GET and the PATCH cannot be seen before it is overwritten. The write
// slot is taken before that GET, so the window is one round trip and never a wait for the limit.
package reconcile
