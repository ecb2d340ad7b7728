package spec

import (
	"fmt"
	"strconv"
	"strings"

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

// list is a list of targets as written, its faulty items included.
type list struct {
	written int    // how many items
	items   []item // beside the draft's targets
}

// item is where a target's id and name stand.
type item struct{ id, name place }

// document decodes and judges one document.
func (f *file) document(root *yaml.Node) {
	f.documents++
	if k := kindOf(root); k != kindMapping {
		f.fault(placeOfNode(root), ruleWrongType, "a draft is a mapping, not "+k.String(), "write it as fields, such as job_name: …")
		return
	}
	members := f.members(root, 0).list
	if isOther(members) {
		f.fault(placeOfNode(root), ruleDraftFile, "this is no draft: none of its fields is a draft's",
			"keep other YAML out of the folders that hold drafts, or begin its name with a dot")
		return
	}
	d := &document{file: f}
	d.draft.Pos = placeOfNode(root).in(f.name)
	d.draft.UserIDType = OpenID
	for _, m := range members {
		d.field(m)
	}
	if f.allowance >= 0 { // else much of the document was not read
		d.judge()
	}
	f.drafts = append(f.drafts, d.draft)
}

// isOther reports whether a document is some other YAML, such as a pipeline: it has fields, and
// none is a draft's, one that Feishu sets, or near one. One fault says that better than a
// dozen about what it lacks.
func isOther(members []member) bool {
	names := fieldNames()
	for _, m := range members {
		if _, ok := fieldNamed(m.key); ok || isServerField(m.key) || didYouMean(m.key, names[:]) != "" {
			return false
		}
	}
	return len(members) > 0
}

func (d *document) field(m member) {
	f, ok := fieldNamed(m.key)
	switch {
	case ok:
		d.isDraft = true
		d.draft.at[f] = placeOfNode(resolved(m.node))
		d.bad[f] = !d.decode(f, resolved(m.node))
	case isServerField(m.key):
		d.serverField(m)
	default:
		names := fieldNames()
		d.fault(placeOfNode(m.name), ruleUnknownField, "unknown field "+quoted(m.key), didYouMean(m.key, names[:]))
	}
}

func (d *document) serverField(m member) {
	hint := "leave it out"
	if m.key == "id" {
		hint = "write the notification's id as notification_id"
	}
	d.fault(placeOfNode(m.name), ruleServerField, m.key+" is set by Feishu and cannot be written", hint)
}

// decode reads a field's value into the draft and reports whether it could.
func (d *document) decode(f field, n *yaml.Node) bool {
	switch f {
	case fieldNotificationID:
		return d.notificationID(n)
	case fieldUserIDType:
		return d.userIDType(n)
	case fieldJobName:
		return d.text(f.String(), n, &d.draft.JobName)
	case fieldPushType:
		return d.enum(f, n, pushTypeNames(), (*int)(&d.draft.PushType))
	case fieldPushScopeType:
		return d.enum(f, n, pushScopeNames(), (*int)(&d.draft.PushScopeType))
	case fieldNewStaffScopeType:
		return d.enum(f, n, newStaffScopeNames(), (*int)(&d.draft.NewStaffScopeType))
	case fieldNewStaffScopeDepartmentList:
		return d.targets(f, n, "department_id", &d.draft.NewStaffScopeDepartmentList)
	case fieldUserList:
		return d.targets(f, n, "user_id", &d.draft.UserList)
	case fieldDepartmentList:
		return d.targets(f, n, "department_id", &d.draft.DepartmentList)
	case fieldChatList:
		return d.targets(f, n, "chat_id", &d.draft.ChatList)
	case fieldSendAt:
		return d.sendAt(n)
	case fieldPushContent:
		return d.pushContent(n)
	case fieldPushContentFile:
		return d.text(f.String(), n, &d.card.file)
	case fieldExt:
		return d.ext(n)
	}
	panic("spec: field without a decoder: " + f.String())
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
	hint := ""
	if n.Kind == yaml.ScalarNode {
		hint = "put it in quotes"
	}
	d.fault(placeOfNode(n), ruleWrongType, fmt.Sprintf("%s must be a text, not %s", name, k), hint)
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
		d.fault(placeOfNode(n), ruleInvalidID, "notification_id "+quoted(id)+" is not a decimal number",
			"copy the id from the helpdesk or from the answer that created the notification")
		return false
	}
	if k := kindOf(n); k != kindText && k != kindNull {
		d.fault(placeOfNode(n), ruleUnquotedID, "notification_id is a bare number, which other YAML tools round",
			"put it in quotes: \""+id+"\"")
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
	names := []string{string(OpenID), string(UnionID), string(UserID)}
	d.invalidName(fieldUserIDType, n, "write "+strings.Join(names, ", "))
	return false
}

// enum reads one of the API's numbers, or the name it has here.
func (d *document) enum(f field, n *yaml.Node, names []string, into *int) bool {
	k := kindOf(n)
	switch k {
	case kindNull:
		return true
	case kindText, kindNumber, kindOddNumber:
	default:
		d.fault(placeOfNode(n), ruleWrongType, fmt.Sprintf("%s must be a name or a number, not %s", f, k), enumHint(names))
		return false
	}
	number := -1
	for i, name := range names {
		if k == kindText && n.Value == name || k == kindNumber && n.Value == strconv.Itoa(i) {
			number = i
		}
	}
	if number < 0 && n.Value != "" {
		d.invalidName(f, n, enumHint(names))
		return false
	}
	*into = number + 1
	return true
}

// enumHint lists the values: "write scheduled (0) or new_staff (1)".
func enumHint(names []string) string {
	said := make([]string, len(names))
	for i, name := range names {
		said[i] = fmt.Sprintf("%s (%d)", name, i)
	}
	last := len(said) - 1
	return "write " + strings.Join(said[:last], ", ") + " or " + said[last]
}

func (d *document) invalidName(f field, n *yaml.Node, hint string) {
	d.fault(placeOfNode(n), ruleInvalidValue, fmt.Sprintf("%s cannot be %s", f, quoted(n.Value)), hint)
}

// ext reads the API's reserved text; null and "" clear it.
func (d *document) ext(n *yaml.Node) bool {
	d.draft.Ext.Given = true
	return d.text("ext", n, &d.draft.Ext.Value)
}
