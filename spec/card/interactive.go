package card

import "slices"

// acts are the places of what people act on.
const acts = InAction | InColumn | InForm | InPanel

// interactive are the elements that people act on.
func interactive() []Shape {
	tip := func(name string) Field { return element(name, InPlain) }
	common := []Field{
		text("name"), flag("required"), anything("value"), flag("disabled"), tip("disabled_tips"), tip("hover_tips"),
		object("confirm", "confirm"), list1("behaviors", "behavior"), element("fallback", InFallback).values("drop"),
	}
	width := text("width", Pixels).values("default", "fill", "auto")
	with := func(own ...Field) []Field { return slices.Concat(own, []Field{width}, common) }
	placeholder := element("placeholder", InPlain)
	style := words("type", "default", "text")
	pickers := acts | InExtra
	return []Shape{
		{Name: "button", In: pickers | InChecker, OneOf: []string{"text", "icon"}, Fields: slices.Concat([]Field{
			element("text", InText), words("type", "default", "primary", "danger", "text", "primary_text", "danger_text",
				"primary_filled", "danger_filled", "laser"),
			words("size", "tiny", "small", "medium", "large"), element("icon", InIcon), text("url", Address), object("multi_url", "multi_url"),
			flag("complex_interaction"), words("action_type", "link", "request", "multi", "form_submit", "form_reset"),
			words("form_action_type", "submit", "reset"), text("width", Pixels).between(100, 0).values("default", "fill"),
		}, common)},
		{Name: "overflow", In: InAction | InExtra | InForm | InPanel, Fields: with(list1("options", "overflow_option").must())},
		{Name: "select_static", In: pickers, Dead: true, Fields: with(
			list1("options", "static_option").should(), placeholder, text("initial_option"), style, anything("initial_index"),
		)},
		{Name: "select_person", In: pickers, Dead: true, Fields: with(
			list1("options", "person_option"), placeholder, text("initial_option"), style,
		)},
		{Name: "multi_select_static", In: InForm | InColumn, Dead: true, Fields: with(
			list1("options", "static_option").should(), placeholder, style, list("selected_values", Field{}),
		)},
		{Name: "multi_select_person", In: InForm | InColumn, Dead: true, Fields: with(
			list1("options", "person_option"), placeholder, style, list("selected_values", Field{}),
		)},
		{Name: "date_picker", In: pickers, Dead: true, Fields: with(
			text("initial_date", Date), placeholder,
		)},
		{Name: "picker_time", In: pickers, OneOf: []string{"placeholder", "initial_time"}, Dead: true, Fields: with(
			text("initial_time", Clock), placeholder,
		)},
		{Name: "picker_datetime", In: pickers, OneOf: []string{"placeholder", "initial_datetime", "initial_date", "initial_time"}, Dead: true, Fields: with(
			text("initial_datetime", DateClock), text("initial_date"), text("initial_time"), placeholder,
		)},
		{Name: "input", In: acts, Perhaps: InExtra, Dead: true, Fields: with(
			placeholder, text("default_value"), number("max_length", 1, 1000), words("input_type", "text", "multiline_text", "password"),
			number("rows", 1, 0), flag("auto_resize"), number("max_rows", 1, 0), element("label", InPlain),
			words("label_position", "top", "left"), flag("show_icon"),
		)},
		{Name: "select_img", In: InRoot | InColumn | InForm, Perhaps: InPanel, Dead: true, Fields: with(
			list1("options", "image_option").must(), flag("multi_select"), words("layout", "bisect", "trisect", "stretch"),
			words("aspect_ratio", "16:9", "4:3", "1:1"), flag("can_preview"), words("style", "default", "laser"),
		)},
		{Name: "checker", In: InRoot | InColumn | InForm | InContainer | InPanel, Dead: true, Fields: with(
			element("text", InText).should(), flag("checked"), flag("overall_checkable"), object("button_area", "button_area"),
			object("checked_style", "checked_style"), text("margin", Box), text("padding", Box),
		)},
	}
}

// confused are tags that people write for others.
func confused() map[string]string {
	return map[string]string{
		"divider": "hr", "line": "hr", "separator": "hr",
		"actions": "action", "buttons": "action", "button_group": "action", "action_set": "action",
		"textarea": "input", "text_area": "input", "text_input": "input", "textfield": "input",
		"text": "div", "section": "div", "paragraph": "div", "p": "div", "span": "div", "field": "div", "fields": "div",
		"md": "markdown", "larkmd": "markdown", "ul": "markdown", "ol": "markdown", "li": "markdown", "list": "markdown", "a": "markdown", "at": "markdown",
		"heading": "markdown", "title": "markdown", "code": "markdown", "code_block": "markdown", "link": "markdown", "quote": "markdown", "blockquote": "markdown",
		"image": "img", "picture": "img", "photo": "img", "images": "img_combination", "gallery": "img_combination",
		"columns": "column_set", "grid": "column_set", "row": "column_set", "footer": "note", "context": "note",
		"select": "select_static", "dropdown": "select_static", "menu": "overflow", "radio": "select_static", "radio_group": "select_static",
		"multi_select": "multi_select_static", "checkbox": "checker", "checkbox_group": "checker",
		"selectmenu": "select_static", "date": "date_picker", "datepicker": "date_picker", "time": "picker_time", "time_picker": "picker_time",
		"timepicker": "picker_time", "datetime": "picker_datetime", "datetime_picker": "picker_datetime",
		"container": "interactive_container", "collapse": "collapsible_panel", "accordion": "collapsible_panel", "panel": "collapsible_panel",
		"user": "person", "avatar": "person", "users": "person_list", "link_button": "button",
	}
}
