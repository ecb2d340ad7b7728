package spec

import (
	"bytes"

	"gopkg.in/yaml.v3"
)

// Documents are the roots of the documents of a draft file or a card file that are not empty, read
// as Decode reads them, for whoever wants to change the text: lines and columns are those of text,
// which is src without byte order marks in front. ok is false for what is no YAML.
func Documents(src []byte) (roots []*yaml.Node, text []byte, ok bool) {
	f := newDecoder(Options{Severity: map[string]Severity{ruleHiddenCharacter: Off}}).newFile("", bytes.Clone(src))
	if !f.readable() {
		return nil, nil, false
	}
	for root := range f.roots() {
		roots = append(roots, root)
	}
	return roots, f.src, len(f.faults) == 0
}
