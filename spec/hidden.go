package spec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// hiddenCharacters warns of characters that make a text say something else than
// a reviewer sees: in the draft's names, and in the card's texts and keys.
func hiddenCharacters(d *document) {
	if found := hidden(d.draft.JobName, false); found != "" {
		d.fault(d.draft.at[fieldJobName], ruleHiddenCharacter, hiddenInName, fieldJobName, found).Hint = removeHidden
	}
	for f, l := range d.lists {
		for _, t := range l.read {
			if found := hidden(t.Name, false); found != "" {
				d.fault(t.name, ruleHiddenCharacter, hiddenInEntry, field(f), found).Hint = removeHidden
			}
		}
	}
	if d.card.in == nil || !mayHide(d.draft.PushContent.String()) {
		return
	}
	for at, text := range cardTexts(d.draft.PushContent) {
		if found := hidden(text, true); found != "" {
			d.cardFault(ruleHiddenCharacter, hiddenInCard, found, quoted(at)).Hint = removeHidden
		}
	}
}

// mayHide reports whether canonical JSON text can hold a hidden character: the
// cheap question, asked of every card, so that nearly none is taken apart.
func mayHide(text string) bool {
	for i, r := range text {
		if r == '\\' && i+1 < len(text) && strings.IndexByte("bfru", text[i+1]) >= 0 || isHidden(r) {
			return true
		}
	}
	return false
}

// cardTexts yields every string of a card, its keys included, with a JSON pointer
// to it.
func cardTexts(card JSON) func(yield func(at, text string) bool) {
	return func(yield func(at, text string) bool) {
		dec := jsontext.NewDecoder(strings.NewReader(card.String()))
		for {
			tok, err := dec.ReadToken()
			if err != nil { // the end; the card is valid JSON
				return
			}
			if tok.Kind() == '"' && !yield(string(dec.StackPointer()), tok.String()) {
				return
			}
		}
	}
}

// hidden names the hidden characters of a text, each once: "U+202E (bidi control)".
// A multiline text may have line breaks and tabs.
func hidden(text string, multiline bool) string {
	if strings.IndexFunc(text, isHidden) < 0 {
		return ""
	}
	var found []string
	runes := []rune(text)
	for i, r := range runes {
		if !isHidden(r) || multiline && (r == '\n' || r == '\t') || isSpelling(runes, i) {
			continue
		}
		if s := fmt.Sprintf(hiddenItem, r, hiddenKind(r)); !slices.Contains(found, s) {
			found = append(found, s)
		}
	}
	return strings.Join(found, ", ")
}
