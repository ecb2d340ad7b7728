package spec

import (
	"fmt"
	"strconv"

	"gopkg.in/yaml.v3"
)

// document is one draft being decoded: the draft and what the rules want to know
// about its text besides.
type document struct {
	*file
	draft Draft
	bad   [fieldCount]bool // given, but what it says could not be known
	lists [fieldCount]list // of the fields that are lists
	card  cardSource
}

// list is a list of targets as the file has it.
type list struct {
	written int      // how many entries, those at fault included
	read    []placed // the draft's targets
}

// placed is a target, and where its id and name stand.
type placed struct {
	Target
	id, name place
}

// document decodes and judges one document.
func (f *file) document(root *yaml.Node) {
	f.documents++
	if k := kindOf(root); k != kindMapping {
		f.fault(placeOfNode(root), ruleWrongType, draftNotMapping, k).Hint = writeAsFields
		return
	}
	members := f.members(root, 0).list
	if f.isOtherYAML(members) {
		f.fault(placeOfNode(root), ruleDraftFile, notADraft).Hint = keepOtherYAMLOut
		return
	}
	d := &document{file: f}
	d.draft.Pos = placeOfNode(root).in(f.name)
	d.draft.UserIDType = OpenID
	for _, m := range members {
		d.member(m)
	}
	if f.allowance >= 0 { // else much of the document was not read
		d.judge()
	}
	f.drafts = append(f.drafts, d.draft)
}

// isOtherYAML reports whether a document is no draft but, for instance, a pipeline: it has
// fields, and none is a draft's, one that Feishu sets, or near one. One fault says that better
// than a dozen about what it lacks.
func (d *decoder) isOtherYAML(members []member) bool {
	for _, m := range members {
		if _, ok := d.field(m.key); ok || isServerField(m.key) || nearest(m.key, d.names[:]) != "" {
			return false
		}
	}
	return len(members) > 0
}

// member reads one field of the document, whoever it belongs to.
func (d *document) member(m member) {
	f, ok := d.field(m.key)
	switch {
	case ok:
		d.isDraft = true
		d.draft.at[f] = placeOfNode(resolved(m.node))
		d.bad[f] = !d.decode(f, resolved(m.node))
	case isServerField(m.key):
		d.serverField(m)
	default:
		d.fault(placeOfNode(m.name), ruleUnknownField, unknownField, quoted(m.key)).suggest(m.key, d.names[:])
	}
}

func (d *document) serverField(m member) {
	hint := leaveOut
	if m.key == "id" {
		hint = writeIDAs
	}
	d.fault(placeOfNode(m.name), ruleServerField, serverField, m.key).Hint = hint
}

// decode reads a field's value into the draft and reports whether it could.
func (d *document) decode(f field, n *yaml.Node) bool {
	switch e := &d.fields[f]; {
	case e.text != nil:
		return d.text(e.name, n, e.text(d))
	case e.number != nil:
		return d.number(f, n, e.number(d))
	case e.list != nil:
		return d.list(f, n, e.list(d))
	default:
		return e.decode(d, n)
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
		d.wantText(name, n, k)
		return false
	}
	return true
}

func (d *document) wantText(name string, n *yaml.Node, k kind) {
	fault := d.fault(placeOfNode(n), ruleWrongType, notText, name, k)
	if n.Kind == yaml.ScalarNode {
		fault.Hint = quoteText
	}
}

// literal reads an id: the text as it stands, whatever YAML takes it for, since
// ids are never numbers, however many digits they have.
func (d *document) literal(name string, n *yaml.Node, into *string) bool {
	switch k := kindOf(n); k {
	case kindText, kindNumber, kindOddNumber, kindBool:
		*into = n.Value
		return true
	case kindNull:
		*into = ""
		return true
	default:
		d.wantText(name, n, k)
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
		d.fault(placeOfNode(n), ruleInvalidID, notificationIDNotDecimal, quoted(id)).Hint = copyID
		return false
	}
	if k := kindOf(n); k != kindText && k != kindNull {
		d.fault(placeOfNode(n), ruleUnquotedID, notificationIDBare).Hint = fmt.Sprintf(quoteID, id)
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
	d.noSuchValue(fieldUserIDType, n)
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
		d.noSuchValue(f, n)
		return false
	}
	*into = number + 1
	return true
}

func (d *document) noSuchValue(f field, n *yaml.Node) {
	d.fault(placeOfNode(n), ruleInvalidValue, noSuchValue, f, quoted(n.Value)).Hint = d.fields[f].hint
}

// ext reads the API's reserved text; null and "" clear it.
func (d *document) ext(n *yaml.Node) bool {
	d.draft.Ext.Given = true
	return d.text("ext", n, &d.draft.Ext.Value)
}
