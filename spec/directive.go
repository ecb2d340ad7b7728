package spec

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxDirective is how long a %TAG line may be: yaml.v3 repeats it for every tag.
const maxDirective = 100

var versionDirective = regexp.MustCompile(`^%YAML[ \t]+(\S+)[ \t]*(?:[ \t]#.*)?$`)

// directives makes those of the text what yaml.v3 reads: it knows but YAML 1.1, which drafts
// are close enough to that 1.2 makes no difference. Of others YAML says to ignore them.
func (f *file) directives() {
	text := slices.Clone(f.text)
	front, at := true, 0 // front: no document has begun
	for line := 1; at < len(text); line++ {
		length := len(lineOf(text[at:], 1))
		switch s := text[at : at+length]; {
		case bytes.HasPrefix(s, []byte("...")):
			front = true
		case front && bytes.HasPrefix(s, []byte("%YAML")):
			f.version(s, line)
		case front && bytes.HasPrefix(s, []byte{'%'}) && !bytes.HasPrefix(s, []byte("%TAG")):
			s[0] = '#'
		case !isBlankOrComment(s) && s[0] != '%':
			front = false
		}
		next := bytes.IndexByte(text[at:], '\n')
		if next < 0 {
			break
		}
		at += next + 1
	}
	f.text = text
}

func isBlankOrComment(line []byte) bool {
	line = bytes.TrimLeft(line, " \t")
	return len(line) == 0 || line[0] == '#'
}

// version makes a version that is read into the one that yaml.v3 knows, in place. Any other
// is a fault, and no directive any more.
func (f *file) version(line []byte, number int) {
	m := versionDirective.FindSubmatchIndex(line)
	if m == nil {
		f.fault(place{int32(number), 1}, ruleYAMLSyntax, directiveWithoutVersion).Hint = writeVersion
		line[0] = '#'
		return
	}
	version := line[m[2]:m[3]]
	switch string(version) {
	case "1.1":
	case "1.2":
		version[2] = '1'
	default:
		f.fault(place{int32(number), 1}, ruleYAMLSyntax, otherVersion, quoted(string(version))).Hint = writeVersion
		line[0] = '#'
	}
}

// longDirective is where a %TAG line is too long, or -1.
func longDirective(src []byte) int {
	for from := 0; ; {
		i := bytes.Index(src[from:], []byte("%TAG"))
		if i < 0 {
			return -1
		}
		at := from + i
		from = at + 1
		rest := src[at:min(at+maxDirective+1, len(src))]
		if beginsLine(src[:at]) && len(rest) > maxDirective && !bytes.ContainsAny(rest, "\r\n") {
			return at
		}
	}
}

// beginsLine reports whether a line begins, for yaml.v3, after a text.
func beginsLine(before []byte) bool {
	r, _ := utf8.DecodeLastRune(before)
	return len(before) == 0 || strings.ContainsRune("\n\r\u0085\u2028\u2029\ufeff", r)
}
