package reconcile

import (
	"context"
	"fmt"
	"time"

	"notiform/reconcile/diff"
	"notiform/spec"
)

// Import is what an import came to.
type Import struct {
	FormatVersion string `json:"format_version"`
	ToolVersion   string `json:"tool_version"`
	Helpdesk
	Complete bool            `json:"complete"` // false when notifications were not read
	ExitCode int             `json:"exit_code"`
	Summary  ImportSummary   `json:"summary"`
	Drafts   []ImportedDraft `json:"drafts"` // in the order of the ids
	// Plan is that of the files that were written, from the answers that they were made of: it
	// finds nothing to update. It is null when the run ended before anything was read.
	Plan *Plan `json:"plan"`

	Error *Fault `json:"error,omitempty"` // as that of a Plan
}

// ImportSummary counts the notifications of an import by outcome.
type ImportSummary struct {
	Imported int `json:"imported"`
	Failed   int `json:"failed"`
	NotRead  int `json:"not_read"`
}

// ImportedDraft is one notification of an import. File is empty when none was written.
type ImportedDraft struct {
	File           string   `json:"file,omitempty"`
	NotificationID string   `json:"notification_id"`
	JobName        string   `json:"job_name"`
	Status         *int     `json:"status"`          // as Feishu gives it; null when it could not be read
	Outcome        Action   `json:"outcome"`         // Imported, Failed or NotRead
	Notes          []string `json:"notes,omitempty"` // what somebody should know of it
	Error          *Fault   `json:"error,omitempty"`
}

// Imported is the outcome of a notification that a file was written of.
const Imported Action = "imported"

// ImportOptions say what is imported, and where to.
type ImportOptions struct {
	Options
	UserIDType spec.UserIDType
	Zone       *time.Location // that times are written in
	// Refused are the ids that are not asked for, and why.
	Refused map[string]error
	// Write writes a draft into a file that says exactly what it says, and returns where it is. It is
	// called from several goroutines at once.
	Write func(spec.Draft) (spec.Pos, error)
}

// MakeImport reads notifications through r, one GET each and nothing else, and has a file written of
// each. Like those of MakePlan, they leave each other alone, and what holds for all ends the run.
func MakeImport(ctx context.Context, r Reader, h Helpdesk, ids []string, o ImportOptions) Import {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	m := Import{FormatVersion: FormatVersion, Helpdesk: h, Drafts: make([]ImportedDraft, len(ids))}
	planned, met := make([]*PlannedDraft, len(ids)), make([]error, len(ids))
	each(len(ids), o.Options, func(i int) {
		answer := observation{err: o.Refused[ids[i]]}
		if answer.err == nil {
			answer = observe(ctx, r, ids[i], o.UserIDType)
		}
		if met[i] = answer.err; endsRun(answer.err) {
			stop(answer.err)
		}
		m.Drafts[i], planned[i] = importDraft(ids[i], answer, o)
	})
	var written []PlannedDraft
	for i, d := range m.Drafts {
		*m.Summary.count(d.Outcome)++
		if planned[i] != nil {
			written = append(written, *planned[i])
		}
	}
	p := newPlan(h, written)
	m.Plan = &p
	m.Complete, m.Error = m.Summary.NotRead == 0, runError(ctx, met)
	return m
}

func (s *ImportSummary) count(a Action) *int {
	switch a {
	case Imported:
		return &s.Imported
	case NotRead:
		return &s.NotRead
	default:
		return &s.Failed
	}
}

// importDraft has a file written of what was observed of a notification, and plans it.
func importDraft(id string, answer observation, o ImportOptions) (ImportedDraft, *PlannedDraft) {
	asked := spec.Draft{NotificationID: id, UserIDType: o.UserIDType}
	if answer.err != nil {
		p := planDraft(asked, answer)
		return ImportedDraft{NotificationID: id, Outcome: p.Action, Error: p.Error}, nil
	}
	n := answer.detail.Notification
	m := ImportedDraft{NotificationID: id, JobName: n.JobName, Status: &n.Status, Outcome: Failed}
	live, err := fromWire(n)
	if err != nil {
		m.Error = NewFault(err)
		return m, nil
	}
	if n.Status != statusDraft {
		m.Notes = append(m.Notes, fmt.Sprintf(importedNoDraft, n.Status))
	}
	d := draftOf(asked, live, o.Zone)
	if live.SendAt != "" && !d.SendAt.Given {
		m.Notes = append(m.Notes, fmt.Sprintf(importedNoTime, live.SendAt))
	}
	if d.Pos, err = o.Write(d); err != nil {
		m.Error = NewFault(err)
		return m, nil
	}
	m.Outcome, m.File = Imported, d.Pos.File
	p := planDraft(d, answer)
	return m, &p
}

// draftOf is the draft that asks for s, whose times are in a zone: the way back from desired. What has
// no effect is left out, and so is what a file may leave to the server and cannot say: no time, and what
// is none.
func draftOf(d spec.Draft, s diff.State, zone *time.Location) spec.Draft {
	s = s.InEffect(s.PushType)
	d.JobName, d.PushType, d.PushScopeType, d.NewStaffScopeType = s.JobName, s.PushType, s.PushScopeType, s.NewStaffScopeType
	d.NewStaffScopeDepartmentList, d.UserList, d.DepartmentList, d.ChatList = s.NewStaffScopeDepartmentList, s.UserList, s.DepartmentList, s.ChatList
	d.PushContent, d.Ext = s.PushContent, spec.Owned[string]{Value: s.Ext, Given: s.Ext != ""}
	if t, ok := timeOf(s.SendAt); ok && t.UnixMilli() >= 1e12 {
		d.SendAt = spec.Owned[time.Time]{Value: t.In(zone), Given: true}
	}
	return d
}
