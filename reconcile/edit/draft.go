package edit

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"notiform/reconcile/diff"
	"notiform/spec"
)

// Draft is one document of a file, which says Before and is to say After.
type Draft struct {
	At            spec.Pos // where the document begins
	Before, After diff.State
	Zone          *time.Location // of a time where the document has none
}

// Drafts is a draft file with some of its documents changed. gone are the comments on the lines of
// what went. The error says what an edit would lose or change besides; nothing is edited then, unless
// lossy lets comments go: see [LossError].
func Drafts(src []byte, drafts []Draft, lossy bool) (edited []byte, gone []string, err error) {
	t, err := take(src, false)
	if err != nil {
		return nil, nil, err
	}
	for _, d := range drafts {
		i := slices.IndexFunc(t.roots, func(n *yaml.Node) bool { return n.Line == d.At.Line })
		if i < 0 || t.roots[i].Kind != yaml.MappingNode {
			return nil, nil, errUnmeasured
		}
		f := fields{text: t, root: t.roots[i], zone: cmp.Or(d.Zone, time.UTC)}
		f.change(d.Before, d.After)
	}
	return t.carryOut(src, lossy)
}

// fields are the fields of one document.
type fields struct {
	*text
	root  *yaml.Node
	added []addition
	zone  *time.Location
}

// inOrder are the fields, in the order of the manual.
func inOrder() []string {
	return []string{
		"notification_id", "user_id_type", "job_name", "push_type", "push_scope_type", "new_staff_scope_type",
		"new_staff_scope_department_list", "user_list", "department_list", "chat_list", "send_at", "push_content",
		"push_content_file", "ext",
	}
}

func (f *fields) change(before, after diff.State) {
	f.value("job_name", before.JobName, after.JobName)
	f.number("push_type", before.PushType.String(), after.PushType.String(), after.PushType.Number())
	f.number("push_scope_type", before.PushScopeType.String(), after.PushScopeType.String(), after.PushScopeType.Number())
	f.number("new_staff_scope_type", before.NewStaffScopeType.String(), after.NewStaffScopeType.String(), after.NewStaffScopeType.Number())
	f.list("new_staff_scope_department_list", "department_id", before.NewStaffScopeDepartmentList, after.NewStaffScopeDepartmentList)
	f.list("user_list", "user_id", before.UserList, after.UserList)
	f.list("department_list", "department_id", before.DepartmentList, after.DepartmentList)
	f.list("chat_list", "chat_id", before.ChatList, after.ChatList)
	f.sendAt(before.SendAt, after.SendAt)
	f.card(before.PushContent, after.PushContent)
	f.value("ext", before.Ext, after.Ext)
	f.splice(f.root, site{}, nil, f.added)
}

// find is the value of a field and where it stands; nil for a field that the document does not have.
func (f *fields) find(name string) (*yaml.Node, site) {
	for i := 0; 2*i+1 < len(f.root.Content); i++ {
		if f.root.Content[2*i].Value == name {
			return f.root.Content[2*i+1], f.valueSite(f.root, i, site{})
		}
	}
	return nil, site{}
}

// set makes a field say something else.
func (f *fields) set(name string, before, after any) {
	n, s := f.find(name)
	if n != nil {
		f.text.change(n, &diff.Place{Op: diff.Replace, Before: before, After: after}, s)
		return
	}
	f.add(name, after)
}

// add adds a field behind the nearest that comes before it.
func (f *fields) add(name string, value any) {
	behind := -1
	for _, other := range inOrder()[:slices.Index(inOrder(), name)] {
		for i := 0; 2*i < len(f.root.Content); i++ {
			if f.root.Content[2*i].Value == other {
				behind = i
			}
		}
	}
	f.added = append(f.added, addition{behind, name, value, -1})
}

func (f *fields) value(name, before, after string) {
	if before != after {
		f.set(name, before, after)
	}
}

// number sets one of the API's numbers, as a name or as a number, as it was.
func (f *fields) number(name, before, after string, number int) {
	var value any = after
	n, _ := f.find(name)
	switch {
	case before == after:
		return
	case after == "":
		value = nil
	case n != nil && resolved(n).Style == 0 && isDigits(resolved(n).Value):
		value = number
	}
	f.set(name, before, value)
}

func isDigits(s string) bool {
	_, err := strconv.ParseUint(s, 10, 64)
	return err == nil
}

func resolved(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// sendAt sets the time, in milliseconds or in the offset that it was in.
func (f *fields) sendAt(before, after string) {
	if before == after {
		return
	}
	ms, err := strconv.ParseInt(after, 10, 64)
	n, _ := f.find("send_at")
	written := ""
	if n != nil {
		written = resolved(n).Value
	}
	var value any
	switch {
	case after == "":
	case err != nil:
		f.refuse(fmt.Errorf(noTime, after))
	case isDigits(written) && resolved(n).Style == 0:
		value = ms
	case isDigits(written):
		value = after
	case n != nil && resolved(n).Style&quoted != 0:
		value = f.inZoneOf(written, time.UnixMilli(ms))
	default:
		value = bare(f.inZoneOf(written, time.UnixMilli(ms)))
	}
	f.set("send_at", before, value)
}

// inZoneOf is a time in the offset that another is written in.
func (f *fields) inZoneOf(written string, t time.Time) string {
	was, err := time.Parse(time.RFC3339, written)
	if err != nil {
		return t.In(f.zone).Format("2006-01-02T15:04:05.999Z07:00")
	}
	_, offset := was.Zone()
	said := t.In(time.FixedZone("", offset)).Format("2006-01-02T15:04:05.999")
	if strings.HasSuffix(written, "Z") {
		return said + "Z"
	}
	return said + written[len(written)-len("+08:00"):]
}

// list sets the members of a list. What stays keeps its place and its text.
func (f *fields) list(name, id string, before, after []spec.Target) {
	was, is := ids(before), ids(after)
	came := slices.DeleteFunc(slices.Clone(after), func(t spec.Target) bool { return slices.Contains(was, t.ID) })
	if len(came) == 0 && !slices.ContainsFunc(was, func(id string) bool { return !slices.Contains(is, id) }) {
		return
	}
	n, s := f.find(name)
	if n == nil || n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		f.set(name, nil, members(after, id)) // also of what is repeated or merged in here
		return
	}
	if n.Anchor != "" {
		f.changed[n] = struct{}{}
	}
	gone := map[int]bool{}
	for i, item := range n.Content {
		if !slices.Contains(is, memberID(resolved(item), id)) {
			gone[i] = true
		}
	}
	var added []addition
	for _, value := range members(came, id) {
		added = append(added, addition{len(n.Content) - 1, "", value, -1})
	}
	f.splice(n, s, gone, added)
}

func ids(list []spec.Target) (ids []string) {
	for _, t := range list {
		ids = append(ids, t.ID)
	}
	return ids
}

// members are the members of a list as a file has them, with their names for the reader.
func members(list []spec.Target, id string) []any {
	var all []any
	for _, t := range list {
		if t.Name != "" {
			all = append(all, map[string]any{id: t.ID, "name": t.Name})
		} else {
			all = append(all, t.ID)
		}
	}
	return all
}

// memberID is the id of a member of a list.
func memberID(item *yaml.Node, id string) string {
	for i := 0; i+1 < len(item.Content); i += 2 {
		if item.Content[i].Value == id {
			return resolved(item.Content[i+1]).Value
		}
	}
	return item.Value
}

// card sets the card, which may be written as YAML or as JSON.
func (f *fields) card(before, after spec.JSON) {
	if before.Equal(after) {
		return
	}
	tree, err := aligned(before, after)
	if err != nil {
		f.refuse(err)
		return
	}
	n, s := f.find("push_content")
	switch {
	case n == nil:
		f.add("push_content", after.Value())
	case n.Kind == yaml.ScalarNode:
		edited, _, err := Card([]byte(n.Value), true, before, after, false)
		if err != nil {
			f.refuse(err)
			return
		}
		f.set("push_content", n.Value, string(edited))
	default:
		f.text.change(n, tree, s)
	}
}
