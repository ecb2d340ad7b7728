package card

import (
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"
)

// checks are the rules between the keys of one object, by its shape.
func checks() map[string]func(*judge, *Node) {
	return map[string]func(*judge, *Node){
		rootShape:               (*judge).tables,
		"button":                (*judge).button,
		"overflow":              (*judge).overflow,
		"card_link":             (*judge).addressSet,
		"multi_url":             (*judge).addressSet,
		"href":                  (*judge).addressSet,
		"behavior":              (*judge).behavior,
		"interactive_container": (*judge).container,
		"form":                  (*judge).form,
		"img_combination":       (*judge).combination,
		"select_img":            (*judge).selectImage,
		"input":                 (*judge).required,
		"multi_select_static":   (*judge).inForm,
		"multi_select_person":   (*judge).inForm,
		"select_static":         (*judge).options,
		"table":                 (*judge).table,
	}
}

// tables tells more tables than Feishu takes, in each language.
func (j *judge) tables(n *Node) {
	lists := []*Node{n.Get("elements")}
	if all := n.Get("i18n_elements"); all != nil {
		lists = append(lists, all.Nodes...)
	}
	for _, l := range lists {
		count := 0
		for _, m := range l.list() {
			if m.text(tagKey) != "table" {
				continue
			}
			if count++; count == mostTables+1 {
				j.sure(m, ruleLimit, tooManyTables, mostTables)
			}
		}
	}
}

func (n *Node) list() []*Node {
	if n == nil || n.Kind != List {
		return nil
	}
	return n.Nodes
}

func (j *judge) button(n *Node) {
	if text := n.Get("text"); utf8.RuneCountInString(text.text("content")) > mostText {
		j.doubt(text, ruleLimit, longButton, mostText)
	}
	url, many := n.Get("url"), n.Get("multi_url")
	if url != nil && url.Text != "" && !many.isZero() {
		j.doubt(many, ruleLink, addressTwice).Hint = removeOneAddress
	}
	acts := !n.Get("value").isZero() || len(n.items("behaviors")) > 0
	disabled := n.Get("disabled") != nil && n.Get("disabled").Text == "true"
	switch {
	case opens(n) || disabled || n.within("form") || url != nil && url.Kind != Text:
	case url != nil && !acts:
		j.sure(url, ruleLink, emptyAddress).Hint = writeScheme
	case acts:
		j.doubt(n, ruleDeadButton, callbackButton).Hint = writeButtonURL
	default:
		j.doubt(n, ruleDeadButton, silentButton).Hint = writeButtonURL
	}
}

func (j *judge) overflow(n *Node) {
	for _, option := range n.items("options") {
		if option.Kind == Object && !opens(option) {
			j.doubt(option, ruleDeadButton, deadOption).Hint = writeButtonURL
		}
	}
}

func (j *judge) behavior(n *Node) {
	if n.text("type") == "open_url" && n.text("default_url") == "" {
		j.sure(n, ruleMissing, missingKey, "open_url", "default_url").Hint = writeBehavior
	}
}

func (j *judge) container(n *Node) {
	if len(n.items("behaviors")) > 0 && !opens(n) {
		j.doubt(n, ruleDeadButton, deadElement, n.Shape.Name).Hint = writeBehavior
	}
}

// dead tells an element that needs an app; within a form, only the form is told.
func (j *judge) dead(n *Node) {
	if !opens(n) && !n.within("form") {
		j.doubt(n, ruleDeadButton, deadElement, n.Shape.Name).Hint = removeOrLink
	}
}

// form tells a form that cannot be sent, and what in it could not be told apart.
func (j *judge) form(n *Node) {
	submits := false
	j.named(n)
	n.all(func(m *Node) {
		if m == n || m.Shape == nil || m.Shape.In == 0 {
			return
		}
		submits = submits || m.text("action_type") == "form_submit" || m.text("form_action_type") == "submit"
		if m.Shape.Field("name") != nil {
			j.named(m)
		}
	})
	if !submits && n.Get("elements") != nil {
		j.sure(n, ruleMissing, formWithoutSubmit).Hint = writeSubmit
	}
}

// named wants an element of a form to have a name that no other has.
func (j *judge) named(n *Node) {
	switch name := n.text("name"); {
	case name == "" && n.Shape.Field("name").Need == Optional:
		j.sure(n, ruleMissing, missingKey, n.Shape.Name, "name").Hint = fmt.Sprintf(writeKey, "name")
	case name != "" && j.names[name]:
		j.sure(n.Get("name"), ruleValue, nameTwice, j.Quote(name)).Hint = writeOther
	default:
		j.names[name] = true
	}
}

func (j *judge) combination(n *Node) {
	most := map[string]int{"double": 2, "triple": 3, "bisect": 6, "trisect": 9}[n.text("combination_mode")]
	images := n.items("img_list")
	if most > 0 && len(images) > most {
		j.doubt(images[most], ruleLimit, tooMany, "img_list", len(images), most).Hint = restNotShown
	}
}

func (j *judge) selectImage(n *Node) {
	if many := n.Get("multi_select"); many != nil && many.Text == "true" && !n.within("form") {
		j.sure(many, rulePlace, onlyInForm, many.Key).Hint = removeKey
	}
	j.options(n)
}

func (j *judge) required(n *Node) {
	if r := n.Get("required"); r != nil && r.Text == "true" && !n.within("form") {
		j.sure(r, rulePlace, onlyInForm, r.Key).Hint = removeKey
	}
}

func (j *judge) inForm(n *Node) {
	if !n.within("form") {
		j.sure(n.Get(tagKey), rulePlace, onlyInForm, n.Shape.Name).Hint = removeKey
	}
	j.options(n)
}

// options tells two that answer with the same value.
func (j *judge) options(n *Node) {
	seen := map[string]bool{}
	for _, option := range n.items("options") {
		value := option.text("value")
		if value != "" && seen[value] {
			j.doubt(option.Get("value"), ruleValue, valueTwice, j.Quote(value)).Hint = writeOther
		}
		seen[value] = true
	}
}

// table judges the cells of a table by the types of its columns.
func (j *judge) table(n *Node) {
	types := n.columnTypes()
	var names []string
	for _, row := range n.items("rows") {
		if row.Kind != Object {
			j.sure(row, ruleWrongType, wrongType, "rows", Object, row.Kind)
			continue
		}
		for _, cell := range row.Nodes {
			kind, ok := types[cell.Key]
			if ok {
				j.cell(cell, kind)
				continue
			}
			fault := j.sure(cell, ruleValue, noColumn, j.Quote(cell.Key))
			if fault.AtKey = true; names == nil {
				names = n.columnNames()
			}
			j.suggest(fault, cell.Key, 2, names)
		}
	}
}

// columnTypes are the types of the columns of a table by their names.
func (n *Node) columnTypes() map[string]string {
	types := map[string]string{}
	for _, column := range n.items("columns") {
		types[column.text("name")] = column.text("data_type")
	}
	return types
}

func (n *Node) columnNames() []string {
	names := []string{}
	for _, column := range n.items("columns") {
		names = append(names, column.text("name"))
	}
	return names
}

func (j *judge) cell(n *Node, kind string) {
	if n.Kind == Null || n.Kind == Text && j.placeholder(n) && kind != "text" {
		return
	}
	wanted := []Kind{Text}
	switch kind {
	case "number", "date":
		wanted = []Kind{Number}
	case "options", "persons":
		wanted = []Kind{Text, List}
	}
	if !slices.Contains(wanted, n.Kind) {
		j.sure(n, ruleWrongType, wrongCell, j.Quote(n.Key), kindOrText(kind), wanted[0], n.Kind)
		return
	}
	switch kind {
	case "date":
		if ms, err := strconv.ParseFloat(n.Text, 64); err == nil && 0 < ms && ms < 1e11 {
			j.doubt(n, ruleValue, dateInSeconds, n.Text).Hint = writeMilliseconds
		}
	case "lark_md", "markdown":
		j.markdown(n, n.Text, kind == "markdown")
	case "text", "":
		if mark.MatchString(n.Text) {
			j.doubt(n, ruleMarkdown, markdownInCell, j.Quote(n.Key)).Hint = writeDataType
		}
	}
}

func kindOrText(kind string) string {
	if kind == "" {
		return "text"
	}
	return kind
}
