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
	for _, d := range m.Drafts {
		if d.Outcome == reconcile.NotRead {
			unread = append(unread, Visible(d.NotificationID))
			continue
		}
		p.importedDraft(d)
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

func (p *painter) importedDraft(d reconcile.ImportedDraft) {
	if d.Error == nil {
		p.line(0, "", fmt.Sprintf(importedInto, d.Outcome, Visible(d.NotificationID), exact(d.File)))
	} else {
		p.line(0, red, fmt.Sprintf(importedInto, d.Outcome, Visible(d.NotificationID), Visible(d.Error.Message)))
		if d.Error.Hint != "" {
			p.line(4, "", fmt.Sprintf(hintIs, Visible(d.Error.Hint)))
		}
	}
	for _, note := range d.Notes {
		p.line(4, "", fmt.Sprintf(importNote, Visible(note)))
	}
}

func importSummary(s reconcile.ImportSummary) string {
	if s.NotRead > 0 {
		return fmt.Sprintf(importCountsUnread, s.Imported, s.Failed, s.NotRead)
	}
	return fmt.Sprintf(importCounts, s.Imported, s.Failed)
}
