package spec

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

var (
	// flowValue is a plain value within brackets, behind its key or on its own.
	flowValue = regexp.MustCompile(`([{,]\s*["']?[\w.-]+["']?:\s+|[\[,]\s*)` +
		`([^\s"'\[\]{},][^\[\]{},]*(?:\[[^\[\]{}]*\][^\[\]{},]*)*|(?:"[^"]*"|'[^']*'|(?:\[[^\[\]{}]*\]|\{[^\[\]{}]*\})+)\s*[^\s,:\[\]{}][^,\[\]{}]*)`)
	// tagForm is a tag of YAML's own.
	tagForm = regexp.MustCompile(`^!![A-Za-z]`)
	// pair is a key with its value.
	pair = regexp.MustCompile(`^["']?[\w.-]+["']?:(?:\s|$)`)
	// textForm is a field of a text that people read, which has begun.
	textForm = regexp.MustCompile(`^(\s*(?:- +)*)((?:job_name|content|[a-z]{2}_[a-z]{2}):)(?:[ \t]+|$)([^\s"'\[{].*?|)\s*$`)
	// blockForm is what a text in the lines below begins with.
	blockForm = regexp.MustCompile(`^[|>][+-]?$`)
	// structure is a line that looks like fields, entries, brackets or what stands between documents.
	structure = regexp.MustCompile(`^[\s\p{Zs}]*(?:[-－—–•·●*+][\s\p{Zs}]*)*(?:["'“”‘’]?[A-Za-z_]\w*["'“”‘’]?\s*[:：=]|[\[\]{}｛｝#])|^\s*-\s*[\w.@-]*\s*$|^(?:[-－—–]{2,}|\.\.\.)`)
)

// valueInQuotes puts a value in quotes that YAML takes for something else than a text.
func valueInQuotes(l line) (all []mend) {
	if m := entryForm.FindStringSubmatchIndex(l.text); m != nil {
		all = inQuotes(all, l, m[6], m[7])
	}
	for _, m := range flowValue.FindAllStringSubmatchIndex(l.text, -1) {
		if strings.Contains(l.text[m[2]:m[3]], ":") || !pair.MatchString(l.text[m[4]:m[5]]) {
			all = inQuotes(all, l, m[4], m[5])
		}
	}
	return all
}

func inQuotes(all []mend, l line, from, to int) []mend {
	value := strings.TrimRight(l.text[from:to], " ")
	message, at := whyQuotes(value)
	if message == "" {
		return all
	}
	quoted := inDoubleQuotes(value)
	if end := len(value) - 1; message == textBehindQuote && value[end] == value[0] {
		quoted = quotedWithin(value[:1], value[1:end])
	}
	hint := fmt.Sprintf(writeQuoted, first(quotedLength, quoted))
	switch {
	case strings.HasPrefix(value, "- "):
		hint = fmt.Sprintf(writeListBelow, first(quotedLength, quoted))
	case first(quotedLength, quoted) != quoted && value[0] == '\'' && quoted[0] == '\'':
		hint = fmt.Sprintf(writeWithin, "''", "'")
	case first(quotedLength, quoted) != quoted && value[0] == '"':
		hint = fmt.Sprintf(writeWithin, `\"`, `"`)
	}
	return append(all, l.mend(l.text[:from]+quoted+l.text[from+len(value):], from+at, message, hint))
}

// quotedWithin is a text in quotes, with those within it as they are to be typed.
func quotedWithin(quote, text string) string {
	if quote == "'" {
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	return inDoubleQuotes(strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(text))
}

func inDoubleQuotes(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// whyQuotes says why a value needs quotes, or nothing, and where in it that is seen.
func whyQuotes(value string) (message string, at int) {
	switch colon, hash := strings.Index(value, ": "), strings.Index(value, " #"); {
	case value == "":
		return "", 0
	case strings.ContainsRune("*&!@%`|>?,#]}", rune(value[0])), strings.HasPrefix(value, "- "):
		return fmt.Sprintf(textBeginsWith, value[:1]), 0
	case value[0] == '"' || value[0] == '\'':
		if end := strings.IndexByte(value[1:], value[0]) + 1; end > 0 && end+1 < len(value) {
			return textBehindQuote, end + 1
		}
		return "", 0
	case value[0] == '[' || value[0] == '{':
		if strings.HasSuffix(value, "]") || strings.HasSuffix(value, "}") || !strings.ContainsAny(value, "]}") {
			return "", 0
		}
		return fmt.Sprintf(textBeginsWith, value[:1]), 0
	case colon >= 0:
		return textWithColon, colon
	case hash >= 0:
		return textWithHash, hash + 1
	case strings.HasSuffix(value, ":"):
		return textEndsWithColon, len(value) - 1
	case strings.ContainsAny(value, "[]{}"):
		at = strings.IndexAny(value, "[]{}")
		return fmt.Sprintf(textWithBracket, value[at:at+1]), at
	}
	return "", 0
}

// textBelow are the lines below one that look like no structure.
func (f *file) textBelow(number int) string {
	last := number
	for i := number + 1; i <= min(number+linesAbove, len(f.lineStarts)) && !structure.Match(f.line(i)); i++ {
		if len(bytes.TrimSpace(f.line(i))) > 0 {
			last = i
		}
	}
	from, to := int(f.lineStarts[number-1])+len(f.line(number)), int(f.lineStarts[last-1])+len(f.line(last))
	return string(f.src[from:to])
}

// severalLines makes a text and the lines below it one.
func severalLines(l line) []mend {
	m := textForm.FindStringSubmatchIndex(l.text)
	if m == nil || l.below == "" {
		return nil
	}
	text, message, hint := l.text[m[6]:]+l.below, textOverLines, writeInOneLine
	name, indent := l.text[m[4]:m[5]], m[3]+2
	switch {
	case blockForm.MatchString(l.text[m[6]:m[7]]):
		text, message, hint = l.below, textNotIndented, fmt.Sprintf(indentEachBy, indent)
	case name != "job_name:":
		hint = fmt.Sprintf(writeTextBelow, name, indent)
	}
	all := l.mend(l.text[:m[5]]+" "+inDoubleQuotes(text), m[6], message, hint)
	all.before += l.below
	return []mend{all}
}

// cutOff warns of a text of which YAML leaves a part out: what stands behind a #, unless that is
// written as a comment is, or before it as an anchor that nothing refers to.
func (f *file) cutOff(n *yaml.Node) {
	if n.Style != 0 || n.Line == 0 {
		return
	}
	f.commentTaken(n)
	if c := n.LineComment; strings.ContainsFunc(first(2, c), func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		if at := strings.LastIndex(string(f.line(n.Line)), " "+c); at >= 0 {
			at = utf8.RuneCount(f.line(n.Line)[:at])
			f.fault(place{int32(n.Line), int32(at + 2)}, ruleTextCutOff, cutAtHash).Hint = quoteWhole
		}
	}
	if n.Anchor != "" && !bytes.Contains(f.src, []byte("*"+n.Anchor)) {
		f.fault(placeOfNode(n), ruleTextCutOff, cutAnchor, first(quotedLength, n.Anchor)).Hint = quoteAnchored
	}
}

// commentTaken warns of a text that ends in a comment, for the blank before its # is none to YAML.
func (f *file) commentTaken(n *yaml.Node) {
	if n.Style != 0 || n.Line == 0 {
		return
	}
	for hash := range len(n.Value) {
		if !strings.HasPrefix(n.Value[hash:], "# ") {
			continue
		}
		blank, size := utf8.DecodeLastRuneInString(n.Value[:hash])
		if text := f.followText(n); isWideBlank(blank) && text.to(hash-size) {
			f.fault(text.at, ruleTextCutOff, commentInText, blank).Hint = typeBlank
			return
		}
	}
}

// isText reports whether a value with a tag of its own is a text that begins with !.
func isText(n *yaml.Node, k kind) bool {
	return k == kindForeign && n.Kind == yaml.ScalarNode && n.Style&^yaml.TaggedStyle == 0 && !tagForm.MatchString(n.Tag)
}

// bangText faults a text that begins with !, which YAML takes for a tag.
func (f *file) bangText(n *yaml.Node) {
	text := strings.TrimRight(n.Tag+" "+n.Value, " ")
	f.fault(placeOfNode(n), ruleWrongType, textBeginsWith, "!").Hint = fmt.Sprintf(writeQuoted, first(quotedLength, inDoubleQuotes(text)))
}

// wideKey is a line with a key before a full-width colon.
var wideKey = regexp.MustCompile(`^[ \p{Zs}]*(?:- *)*["'“]?[A-Za-z_][\w-]*["'”]?[ \p{Zs}]*(：)`)

// wideColons tells of the full-width colons of a text that was to be a mapping, and reports whether there are any.
func (f *file) wideColons(root *yaml.Node) (found bool) {
	const most = 100
	if root.Kind != yaml.ScalarNode || root.Style != 0 || !strings.Contains(root.Value, "：") {
		return false
	}
	f.findLines()
	for number := root.Line; number <= min(root.Line+most, len(f.lineStarts)) && !separator.Match(f.line(number)); number++ {
		if m := wideKey.FindSubmatchIndex(f.line(number)); m != nil {
			message, hint := typed('：')
			f.fault(place{int32(number), int32(utf8.RuneCount(f.line(number)[:m[2]]) + 1)}, ruleYAMLSyntax, asSaid, message).Hint = hint
			found = true
		}
	}
	return found
}
