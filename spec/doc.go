// Package spec is what the author wrote: draft files, read and judged.
//
// A file's bytes become yaml.v3 nodes, the nodes become [Draft] values, and the
// rules look at the drafts. Nodes are walked by hand rather than unmarshalled
// because only a node knows its line and column, and a fault without a place is
// of little use in a pull request of fifty files. Nothing stops at the first
// fault: a field that could not be read is remembered as such, the rules that
// need it stay silent, and all others speak.
//
// The way through the package:
//
//   - [Load] finds the files a command line names, reads them in parallel and
//     hands each one's bytes to the same code as [Decode], or finds them in the [Memory] of an
//     earlier Load.
//   - [Decode] turns one file's bytes into drafts and diagnostics. It never
//     panics, whatever the bytes.
//   - What is no YAML is read on as if its mistakes were mended, which are found by trying: see mend.go.
//     The words for them are in messages_author.go.
//   - A message card ends as [JSON], whether it was written as YAML, as JSON
//     text or in a file of its own, so that two cards can be compared exactly.
//   - What a card is made of is known to package card, which judges it too; here is found
//     where in the file that is.
//   - [Encode] goes the other way: it writes a new file, as a person would, and reads it back.
//   - [Schema] says the same to editors as far as JSON Schema can, made from the table of fields and from
//     package card; its words are in messages_schema.go, and those of the rules.
//   - [Rules] is the catalogue of everything that can be said about a file; the
//     words it is said in are the table in messages.go.
//   - [ReadTeam] reads what belongs to the team, by the same nodes and with the same faults: two
//     of its guards are rules on drafts, the hosts that links may lead to and when a send_at
//     may be. All else that it says is for whoever plans.
//   - [NoteAsked] and [EnterID] write into a file's text what create has to keep there, and nothing
//     else; [Asked] finds it again.
//   - What a draft's fields are called, hold and require is the table in field.go.
//
// What a file may say, where it could be doubted:
//
//   - An id is the text that stands there, never a number. A bare number is
//     accepted, but warned of for notification_id.
//   - send_at is RFC 3339 to the letter, all digits and an offset that exists, or
//     13 digits of milliseconds. Anything near it is a fault whose hint is the
//     right form.
//   - In a card written as YAML, a number that JSON spells differently (010, .5,
//     1_000) is a fault; dates and yes, no, on and off are texts.
//   - Invisible characters are warned of, wherever in the file they stand, except where
//     they are spelling: joiners in emoji and in the scripts that use them, one variation
//     selector after a character, and the tags of a flag. One that stands in the file is
//     told there, one that an escape makes is told of the value that has it.
//   - What yaml.v3 takes otherwise than YAML 1.2 and every editor, it does not get to see:
//     other characters stand in for U+0085, U+2028, U+2029, a lone CR (each a fault), byte
//     order marks, a ? within a text, the escapes of surrogates and \/, until the nodes are made.
//   - Aliases and anchors work within their document.
//   - Work and memory are bounded by a file's length, of at most 1 MiB, whatever its
//     aliases say and however many drafts name one card file: a card is read and judged
//     once, and an alias costs what it stands for. Nothing is kept of a file's nodes.
//   - A limit that ends the judging of a file ends in a fault whose rule is Fixed, so
//     that what was not judged is refused. Rules that are off take no room from others.
//   - A file is what was opened, not what was looked at before: opened without waiting,
//     and where a walk found it, without following a link.
//   - A rule that can be turned off never costs a value: what it complains of
//     stays in the Draft. Rules behind which a value is missing are Fixed.
//
// The package knows no network, no environment and no clock: the working
// directory, standard input and the time of day come in through [Options].
//
// Lines and columns count from 1; columns count characters, not bytes. Positions
// are those of the text itself: a fault in an aliased value points at the
// anchored text, a fault in a card file at the card file.
package spec
