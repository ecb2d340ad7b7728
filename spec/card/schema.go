package card

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

// SchemaRef refers to a whole card among the definitions of [Table.Schema].
const SchemaRef = "#/definitions/" + rootShape

// Schema makes what the table knows into definitions of JSON Schema draft-07, which belong below
// "definitions" of a schema; the names of all begin with "card". A card that is told no error is valid, and
// of what is told one invalid is what such a schema can say: types, places, what is needed, addresses,
// keys of images and languages, not what is counted or what texts hold. Values that are a doubt to the
// rules are valid, and offered by an editor.
func (t *Table) Schema() map[string]any {
	definitions := map[string]any{zeroKey: zero(), nothingKey: nothing()}
	for name, s := range t.shapes {
		definitions[shapeKey(name)] = t.shapeSchema(s)
	}
	for p := InRoot; p <= InFallback; p <<= 1 {
		definitions[placeKey(p)] = t.placeSchema(p)
	}
	return definitions
}

type schema = map[string]any

const (
	zeroKey    = "card.zero"
	nothingKey = "card.nothing"
)

func shapeKey(name string) string { return strings.TrimSuffix(rootShape+"."+name, "."+rootShape) }

func placeKey(p Place) string { return fmt.Sprint("card.place", bits.TrailingZeros32(uint32(p))) }

func refTo(key string) schema { return schema{"$ref": "#/definitions/" + key} }

// zero is a value that says nothing, and nothing an object that says nothing, or null.
func zero() schema {
	return schema{"anyOf": []any{schema{"enum": []any{nil, false, 0, ""}}, refTo(nothingKey), schema{"type": "array", "items": refTo(zeroKey)}}}
}

func nothing() schema {
	return schema{"type": []string{"null", "object"}, "additionalProperties": refTo(zeroKey)}
}

// unfilledText is a text that holds what unfilled finds: it may stand for anything.
const unfilledText = `\$\{[\s\S]*\}|\{\{[\s\S]*\}\}|#\{[\s\S]*\}|<%[\s\S]*%>|(^|[^%])%[sdv](\W|$)|(^|[^\w%])(TO` + `DO|FIX` + `ME)(\W|$)`

// of is a value of a type, of null, or what was not filled in.
func of(kind string) schema {
	return schema{"type": []string{kind, "string", "null"}, "pattern": unfilledText}
}

func (t *Table) shapeSchema(s *Shape) schema {
	properties, required := schema{}, []string{}
	for i := range s.Fields {
		f := &s.Fields[i]
		value := t.valueSchema(f)
		if f.Need == Required {
			value["not"] = schema{"enum": []any{nil, ""}}
			required = append(required, f.Name)
		}
		properties[f.Name] = value
	}
	made := of("object")
	made["properties"], made["required"] = properties, required
	if s.surelyOneOf() {
		made["anyOf"] = eachRequired(s.OneOf...)
	}
	if s.In != 0 {
		made["description"] = s.described()
	}
	if more := shapeRules()[s.Name]; more != nil {
		made["allOf"] = []any{more}
	}
	if s.Name == rootShape {
		version2 := schema{"anyOf": []any{schema{"type": "string", "pattern": "^2"}, schema{"type": "number", "minimum": 2, "exclusiveMaximum": 3}}}
		return schema{
			"type": "object", "if": onlyPart(), "else": made,
			"properties": schema{"schema": schema{"doNotSuggest": true, "not": version2}},
			"not":        schema{"required": []string{"type"}, "properties": schema{"type": schema{"const": "template"}}},
		}
	}
	return made
}

// described is what an editor says of an element.
func (s *Shape) described() string {
	places := strings.Join(placesOf(s.In), ", ")
	if s.Dead {
		return fmt.Sprintf(describeDead, s.Name, places)
	}
	return fmt.Sprintf(describeElement, s.Name, places)
}

// placeSchema is an element that may stand in a place, or by one page of the API may.
func (t *Table) placeSchema(at Place) schema {
	tags := slices.DeleteFunc(slices.Clone(t.tags), func(tag string) bool { return (t.shapes[tag].In|t.shapes[tag].Perhaps)&at == 0 })
	var each []any
	for _, tag := range tags {
		each = append(each, schema{
			"if":   schema{"required": []string{tagKey}, "properties": schema{tagKey: schema{"const": tag}}, "type": "object"},
			"then": refTo(shapeKey(tag)),
		})
	}
	made := of("object")
	made["required"], made["properties"], made["allOf"] = []string{tagKey}, schema{tagKey: schema{"enum": tags}}, each
	begun := schema{"properties": schema{tagKey: offered(schema{"enum": tags})}}
	return schema{"if": refTo(nothingKey), "then": begun, "else": made}
}

func (t *Table) valueSchema(f *Field) schema {
	made := of("object")
	switch f.Kind {
	case 0:
		return schema{}
	case Object:
		return t.objectSchema(f)
	case List:
		made = of("array")
		made["items"] = t.valueSchema(f.Each)
		if f.Each.Of != "" {
			made["items"] = refTo(shapeKey(f.Each.Of)) // an entry that says nothing is one all the same
		}
	case Names:
		made["additionalProperties"] = t.valueSchema(f.Each)
	case Languages:
		made["additionalProperties"], made["propertyNames"] = t.valueSchema(f.Each), offered(schema{"enum": languages()})
		if f.Name == "i18n_elements" {
			made["propertyNames"] = schema{"enum": languages()}
		}
	default:
		return scalarSchema(f)
	}
	return made
}

func (t *Table) objectSchema(f *Field) schema {
	made := schema{"allOf": []any{refTo(placeKey(f.At))}} // what stands beside a $ref does not count
	if f.At == 0 {
		shape := refTo(shapeKey(f.Of))
		made = schema{"if": refTo(nothingKey), "then": offered(shape), "else": shape}
	}
	if len(f.Values) > 0 {
		made = schema{"anyOf": []any{made, schema{"enum": f.Values}}}
	}
	return made
}

// offered is anything, of which an editor offers some.
func offered(some schema) schema { return schema{"anyOf": []any{some, schema{}}} }

func scalarSchema(f *Field) schema {
	made := schema{}
	switch values := f.known(); {
	case len(values) > 0:
		made = offered(schema{"enum": values})
	case f.Kind == Bool:
		made = offered(schema{"type": "boolean"})
	case slices.Contains(f.Formats, ImageKey):
		made = schema{"anyOf": []any{schema{"pattern": unfilledText}, schema{"not": schema{"type": "string", "pattern": noImage}}}}
	case slices.Contains(f.Formats, LooseAddress):
		made = schema{"pattern": opened + "|" + withoutScheme + "|" + unfilledText}
	case slices.Contains(f.Formats, Address) || slices.Contains(f.Formats, AppAddress):
		made = schema{"pattern": opened + "|" + unfilledText}
	}
	made["type"] = []string{"string", "number", "boolean", "null"}
	switch form := formOf(f); {
	case form != "":
		made["description"] = fmt.Sprintf(writeLike, form)
	case f.Kind == Number && f.Max > 0:
		made["description"] = fmt.Sprintf(describeRange, f.Min, f.Max)
	}
	return made
}

// What the functions address and imageKey let pass, and what they refuse, as regular expressions.
const (
	noImage       = `[/\\]|^data:|\.([pP][nN][gG]|[jJ][pP][eE]?[gG]|[gG][iI][fF]|[wW][eE][bB][pP]|[sS][vV][gG]|[bB][mM][pP])$`
	inAddress     = `\x00-\x20\x7f<>"{}|\\^` + "`"
	opened        = `^$|^([lL][aA][rR][kK]|[fF][eE][iI][sS][hH][uU]):|^[hH][tT][tT][pP][sS]?://[^/` + inAddress + `][^` + inAddress + `]*$`
	withoutScheme = `^[^:]*$|^:|^[^:]*:[0-9]|^[^:]*[^\w+:-][^:]*:`
)

func eachRequired(keys ...string) []any {
	var each []any
	for _, key := range keys {
		each = append(each, schema{"required": []string{key}})
	}
	return each
}

// shapeRules are what the checks tell for certain of the keys of one object.
func shapeRules() map[string]schema {
	filled := func(keys ...string) schema {
		properties := schema{}
		for _, key := range keys {
			properties[key] = schema{"minLength": 1, "not": schema{"type": "null"}}
		}
		return schema{"required": keys, "properties": properties}
	}
	pasted := slices.Concat(requestKeys(), messageKeys(), []string{"post"})
	addressSet := schema{"anyOf": []any{filled("url"), filled("pc_url", "ios_url", "android_url")}}
	return map[string]schema{
		"card_link": addressSet, "multi_url": addressSet, "href": addressSet,
		"behavior": {"if": schema{"properties": schema{"type": schema{"const": "open_url"}}, "required": []string{"type"}}, "then": filled("default_url")},
		rootShape: {
			"if":   schema{"anyOf": eachRequired("elements", "i18n_elements")},
			"else": schema{"not": schema{"anyOf": append(eachRequired(pasted...), jsonAsContent())}},
		},
	}
}

func jsonAsContent() schema {
	return schema{"required": []string{"content"}, "properties": schema{"content": schema{"type": "string", "pattern": `^\s*\{`}}}
}

// onlyPart is one element, or a card of another version without its mark, of which only that is told.
func onlyPart() schema {
	return schema{"not": schema{"anyOf": eachRequired("elements", "i18n_elements")}, "anyOf": eachRequired(tagKey, "body")}
}
