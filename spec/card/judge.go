package card

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Fault is one thing to say of a card.
type Fault struct {
	At            *Node
	AtKey         bool // at its key, not at its value
	Within        int  // how many bytes of the text of At come before it
	Rule          string
	Message, Hint string
	Sure          bool // Feishu refuses the card, or says so; else it is a doubt
}

// Options is what judging a card needs to know.
type Options struct {
	Off     map[string]bool // the rules nobody wants to hear of
	Most    int             // how many faults are told
	Quote   func(text string) string
	Nearest func(name string, edits int, candidates []string) string
}

// Judge tells the faults of a card that was read, in the order of its text.
func (t *Table) Judge(root *Node, opts Options) []Fault {
	j := &judge{Table: t, Options: opts, names: map[string]bool{}}
	if j.wrapped(root) {
		return j.faults
	}
	style := root.Get("config").Get("style")
	j.colours, j.sizes = style.Get("color").keys(), style.Get("text_size").keys()
	j.object(root)
	j.empty(root)
	if j.elements > mostElements {
		j.doubt(root, ruleLimit, tooManyElements, j.elements, mostElements)
	}
	return j.faults
}

// judge is a card being judged.
type judge struct {
	*Table
	Options
	faults         []Fault
	colours, sizes []string        // that the card defines
	names          map[string]bool // of the elements, in one language
	levels         int             // of elements that the one being judged is within
	spot           int             // in the text being judged, of what is told next
	links          *[]Link         // that texts have; nil if nobody wants them
	elements       int
}

// By the page "Card FAQ", which has no limit of elements for version 1.0: that one is of 2.0.
const (
	mostLevels   = 5
	mostTables   = 5
	mostElements = 200
	mostTitle    = 4   // lines
	mostText     = 100 // characters of a button or a placeholder
)

func (j *judge) add(f Fault) *Fault {
	if j.Off[f.Rule] || len(j.faults) >= j.Most {
		return new(Fault)
	}
	f.Within = j.spot
	j.faults = append(j.faults, f)
	return &j.faults[len(j.faults)-1]
}

// sure tells what Feishu refuses, doubt what else is wrong. The caller may add a hint, and not keep
// what is returned.
func (j *judge) sure(at *Node, rule, message string, values ...any) *Fault {
	return j.add(Fault{At: at, Rule: rule, Message: fmt.Sprintf(message, values...), Sure: true})
}

func (j *judge) doubt(at *Node, rule, message string, values ...any) *Fault {
	return j.add(Fault{At: at, Rule: rule, Message: fmt.Sprintf(message, values...)})
}

// with is the fault with a hint.
func (f *Fault) with(hint string) *Fault {
	f.Hint = hint
	return f
}

// value judges a value by what the table says of its key.
func (j *judge) value(n *Node) {
	f := n.Field
	switch {
	case f == nil || n.Kind == Null || n.Kind == Text && f.Kind == Object && slices.Contains(f.Values, n.Text):
		return
	case f.Kind == 0:
		if len(f.Values) > 0 && n.Kind < List && !slices.Contains(f.Values, n.Text) {
			j.wrongValue(n)
		}
		return
	}
	if n.Kind == Text && j.placeholder(n) && !isRead(f) {
		return // whatever stands there instead
	}
	if !j.typed(n) {
		return
	}
	switch f.Kind {
	case Text:
		j.text(n)
	case Number:
		j.number(n)
	case List:
		j.list(n)
	case Languages:
		j.languages(n)
	case Names:
		j.each(n)
	case Object:
		j.object(n)
	}
}

// typed tells a value of another type than its key has. What is nested one way and not the other,
// Feishu does not read; of the others that is not known.
func (j *judge) typed(n *Node) bool {
	want := n.Field.Kind
	if want == Languages || want == Names {
		want = Object
	}
	if want == n.Kind {
		return true
	}
	fault := j.doubt(n, ruleWrongType, wrongType, nameOf(n), want, n.Kind)
	fault.Sure, fault.Hint = want >= List || n.Kind >= List, j.retyped(n, want)
	return false
}

// retyped is how to write a value as the type that is wanted.
func (j *judge) retyped(n *Node, want Kind) string {
	f := n.Field
	switch {
	case f.At&(InText|InPlain|InPanelHead) != 0 && n.Kind == Text:
		return writeTextObject
	case f.Of != "" && n.Kind == Text:
		return fmt.Sprintf(writeWithKey, j.shapes[f.Of].Fields[0].Name)
	case f.At == InIcon:
		return writeIcon
	case want == Text && n.Kind < List:
		return putInQuotes
	case want == Text && n.Kind >= List && n.Key != "":
		return fmt.Sprintf(writeAsText, n.Key)
	case want == List && n.Kind != Null:
		return writeAsList
	case want == Bool && n.Kind == Text && n.Text != "true" && n.Text != "false":
		return writeTrueFalse
	case want < Text && n.Kind == Text:
		return leaveQuotes
	}
	return ""
}

func (j *judge) each(n *Node) {
	for _, m := range n.Nodes {
		j.value(m)
	}
}

func (j *judge) list(n *Node) {
	if most := n.Field.Max; most > 0 && len(n.Nodes) > most {
		j.doubt(n.Nodes[most], ruleLimit, tooMany, nameOf(n), len(n.Nodes), most).Hint = restNotShown
	}
	j.each(n)
}

// languages judges what is there once for each language. A name may be in each.
func (j *judge) languages(n *Node) {
	for _, m := range n.Nodes {
		if !slices.Contains(languages(), m.Key) {
			fault := j.doubt(m, ruleValue, noLanguage, j.Quote(m.Key))
			fault.AtKey, fault.Sure, fault.Hint = true, n.Field.Name == "i18n_elements", fmt.Sprintf(writeOneOf, strings.Join(languages(), ", "))
			j.suggest(fault, m.Key, 2, languages())
			if i := slices.IndexFunc(languages(), func(l string) bool { return strings.HasPrefix(l, strings.ToLower(m.Key)+"_") }); i >= 0 {
				fault.Hint = fmt.Sprintf(didYouMean, j.Quote(languages()[i]))
			}
		}
		clear(j.names)
		j.value(m)
	}
}

// object judges an object. One that says nothing is none, where an element has it by a key.
func (j *judge) object(n *Node) {
	if n.Field.At != 0 && !j.element(n) || n.Shape == nil || n.Parent != nil && n.Parent.Kind == Object && n.IsZero() {
		return
	}
	if n.Shape.Nests {
		if j.levels++; j.levels == mostLevels+1 {
			j.sure(n, ruleLimit, tooManyLevels, mostLevels)
		}
		defer func() { j.levels-- }()
	}
	j.needed(n)
	if n.Shape.In != 0 && n.Shape.Field("name") != nil {
		j.named(n)
	}
	for _, m := range n.Nodes {
		if m.Field == nil {
			j.unknownKey(m)
			continue
		}
		j.value(m)
	}
	if check := j.checks[n.Shape.Name]; check != nil {
		check(j, n)
	}
	if n.Shape.Dead {
		j.dead(n)
	}
}

// element tells an element that does not exist, or not here.
func (j *judge) element(n *Node) bool {
	j.elements++
	tag, at := n.text(tagKey), n.Field.At
	switch {
	case n.Parent.Kind == Object && n.IsZero():
		return false
	case n.Get(tagKey) != nil && n.Get(tagKey).Kind != Text:
		j.sure(n.Get(tagKey), ruleWrongType, wrongType, tagKey, Text, n.Get(tagKey).Kind).Hint = fmt.Sprintf(writeTagOf, strings.Join(j.standing(at), ", "))
		return false
	case tag == "":
		fault := j.sure(n, ruleMissing, missingKey, nameOf(n), tagKey)
		fault.Hint, fault.Sure = fmt.Sprintf(writeTagOf, strings.Join(j.standing(at), ", ")), !n.IsZero()
		return false
	case n.Shape == nil:
		j.unknownTag(n.Get(tagKey), strings.ToLower(tag), at)
		return false
	case n.Shape.In&at == 0:
		fault := j.doubt(n.Get(tagKey), rulePlace, wrongPlace, tag, placeName(at))
		fault.Sure, fault.Hint = n.Shape.Perhaps&at == 0, j.whereTo(n.Shape, at)
	}
	return true
}

func (j *judge) unknownTag(n *Node, tag string, at Place) {
	fault := j.sure(n, ruleUnknownElement, unknownElement, j.Quote(n.Text))
	meant := confused()[tag]
	if i := slices.IndexFunc(j.tags, func(other string) bool { return len(tag) == len(other) && swapped(tag, other) }); i >= 0 {
		meant = j.tags[i]
	}
	few := j.standing(at)
	if meant == "" {
		near := j.Nearest(tag, max(1, len(tag)/3), slices.Concat(j.tags, slices.Sorted(maps.Keys(confused()))))
		meant = cmp.Or(confused()[near], near)
	}
	switch {
	case at == InRoot && j.root.Field(tag) != nil:
		fault.Hint = fmt.Sprintf(writeBeside, tag)
	case len(few) <= mostOffered && !slices.Contains(few, meant):
		fault.Hint = fmt.Sprintf(writeTagOf, strings.Join(few, ", "))
	case meant != "":
		fault.Hint = fmt.Sprintf(didYouMean, j.Quote(meant))
	}
}

// mostOffered is how many elements a place may have for a hint to name them all.
const mostOffered = 5

// swapped reports whether two tags have the same letters.
func swapped(a, b string) bool {
	x, y := []byte(a), []byte(b)
	slices.Sort(x)
	slices.Sort(y)
	return string(x) == string(y)
}

// whereTo is what to do with an element that stands where it cannot.
func (j *judge) whereTo(s *Shape, at Place) string {
	switch {
	case at&(InText|InPlain) != 0:
		return fmt.Sprintf(writeTagOf, strings.Join(j.standing(at), ", "))
	case s.In&InAction != 0 && at == InRoot:
		return putInAction
	case at == InForm && s.In&InColumn != 0:
		return putInColumn
	case s.In&InText != 0:
		return putInDiv
	}
	return fmt.Sprintf(standsIn, strings.Join(placesOf(s.In), ", "))
}

// standing are the tags of the elements that may stand in a place.
func (t *Table) standing(at Place) []string {
	return slices.DeleteFunc(slices.Clone(t.tags), func(tag string) bool { return t.shapes[tag].In&at == 0 })
}

// needed tells the keys that an object lacks.
func (j *judge) needed(n *Node) {
	for i := range n.Shape.Fields {
		f := &n.Shape.Fields[i]
		has := n.Get(f.Name)
		if f.Need == Optional || has != nil && (f.Need == Advised || has.Kind == List || !has.IsZero()) {
			continue
		}
		j.doubt(n, ruleMissing, missingKey, nameOf(n), f.Name).with(fmt.Sprintf(writeKey, f.Name)).Sure = f.Need == Required
	}
	if one := n.Shape.OneOf; len(one) > 0 && !slices.ContainsFunc(one, n.given) {
		j.sure(n, ruleMissing, missingKey, nameOf(n), one[0]).with(fmt.Sprintf(writeKey, one[0])).Sure = n.Shape.surelyOneOf()
	}
}

// given reports whether an object has something by a key, be it an empty text.
func (n *Node) given(key string) bool {
	m := n.Get(key)
	return m != nil && (m.Kind != Object || !m.IsZero())
}

// surelyOneOf reports whether Feishu refuses the object without one of the fields of OneOf.
func (s *Shape) surelyOneOf() bool { return len(s.OneOf) > 0 && s.In&InAction == 0 }

// unknownKey tells a key that was probably meant for something.
func (j *judge) unknownKey(m *Node) {
	if m.Key == tagKey || m.IsZero() {
		return
	}
	fault := Fault{At: m, AtKey: true, Rule: ruleUnknownKey}
	if near := j.Nearest(m.Key, 2, m.Parent.Shape.keys()); near != "" {
		fault.Message = fmt.Sprintf(unknownKey, nameOf(m.Parent), j.Quote(m.Key))
		fault.Hint = fmt.Sprintf(didYouMean, j.Quote(near))
		j.add(fault)
	} else if slices.Contains(laterKeys(), m.Key) {
		fault.Hint = removeLater
		fault.Message = fmt.Sprintf(laterKey, nameOf(m.Parent), j.Quote(m.Key))
		j.add(fault)
	} else if owners := j.owners(m); len(owners) > 0 {
		fault.Hint = moveKey
		fault.Message = fmt.Sprintf(misplacedKey, nameOf(m.Parent), j.Quote(m.Key), strings.Join(owners, ", "))
		j.add(fault)
	}
}

// mostOwners is how many elements a message names as having a key.
const mostOwners = 3

// owners are what has the key of a value, that which is around it first.
func (j *judge) owners(m *Node) []string {
	var names []string
	add := func(s *Shape) {
		named := s == j.root || s != nil && (s.In != 0 || j.root.Field(s.Name) != nil)
		if named && s.Field(m.Key) != nil && !slices.Contains(names, s.Name) {
			names = append(names, s.Name)
		}
	}
	for up := m.Parent.Parent; up != nil; up = up.Parent {
		add(up.Shape)
	}
	add(j.root)
	for _, tag := range j.tags {
		add(j.shapes[tag])
	}
	for _, f := range j.root.Fields {
		add(j.shapes[f.Of])
	}
	return names[:min(len(names), mostOwners)]
}

func (s *Shape) keys() []string {
	keys := []string{}
	for _, f := range s.Fields {
		keys = append(keys, f.Name)
	}
	return keys
}

// keys are those of an object.
func (n *Node) keys() []string {
	var keys []string
	if n != nil && n.Kind == Object {
		for _, m := range n.Nodes {
			keys = append(keys, m.Key)
		}
	}
	return keys
}

// suggest makes the nearest of the candidates the hint, if one is near.
func (j *judge) suggest(f *Fault, name string, edits int, candidates []string) {
	if near := j.Nearest(name, edits, candidates); near != "" {
		f.Hint = fmt.Sprintf(didYouMean, j.Quote(near))
	}
}
