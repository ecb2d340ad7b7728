package card

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// checks are the rules between the keys of one object, by its shape.
func checks() map[string]func(*judge, *Node) {
	return map[string]func(*judge, *Node){
		rootShape:               (*judge).tables,
		"header":                (*judge).header,
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
		"multi_select_static":   (*judge).inForm,
		"multi_select_person":   (*judge).inForm,
		"select_static":         (*judge).options,
		"table":                 (*judge).table,
		"column_set":            (*judge).columns,
	}
}

// tables tells more tables than Feishu takes, in each language, and more charts than it advises.
func (j *judge) tables(n *Node) {
	lists := []*Node{n.Get("elements")}
	if all := n.Get("i18n_elements"); all != nil {
		lists = append(lists, all.Nodes...)
	}
	for _, l := range lists {
		count := map[string]int{}
		for _, m := range l.list() {
			switch tag := m.text(tagKey); tag {
			case "table", "chart":
				if count[tag]++; count[tag] != mostTables+1 {
					continue
				}
				if tag == "table" {
					j.sure(m, ruleLimit, tooManyTables, mostTables)
				} else {
					j.doubt(m, ruleLimit, tooManyCharts, mostTables)
				}
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

// header tells more lines than are shown, and Markdown: of that a header only knows mentions.
func (j *judge) header(n *Node) {
	j.heading(n.Get("title"), mostTitle)
	j.heading(n.Get("subtitle"), 1)
}

func (j *judge) heading(n *Node, most int) {
	content := n.text("content")
	if lines := 1 + strings.Count(strings.TrimSpace(content), "\n"); lines > most {
		j.doubt(n.Get("content"), ruleLimit, tooManyLines, n.Key, lines, most).Hint = shortenText
	}
	if n.text(tagKey) == "lark_md" && hasMarks(strings.ReplaceAll(content, "<at ", "")) {
		j.doubt(n.Get("content"), ruleMarkdown, markdownInHeader).Hint = leaveMarks
	}
}

// short tells a text that is longer than is shown.
func (j *judge) short(n *Node, key string) {
	if text := n.Get(key); utf8.RuneCountInString(text.text("content")) > mostText {
		j.doubt(text, ruleLimit, textTooLong, key, mostText)
	}
}

func (j *judge) button(n *Node) {
	j.short(n, "text")
	j.required(n)
	url, many := n.Get("url"), n.Get("multi_url")
	if url != nil && url.Text != "" && !many.IsZero() {
		j.doubt(many, ruleLink, addressTwice, "button").Hint = removeOneAddress
	}
	acts := !n.Get("value").IsZero() || len(n.items("behaviors")) > 0
	disabled := n.Get("disabled") != nil && n.Get("disabled").Text == "true"
	switch {
	case opens(n) || disabled || n.within("form") || url != nil && url.Kind != Text:
	case url != nil && !acts:
		j.sure(url, ruleLink, emptyAddress, "button").Hint = writeScheme
	case acts:
		j.doubt(n, ruleDeadButton, callbackButton).Hint = writeButtonURL
	default:
		j.doubt(n, ruleDeadButton, silentButton).Hint = writeButtonURL
	}
}

func (j *judge) overflow(n *Node) {
	for _, option := range n.items("options") {
		switch {
		case option.Kind != Object:
		case !opens(option) && option.Get("url") != nil && option.text("value") == "":
			j.sure(option.Get("url"), ruleLink, emptyAddress, "option").Hint = writeScheme
		case !opens(option):
			j.doubt(option, ruleDeadButton, deadOption).Hint = writeButtonURL
		case option.text("url") != "" && !option.Get("multi_url").IsZero():
			j.doubt(option.Get("multi_url"), ruleLink, addressTwice, "option").Hint = removeOneAddress
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
	j.short(n, "placeholder")
	j.required(n)
	if !opens(n) && !n.within("form") {
		j.doubt(n, ruleDeadButton, deadElement, n.Shape.Name).Hint = removeOrLink
	}
}

// form tells a form that cannot be sent.
func (j *judge) form(n *Node) {
	if n.within("form") {
		return // which has no place there
	}
	submits := false
	n.all(func(m *Node) {
		submits = submits || m.text("action_type") == "form_submit" || m.text("form_action_type") == "submit"
	})
	if !submits && n.Get("elements") != nil {
		j.sure(n, ruleMissing, formWithoutSubmit).Hint = writeSubmit
	}
}

// named wants a name that no other element has, and of an element of a form that it has one.
func (j *judge) named(n *Node) {
	name, inForm := n.text("name"), n.Shape.Name == "form" || n.within("form")
	switch {
	case name != "" && j.names[name]:
		j.doubt(n.Get("name"), ruleValue, nameTwice, j.Quote(name)).with(writeOther).Sure = inForm
	case name != "":
		j.names[name] = true
	case inForm && n.Shape.Field("name").Need == Optional:
		j.sure(n, ruleMissing, missingKey, n.Shape.Name, "name").Hint = fmt.Sprintf(writeKey, "name")
	}
}

func (j *judge) combination(n *Node) {
	most := map[string]int{"double": 2, "triple": 3, "bisect": 6, "trisect": 9}[n.text("combination_mode")]
	images := n.items("img_list")
	switch least := min(most, 3); {
	case most > 0 && len(images) > most:
		j.doubt(images[most], ruleLimit, tooMany, "img_list", len(images), most).Hint = restNotShown
	case least == most && len(images) > 0 && len(images) < least:
		j.doubt(n.Get("img_list"), ruleLimit, tooFew, "img_list", len(images), least).Hint = addImage
	}
}

// columns tells a width in pixels of columns that stand otherwise on a narrow screen.
func (j *judge) columns(n *Node) {
	if mode := n.text("flex_mode"); mode != "" && mode != "none" {
		for _, column := range n.items("columns") {
			if strings.HasSuffix(column.text("width"), "px") {
				j.doubt(column.Get("width"), ruleValue, widthIgnored, j.Quote(mode)).Hint = writeNoFlex
			}
		}
	}
}

func (j *judge) selectImage(n *Node) {
	if many := n.Get("multi_select"); many != nil && many.Text == "true" && !n.within("form") {
		j.sure(many, rulePlace, onlyInForm, many.Key).Hint = removeKey
	}
	j.options(n)
}

// required tells what outside a form has no effect, and of an input is refused.
func (j *judge) required(n *Node) {
	if r := n.Get("required"); r != nil && r.Text == "true" && !n.within("form") {
		j.doubt(r, rulePlace, onlyInForm, r.Key).with(removeKey).Sure = n.Shape.Name == "input"
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
	if n.Get("columns") == nil {
		return // which is told
	}
	types := n.columnTypes()
	var names []string
	for _, row := range n.items("rows") {
		if row.Kind != Object {
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
	case "options", "persons":
		for _, e := range n.Nodes {
			j.choice(e, kind == "options")
		}
	case "lark_md", "markdown":
		j.markdown(n, n.Text, kind == "markdown")
	case "text", "":
		if hasMarks(n.Text) {
			j.doubt(n, ruleMarkdown, markdownInCell, j.Quote(n.Key)).Hint = writeDataType
		}
	}
}

// choice judges an option or a person of a cell.
func (j *judge) choice(n *Node, isOption bool) {
	color, name := n.Get("color"), fmt.Sprintf(anEntry, j.Quote(n.Parent.Key))
	switch {
	case isOption && n.Kind == Object && n.Get("text") == nil:
		j.sure(n, ruleMissing, missingKey, name, "text").Hint = fmt.Sprintf(writeKey, "text")
	case isOption && n.Kind == Object && color != nil && color.Text != "" && !j.isColour(color.Text):
		j.doubt(color, ruleValue, wrongValue, color.Key, j.Quote(color.Text)).Hint = fmt.Sprintf(writeOneOf, strings.Join(colours(), ", "))
	case !isOption && n.Kind != Text:
		j.sure(n, ruleWrongType, wrongType, name, Text, n.Kind)
	}
}

func kindOrText(kind string) string {
	if kind == "" {
		return "text"
	}
	return kind
}
