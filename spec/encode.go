package spec

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Encode is a new file, called name in diagnostics, with one draft that says what d says, and what
// [Decode] makes of it: a draft that breaks a rule is written all the same, and its faults are in the
// set. schema is what editors are told to check the file by, "" for nothing. The card is YAML, or its
// JSON as a text where YAML as it is read here cannot carry it. What no file can say, such as a card
// that is larger than one, is an error.
func Encode(d Draft, name, schema string, opts Options) ([]byte, Set, error) {
	size := 0
	for _, form := range []func(JSON) any{cardAsYAML, cardAsLines, cardAsText} {
		w := new(writer)
		if schema != "" {
			w.out = fmt.Appendf(w.out, modeline, schema)
		}
		w.entries(draftEntries(d, form), 0)
		set := Decode(name, w.out, opts)
		if len(set.Drafts) == 1 && carries(set.Drafts[0], d) {
			return w.out, set, nil
		}
		size = len(w.out)
	}
	if size > maxFile {
		return nil, Set{}, fmt.Errorf(tooLargeToWrite, maxFile>>20)
	}
	return nil, Set{}, errors.New(notToBeWritten)
}

// modeline is what the YAML language server finds a schema by, and it alone: a line for programs.
const modeline = "# yaml-language-server: $schema=%s\n"

// draftEntries are the fields of a draft that say something, in the order of the manual. One that is
// required is there even if it says nothing, so that the fault of it has a place.
func draftEntries(d Draft, form func(JSON) any) mapping {
	all := fields()
	m := mapping{{all[fieldNotificationID].name, literal(doubleQuoted(d.NotificationID))}}
	add := func(f field, said bool, value any) {
		if said {
			m = append(m, entry{all[f].name, value})
		}
	}
	list := func(f field, targets []Target) {
		add(f, len(targets) > 0, targetItems(all[f].id, targets))
	}
	add(fieldUserIDType, d.UserIDType != OpenID, literal(d.UserIDType))
	add(fieldJobName, true, d.JobName)
	add(fieldPushType, true, literal(d.PushType.String()))
	add(fieldPushScopeType, true, literal(d.PushScopeType.String()))
	add(fieldNewStaffScopeType, d.NewStaffScopeType != 0, literal(d.NewStaffScopeType.String()))
	list(fieldNewStaffScopeDepartmentList, d.NewStaffScopeDepartmentList)
	list(fieldUserList, d.UserList)
	list(fieldDepartmentList, d.DepartmentList)
	list(fieldChatList, d.ChatList)
	add(fieldSendAt, d.SendAt.Given, timeLiteral(d.SendAt.Value))
	add(fieldPushContent, true, form(d.PushContent))
	add(fieldExt, d.Ext.Given, d.Ext.Value)
	return m
}

func timeLiteral(t time.Time) literal {
	if t.IsZero() {
		return "null"
	}
	return literal(t.Format("2006-01-02T15:04:05.999Z07:00"))
}

// targetItems are the targets of a list: an id or, where there is a name for the reader, both.
func targetItems(idName string, targets []Target) []any {
	items := make([]any, len(targets))
	for i, t := range targets {
		if items[i] = t.ID; t.Name != "" {
			items[i] = mapping{{idName, t.ID}, {"name", t.Name}}
		}
	}
	return items
}

// cardAsYAML is a card as YAML, its members in the order in which people write them.
func cardAsYAML(card JSON) any { return tree(card.Value()) }

// cardAsLines is a card's JSON as a text of several lines.
func cardAsLines(card JSON) any {
	indented := jsontext.Value(card.text)
	if !card.IsObject() || indented.Indent(jsontext.WithIndent("  ")) != nil {
		return cardAsText(card)
	}
	return string(indented)
}

// cardAsText is a card's JSON as a text or, of what is no card, that text.
func cardAsText(card JSON) any {
	if text, ok := card.Value().(string); ok || card.IsZero() {
		return text
	}
	return card.text
}

// carries reports whether a draft as it was read says what another was to say. What a file may not
// say, a number without a name or a card that is none, is not read from it; that is a fault of it.
func carries(read, d Draft) bool {
	known := func(n, names int) int {
		if n > names {
			return 0
		}
		return n
	}
	return read.NotificationID == d.NotificationID && read.UserIDType == d.UserIDType && read.JobName == d.JobName &&
		int(read.PushType) == known(int(d.PushType), len(pushTypeNames())) &&
		int(read.PushScopeType) == known(int(d.PushScopeType), len(PushScopeNames())) &&
		int(read.NewStaffScopeType) == known(int(d.NewStaffScopeType), len(newStaffScopeNames())) &&
		slices.Equal(read.NewStaffScopeDepartmentList, d.NewStaffScopeDepartmentList) &&
		slices.Equal(read.UserList, d.UserList) && slices.Equal(read.DepartmentList, d.DepartmentList) &&
		slices.Equal(read.ChatList, d.ChatList) &&
		read.SendAt.Given == d.SendAt.Given && read.SendAt.Value.Equal(d.SendAt.Value) && read.Ext == d.Ext &&
		(read.PushContent == d.PushContent || read.PushContent.IsZero() && !d.PushContent.IsObject())
}
