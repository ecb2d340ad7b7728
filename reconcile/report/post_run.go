package report

import (
	"fmt"
	"strings"

	"notiform/reconcile"
	"notiform/spec"
)

// compose makes the message about a run.
func compose(r Run) message {
	m := message{title: title(r), head: faultLines(r)}
	switch {
	case r.Result != nil:
		m.result(r)
	case r.Plan != nil:
		m.plan(*r.Plan)
	case len(m.head) == 0:
		m.head = append(m.head, say("没有计划。", "There is no plan."))
	}
	if isWebLink(r.URL) {
		m.tail = append(m.tail, paragraph{}.link(words{"运行记录", "the run"}, r.URL))
	}
	return m
}

// title is how the run ended.
func title(r Run) words {
	command := words{"notiform 计划：", "notiform plan: "}
	if r.Command == "apply" {
		command = words{"notiform 应用：", "notiform apply: "}
	}
	v := verdict(r)
	return words{command.zh + v.zh, command.en + v.en}
}

// verdict is the exit code in words; ExitDone and ExitDiffers depend on what there was to do.
func verdict(r Run) words {
	switch r.ExitCode {
	case ExitDone, ExitDiffers:
		return success(r)
	case ExitFaulty:
		return words{"草稿文件有误", "the draft files are at fault"}
	case ExitRefused:
		if r.Command == "plan" && r.Fault == nil {
			return words{"部分草稿受阻", "some drafts are blocked"}
		}
		return words{"被拒绝，未写入任何内容", "refused, and nothing was written"}
	case ExitPartial:
		return words{"部分完成", "partly done"}
	case ExitInterrupted:
		return words{"已中断", "interrupted"}
	default:
		return words{"失败", "failed"}
	}
}

func success(r Run) words {
	switch {
	case r.Result != nil && r.Result.Summary.Applied > 0:
		return words{"已完成", "done"}
	case r.Result == nil && r.Plan != nil && r.Plan.Summary.Update > 0:
		return words{"有变更待审阅", "changes to review"}
	default:
		return words{"无需变更", "nothing to change"}
	}
}

// maxFaults is how many faults of files are listed.
const maxFaults = 5

// faultLines say why the run could not go on: the faults of the files, and the command's own.
func faultLines(r Run) []paragraph {
	var lines []paragraph
	if r.Plan == nil && r.count(spec.Error) > 0 {
		lines = append(lines, diagnosticLines(r)...)
	}
	if r.Fault == nil {
		return lines
	}
	for i, text := range strings.Split(r.Fault.Message, "\n") {
		if i == maxFaults {
			break
		}
		shown := plain(text, longText)
		lines = append(lines, say("错误："+shown, "error: "+shown))
	}
	return lines
}

func diagnosticLines(r Run) []paragraph {
	n := r.count(spec.Error)
	lines := []paragraph{say(fmt.Sprintf("草稿文件中有 %d 处错误，未进行比较：", n), Plural(n, "fault")+" in the draft files, so nothing was compared:")}
	for _, d := range r.Diagnostics {
		if d.Severity != spec.Error {
			continue
		}
		if len(lines) > maxFaults {
			return append(lines, say("……", "…"))
		}
		shown := plain(d.Pos.String()+": "+d.Message, longText) + " [" + d.Rule + "]"
		lines = append(lines, say(shown, shown))
	}
	return lines
}

func (m *message) plan(p reconcile.Plan) {
	s := p.Summary
	m.head = append(m.head, say(
		fmt.Sprintf("计划：更新 %d，无变化 %d，受阻 %d，失败 %d", s.Update, s.NoOp, s.Blocked, s.Failed),
		fmt.Sprintf("Plan: %d to update, %d unchanged, %d blocked, %d failed", s.Update, s.NoOp, s.Blocked, s.Failed)))
	unread := 0
	for _, d := range p.Drafts {
		switch {
		case d.Unread():
			unread++
		case d.Action != reconcile.NoOp:
			m.drafts = append(m.drafts, planned(d))
		}
	}
	if !p.Complete {
		m.head = append(m.head, say(
			fmt.Sprintf("计划不完整：运行被中止，有 %d 条草稿未读取。", unread),
			"The plan is not complete: the run was stopped with "+Plural(unread, "draft")+" not read."))
	}
	m.dangers(p, words{"将覆盖 %d 条草稿在控制台上的手工修改", "%s would lose edits made at the console"})
	if s.Update > 0 {
		m.tail = append(m.tail, say("摘要："+p.Digest, "Digest: "+p.Digest))
	}
}

// dangers counts what is dangerous in the updates of a plan; the drafts say what it is.
func (m *message) dangers(p reconcile.Plan, edits words) {
	widened := 0
	for _, d := range p.Drafts {
		if d.Action == reconcile.Update && len(d.Widened()) > 0 {
			widened++
		}
	}
	if widened > 0 {
		m.head = append(m.head, say(
			fmt.Sprintf("⚠ %d 条草稿的受众扩大", widened),
			"⚠ "+Plural(widened, "draft")+" with a widened audience"))
	}
	if n := p.ConsoleEdits(); n > 0 {
		m.head = append(m.head, say(
			"⚠ "+fmt.Sprintf(edits.zh, n),
			"⚠ "+fmt.Sprintf(edits.en, Plural(n, "draft"))))
	}
}

func (m *message) result(r Run) {
	s := r.Result.Summary
	m.head = append(m.head, say(
		fmt.Sprintf("结果：已写入 %d，无变化 %d，受阻 %d，已过期 %d，未验证 %d，失败 %d，未执行 %d",
			s.Applied, s.Unchanged, s.Blocked, s.Stale, s.Unverified, s.Failed, s.NotAttempted),
		resultSummary(s)))
	var sent reconcile.Plan // what of the plan was sent
	for i, d := range r.Result.Drafts {
		var p reconcile.PlannedDraft
		if r.Plan != nil && i < len(r.Plan.Drafts) {
			p = r.Plan.Drafts[i] // a result names every draft of its plan, in its order
		}
		p.Changes = d.Changes
		if r.Fault != nil && d.Outcome == reconcile.OutcomeNotAttempted {
			d.Error = nil // the head has it
		}
		if wasSent(d) {
			sent.Drafts = append(sent.Drafts, p)
		}
		if d.Outcome != reconcile.OutcomeUnchanged || len(d.Changes) > 0 {
			m.drafts = append(m.drafts, done(d, p))
		}
	}
	m.dangers(sent, words{"%d 条草稿覆盖了控制台上的手工修改", "%s lost edits made at the console"})
	if len(m.drafts) > 0 {
		m.tail = append(m.tail, say("摘要："+r.Result.Digest, "Digest: "+r.Result.Digest))
	}
	if s.Applied > 0 {
		m.tail = append(m.tail, say(
			"以上均为草稿：在服务台审批并发送之前，不会推送给任何人。",
			"These are drafts: nothing reaches anybody until they are approved and sent in the helpdesk."))
	}
}

func wasSent(d reconcile.DraftResult) bool {
	return d.Outcome == reconcile.OutcomeApplied || d.Outcome == reconcile.OutcomeUnverified
}
