// Package preview shows a message card as people will see it, for a reviewer who would else read
// JSON. [Viewer.View] makes a [View] of a card once; it is data, from which every drawing is made.
// [View.Lines] draws it as lines of text, which a terminal and a block of Markdown take, and [HTML.Card]
// as a card of a page, by classes that [Sheet] has the rules of.
//
// The view is made by the table of package card: every field of an element that holds something to
// read, an address, a picture or a person becomes a part of the element's [Box], in the order of
// the table. So a new element is drawn when it is in the table, each text of a card is drawn
// exactly once, and what is nowhere in the table is named with all that it holds. Of a card in
// several languages all are drawn, each named, and that which people see where theirs is missing first.
//
// What is to be said of a value, such as a fault, is a [Note], which finds the smallest box around that
// value; a page numbers it there and tells it below the card.
//
// A text becomes spans, by what the engine that shows it knows of Markdown. The package escapes
// nothing: whoever draws says how texts are made harmless. Work is bounded by a small multiple of the card.
package preview
