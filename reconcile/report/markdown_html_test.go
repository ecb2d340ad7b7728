package report_test

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	markdownhtml "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"
)

// rendered is Markdown as a page, by the rules of GitHub and with all HTML let through, so that
// nothing is saved by a filter that another forge may not have.
func rendered(t fataler, markdown string) string {
	md := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote), goldmark.WithRendererOptions(markdownhtml.WithUnsafe()))
	var b bytes.Buffer
	if err := md.Convert([]byte(markdown), &b); err != nil {
		t.Fatalf("%v", err)
	}
	return b.String()
}

// alive is what GitHub and GitLab look for in the text of the finished page, outside of code:
// mentions, references, shortcodes, addresses, commit ids, mathematics.
var alive = regexp.MustCompile(`@|#|https?:|www\.|mailto:|evil|:[a-z0-9_+-]+:|[!~%&^$]|\b[0-9a-f]{7,}\b|\[|\]`)

// wantNothingAlive renders a report and reads the page as a browser does: only elements that we
// write are there, without attributes that do anything, in the right nesting; and outside of
// code there is no character that anything could be made of. The hostile texts are full of them.
func wantNothingAlive(t fataler, markdown string) {
	page := rendered(t, markdown)
	ours := []string{"html", "head", "body", "h3", "p", "strong", "b", "code", "pre", "details", "summary", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "blockquote"}
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatalf("%v", err)
	}
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			if !slices.Contains(ours, n.Data) || !harmless(n.Attr) {
				t.Errorf("<%s %v> is alive in\n%s", n.Data, n.Attr, markdown)
			}
		case html.TextNode:
			text := strings.NewReplacer("[!WARNING]", "").Replace(n.Data)
			if found := alive.FindString(text); found != "" && !inCode(n) {
				t.Errorf("%q is alive in %q", found, n.Data)
			}
		case html.CommentNode:
			if !markerText.MatchString(n.Data) {
				t.Errorf("the comment %q is not our marker", n.Data)
			}
		}
	}
	wantBalanced(t, page)
}

var markerText = regexp.MustCompile(`^ notiform:[a-z]+( helpdesk=[A-Za-z0-9_%]*)? $`)

func harmless(attributes []html.Attribute) bool {
	return !slices.ContainsFunc(attributes, func(a html.Attribute) bool {
		return a.Key != "open" && (a.Key != "class" || a.Val != "language-diff" && a.Val != "language-sh")
	})
}

func inCode(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n.Data == "code" && n.Type == html.ElementNode {
			return true
		}
	}
	return false
}

// wantBalanced wants every block closed, and none closed that was not opened.
func wantBalanced(t fataler, page string) {
	depth := map[string]int{}
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		name, _ := z.TagName()
		switch kind {
		case html.StartTagToken:
			depth[string(name)]++
		case html.EndTagToken:
			depth[string(name)]--
		}
		if depth[string(name)] < 0 {
			t.Errorf("</%s> closes nothing", name)
		}
	}
	for name, n := range depth {
		if n != 0 {
			t.Errorf("%d <%s> stay open", n, name)
		}
	}
}
