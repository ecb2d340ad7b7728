package spec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// document is one draft being decoded: the draft and what the rules want to know
// about its text besides.
type document struct {
	*file
	draft  Draft
	unread [fieldCount]bool // given, but the value could not be read
	lists  [fieldCount]list // of the fields that are lists
	card   cardSource
}

// list is a list of targets as the file has it.
type list struct {
	written int      // how many entries, those at fault included
	read    []placed // the draft's targets
}

// placed is a target, and where its id stands.
type placed struct {
	Target
	id place
}

// decodeDocument decodes and judges one document.
func (f *file) decodeDocument(root *yaml.Node) {
	f.documents++
	if k := kindOf(root); k != kindMapping {
		if !f.wideColons(root) {
			f.fault(placeOfNode(root), ruleWrongType, draftNotMapping, k).Hint = writeAsFields
		}
		return
	}
	members := f.members(root, 0)
	if f.isOtherYAML(members) {
		f.fault(placeOfNode(root), ruleDraftFile, notADraft).Hint = keepOtherYAMLOut
		return
	}
	d := &document{file: f}
	d.draft.Pos = placeOfNode(root).in(f.name)
	d.draft.UserIDType = OpenID
	for _, m := range members {
		d.decodeMember(m)
	}
	if f.allowance >= 0 { // else much of the document was not read, and that is a fault
		d.judge()
	}
	f.drafts = append(f.drafts, d.draft)
}

// fewFields is how many fields of a document are looked at for typing errors before it is
// taken for other YAML.
const fewFields = 2 * fieldCount

// isOtherYAML reports whether a document is no draft but, for instance, a pipeline: it has
// fields, and none is a draft's, one that Feishu sets, or near one. One fault says that better
// than a dozen about what it lacks.
func (d *decoder) isOtherYAML(members []member) bool {
	for i, m := range members {
		_, ok := d.fieldNamed(m.key)
		if ok || isServerField(m.key) || i < fewFields && Nearest(m.key, d.names[:]) != "" {
			return false
		}
	}
	return len(members) > 0
}

// decodeMember decodes a field of the draft, and faults any other member.
func (d *document) decodeMember(m member) {
	f, ok := d.fieldNamed(m.key)
	switch {
	case ok:
		d.isDraft = true
		value, ok := d.follow(m.value)
		d.draft.at[f] = placeOfNode(value)
		d.unread[f] = !ok || !d.decodeField(f, value)
	case isServerField(m.key):
		d.refuseServerField(m)
	case slices.Contains([]string{"config", "header", "elements", "i18n_elements", "card_link"}, m.key):
		d.fault(placeOfNode(m.node), ruleUnknownField, unknownField, quoted(m.key)).Hint = indentCard
	default:
		d.fault(placeOfNode(m.node), ruleUnknownField, unknownField, quoted(m.key)).suggest(m.key, d.names[:])
	}
}

func (d *document) refuseServerField(m member) {
	hint := leaveOut
	if m.key == "id" {
		hint = writeIDAs
	}
	d.fault(placeOfNode(m.node), ruleServerField, serverField, m.key).Hint = hint
}

// decodeField reads a field's value into the draft and reports whether it could.
func (d *document) decodeField(f field, n *yaml.Node) bool {
	switch def := &d.fields[f]; {
	case def.text != nil:
		if found := d.escaped(n, false); found != "" {
			d.fault(placeOfNode(n), ruleHiddenCharacter, hiddenInName, f, found).Hint = removeHidden
		}
		d.cutOff(n)
		return d.text(def.name, n, def.text(d))
	case def.number != nil:
		return d.number(f, n, def.number(d))
	case def.list != nil:
		return d.list(f, n, def.list(d))
	default:
		return def.decode(d, n)
	}
}

// text reads a text; null is the empty one.
func (d *document) text(name string, n *yaml.Node, into *string) bool {
	switch k := kindOf(n); k {
	case kindText:
		*into = n.Value
	case kindNull:
		*into = ""
	default:
		d.refuseText(name, n, k)
		return false
	}
	return true
}

// refuseText faults a node that should be a text.
func (d *document) refuseText(name string, n *yaml.Node, k kind) {
	if isText(n, k) {
		d.bangText(n)
		return
	}
	fault := d.fault(placeOfNode(n), ruleWrongType, notText, name, k)
	if n.Kind == yaml.ScalarNode {
		fault.Hint = quoteText
	}
}

// literal reads an id or a time as the text that stands there, though YAML may take
// it for a number: an id of 19 digits is not one.
func (d *document) literal(name string, n *yaml.Node, into *string) bool {
	switch k := kindOf(n); k {
	case kindText, kindNumber, kindOddNumber, kindBool:
		*into = n.Value
		return true
	case kindNull:
		*into = ""
		return true
	default:
		d.refuseText(name, n, k)
		return false
	}
}

func (d *document) notificationID(n *yaml.Node) bool {
	id := ""
	if !d.literal("notification_id", n, &id) {
		return false
	}
	d.draft.NotificationID = id
	if id != "" && !isDigits(id) {
		d.fault(placeOfNode(n), ruleInvalidID, notificationIDNotDecimal, quoted(id)).refuse(copyID, id)
		return false
	}
	if k := kindOf(n); k != kindText && k != kindNull {
		d.fault(placeOfNode(n), ruleUnquotedID, notificationIDBare).Hint = fmt.Sprintf(quoteID, quoted(id))
	}
	return true
}

func (d *document) userIDType(n *yaml.Node) bool {
	said := ""
	if !d.text("user_id_type", n, &said) {
		return false
	}
	switch t := UserIDType(said); t {
	case "":
		return true
	case OpenID, UnionID, UserID:
		d.draft.UserIDType = t
		return true
	}
	d.refuseValue(fieldUserIDType, n)
	return false
}

// number reads one of the API's numbers, or the name it has here.
func (d *document) number(f field, n *yaml.Node, into *int) bool {
	k := kindOf(n)
	switch k {
	case kindNull:
		return true
	case kindText, kindNumber, kindOddNumber:
	default:
		d.fault(placeOfNode(n), ruleWrongType, notNameNumber, f, k).Hint = d.fields[f].hint
		return false
	}
	number := -1
	for i, name := range d.fields[f].values {
		if k == kindText && n.Value == name || k == kindNumber && n.Value == strconv.Itoa(i) {
			number = i
		}
	}
	if number < 0 && n.Value != "" {
		d.refuseValue(f, n)
		return false
	}
	*into = number + 1
	return true
}

func (d *document) refuseValue(f field, n *yaml.Node) {
	fault := d.fault(placeOfNode(n), ruleInvalidValue, noSuchValue, f, quoted(n.Value))
	fault.refuse(d.fields[f].hint, n.Value)
	if meant := strings.TrimRight(n.Value, " ,;.，；。、"); meant != n.Value && (slices.Contains(d.fields[f].values, meant) || isDigits(meant)) {
		fault.Hint = fmt.Sprintf(writeThis, meant)
	}
}

// ext reads the API's reserved text; null and "" clear it.
func (d *document) ext(n *yaml.Node) bool {
	d.draft.Ext.Given = true
	return d.text("ext", n, &d.draft.Ext.Value)
}
