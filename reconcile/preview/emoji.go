package preview

import (
	_ "embed"
	"regexp"
	"strings"
)

// emoji are keys of emoji that a text may have, by the page "Emoji", beside the character that looks most
// like each. Of one that is not here the key stays.
//
//go:embed emoji.txt
var emoji string

var emojiKey = regexp.MustCompile(`:[A-Z][A-Za-z]+:`)

// withEmoji is a text with the emoji that it names.
func withEmoji(text string) string {
	return emojiKey.ReplaceAllStringFunc(text, func(key string) string {
		_, rest, known := strings.Cut("\n"+emoji, "\n"+strings.Trim(key, ":")+" ")
		if !known {
			return key
		}
		character, _, _ := strings.Cut(rest, "\n")
		return character
	})
}
