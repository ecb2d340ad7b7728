package spec

import (
	"errors"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
	"gopkg.in/yaml.v3"
)

// cardSource is where a document's card comes from.
type cardSource struct {
	given bool   // push_content says something
	named string // push_content_file
}

// pushContent reads a card written in place: as YAML, or its JSON as a text.
func (d *document) pushContent(n *yaml.Node) (ok bool) {
	k := kindOf(n)
	if k == kindNull || k == kindText && n.Value == "" {
		return true
	}
	d.card.given = true
	switch k {
	case kindMapping:
		if d.draft.PushContent, ok = d.yamlCard(n); ok {
			d.judgeCard(d.draft.PushContent.String(), d.draft.PushContent, placeOfNode(n), d.inYAML(n))
		}
	case kindText:
		d.draft.PushContent, ok = d.jsonCard([]byte(n.Value), func(e *jsonError) (place, string) {
			return d.jsonPlace(n, e)
		})
		if ok {
			d.hiddenInJSON(n.Value, d.standing(n), d.inText(n))
			d.judgeCard(n.Value, d.draft.PushContent, placeOfNode(n), d.inText(n))
		}
	default:
		d.fault(placeOfNode(n), ruleCardJSON, cardNotCard, k).refuse(writeCard, n.Value)
	}
	return ok
}

// jsonCard reads a card's JSON; where tells how to report a fault within it.
func (f *file) jsonCard(src []byte, where func(*jsonError) (place, string)) (JSON, bool) {
	card, err := ParseJSON(src)
	if e := (*jsonError)(nil); errors.As(err, &e) {
		for _, e := range mistakesOfJSON(src, e) {
			at, message := where(e)
			f.fault(at, ruleCardJSON, cardNotJSON, message).Hint = e.hint
		}
		return JSON{}, false
	}
	if !card.IsObject() {
		at, _ := where(&jsonError{place: firstPlace()})
		f.fault(at, ruleCardJSON, cardNotObject).Hint = writeObject
		return JSON{}, false
	}
	return card, true
}

// jsonPlace is the place of a fault within JSON written as a YAML text; if that is not found, the
// text's, with the inner place in the message.
func (f *file) jsonPlace(n *yaml.Node, e *jsonError) (place, string) {
	if text := f.followText(n); text.to(e.offset) {
		return text.at, e.message
	}
	return placeOfNode(n), e.Error()
}

// maxCard is where writing a card from YAML stops: far more than any card may
// have, so that aliases cannot make it grow without end. That is not left to
// card-size, which may be turned off: a card that was not read to its end is none.
const maxCard = 256 << 10

// yamlCard turns a card written as YAML into JSON, and faults what JSON cannot say.
func (f *file) yamlCard(n *yaml.Node) (JSON, bool) {
	w := &cardWriter{file: f, out: make([]byte, 0, 2048), sound: true}
	w.value(n)
	if !w.sound || f.allowance < 0 {
		return JSON{}, false
	}
	return JSON{string(w.out)}, true
}

// cardWriter writes YAML nodes as JSON text, in the form that JSON keeps: parsing
// that text again would find nothing to change.
type cardWriter struct {
	*file
	out   []byte
	sound bool         // until a fault is found
	ended bool         // by a fault after which the rest is not looked at
	depth int          // how many mappings and lists are open
	open  []*yaml.Node // the aliased nodes among them
	key   string       // of the value that is written, or of the list that it is in
}

func (w *cardWriter) value(n *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		w.alias(n)
		return
	}
	if w.ended = w.ended || !w.spend(n); w.ended {
		return
	}
	switch k := kindOf(n); k {
	case kindMapping:
		w.nested(n, w.object)
	case kindList:
		w.nested(n, w.array)
	default:
		w.scalar(n, k)
	}
	if len(w.out) > maxCard {
		w.end(n, ruleDraftFile, cardTooLargeToRead, maxCard>>10).Hint = keepToMaximum
	}
}

// wrong is a fault after which the card is of no use, though more may be found.
func (w *cardWriter) wrong(n *yaml.Node, rule, message string, values ...any) *Diagnostic {
	w.sound = false
	return w.fault(placeOfNode(n), rule, message, values...)
}

// end is a fault after which there is no going on; only the first is told.
func (w *cardWriter) end(n *yaml.Node, rule, message string, values ...any) *Diagnostic {
	if w.ended {
		return new(Diagnostic)
	}
	w.ended = true
	return w.wrong(n, rule, message, values...)
}

func (w *cardWriter) alias(n *yaml.Node) {
	if slices.Contains(w.open, n.Alias) {
		w.end(n, ruleYAMLSyntax, aliasOfItself, first(quotedLength, n.Value)).Hint = writeValueOut
		return
	}
	w.open = append(w.open, n.Alias)
	w.value(n.Alias)
	w.open = w.open[:len(w.open)-1]
}

func (w *cardWriter) nested(n *yaml.Node, write func(*yaml.Node)) {
	if w.depth == maxDepth {
		w.end(n, ruleCardJSON, cardTooDeep, maxDepth)
		return
	}
	w.depth++
	write(n)
	w.depth--
}

func (w *cardWriter) object(n *yaml.Node) {
	faults := len(w.faults) - w.meant
	list := w.members(n, 0)
	w.sound = w.sound && len(w.faults)-w.meant == faults
	slices.SortFunc(list, func(a, b member) int { return compareUTF16(a.key, b.key) })
	w.out = append(w.out, '{')
	for i, m := range list {
		if w.ended {
			return
		}
		if i > 0 {
			w.out = append(w.out, ',')
		}
		w.text(m.node)
		w.out = append(w.out, ':')
		w.member(m)
	}
	w.out = append(w.out, '}')
}

// isTextKey reports whether a key is that of a text that people read.
func isTextKey(key string) bool {
	return key == "content" || key == "display_name" || len(key) == len("zh_cn") && key[2] == '_'
}

// isAuthorsKey reports whether a field of a card has keys that the author made up: any is right.
func isAuthorsKey(key string) bool { return key == "value" || key == "rows" || key == "chart_spec" }

// member writes the value of a key.
func (w *cardWriter) member(m member) {
	key, anyKey := w.key, w.anyKey
	w.key, w.anyKey = m.key, anyKey || isAuthorsKey(m.key)
	w.value(m.value)
	w.key, w.anyKey = key, anyKey
}

func (w *cardWriter) array(n *yaml.Node) {
	w.out = append(w.out, '[')
	for i, item := range n.Content {
		if w.ended {
			return
		}
		if i > 0 {
			w.out = append(w.out, ',')
		}
		w.value(item)
	}
	w.out = append(w.out, ']')
}

func (w *cardWriter) scalar(n *yaml.Node, k kind) {
	switch k {
	case kindText:
		if isTextKey(w.key) {
			w.cutOff(n)
		} else {
			w.commentTaken(n)
		}
		w.text(n)
	case kindNull:
		w.out = append(w.out, "null"...)
	case kindBool:
		w.out = append(w.out, boolLiteral(n.Value)...)
	case kindNumber:
		w.out = append(w.out, n.Value...)
	case kindOddNumber:
		w.wrong(n, ruleWrongType, numberNotJSON, quoted(n.Value)).Hint = writeDecimal
	default:
		if isText(n, k) {
			w.sound = false
			w.bangText(n)
			return
		}
		w.wrong(n, ruleWrongType, foreignTag, quoted(n.Tag)).Hint = removeTag
	}
}

func boolLiteral(s string) string {
	if s[0] == 't' || s[0] == 'T' {
		return "true"
	}
	return "false"
}

func (w *cardWriter) text(n *yaml.Node) {
	if found := w.escaped(n, true); found != "" {
		w.fault(placeOfNode(n), ruleHiddenCharacter, hiddenInCard, found).Hint = removeHidden
	}
	w.out, _ = jsontext.AppendQuote(w.out, n.Value) // the file was checked to be UTF-8
}
