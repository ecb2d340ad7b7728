package report

import (
	"fmt"
	"slices"
	"strings"

	"notiform/reconcile"
	"notiform/reconcile/diff"
)

// planned is a draft that a plan would change, or could not judge.
func planned(d reconcile.PlannedDraft) entry {
	label := map[reconcile.Action]words{
		reconcile.Update:  {"更新", "update"},
		reconcile.Blocked: {"受阻", "blocked"},
		reconcile.Failed:  {"失败", "failed"},
	}[d.Action]
	e := entry{look: d.Action != reconcile.Update}
	e.heading(label, d.JobName, d.NotificationID, changedFields(d))
	e.dangers(d, words{"将覆盖在控制台上的手工修改", "would overwrite an edit made at the console"})
	if d.Action == reconcile.Blocked && d.Status != nil {
		e.blocked(*d.Status)
	}
	e.fault(d.Error)
	return e
}

// done is a draft that an apply changed, or was to change. p is what was planned for it.
func done(d reconcile.DraftResult, p reconcile.PlannedDraft) entry {
	label := map[reconcile.Outcome]words{
		reconcile.OutcomeApplied:      {"已写入", "applied"},
		reconcile.OutcomeUnchanged:    {"无变化", "unchanged"},
		reconcile.OutcomeBlocked:      {"受阻", "blocked"},
		reconcile.OutcomeStale:        {"已过期，未写入", "stale, not written"},
		reconcile.OutcomeUnverified:   {"已发送，未验证", "sent, unverified"},
		reconcile.OutcomeFailed:       {"失败", "failed"},
		reconcile.OutcomeNotAttempted: {"未执行", "not attempted"},
	}[d.Outcome]
	e := entry{look: !asPlanned(d.Outcome)}
	e.heading(label, d.JobName, d.NotificationID, changedFields(p))
	if wasSent(d) {
		e.dangers(p, words{"覆盖了在控制台上的手工修改", "an edit made at the console was overwritten"})
	}
	if d.Outcome == reconcile.OutcomeApplied && d.ApprovalAppLink != "" {
		e.lines = append(e.lines, say(indent, indent).link(words{"前往审批", "open its approval page"}, d.ApprovalAppLink))
	}
	if d.Outcome == reconcile.OutcomeBlocked && d.Status != nil {
		e.blocked(*d.Status)
	}
	e.fault(d.Error)
	return e
}

// asPlanned reports whether an outcome needs no look: the run's own end tells of what was not attempted.
func asPlanned(o reconcile.Outcome) bool {
	return o == reconcile.OutcomeApplied || o == reconcile.OutcomeUnchanged || o == reconcile.OutcomeNotAttempted
}

const indent = "    "

func (e *entry) add(zh, en string) { e.lines = append(e.lines, say(indent+zh, indent+en)) }

// heading says which draft it is and which of its fields differ.
func (e *entry) heading(label words, name, id string, fields []string) {
	zh, en := "（无 job_name）", "(no job_name)"
	if name != "" {
		zh = plain(name, shortText)
		en = zh
	}
	id = plain(id, shortText)
	zh, en = label.zh+"："+zh+"（"+id+"）", label.en+": "+en+" ("+id+")"
	if len(fields) > 0 {
		zh += "：" + strings.Join(fields, "、")
		en += ": " + strings.Join(fields, ", ")
	}
	e.lines = append(e.lines, say(zh, en))
}

// changedFields names the fields that differ, lists with their sizes before and after.
func changedFields(d reconcile.PlannedDraft) []string {
	var names []string
	for _, name := range fieldNames(d.Changes) {
		if before, after, isList := d.ListSizes(name); isList {
			name += fmt.Sprintf(" %d → %d", before, after)
		}
		names = append(names, name)
	}
	return names
}

// dangers says whom a change reaches that were not reached before, and whose edit it overwrites.
func (e *entry) dangers(d reconcile.PlannedDraft, edit words) {
	if d.Action != reconcile.Update {
		return
	}
	for _, why := range d.Widened() {
		e.look = true
		e.add("⚠ 受众："+plain(why, longText), "⚠ audience: "+plain(why, longText))
	}
	if slices.ContainsFunc(d.Changes, diff.Change.Overwrites) {
		e.look = true
		e.add("⚠ "+edit.zh, "⚠ "+edit.en)
	}
}

func (e *entry) blocked(status int) {
	e.add(fmt.Sprintf("状态为 %d，飞书只允许修改草稿（状态 0）", status),
		fmt.Sprintf("its status is %d, and Feishu changes only drafts (status 0)", status))
}

func (e *entry) fault(f *reconcile.Fault) {
	if f == nil {
		return
	}
	shown := plain(f.Message, longText)
	e.add("错误："+shown, "error: "+shown)
}
