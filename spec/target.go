package spec

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// list reads a list of targets and reports whether it is a list at all; faulty
// entries are left out of it.
func (d *document) list(f field, n *yaml.Node, into *[]Target) bool {
	switch k := kindOf(n); k {
	case kindNull:
		return true
	case kindList:
	default:
		fault := d.fault(placeOfNode(n), ruleWrongType, notList, f, k)
		fault.Hint = writeAsEntries
		if at, _, wide := firstWide(n.Value); !wide || at <= len("-") { // others are not what makes it none
			fault.typed(n.Value)
		}
		return false
	}
	l := &d.lists[f]
	l.written = len(n.Content)
	l.read = make([]placed, 0, l.written)
	*into = slices.Grow(*into, l.written)
	for _, entry := range n.Content {
		entry, ok := d.follow(entry)
		if !ok {
			return false
		}
		if t, ok := d.target(f, entry); ok {
			d.checkID(f, t, n.Style&yaml.FlowStyle != 0)
			*into = append(*into, t.Target)
			l.read = append(l.read, t)
		}
	}
	return true
}

// target reads one entry: an id, or a mapping of an id and what is said about it
// for the reader.
func (d *document) target(f field, n *yaml.Node) (t placed, ok bool) {
	t.id = placeOfNode(n)
	switch k := kindOf(n); k {
	case kindMapping:
		return d.targetMapping(f, n)
	case kindNull, kindText, kindNumber, kindOddNumber, kindBool:
		if k == kindNull || n.Value == "" {
			d.fault(t.id, ruleMissingField, emptyEntry, f).Hint = writeID
			return t, false
		}
		t.ID = n.Value
		return t, true
	default:
		d.fault(t.id, ruleWrongType, entryType, f, k)
		return t, false
	}
}

func (d *document) targetMapping(f field, n *yaml.Node) (t placed, ok bool) {
	t.id = placeOfNode(n)
	ok = true
	idName := d.fields[f].id
	known := []string{idName, "name"}
	if f == fieldUserList {
		known = append(known, "avatar_url") // as in the API's own lists; of no effect
	}
	for _, m := range d.members(n, 0) {
		value, read := d.follow(m.value)
		switch {
		case !read:
			return t, false
		case m.key == idName:
			t.id = placeOfNode(value)
			ok = d.literal(idName, value, &t.ID) && ok
		case m.key == "name":
			d.text(m.key, value, &t.Name)
			d.cutOff(value)
			if found := d.escaped(value, false); found != "" {
				d.fault(placeOfNode(value), ruleHiddenCharacter, hiddenInEntry, f, found).Hint = removeHidden
			}
		case m.key != "avatar_url" || f != fieldUserList:
			fault := d.fault(placeOfNode(m.node), ruleUnknownField, unknownFieldIn, quoted(m.key), f)
			if fault.suggest(m.key, known); strings.HasSuffix(m.key, "id") || fault.Hint == fmt.Sprintf(didYouMean, quoted(idName)) {
				fault.Hint, ok = fmt.Sprintf(didYouMean, quoted(idName)), false // the id that is missing
			}
		}
	}
	if ok && t.ID == "" {
		fault := d.fault(t.id, ruleMissingField, entryWithoutID, f, idName)
		if fault.Hint = writeTheID; f == fieldUserList {
			fault.Hint = findTheID
		}
		return t, false
	}
	return t, ok
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

// cleanID is a text with the characters of the English keyboard, and nothing beside them that parts entries.
func cleanID(text string) string {
	ascii := strings.Map(func(r rune) rune {
		if s := narrow(r); s != "" {
			return rune(s[0])
		}
		return r
	}, text)
	return strings.Trim(ascii, " ,;.\"'")
}

// checkID checks what can be checked of an id without asking Feishu: its
// characters, and for a chat its prefix. What a user's id must look like depends
// on user_id_type, which may stand further down; see userIDs.
func (d *document) checkID(f field, t placed, inBrackets bool) {
	_, owner := listOf(t.ID)
	isDepartment := d.fields[f].id == "department_id"
	switch {
	case !hasIDCharacters(t.ID):
		fault := d.fault(t.id, ruleInvalidID, noID, f, quoted(t.ID))
		if _, meant := listOf(cleanID(t.ID)); meant == f && hasIDCharacters(cleanID(t.ID)) {
			fault.Hint = fmt.Sprintf(writeLine, cleanID(t.ID))
		} else if fault.typed(t.ID); !inBrackets && strings.ContainsAny(t.ID, ",，、;；") {
			fault.Hint = dashesInColumn
		} else if f == fieldUserList {
			fault.Hint = cmp.Or(whoHint(t.ID), fault.Hint)
		} else {
			fault.Hint = cmp.Or(fault.Hint, d.idHint(f, t.ID))
		}
	case f == fieldChatList && owner != f:
		d.fault(t.id, ruleInvalidID, noChatID, f, quoted(t.ID)).Hint = d.idHint(f, t.ID)
	case isDepartment && (owner == fieldUserList || owner == fieldChatList || personForm.MatchString(t.ID)):
		d.fault(t.id, ruleInvalidID, noDepartmentID, f, quoted(t.ID)).Hint = d.idHint(f, t.ID)
	}
}

// listOf is the list in which an id belongs by its prefix; none for others.
func listOf(id string) (prefix string, f field) {
	for _, known := range []struct {
		prefix string
		field  field
	}{{"ou_", fieldUserList}, {"on_", fieldUserList}, {"oc_", fieldChatList}, {"od-", fieldDepartmentList}, {"od_", fieldDepartmentList}} {
		if hasPrefix(id, known.prefix) {
			return known.prefix, known.field
		}
	}
	return "", fieldCount
}

// personForm is what could be the id of a department, but is how a person is known outside of Feishu.
var personForm = regexp.MustCompile(`^(?:[^@]+@[^@]+\.[A-Za-z]{2,}|1[3-9][0-9]{9})$`)

// idHint says what to write for what is no id of a list's kind.
func (d *document) idHint(f field, id string) string {
	switch prefix, owner := listOf(id); {
	case owner != fieldCount:
		return fmt.Sprintf(belongsIn, prefix, owner)
	case addressOrNumber.MatchString(id):
		return findPerson
	}
	return fmt.Sprintf(copyTargetID, d.fields[f].id)
}

func hasPrefix(id, prefix string) bool { return len(id) > len(prefix) && strings.HasPrefix(id, prefix) }

// userIDs checks user_list against user_id_type.
func userIDs(d *document) {
	if d.unread[fieldUserIDType] {
		return
	}
	prefix := d.draft.UserIDType.prefix()
	for _, u := range d.lists[fieldUserList].read {
		if hasIDCharacters(u.ID) && !hasPrefix(u.ID, prefix) {
			d.fault(u.id, ruleInvalidID, noUserID, quoted(u.ID), d.draft.UserIDType, prefix).Hint = userIDHint(u.ID)
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

// addressOrNumber is how people are known outside of Feishu: an e-mail address, or a mobile number.
var addressOrNumber = regexp.MustCompile(`^([^@\s]+@[^@\s]+|\+?[0-9][0-9 -]{5,20}[0-9])$`)

// whoHint says how to find the id of somebody of whom something else stands where the id does; "" if
// it is nothing that anybody is known by.
func whoHint(text string) string {
	switch {
	case addressOrNumber.MatchString(text):
		return findByAddress
	case strings.ContainsFunc(text, unicode.IsLetter) && !strings.ContainsFunc(text, isNoneOfAName):
		return findByName
	}
	return ""
}

// isNoneOfAName reports whether a character occurs in no name.
func isNoneOfAName(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune(" .·'-（）()", r)
}

func userIDHint(id string) string {
	if addressOrNumber.MatchString(id) {
		return findByAddress
	}
	for _, t := range []UserIDType{OpenID, UnionID} {
		if hasPrefix(id, t.prefix()) {
			return fmt.Sprintf(writeLikelyIDType, t)
		}
	}
	if prefix, owner := listOf(id); owner != fieldCount {
		return fmt.Sprintf(belongsIn, prefix, owner)
	}
	return writeTenantIDType
}

// duplicateTargets judges each list on its own.
func duplicateTargets(d *document) {
	for f := range d.lists {
		l := &d.lists[f]
		if len(l.read) < 2 {
			continue
		}
		first := make(map[string]place, len(l.read))
		for _, t := range l.read {
			if before, again := first[t.ID]; again {
				d.fault(t.id, ruleDuplicateTarget, targetTwice, field(f), quoted(t.ID), before.line, before.column).Hint = removeOne
				continue
			}
			first[t.ID] = t.id
		}
	}
}

// rootDepartments warns of the department that is everybody.
func rootDepartments(d *document) {
	for f, l := range d.lists {
		hint := d.fields[f].everybody
		for _, t := range l.read {
			if hint != "" && t.ID == "0" {
				d.fault(t.id, ruleRootDepartment, wholeOrganisation, field(f)).Hint = hint
			}
		}
	}
}
