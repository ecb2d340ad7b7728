package report

import (
	"fmt"
	"strings"

	"notiform/reconcile"
)

// imported draws what an import came to: a line a notification, what stands in the way of one below
// it, and the plan of what was written.
func (p *painter) imported(r Run) {
	m := *r.Import
	var unread []string
	for i, d := range m.Drafts {
		switch {
		case d.Outcome == reconcile.NotRead:
			unread = append(unread, Visible(d.NotificationID))
		case d.Error != nil:
			p.notImported(d, m.Drafts[i+1:])
		default:
			p.line(0, "", fmt.Sprintf(importedInto, d.Outcome, Visible(d.NotificationID), exact(d.File)))
		}
		for _, note := range d.Notes {
			p.line(4, "", fmt.Sprintf(importNote, Visible(note)))
		}
	}
	if len(unread) > 0 {
		p.line(0, red, fmt.Sprintf(importUnread, strings.Join(unread, ", ")))
	}
	p.ended(m.Error)
	p.line(0, bold, importSummary(m.Summary))
	if m.Summary.Imported > 0 {
		p.blank()
		p.plan(r)
	}
}

// notImported says why there is no file. A hint that holds for the next one as well stands there.
func (p *painter) notImported(d reconcile.ImportedDraft, next []reconcile.ImportedDraft) {
	p.line(0, red, fmt.Sprintf(importedInto, d.Outcome, Visible(d.NotificationID), Visible(d.Error.Message)))
	repeated := len(next) > 0 && next[0].Error != nil && next[0].Error.Hint == d.Error.Hint
	if d.Error.Hint != "" && !repeated {
		p.line(4, "", fmt.Sprintf(hintIs, Visible(d.Error.Hint)))
	}
}

func importSummary(s reconcile.ImportSummary) string {
	if s.NotRead > 0 {
		return fmt.Sprintf(importCountsUnread, s.Imported, s.Failed, s.NotRead)
	}
	return fmt.Sprintf(importCounts, s.Imported, s.Failed)
}
