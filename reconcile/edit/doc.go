// Package edit changes the text of a draft file or a card file so that it says something else, and
// touches nothing but the lines of what it says otherwise: comments, order, styles and line ends of
// all else stay byte for byte.
//
// yaml.v3 tells where a value begins and not where it ends, and writes no file as its author did.
// So the text itself is taken apart, by the nodes that package spec reads:
//
//	measure   where in the text every key, value, entry and comment stands     text.go, extent.go
//	align     package diff lays what it says and what it is to say beside      draft.go, tree.go
//	          each other, as in a plan
//	patch     each difference is one small replacement: of a scalar in its     scalar.go, block.go,
//	          style, of an entry of a block or of a flow collection            flow.go
//	write     values that are new, in the style of what is around them         render.go
//	prove     the new text is measured again: no comment may be missing but    comment.go
//	          those on the lines of what went
//
// Whether the new text says what it should, and all else what it said, is for the caller to prove:
// it knows what a draft means. The editor may therefore be simple. What it cannot change without
// changing something else, it refuses.
//
// A card in JSON, in a file or as a text, is edited as the flow collection that it is to YAML.
package edit
