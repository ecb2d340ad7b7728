// Package page shows drafts in a browser on the same machine, as people will see their cards, and
// follows every save. [Serve] is all of it.
//
// A watcher (watch.go) looks at folders, not at files: editors save by putting another file in the
// place of the one that is watched. After something has changed there, everything is read anew by the
// function that the caller gives, and the reading is held against what was shown before (entry.go):
// a draft that cannot be read any more keeps the last card that could. When that makes a difference it
// is a new version, and every open page is told its number by a server-sent event and fetches itself.
//
// A page (draw.go) is made from its address alone: which draft, width, scheme and language are its
// query, so that the switches are links and work without script. An address without a draft shows
// the one that was saved last.
//
// Who may ask for what is in handler.go. The server listens on loopback, on a path that nobody can
// guess, and answers GET and HEAD of two addresses, from memory: nothing of a request reaches the
// file system. It looks at Host and Origin, since every page that is open in the same browser
// can send requests here; and what a draft says can run nothing, because the page's policy allows
// only its own script and sheet, by their digests.
package page
