package card

// flows are the places of what stands below each other.
const flows = InRoot | InColumn | InPanel

// contents are the elements that show something.
func contents() []Shape {
	size := text("text_size", TextSize)
	align := words("text_align", "left", "center", "right")
	return []Shape{
		{Name: "plain_text", In: InText | InPlain | InNote | InPanelHead, OneOf: []string{"content", "i18n", "i18n_content"}, Fields: []Field{
			text("content", Plain), byLanguage("i18n", text("", Plain)), byLanguage("i18n_content", text("", Plain)),
			size, align, text("text_color", Colour), number("lines", 1, 0),
		}},
		{Name: "lark_md", In: InText | InNote, Perhaps: InPlain | InPanelHead, OneOf: []string{"content", "i18n", "i18n_content"}, Fields: []Field{
			text("content", LarkMarkdown), byLanguage("i18n", text("", LarkMarkdown)), byLanguage("i18n_content", text("", LarkMarkdown)),
			size, align, number("lines", 1, 0), byName("href", object("", "href")),
		}},
		{Name: "standard_icon", In: InIcon | InNote, Fields: []Field{
			text("token").must(), text("color", Colour), text("size", Area).between(1, 1000), text("img_key"),
		}},
		{Name: "custom_icon", In: InIcon | InNote, Fields: []Field{
			text("img_key", ImageKey).must(), text("color", Colour), text("size", Area).between(1, 1000), text("token"),
		}},
		{Name: "text_tag", In: InTags, Fields: []Field{element("text", InPlain).must(), words("color", tagColours()...)}},
		{Name: "fallback_text", In: InFallback, Fields: []Field{element("text", InText)}},

		{Name: "div", In: flows | InContainer, OneOf: []string{"text", "fields"}, Fields: []Field{
			element("text", InText), list1("fields", "div_field"), element("extra", InExtra), element("icon", InIcon),
		}},
		{Name: "markdown", In: flows | InForm | InContainer | InPanelHead, OneOf: []string{"content", "i18n_content"}, Fields: []Field{
			text("content", FullMarkdown), byLanguage("i18n_content", text("", FullMarkdown)),
			align, size, element("icon", InIcon), byName("href", object("", "href")),
		}},
		{Name: "hr", In: flows | InForm, Perhaps: InContainer},
		{Name: "note", In: flows | InForm | InContainer, Fields: []Field{elements("elements", InNote).should()}},
		{Name: "img", In: flows | InForm | InContainer | InNote | InExtra, Fields: []Field{
			text("img_key", ImageKey).must(), byLanguage("i18n_img_key", text("", ImageKey)),
			element("alt", InPlain).should(), element("title", InText),
			text("corner_radius", Pixels, Percent), words("scale_type", "crop_center", "crop_top", "fit_horizontal"),
			text("size", Area).between(1, 1000).values("large", "medium", "small", "tiny", "stretch", "stretch_without_padding"),
			flag("transparent"), flag("preview"),
			words("mode", "crop_center", "fit_horizontal", "stretch", "large", "medium", "small", "tiny"),
			number("custom_width", 278, 580), flag("compact_width"),
		}},
		{Name: "img_combination", In: InRoot | InForm | InPanel, Perhaps: InColumn, Fields: []Field{
			words("combination_mode", "double", "triple", "bisect", "trisect").must(),
			list1("img_list", "img_item").must(), text("corner_radius", Pixels, Percent), flag("combination_transparent"),
		}},
		{Name: "person", In: flows | InForm, Perhaps: InContainer, Fields: []Field{
			text("user_id", Identity).must(), words("size", "extra_small", "small", "medium", "large"),
			flag("show_avatar"), flag("show_name"), words("style", "normal", "capsule"),
		}},
		{Name: "person_list", In: flows | InForm, Perhaps: InContainer, Fields: []Field{
			list1("persons", "person_item").must(), words("size", "extra_small", "small", "medium", "large"), number("lines", 1, 0),
			flag("show_name"), flag("show_avatar"), flag("drop_invalid_user_id"), element("icon", InIcon), object("ud_icon", "ud_icon"),
		}},
		{Name: "table", In: InRoot, Fields: []Field{
			number("page_size", 1, 10), text("row_height", Pixels).between(32, 124).values("low", "middle", "high"),
			flag("freeze_first_column"), object("header_style", "header_style"),
			list1("columns", "table_column").between(0, 50).must(), list("rows", byName("", Field{})).must(),
		}},
		{Name: "chart", In: flows, Fields: []Field{
			Field{Name: "chart_spec", Kind: Names, Each: &Field{}}.must(), words("aspect_ratio", "1:1", "2:1", "4:3", "16:9"),
			words("color_theme", "brand", "rainbow", "complementary", "converse", "primary"), flag("preview"),
			text("height", Pixels).between(1, 999).values("auto"),
		}},
	}
}

// containers are the elements that hold others.
func containers() []Shape {
	spacing := func(name string) Field {
		return text(name, Pixels).between(0, 28).values("default", "small", "medium", "large")
	}
	background := func(name string) Field { return text(name, Colour).values("laser") }
	return []Shape{
		{Name: "column_set", In: flows | InForm | InContainer, Nests: true, Fields: []Field{
			elements("columns", InColumnSet).must(), words("flex_mode", "none", "stretch", "flow", "bisect", "trisect"),
			background("background_style"), spacing("horizontal_spacing"), words("horizontal_align", "left", "center", "right"),
			text("margin", Box).between(0, 28), object("action", "column_action"),
		}},
		{Name: "column", In: InColumnSet, Fields: []Field{
			elements("elements", InColumn), text("width", Pixels).between(16, 600).values("auto", "weighted"), number("weight", 1, 5),
			words("vertical_align", "top", "center", "bottom"), spacing("vertical_spacing"), text("padding", Box).between(0, 28),
			background("background_style"), object("action", "column_action"),
		}},
		{Name: "interactive_container", In: InRoot | InColumn | InForm | InContainer, Perhaps: InPanel, Nests: true, Fields: []Field{
			elements("elements", InContainer).must(), list1("behaviors", "behavior").should(),
			text("width", Pixels).between(16, 999).values("fill", "auto"), text("height", Pixels).between(10, 999).values("auto"),
			background("background_style"), flag("has_border"), text("border_color", Colour), text("corner_radius", Pixels, Percent),
			text("padding", Box), flag("disabled"), element("disabled_tips", InPlain), element("hover_tips", InPlain), object("confirm", "confirm"),
		}},
		{Name: "collapsible_panel", In: flows | InForm, Nests: true, Fields: []Field{
			object("header", "panel_header").must(), flag("expanded"), elements("elements", InPanel), text("background_color", Colour),
			object("border", "border"), spacing("vertical_spacing"), text("padding", Box),
		}},
		{Name: "form", In: InRoot, Nests: true, Dead: true, Fields: []Field{
			text("name").must(), elements("elements", InForm).must(), element("fallback", InFallback).values("drop"),
		}},
		{Name: "action", In: InRoot | InForm, Perhaps: InColumn | InPanel, Fields: []Field{
			elements("actions", InAction).must(), words("layout", "bisected", "trisection", "flow", "default"),
		}},
	}
}
