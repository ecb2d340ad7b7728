package reconcile

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"notiform/feishu"
	"notiform/reconcile/diff"
	"notiform/reconcile/edit"
	"notiform/spec"
)

// layout writes values as people may, with comments.
type layout struct {
	*rapid.T
	comments int
}

func (l *layout) coin(name string) bool { return rapid.IntRange(0, 3).Draw(l.T, name) == 0 }

// comment is a comment that no other is like, or nothing.
func (l *layout) comment(lead, end string) string {
	if !l.coin("comment") {
		return ""
	}
	l.comments++
	return fmt.Sprintf("%s# note %d%s", lead, l.comments, end)
}

// value is a value behind a colon or a dash, to the end of its last line.
func (l *layout) value(v any, indent int, dash bool) string {
	pad := strings.Repeat(" ", indent)
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 || l.coin("flow") {
			break
		}
		lines := l.comment(" ", "") + "\n"
		first := dash && lines == "\n"
		if first {
			lines = " "
		}
		for i, name := range slices.Sorted(maps.Keys(v)) {
			if i > 0 || !first {
				lines += l.comment(pad, "\n") + pad
			}
			lines += l.key(name) + ":" + l.value(v[name], indent+2, false)
		}
		return lines
	case []any:
		if len(v) == 0 || l.coin("flow") || dash {
			break
		}
		lines := l.comment(" ", "") + "\n"
		for _, item := range v {
			lines += l.comment(pad, "\n") + pad + "-" + l.value(item, indent+2, true)
			if l.coin("blank") && !strings.HasSuffix(lines, "\n\n") && lines[len(lines)-2] != '+' {
				lines += "\n"
			}
		}
		return lines
	case string:
		if strings.Contains(v, "\n") && strings.TrimSpace(v) != "" && v[0] != ' ' && v[0] != '\n' && !strings.Contains(v, "\r") && l.coin("block") {
			header, keep := " |-", strings.TrimRight(v, "\n")
			switch len(v) - len(keep) {
			case 0: // blank lines may follow
			case 1:
				header = " |"
			default:
				header = " |+"
			}
			if !strings.Contains(keep, "\n ") && !strings.Contains(keep, "\n\n") && l.coin("folded") {
				header = strings.Replace(header, "|", ">", 1)
				v = strings.NewReplacer("\n", "\n\n", " ", "\n").Replace(keep) + v[len(keep):]
			}
			lines := header + l.comment(" ", "") + "\n"
			for line := range strings.SplitSeq(strings.TrimSuffix(v, "\n"), "\n") {
				if line != "" {
					line = pad + line
				}
				lines += line + "\n"
			}
			return lines
		}
	}
	return " " + l.flow(v, l.coin("spread"), indent) + l.comment("  ", "") + "\n"
}

// key is a name, in quotes or not.
func (l *layout) key(name string) string {
	if l.coin("quoted") {
		return strconv.Quote(name)
	}
	return name
}

// spread are the entries of what is in brackets: on one line, or each on its own, with comments.
func (l *layout) spread(open string, parts []string) (entries string) {
	for i, part := range parts {
		between := ""
		switch {
		case i < len(parts)-1 && open == "":
			between = ", "
		case i < len(parts)-1:
			between = "," + l.comment(" ", "")
		}
		entries += open + part + between
	}
	return entries
}

// flow is a value in brackets or quotes.
func (l *layout) flow(v any, spread bool, indent int) string {
	open := ""
	if spread {
		open = "\n" + strings.Repeat(" ", indent+2)
	}
	var parts []string
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, l.key(name)+": "+l.flow(v[name], spread, indent+2))
		}
		return "{" + l.spread(open, parts) + "}"
	case []any:
		for _, item := range v {
			parts = append(parts, l.flow(item, false, indent))
		}
		return "[" + l.spread(open, parts) + "]"
	case string:
		if !strings.ContainsAny(v, "\n\t\u2028") && l.coin("single") {
			return "'" + strings.ReplaceAll(v, "'", "''") + "'"
		}
	}
	b, _ := json.Marshal(v)
	return string(b)
}

// card is a card as YAML or as JSON.
func (l *layout) card(v any) string {
	spread, err := json.MarshalIndent(v, "  ", rapid.SampledFrom([]string{"", " ", "  ", "\t"}).Draw(l.T, "tab"))
	if err != nil {
		panic(err)
	}
	tight, _ := json.Marshal(v)
	switch rapid.IntRange(0, 6).Draw(l.T, "form") {
	case 0:
		return " |" + l.comment(" ", "") + "\n  " + string(spread) + "\n"
	case 1:
		return " |-\n  " + string(tight) + "\n\n"
	case 2:
		return " '" + strings.ReplaceAll(string(tight), "'", "''") + "'" + l.comment("  ", "") + "\n"
	case 3:
		return " >\n  " + string(tight) + "\n"
	default:
		return l.value(v, 2, false)
	}
}

func aText() *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		return rapid.SampledFrom([]string{
			"", "a", "yes", "it's", "\"", "a: b", "# no", "a #b", "1", "1e5", "{x", "- a", "第一行\n第二行", "one two\nthree four five\n", "第一行\n\n  第二行\n", "a\n\n\n",
			" a", "a ", "\n", "\u2028", "https://x.cn/?a=1&b=2", "~", "null", "2026-01-01", "😀", "a\tb", "*a", "&a", "!x", "%", "@", "a\r\nb", "\ufeff", "?", "a,b]", "<at id=all></at>",
		}).Draw(t, "text")
	})
}

func aValue(depth int) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0:
			return rapid.SampledFrom([]any{true, false, nil, json.Number("1"), json.Number("1.50"), json.Number("123456789012345678901234567890")}).Draw(t, "literal")
		case 1, 2:
			if depth > 0 {
				return rapid.MapOfN(rapid.SampledFrom([]string{"tag", "text", "content", "fields", "a_b"}), aValue(depth-1), 0, 4).Draw(t, "object")
			}
		case 3, 4:
			if depth > 0 {
				return rapid.SliceOfN(aValue(depth-1), 0, 4).Draw(t, "list")
			}
		}
		return aText().Draw(t, "text")
	})
}

// edited is a value in which somebody changed something here and there.
func edited(t *rapid.T, v any, depth int) any {
	if rapid.IntRange(0, 9).Draw(t, "other") == 0 {
		return aValue(depth).Draw(t, "value")
	}
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if rapid.IntRange(0, 7).Draw(t, "gone") > 0 {
				out[name] = edited(t, v[name], depth-1)
			}
		}
		if rapid.IntRange(0, 5).Draw(t, "new") == 0 {
			out["fresh"] = aValue(depth).Draw(t, "value")
		}
		return out
	case []any:
		out := []any{}
		for _, item := range v {
			if rapid.IntRange(0, 5).Draw(t, "insert") == 0 {
				out = append(out, aValue(depth).Draw(t, "value"))
			}
			if rapid.IntRange(0, 7).Draw(t, "gone") > 0 {
				out = append(out, edited(t, item, depth-1))
			}
		}
		if rapid.IntRange(0, 5).Draw(t, "shuffle") == 0 {
			out = rapid.Permutation(out).Draw(t, "order")
		}
		return out
	}
	return v
}

func cardOf(v any) spec.JSON {
	src, err := json.Marshal(map[string]any{"elements": v})
	if err != nil {
		panic(err)
	}
	card, err := spec.ParseJSON(src)
	if err != nil {
		panic(err)
	}
	return card
}

// TestRewriteLaw: whatever a card says and however it is written down, an edit of it is taken, or
// refused for a comment's sake; what was taken is proved by Rewrite. The fields around it stay as they are.
func TestRewriteLaw(t *testing.T) {
	t.Parallel()
	refused, all := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		l := &layout{T: t}
		was := aValue(3).Draw(t, "card")
		card := l.card(map[string]any{"elements": was})
		head, foot := "notification_id: '7' # id\njob_name: a\npush_type: 0\npush_scope_type: 0\n", "# ext\next: x # y\n"
		src := head + "push_content:" + card + foot
		if l.coin("crlf") {
			src = strings.ReplaceAll(src, "\n", "\r\n")
		}
		set := spec.Decode("a.yaml", []byte(src), spec.Options{})
		if len(set.Drafts) != 1 || !set.Drafts[0].PushContent.Equal(cardOf(was)) {
			t.Fatalf("the layout is wrong: %v\n%s", set.Diagnostics, src)
		}
		is := said(set.Drafts[0], diff.State{})
		wanted := is
		wanted.PushContent = cardOf(edited(t, was, 3))
		got, _, err := Rewrite("a.yaml", []byte(src), map[spec.Pos]Takeover{set.Drafts[0].Pos: {Said: is, Wanted: wanted}}, false, spec.Options{})
		all++
		if loss := (*edit.LossError)(nil); errors.As(err, &loss) {
			refused++
			return
		}
		if err != nil {
			t.Fatalf("%v\n%s\nto say %s", err, src, wanted.PushContent)
		}
		plain := strings.ReplaceAll(string(got), "\r", "")
		if !strings.HasPrefix(plain, head) || !strings.HasSuffix(plain, foot) {
			t.Fatalf("from\n%s\nto\n%s", src, got)
		}
		if wanted.PushContent.Equal(is.PushContent) && string(got) != src {
			t.Fatalf("nothing changed, and\n%s\nbecame\n%s", src, got)
		}
	})
	t.Logf("%d of %d refused for a comment", refused, all)
}

// members writes a list of people as people may.
func (l *layout) members(list []spec.Target) string {
	if len(list) == 0 {
		return rapid.SampledFrom([]string{"", "user_list:\n", "user_list: []  # nobody\n", "user_list: null\n"}).Draw(l.T, "empty")
	}
	flow := l.coin("flow")
	out, end := "user_list:"+l.comment(" ", "")+"\n", ""
	if flow {
		out, end = "user_list: [", "]"+l.comment(" ", "")+"\n"
	}
	dash := rapid.SampledFrom([]string{"- ", "  - ", "  -   "}).Draw(l.T, "dash")
	for i, t := range list {
		member := t.ID
		if l.coin("mapping") {
			member = "{user_id: " + t.ID + ", name: 张三}"
		}
		switch {
		case flow && i > 0:
			out += ", " + member
		case flow:
			out += member
		case l.coin("deep"):
			out += l.comment("# above\n  ", "\n") + dash + "user_id: " + t.ID + l.comment(" ", "") + "\n" + strings.Repeat(" ", len(dash)) + "name: 李四\n"
		default:
			out += dash + member + l.comment(" ", "\n")
			out = strings.TrimSuffix(out, "\n") + "\n"
		}
	}
	return out + end
}

// TestRewriteFields: whatever the fields are and however they are written, they take the console's
// values, and the card and its comments stay.
func TestRewriteFields(t *testing.T) {
	t.Parallel()
	people := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"ou_a", "ou_b", "ou_c", "ou_d"}), 0, 4, func(id string) string { return id })
	set := func(t *rapid.T, name string) (list []spec.Target) {
		for _, id := range people.Draw(t, name) {
			list = append(list, spec.Target{ID: id, Name: rapid.SampledFrom([]string{"", "王五", "# 1: \n"}).Draw(t, "name")})
		}
		return list
	}
	rapid.Check(t, func(t *rapid.T) {
		l := &layout{T: t}
		sendAt := rapid.SampledFrom([]string{
			"", "send_at: 2037-12-01T09:00:00+08:00 # nine\n", "send_at: \"2037-12-01T01:00:00.5Z\"\n", "send_at: 2143155600000\n",
			"send_at: '2143155600000'\n", "send_at: null # later\n", "send_at:\n", "send_at: 2037-12-01T01:00:00+00:00\n",
		}).Draw(t, "send_at")
		ext := rapid.SampledFrom([]string{"", "ext: a # b\n", "ext: |\n  {\"a\": 1}\n", "ext: \"\"\n", "ext:\n"}).Draw(t, "ext")
		card := "push_content:\n  # the card\n  elements: [{tag: hr}] # one\n"
		src := "notification_id: '7'\njob_name:" + l.value(aText().Draw(t, "job_name"), 2, false) + l.members(set(t, "was")) +
			"push_type: 0 # now\npush_scope_type: selected_members\n" + sendAt + card + ext
		decoded := spec.Decode("a.yaml", []byte(src), spec.Options{})
		if len(decoded.Drafts) != 1 {
			t.Fatalf("%v\n%s", decoded.Diagnostics, src)
		}
		d := decoded.Drafts[0]
		is := said(d, diff.State{})
		wanted := is
		wanted.JobName, wanted.UserList = aText().Draw(t, "renamed").(string), diff.Members(set(t, "is"))
		if d.SendAt.Given {
			wanted.SendAt = rapid.SampledFrom([]string{"", "2143155600000", "2143159200123"}).Draw(t, "sent")
		}
		if d.Ext.Given {
			wanted.Ext = rapid.SampledFrom([]string{"", "{\"a\": 2}\n", "x"}).Draw(t, "other")
		}
		wanted.PushType = rapid.SampledFrom([]spec.PushType{spec.Scheduled, spec.NewStaff}).Draw(t, "type")
		wanted.NewStaffScopeType = rapid.SampledFrom([]spec.NewStaffScopeType{0, spec.AllNewStaff}).Draw(t, "new")
		got, _, err := Rewrite("a.yaml", []byte(src), map[spec.Pos]Takeover{d.Pos: {Said: is, Wanted: wanted}}, false, spec.Options{})
		if err != nil {
			t.Fatalf("%v\n%s\nto say %s", err, src, wanted.Canonical())
		}
		if !strings.Contains(string(got), card) || !strings.Contains(string(got), " # now\n") {
			t.Fatalf("from\n%s\nto\n%s", src, got)
		}
	})
}

// TestTakeOverLeavesNoConsoleEdit: whatever the file said at the base, says now, and the helpdesk has,
// nothing is labelled console once its edits are in the file; and what is left is as it was labelled.
func TestTakeOverLeavesNoConsoleEdit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		base, live := drawDraft(t, "7000000000000000001"), wireOf(stored(drawDraft(t, "7000000000000000001")))
		src, set, err := spec.Encode(drawDraft(t, "7000000000000000001"), "a.yaml", "", spec.Options{})
		if err != nil {
			t.Fatal(err)
		}
		labelled := func(d spec.Draft) PlannedDraft {
			p := newPlan(helpdesk(), []PlannedDraft{planDraft(d, observation{detail: feishu.NotificationDetail{Notification: live}})})
			p.LabelOrigins(map[string]spec.Draft{d.NotificationID: base})
			return p.Drafts[0]
		}
		d := set.Drafts[0]
		p := labelled(d)
		if p.Error != nil || p.Action != Update {
			return // equal already, or nothing to compare with
		}
		takeover := p.takeOver(d, false, false)
		after, _, err := Rewrite("a.yaml", src, map[spec.Pos]Takeover{d.Pos: takeover}, false, spec.Options{})
		if err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
		now := labelled(spec.Decode("a.yaml", after, spec.Options{}).Drafts[0])
		for _, c := range now.Changes {
			if c.Origin == diff.FromConsole {
				t.Fatalf("%s %s is an edit of the console still\n%s\nbecame\n%s", c.Field, c.Path, src, after)
			}
		}
	})
}
