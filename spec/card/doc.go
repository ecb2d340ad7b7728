// Package card is what a message card of JSON 1.0 is: one table, [NewTable], says of every element
// and of every object within one which fields it has, of what type and with which values, which of
// them it needs, and where an element may stand. What is known of cards stands there, as data.
//
// A card's JSON is taken apart once, by [Table.Read], into a tree of [Node]: every value knows what
// the table says of it, its parent, and its offset in the text. [Table.Judge] goes through such a
// tree and tells its faults; whoever draws a card goes through the same tree, and [Node.Addresses] lists
// where it leads.
//
// [Table.Schema] makes JSON Schema of the table, for editors; it accepts what is told no error.
//
// A fault is sure where a refusal by Feishu is documented or was measured; whatever else would go
// wrong, or only looks so, is a doubt. The pages of the API that the table was made from are those
// of "Card JSON 1.0 structure", of each component, "Card FAQ" and, for what they leave out, "Card
// JSON 2.0 release notes". Feishu ignores in silence what it does not know of a card of version 1.0,
// but the tag of an element; and who encodes a card with a struct sends zero values of everything.
// So a key is only told if it has a value and looks like one that was meant.
//
// A notification has no app behind it that would answer a click: what needs one is told as dead.
//
// Work is bounded by a small multiple of the text. The package knows no files and no YAML.
package card
