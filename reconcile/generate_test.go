package reconcile

import (
	"pgregory.net/rapid"

	"notiform/spec"
)

// This file draws the random values that the laws are tried on.

func drawText(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", "a", "b", "1", "1.0", "null", "div", "**你好**", "<at id=all></at> & \"x\"", "\u2028\n\t😀"}).Draw(t, "text")
}

// drawCard draws a card, or one that is equal and spelt another way. (What cards there can be, and
// how they differ, is the matter of package diff.)
func drawCard(t *rapid.T) spec.JSON {
	return card(rapid.SampledFrom([]string{
		`{}`, `{"elements":[]}`, `{"elements":[{"tag":"hr"}],"n":1.0}`, `{ "n": 10e-1, "elements": [{"tag":"\u0068r"}] }`,
		`{"elements":[{"tag":"div","text":{"tag":"lark_md","content":"**你好** <at id=all></at> & \"x\"\u2028\n😀"}},{"tag":"hr"}]}`,
		`{"elements":[{"tag":"hr"},{"tag":"div","text":{"tag":"plain_text","content":"a"}}],"":null,"a.b":[[1e400,-0]]}`,
	}).Draw(t, "card"))
}

// drawTargets draws a list of distinct ids, some with names, in any order.
func drawTargets(t *rapid.T, label string, least int, ids ...string) []spec.Target {
	some := rapid.SliceOfNDistinct(rapid.SampledFrom(ids), least, len(ids), rapid.ID).Draw(t, label)
	list := make([]spec.Target, len(some))
	for i, id := range some {
		list[i] = spec.Target{ID: id, Name: rapid.SampledFrom([]string{"", "张三", "技术部"}).Draw(t, "name")}
	}
	return list
}

func drawUsers(t *rapid.T, least int) []spec.Target {
	return drawTargets(t, "users", least, "ou_a", "ou_b", "ou_c")
}

func drawDepartments(t *rapid.T, label string, least int) []spec.Target {
	return drawTargets(t, label, least, "od-a", "od-b", "od-c")
}

func drawChats(t *rapid.T, least int) []spec.Target {
	return drawTargets(t, "chats", least, "oc_a", "oc_b")
}

// drawDraft draws a draft that breaks no rule, one of the legal rows of the scope table.
func drawDraft(t *rapid.T, id string) spec.Draft {
	d := spec.Draft{
		Pos:            spec.Pos{File: "drafts/" + id + ".yaml", Line: 1, Column: 1},
		NotificationID: id, UserIDType: spec.OpenID,
		JobName:     rapid.SampledFrom([]string{"Welcome", "新人欢迎", "<b>&amp;</b> \"x\" \\"}).Draw(t, "job_name"),
		PushContent: drawCard(t),
	}
	scope := rapid.SampledFrom([]string{"all", "chats", "selected", "new", "new chats"}).Draw(t, "scope")
	d.ChatList = drawChats(t, 0)
	switch scope {
	case "all":
		d.PushType, d.PushScopeType = spec.Scheduled, spec.AllMembers
	case "chats":
		d.PushType, d.PushScopeType, d.ChatList = spec.Scheduled, spec.ChatsOnly, drawChats(t, 1)
	case "selected":
		d.PushType, d.PushScopeType = spec.Scheduled, spec.SelectedMembers
		d.UserList, d.DepartmentList = drawUsers(t, 1), drawDepartments(t, "departments", 0)
	case "new":
		d.PushType, d.PushScopeType = spec.NewStaff, spec.NewStaffScope
	case "new chats":
		d.PushType, d.PushScopeType, d.ChatList = spec.NewStaff, spec.ChatsOnly, drawChats(t, 1)
	}
	if d.PushType == spec.NewStaff {
		d.NewStaffScopeType = spec.AllNewStaff
		if rapid.Bool().Draw(t, "by department") {
			d.NewStaffScopeType = spec.NewStaffDepartments
			d.NewStaffScopeDepartmentList = drawDepartments(t, "new staff departments", 1)
		}
	}
	drawOwned(t, &d)
	return d
}

// drawOwned draws the two fields that a file may leave to the server.
func drawOwned(t *rapid.T, d *spec.Draft) {
	if d.SendAt.Given = rapid.Bool().Draw(t, "send_at given"); d.SendAt.Given {
		d.SendAt.Value = rapid.SampledFrom(moments()).Draw(t, "send_at")
	}
	if d.Ext.Given = rapid.Bool().Draw(t, "ext given"); d.Ext.Given {
		d.Ext.Value = drawExt(t)
	}
}

func drawExt(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", "{}", `{"a":1}`, "no JSON", `"text"`, "null"}).Draw(t, "ext")
}
