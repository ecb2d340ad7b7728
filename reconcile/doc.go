// Package reconcile decides what must change on the server so that a helpdesk notification
// says what its draft file says, and changes exactly that.
//
// The loop, on one page:
//
//	observe   GET every draft; a Reader cannot write            observe.go
//	compare   both sides become one State, then plain facts,    state.go, diff.go
//	          and go-cmp says which facts differ
//	plan      each draft is no-op, update, blocked or failed;   plan.go
//	          the Plan is data that can be shown, saved, refused
//	apply     per update: take a write slot, GET again, stop    apply.go
//	          if it moved, PATCH the whole writable state
//	prove     GET once more and compare; anything but equal     apply.go
//	          is said, field by field
//
// # Where things meet
//
// spec knows what the author wrote and no network; feishu knows the wire and no files. The
// one file that knows both vocabularies is wire.go. Everything between the two ends is pure:
// values in, values out, no context and no clock.
//
// # What is never done
//
// Nothing here can submit, send, preview or recall: the interfaces that the engine is given
// (Reader, Writer) have no such method. A notification whose status is not 0 is never written,
// because Feishu lets only drafts be changed and documents no other status number (the API
// fact sheet, section 2).
//
// # The window that remains
//
// The API has no ETag and no version (fact sheet, section 11), so an edit made by somebody
// between the second GET and the PATCH cannot be seen before it is overwritten. The write
// slot is taken before that GET, so the window is one round trip and never a wait for the limit.
package reconcile
