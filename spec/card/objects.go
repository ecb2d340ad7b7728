package card

// languages are the languages that a card may have, by the page "Card JSON 1.0 structure".
func languages() []string {
	return []string{
		"zh_cn", "en_us", "ja_jp", "zh_hk", "zh_tw", "id_id", "vi_vn", "th_th", "pt_br",
		"es_es", "ko_kr", "de_de", "fr_fr", "it_it", "ru_ru", "ms_my",
	}
}

// colours are the colours of texts and backgrounds, each in shades besides, by the page
// "Colour enumeration".
func colours() []string {
	return []string{
		"blue", "carmine", "green", "indigo", "lime", "grey", "orange", "purple", "red", "sunflower",
		"turquoise", "violet", "wathet", "yellow", "neutral", "white", "black", "default", "bg-white",
	}
}

func shades() []string {
	return []string{"00", "50", "100", "200", "300", "350", "400", "500", "600", "650", "700", "800", "900", "950", "1000"}
}

// textSizes are the sizes of texts, by the pages "Plain text" and "Rich text".
func textSizes() []string {
	return []string{
		"heading-0", "heading-1", "heading-2", "heading-3", "heading-4", "heading", "normal", "notation",
		"xxxx-large", "xxx-large", "xx-large", "x-large", "large", "medium", "small", "x-small",
	}
}

// laterKeys are keys that only card JSON 2.0 has.
func laterKeys() []string {
	return []string{"body", "direction", "element_id", "locales", "streaming_config", "streaming_mode", "summary"}
}

func templates() []string {
	return []string{
		"blue", "wathet", "turquoise", "green", "yellow", "orange", "red", "carmine", "violet",
		"purple", "indigo", "grey", "default",
	}
}

func tagColours() []string {
	return []string{
		"neutral", "blue", "turquoise", "lime", "orange", "violet", "indigo", "wathet", "green",
		"yellow", "red", "purple", "carmine",
	}
}

// objects are the card itself and the objects in it that have no tag.
func objects() []Shape {
	return []Shape{
		{Name: rootShape, Fields: []Field{
			words("schema", "1.0"), object("config", "config"), object("card_link", "card_link"),
			object("header", "header"), byLanguage("i18n_header", object("", "header")),
			elements("elements", InRoot), byLanguage("i18n_elements", elements("", InRoot)),
			object("fallback", "conditions"),
		}},
		{Name: "config", Fields: []Field{
			flag("enable_forward"), flag("update_multi"), flag("compact_width"), flag("wide_screen_mode"),
			flag("use_custom_translation"), flag("enable_forward_interaction"),
			words("width_mode", "default", "compact", "fill"), object("style", "style"),
		}},
		{Name: "style", Fields: []Field{
			byName("text_size", object("", "sizes")), byName("color", object("", "shades")),
		}},
		{Name: "sizes", Fields: []Field{
			words("default", textSizes()...), words("pc", textSizes()...).should(), words("mobile", textSizes()...).should(),
		}},
		{Name: "shades", Fields: []Field{text("light_mode", RGBA).should(), text("dark_mode", RGBA).should()}},
		{Name: "conditions", Fields: []Field{list1("trigger_conditions", "condition").should()}},
		{Name: "condition", Fields: []Field{words("type", "min_client_version", "element_tags"), anything("value")}},
		{Name: "header", Fields: []Field{
			element("title", InText).should(), element("subtitle", InText), words("template", templates()...),
			elements("text_tag_list", InTags).between(0, 3), byLanguage("i18n_text_tag_list", elements("", InTags).between(0, 3)),
			object("icon", "image_icon"), object("ud_icon", "ud_icon"),
		}},
		{Name: "image_icon", Fields: []Field{text("img_key", ImageKey)}},
		{Name: "ud_icon", Fields: []Field{text("tag"), text("token"), object("style", "icon_style")}},
		{Name: "icon_style", Fields: []Field{text("color", Colour)}},

		{Name: "card_link", Fields: addresses(Address)},
		{Name: "multi_url", Fields: addresses(LooseAddress)},
		{Name: "href", Fields: addresses(LooseAddress)},
		{Name: "column_action", Fields: []Field{object("multi_url", "multi_url")}},
		{Name: "behavior", Fields: []Field{
			words("type", "open_url", "callback").must(), anything("value"), text("default_url", Address),
			text("pc_url", AppAddress), text("ios_url", AppAddress), text("android_url", AppAddress),
		}},
		{Name: "confirm", Fields: []Field{element("title", InPlain).should(), element("text", InPlain).should()}},

		{Name: "div_field", Fields: []Field{flag("is_short").should(), element("text", InText).must()}},
		{Name: "img_item", Fields: []Field{text("img_key", ImageKey).must()}},
		{Name: "person_item", Fields: []Field{text("id", Identity).must()}},
		{Name: "panel_header", Fields: []Field{
			element("title", InPanelHead).must(), text("background_color", Colour), words("vertical_align", "top", "center", "bottom"),
			text("padding", Box).between(0, 28), element("icon", InIcon), words("icon_position", "right", "left", "follow_text"),
			anything("icon_expanded_angle").values("180", "90", "-90", "-180"), text("width"),
		}},
		{Name: "border", Fields: []Field{text("color", Colour), text("corner_radius", Pixels, Percent)}},

		{Name: "overflow_option", Fields: []Field{
			element("text", InPlain).must(), text("url", Address), object("multi_url", "multi_url"), text("value"), text("action_type"),
		}},
		{Name: "static_option", Fields: []Field{element("text", InPlain).must(), text("value").must(), element("icon", InIcon)}},
		{Name: "person_option", Fields: []Field{text("value", Identity).must(), element("icon", InIcon), element("text", InPlain)}},
		{Name: "image_option", Fields: []Field{
			text("img_key", ImageKey).must(), text("value").must(), flag("disabled"),
			element("disabled_tips", InPlain), element("hover_tips", InPlain),
		}},
		{Name: "checked_style", Fields: []Field{flag("show_strikethrough"), anything("opacity")}},
		{Name: "button_area", Fields: []Field{
			words("pc_display_rule", "always", "on_hover"), elements("buttons", InChecker).between(0, 3),
		}},

		{Name: "header_style", Fields: []Field{
			words("text_align", "left", "center", "right"), words("text_size", "normal", "heading"),
			words("background_style", "none", "grey"), words("text_color", "default", "grey"), flag("bold"), number("lines", 1, 0),
		}},
		{Name: "table_column", Fields: []Field{
			text("name").must(), text("display_name").should(),
			words("data_type", "text", "lark_md", "markdown", "number", "options", "persons", "date"),
			text("width", Pixels, Percent).between(80, 600).values("auto"), words("vertical_align", "top", "center", "bottom"),
			words("horizontal_align", "left", "center", "right"), object("format", "number_format"), text("date_format"),
		}},
		{Name: "number_format", Fields: []Field{number("precision", 0, 10), text("symbol").between(0, 1), flag("separator")}},
	}
}

// addresses are the fields of an address that differs from client to client.
func addresses(f Format) []Field {
	clients := AppAddress
	if f == LooseAddress {
		clients = LooseAddress
	}
	return []Field{text("url", f), text("pc_url", clients), text("ios_url", clients), text("android_url", clients)}
}
