package spec

import "unicode"

// isHidden reports whether a character leaves no mark of its own: controls, the
// format characters among which are all bidi controls, zero-width characters and
// tags, the separators of lines and paragraphs, variation selectors, and fillers.
// Unicode's own tables decide, so that what a later version adds is covered.
func isHidden(r rune) bool {
	switch {
	case ' ' <= r && r < 0x7F, 0x2070 <= r && r < 0x3164, 0x3165 <= r && r < 0xD800, 0xFF01 <= r && r < 0xFFA0: // nearly all text there is
		return false
	case unicode.Is(unicode.Prepended_Concatenation_Mark, r):
		return false // Arabic number signs: format characters that are drawn
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp,
		unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// hiddenKind says what a hidden character does.
func hiddenKind(r rune) string {
	switch {
	case unicode.Is(unicode.Cc, r):
		return controlCharacter
	case unicode.Is(unicode.Bidi_Control, r):
		return bidiControl
	case isTag(r):
		return tagCharacter
	case unicode.Is(unicode.Variation_Selector, r):
		return variationSelector
	case unicode.In(r, unicode.Zl, unicode.Zp):
		return lineSeparator
	}
	return zeroWidth
}

const (
	zeroWidthNonJoiner = 0x200C
	zeroWidthJoiner    = 0x200D
	emojiSelector      = 0xFE0F
	blackFlag          = 0x1F3F4
	longestFlag        = 7 // tags after the flag: five letters or digits, a spare, the end
)

// isSpelling reports whether the hidden character at i is part of how its text is
// spelled: a variation selector after what it varies, a joiner between two emoji
// or after a letter of a script that is spelled with joiners, and the tags that
// make the flag of Scotland out of a black one. Two in a row never are.
func isSpelling(text []rune, i int) bool {
	if i == 0 {
		return false
	}
	before := text[i-1]
	switch r := text[i]; {
	case unicode.Is(unicode.Variation_Selector, r):
		return unicode.IsGraphic(before) && !unicode.IsSpace(before) && !isHidden(before)
	case isTag(r):
		return endsFlag(text[:i+1])
	case r == zeroWidthJoiner && i+1 < len(text) && isEmoji(text[i+1]):
		return isEmoji(before) || before == emojiSelector && i > 1 && isEmoji(text[i-2])
	case r == zeroWidthJoiner || r == zeroWidthNonJoiner:
		return joinsLetters(before)
	}
	return false
}

func isTag(r rune) bool { return 0xE0000 <= r && r <= 0xE007F }

// endsFlag reports whether text ends in a black flag and its tags.
func endsFlag(text []rune) bool {
	for n := 1; n <= longestFlag && n < len(text); n++ {
		switch r := text[len(text)-1-n]; {
		case r == blackFlag:
			return true
		case !isTag(r):
			return false
		}
	}
	return false
}

// isEmoji is generous: of the symbols, only those that occur in sequences matter.
func isEmoji(r rune) bool {
	const skinLight, skinDark, leftRight = 0x1F3FB, 0x1F3FF, 0x2194
	return unicode.Is(unicode.So, r) || skinLight <= r && r <= skinDark || r == leftRight
}

// joinsLetters reports whether r is of a script in which a joiner or non-joiner
// after a letter is spelling: Persian and its kin, the scripts of India and those
// grown from them.
func joinsLetters(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Nko, unicode.Mongolian,
		unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya,
		unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala,
		unicode.Tibetan, unicode.Myanmar, unicode.Khmer)
}
