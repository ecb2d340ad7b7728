package spec

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"notiform/spec/card"
)

// Schema is JSON Schema draft-07 of a draft, for editors: made from the table of fields, the rules of
// scopes and what is known of cards, always the same bytes. It accepts all that no error is told of.
// What it cannot say it leaves to the rules: ids and aliases across documents, the file of a card, the
// time of day, and what a warning is for. Beside draft-07 it has errorMessage and patternErrorMessage,
// with which VS Code says of a fault what validate says.
func Schema() []byte {
	table := fields()
	properties := schema{}
	for f := range table {
		properties[table[f].name] = table[f].schema(field(f))
	}
	whole := schema{
		"$schema": "http://json-schema.org/draft-07/schema#", "title": titleDraft, "description": aboutDraft, "type": []string{"object", "null"},
		"required": []string{"job_name", "push_type", "push_scope_type"}, "properties": properties, "additionalProperties": false,
		"allOf": slices.Concat(scopeSchemas(), contentSchemas(), idSchemas()), "definitions": card.NewTable().Schema(),
	}
	return []byte(schemaOrder(table).text(whole, "") + "\n")
}

// schema is a part of one.
type schema = map[string]any

// schemaOrder is the order in which people read a schema: what a thing is before what it holds, the
// fields as the manual has them, and last what is long.
func schemaOrder(table [fieldCount]definition) memberNames {
	order := memberNames{
		first: []string{"$schema", "title", "description", "type", "enum", "pattern", "patternErrorMessage", "required", "properties", "if", "then", "else"},
		last:  []string{"allOf", "definitions"},
	}
	for _, def := range table {
		order.first = append(order.first, def.name)
	}
	return order
}

// text is a value as JSON: what fits on a line stands on one.
func (o memberNames) text(value any, indent string) string {
	const width = 120
	var parts []string
	brackets := "[]"
	switch value := value.(type) {
	case schema:
		brackets = "{}"
		byOrder := func(a, b string) int { return cmp.Or(cmp.Compare(o.of(a), o.of(b)), cmp.Compare(a, b)) }
		for _, name := range slices.SortedFunc(maps.Keys(value), byOrder) {
			parts = append(parts, TextJSON(name).String()+": "+o.text(value[name], indent+"  "))
		}
	case []any:
		for _, item := range value {
			parts = append(parts, o.text(item, indent+"  "))
		}
	default:
		text, err := json.Marshal(value)
		if err != nil {
			panic(err) // of our own values
		}
		return string(text)
	}
	if line := strings.Join(parts, ", "); len(indent)+len(line) < width && !strings.Contains(line, "\n") {
		return brackets[:1] + line + brackets[1:]
	}
	within := "\n" + indent + "  "
	return brackets[:1] + within + strings.Join(parts, ","+within) + "\n" + indent + brackets[1:]
}

// schema is what a field holds.
func (def *definition) schema(f field) schema {
	made := schema{"type": []string{"string", "null"}}
	switch {
	case def.values != nil:
		made = schema{"enum": def.namesAndNumbers()}
	case def.list != nil:
		made = schema{"type": []string{"array", "null"}, "items": def.entrySchema(f), "if": schema{"items": schema{"type": "string"}}, "then": schema{"uniqueItems": true}}
	case f == fieldNotificationID:
		made = schema{"type": []string{"string", "number", "null"}, "pattern": `^[0-9]*$`, "patternErrorMessage": writeDigits, "minimum": 0}
	case f == fieldUserIDType:
		made = schema{"enum": []any{OpenID, UnionID, UserID, "", nil}}
	case f == fieldJobName:
		made = schema{"type": "string", "minLength": 1}
	case f == fieldSendAt:
		made = schema{
			"type": []string{"string", "integer", "null"}, "pattern": timePattern, "patternErrorMessage": writeSendAt,
			"minimum": int64(minMilliseconds), "maximum": int64(maxMilliseconds),
		}
	case f == fieldPushContentFile:
		made["pattern"], made["patternErrorMessage"] = `^$|^[^/]`, writeRelative
	case f == fieldPushContent:
		made = schema{
			"if": schema{"type": "object"}, "then": schema{"$ref": card.SchemaRef},
			"else": schema{"type": []string{"string", "null"}, "pattern": `^$|^[ \t\r\n]*\{`, "errorMessage": writeCard},
		}
	}
	made["description"] = def.about
	return made
}

// timePattern is a time to the letter of RFC 3339, but for how long a month is; or milliseconds, or nothing.
const timePattern = `^$|^[1-9][0-9]{12}$|^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]` +
	`([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,3}0*)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$`

// namesAndNumbers are the values of one of the API's numbers; of a field that may be absent, that too.
func (def *definition) namesAndNumbers() []any {
	var names, numbers []any
	for n, name := range def.values {
		names, numbers = append(names, name), append(numbers, n)
	}
	if def.missing == nil {
		numbers = append(numbers, "", nil)
	}
	return append(names, numbers...)
}

// entrySchema is an entry of a list: an id, or a mapping with one. An id may look like a number.
func (def *definition) entrySchema(f field) schema {
	kinds, pattern, said := []string{"string", "number", "boolean"}, `^[A-Za-z0-9_@.-]+$`, onlyIDCharacters
	if f == fieldChatList {
		kinds, pattern, said = []string{"string"}, `^oc_[A-Za-z0-9_@.-]+$`, chatIDBeginsWith
	}
	id := schema{"type": kinds, "pattern": pattern, "patternErrorMessage": said}
	known := schema{"name": schema{"description": aboutTargetName, "type": []string{"string", "null"}}}
	if f == fieldUserList {
		known["avatar_url"] = schema{"description": aboutAvatar}
	}
	known[def.id] = maps.Clone(id)
	known[def.id].(schema)["description"] = aboutTargetID
	entry := maps.Clone(id)
	entry["type"] = append([]string{"object"}, kinds...)
	entry["required"], entry["properties"], entry["additionalProperties"] = []string{def.id}, known, false
	return entry
}

// refused is what validate tells at a field where all of the conditions hold.
func refused(at field, said, hint string, conditions ...any) any {
	return schema{
		"if":   schema{"allOf": conditions},
		"then": schema{"properties": schema{at.String(): false}, "errorMessage": fmt.Sprintf(faultAndHint, said, hint)},
	}
}

// is holds where a field has one of the API's numbers, or its name.
func is(f field, number int) schema {
	return schema{"required": []string{f.String()}, "properties": schema{f.String(): schema{"enum": []any{fields()[f].values[number], number}}}}
}

// lacks holds where a field is absent or empty, has where it is not.
func lacks(f field) schema {
	return schema{"properties": schema{f.String(): schema{"type": []string{"array", "string", "null"}, "maxItems": 0, "maxLength": 0}}}
}

func has(f field) schema { return schema{"not": lacks(f)} }

// scopeSchemas are the rules of scopes, each at the place where it speaks.
func scopeSchemas() []any {
	scheduled, newStaff := is(fieldPushType, Scheduled.Number()), is(fieldPushType, NewStaff.Number())
	scope := func(s PushScopeType) schema { return is(fieldPushScopeType, s.Number()) }
	departments := is(fieldNewStaffScopeType, NewStaffDepartments.Number())
	rules := []any{
		refused(fieldPushScopeType, scheduledForNewStaff, writeNewStaffPush, scheduled, scope(NewStaffScope)),
		refused(fieldPushType, newStaffOfNoScope, writeNewStaffScopeType, newStaff, lacks(fieldNewStaffScopeType)),
		refused(fieldNewStaffScopeType, newStaffOfNobody, listDepartments, newStaff, departments, lacks(fieldNewStaffScopeDepartmentList)),
		refused(fieldPushScopeType, noAudience, listAudience, scope(SelectedMembers), lacks(fieldUserList), lacks(fieldDepartmentList)),
		refused(fieldPushScopeType, noChats, listChats, scope(ChatsOnly), lacks(fieldChatList)),
	}
	for _, s := range []PushScopeType{AllMembers, SelectedMembers} {
		rules = append(rules, refused(fieldPushScopeType, fmt.Sprintf(newStaffForOthers, s), writeNewStaffScope, newStaff, scope(s)))
	}
	for _, s := range []PushScopeType{AllMembers, ChatsOnly, NewStaffScope} {
		for _, f := range []field{fieldUserList, fieldDepartmentList} {
			rules = append(rules, refused(f, fmt.Sprintf(audienceInScope, f, s), removeAudience, scope(s), has(f)))
		}
	}
	return rules
}

// contentSchemas want one card.
func contentSchemas() []any {
	content := fieldPushContent.String()
	needed := schema{"type": []string{"object", "array", "string", "number", "boolean"}, "pattern": `[\s\S]`, "errorMessage": writeContent}
	return []any{
		refused(fieldPushContentFile, contentTwice, removeOne, has(fieldPushContent), has(fieldPushContentFile)),
		schema{
			"if":   lacks(fieldPushContentFile),
			"then": schema{"required": []string{content}, "properties": schema{content: needed}, "errorMessage": fmt.Sprintf(faultAndHint, fmt.Sprintf(missingField, content), writeContent)},
		},
	}
}

// idSchemas hold the ids of people against user_id_type. What is no id is told without them.
func idSchemas() []any {
	var rules []any
	for _, t := range []UserIDType{OpenID, UnionID} {
		id := schema{
			"type": "string", "pattern": "^" + t.prefix() + `.|[^A-Za-z0-9_@.-]|^$`,
			"errorMessage": fmt.Sprintf(idBeginsWith, t, t.prefix()),
		}
		entry := maps.Clone(id)
		entry["type"], entry["properties"] = []string{"string", "object"}, schema{fields()[fieldUserList].id: id}
		said := schema{"properties": schema{"user_id_type": schema{"enum": []any{t, "", nil}}}}
		if t != OpenID {
			said = schema{"required": []string{"user_id_type"}, "properties": schema{"user_id_type": schema{"const": t}}}
		}
		rules = append(rules, schema{"if": said, "then": schema{"properties": schema{"user_list": schema{"items": entry}}}})
	}
	return rules
}
