package report

import (
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"notiform/reconcile"
	"notiform/spec"
)

// diagnostic is a diagnostic as JSON has it.
type diagnostic struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"` // in characters
	Severity string `json:"severity"`
	Rule     string `json:"rule"`
	Message  string `json:"message"`
	Hint     string `json:"hint,omitempty"`
	Outside  bool   `json:"outside,omitzero"` // of the change that was asked about
}

// warning is what a reviewer must not overlook in an update, as JSON has it.
type warning struct {
	File           string `json:"file"`
	Line           int    `json:"line"`
	NotificationID string `json:"notification_id"`
	JobName        string `json:"job_name"`
	Rule           string `json:"rule"`
	Message        string `json:"message"`
}

// findings are what every document ends with, besides the error of the run.
type findings struct {
	Warnings    []warning    `json:"warnings,omitempty"`
	Diagnostics []diagnostic `json:"diagnostics"`
	Ticket      *Ticket      `json:"ticket,omitempty"`
}

// writeJSON writes the run as one complete document with the exit code inside: what it is of depends
// on the command, and it is whole even when the run ended early.
func writeJSON(w io.Writer, r Run) error {
	if r.Document != nil {
		_, err := w.Write(InertJSON(r.Document))
		return err
	}
	f := findings{Warnings: warningsIn(r), Diagnostics: diagnosticsOf(r.Diagnostics), Ticket: r.Ticket}
	switch r.Command {
	case "validate", "card":
		return writeDocument(w, validation{reconcile.FormatVersion, r.ToolVersion, r.ExitCode,
			validationSummary{r.Drafts, r.Files, r.count(spec.Error), r.count(spec.Warning)}, r.Removed, f, r.Fault})
	case "create":
		res := resultOf(r)
		s := res.Summary
		return writeDocument(w, struct {
			reconcile.Result
			Summary creationSummary `json:"summary"` // in the place of apply's
			findings
		}{res, creationSummary{s.Created, s.Skipped, s.Unknown, s.Unverified, s.Failed, s.NotAttempted}, f})
	case "plan", "show":
		p := reconcile.Plan{FormatVersion: reconcile.FormatVersion, Removed: r.Removed}
		if r.Plan != nil {
			p = *r.Plan
		}
		p.ToolVersion, p.ExitCode, p.Error = r.ToolVersion, r.ExitCode, r.Fault
		return writeDocument(w, struct {
			reconcile.Plan
			findings
		}{p, f})
	case "import":
		if r.Updated != nil {
			u := *r.Updated
			u.ToolVersion, u.ExitCode, u.Error = r.ToolVersion, r.ExitCode, r.Fault
			return writeDocument(w, struct {
				reconcile.FileUpdate
				findings
			}{u, f})
		}
		m := reconcile.Import{FormatVersion: reconcile.FormatVersion}
		if r.Import != nil {
			m = *r.Import
			m.Plan.ToolVersion = r.ToolVersion
		}
		m.ToolVersion, m.ExitCode, m.Error = r.ToolVersion, r.ExitCode, r.Fault
		return writeDocument(w, struct {
			reconcile.Import
			findings
		}{m, f})
	default:
		return writeDocument(w, struct {
			reconcile.Result
			findings
		}{resultOf(r), f})
	}
}

// resultOf is the result of a run, whole also where the run ended before there was one.
func resultOf(r Run) reconcile.Result {
	res := reconcile.Result{FormatVersion: reconcile.FormatVersion, Removed: r.Removed}
	if r.Result != nil {
		res = *r.Result
	}
	res.ToolVersion, res.ExitCode, res.Error = r.ToolVersion, r.ExitCode, r.Fault
	return res
}

// creationSummary counts the drafts of a create by outcome.
type creationSummary struct {
	Created      int `json:"created"`
	Skipped      int `json:"skipped"`
	Unknown      int `json:"unknown"`
	Unverified   int `json:"unverified"`
	Failed       int `json:"failed"`
	NotAttempted int `json:"not_attempted"`
}

// validation is the document of validate.
type validation struct {
	FormatVersion string                   `json:"format_version"`
	ToolVersion   string                   `json:"tool_version"`
	ExitCode      int                      `json:"exit_code"`
	Summary       validationSummary        `json:"summary"`
	Removed       []reconcile.RemovedDraft `json:"removed,omitempty"`
	findings
	Error *reconcile.Fault `json:"error,omitempty"` // why the command itself could not go on
}

type validationSummary struct {
	Drafts   int `json:"drafts"`
	Files    int `json:"files"`
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
}

func diagnosticsOf(list []spec.Diagnostic) []diagnostic {
	out := make([]diagnostic, len(list))
	for i, d := range list {
		out[i] = diagnostic{d.Pos.File, d.Pos.Line, d.Pos.Column, d.Severity.String(), d.Rule, d.Message, d.Hint, d.Outside}
	}
	return out
}

func warningsIn(r Run) (out []warning) {
	if r.Plan == nil {
		return nil
	}
	for _, d := range r.Plan.Drafts {
		for _, f := range warningFindings(d, r.Now) {
			out = append(out, warning{d.File, d.Line, d.NotificationID, d.JobName, f.rule, f.message})
		}
	}
	return out
}

// writeDocument writes a document as JSON. A byte that is no UTF-8, which the name of a file may hold, becomes
// U+FFFD.
func writeDocument(w io.Writer, document any) error {
	b, err := json.Marshal(document, jsontext.WithIndent("  "), json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return err
	}
	_, err = w.Write(append(InertJSON(b), '\n'))
	return err
}
