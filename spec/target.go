package spec

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// targets reads a list of addressees and reports whether it is a list at all;
// faulty items are left out of it.
func (d *document) targets(f field, n *yaml.Node, idName string, into *[]Target) bool {
	switch k := kindOf(n); k {
	case kindNull:
		return true
	case kindList:
	default:
		d.fault(placeOfNode(n), ruleWrongType, notList, f, k).Hint = writeAsEntries
		return false
	}
	l := &d.lists[f]
	l.written = len(n.Content)
	for _, entry := range n.Content {
		if !d.spend(entry) {
			return false
		}
		if t, at, ok := d.target(f, resolved(entry), idName); ok {
			d.checkID(f, t.ID, at.id)
			*into = append(*into, t)
			l.items = append(l.items, at)
		}
	}
	return true
}

// target reads one entry: an id, or a mapping of an id and what is said about it
// for the reader.
func (d *document) target(f field, n *yaml.Node, idName string) (t Target, at item, ok bool) {
	at = item{placeOfNode(n), placeOfNode(n)}
	switch k := kindOf(n); k {
	case kindMapping:
		return d.targetMapping(f, n, idName)
	case kindNull, kindText, kindNumber, kindOddNumber, kindBool:
		if k == kindNull || n.Value == "" {
			d.fault(at.id, ruleMissingField, emptyEntry, f).Hint = writeID
			return t, at, false
		}
		return Target{ID: n.Value}, at, true
	default:
		d.fault(at.id, ruleWrongType, entryType, f, k)
		return t, at, false
	}
}

func (d *document) targetMapping(f field, n *yaml.Node, idName string) (t Target, at item, ok bool) {
	at, ok = item{placeOfNode(n), placeOfNode(n)}, true
	known := []string{idName, "name"}
	if f == fieldUserList {
		known = append(known, "avatar_url") // as in the API's own lists; of no effect
	}
	for _, m := range d.members(n, 0).list {
		value := resolved(m.node)
		switch {
		case m.key == idName:
			at.id = placeOfNode(value)
			ok = d.literal(idName, value, &t.ID) && ok
		case m.key == "name":
			at.name = placeOfNode(value)
			d.text(m.key, value, &t.Name)
		case m.key != "avatar_url" || f != fieldUserList:
			d.fault(placeOfNode(m.name), ruleUnknownField, unknownFieldIn, quoted(m.key), f).suggest(m.key, known)
		}
	}
	if !ok {
		return t, at, false
	}
	if t.ID == "" {
		d.fault(at.id, ruleMissingField, entryWithoutID, f, idName).Hint = writeTheID
		return t, at, false
	}
	return t, at, true
}

// hasIDCharacters reports whether s has only characters that occur in ids.
func hasIDCharacters(s string) bool {
	for _, c := range []byte(s) {
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', 'A' <= c && c <= 'Z':
		case c == '_', c == '-', c == '.', c == '@':
		default:
			return false
		}
	}
	return s != ""
}

// checkID checks what can be checked of an id without asking Feishu: its
// characters, and for a chat its prefix. What a user's id must look like depends
// on user_id_type, which may stand further down; see userIDs.
func (d *document) checkID(f field, id string, at place) {
	switch {
	case !hasIDCharacters(id):
		d.fault(at, ruleInvalidID, noID, f, quoted(id))
	case f == fieldChatList && !hasPrefix(id, "oc_"):
		d.fault(at, ruleInvalidID, noChatID, f, quoted(id))
	}
}

func hasPrefix(id, prefix string) bool { return len(id) > len(prefix) && strings.HasPrefix(id, prefix) }

// userIDs checks user_list against user_id_type.
func userIDs(d *document) {
	if d.bad[fieldUserIDType] {
		return
	}
	prefix := d.draft.UserIDType.prefix()
	for i, u := range d.draft.UserList {
		if hasIDCharacters(u.ID) && !hasPrefix(u.ID, prefix) {
			at := d.lists[fieldUserList].items[i].id
			d.fault(at, ruleInvalidID, noUserID, quoted(u.ID), d.draft.UserIDType, prefix).Hint = userIDHint(u.ID)
		}
	}
}

// prefix is what every id of the kind begins with.
func (t UserIDType) prefix() string {
	switch t {
	case OpenID:
		return "ou_"
	case UnionID:
		return "on_"
	}
	return ""
}

func userIDHint(id string) string {
	for _, t := range []UserIDType{OpenID, UnionID} {
		if hasPrefix(id, t.prefix()) {
			return fmt.Sprintf(writeLikelyIDType, t)
		}
	}
	return writeTenantIDType
}

// duplicateTargets judges each list on its own.
func duplicateTargets(d *document) {
	for f, targets := range d.draft.lists() {
		first := make(map[string]place, len(targets))
		for i, t := range targets {
			at := d.lists[f].items[i].id
			if before, again := first[t.ID]; again {
				d.fault(at, ruleDuplicateTarget, targetTwice, f, quoted(t.ID), before.line, before.column).Hint = removeOne
				continue
			}
			first[t.ID] = at
		}
	}
}

// rootDepartments warns of the department that is everybody.
func rootDepartments(d *document) {
	for f, targets := range d.draft.lists() {
		hint := writeAllMembers
		switch f {
		case fieldUserList, fieldChatList:
			continue
		case fieldNewStaffScopeDepartmentList:
			hint = writeAllStaff
		}
		for i, t := range targets {
			if t.ID == "0" {
				d.fault(d.lists[f].items[i].id, ruleRootDepartment, wholeOrganisation, f).Hint = hint
			}
		}
	}
}

// lists yields the draft's lists of targets in the order of the fields.
func (d *Draft) lists() func(yield func(field, []Target) bool) {
	return func(yield func(field, []Target) bool) {
		_ = yield(fieldNewStaffScopeDepartmentList, d.NewStaffScopeDepartmentList) &&
			yield(fieldUserList, d.UserList) &&
			yield(fieldDepartmentList, d.DepartmentList) &&
			yield(fieldChatList, d.ChatList)
	}
}
