package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// faultRow describes one kind of fault.
type faultRow struct {
	kind     FaultKind
	argument string            // its form, "" for none
	fallback string            // what it is when it is not given, "" for none
	fits     func(string) bool // nil for any text
	text     string
}

// faultTable has what leaves a client in doubt, then what spoils an answer, then other people's doings.
func faultTable() []faultRow {
	return []faultRow{
		{Throttle, "SECONDS", "1", secondsForm.MatchString, "99991400, nothing done; the reset header says SECONDS (default 1, may be fractional)"},
		{ErrorBeforeCommit, "STATUS[/CODE]", "500/155000", errorForm.MatchString, "an error, nothing done; JSON with CODE, else an HTML page (default 500/155000)"},
		{ErrorAfterCommit, "STATUS[/CODE]", "500/155000", errorForm.MatchString, "the same, but carried out"},
		{DropBeforeCommit, "", "", nil, "the connection is cut, nothing done"},
		{DropAfterCommit, "", "", nil, "the connection is cut, carried out"},
		{DropInAnswer, "", "", nil, "the connection is cut in the middle of the answer, carried out"},
		{Slow, "DURATION", "1s", isDuration, "carried out after DURATION (default 1s)"},
		{Hang, "", "", nil, "never answered, nothing done"},
		{HangAfterCommit, "", "", nil, "never answered, carried out"},
		{NoCommit, "", "", nil, "answered as a success, nothing done"},

		{Truncate, "", "", nil, "half of the JSON, over a sound connection, carried out"},
		{HTML, "STATUS", "502", statusForm.MatchString, "an HTML page instead of JSON, nothing done (default 502)"},
		{Redirect, "URL", "https://redirect.invalid/", isURL, "307 to another address, nothing done"},
		{ContentType, "TYPE", "text/plain; charset=utf-8", nil, "JSON under another Content-Type (default text/plain; charset=utf-8), carried out"},
		{Huge, "MIB", "64", numberForm.MatchString, "an answer of MIB mebibytes (default 64), carried out"},
		{Garbage, "TEXT", garbage, nil, "GET shows TEXT as job_name (default: terminal escapes, bidi controls, newlines, Markdown)"},

		{EditBefore, "FIELD=VALUE", "", isEdit, "somebody else sets FIELD just before the request is carried out"},
		{EditAfter, "FIELD=VALUE", "", isEdit, "somebody else sets FIELD just after it"},
		{LeaveDraft, "STATUS", "1", numberForm.MatchString, "somebody else's doing sets the status just before (default 1)"},
		{Pass, "", "", nil, "nothing happens; delays the next fault"},
	}
}

// garbage tries to break out of a terminal, a log, a Markdown comment and a workflow command.
const garbage = "\x1b[2J\x1b[31mPlan: 0 to update\x1b]0;owned\x07\u202e\u2066evil\u2069\u200b\r\n" +
	"::error file=x::forged\n</details>```\n@everyone ![x](https://evil.invalid/x.png)\x00\x7f\u0085"

func faultDocs() []Doc {
	var docs []Doc
	for _, row := range faultTable() {
		docs = append(docs, Doc{string(row.kind), strings.Fields(row.argument), row.text})
	}
	return docs
}

// The forms of a fault and of its arguments.
var (
	faultForm   = regexp.MustCompile(`(?s)^([^:]*):([^:]*):([^=]*?)(?:=(.*?))?(?::([0-9]+|\*))?$`)
	secondsForm = regexp.MustCompile(`^[0-9]{1,6}(\.[0-9]+)?$`)
	statusForm  = regexp.MustCompile(`^[2-5][0-9]{2}$`)
	errorForm   = regexp.MustCompile(`^[2-5][0-9]{2}(/[1-9][0-9]{0,17})?$`)
	numberForm  = regexp.MustCompile(`^[0-9]{1,6}$`)
)

// ParseFault reads the text form of a fault:
//
//	METHOD:ID:KIND[=ARGUMENT][:COUNT]
//
// METHOD is GET, PATCH, POST, the name of an API ("submit_approve") or *; ID a notification's or
// ticket's id or *; COUNT how many requests are hit, 1 when left out, * for all. An argument that
// itself ends in a colon and digits needs a COUNT after it. Examples:
//
//	PATCH:*:drop-after-commit:2
//	GET:6985032626234982420:edit-before=job_name=Somebody else's
//	*:*:throttle=0.5:*
func ParseFault(text string) (Fault, error) {
	m := faultForm.FindStringSubmatch(text)
	if m == nil {
		return Fault{}, fmt.Errorf(badFaultForm, text)
	}
	f := Fault{Method: m[1], ID: m[2], Kind: FaultKind(m[3]), Value: m[4], Count: 1}
	if m[5] == "*" {
		f.Count = Always
	} else if m[5] != "" {
		f.Count = atoi(m[5])
	}
	if _, err := f.check(); err != nil {
		return Fault{}, fmt.Errorf(badFault, text, err)
	}
	return f, nil
}

// check finds the row of a fault's kind, or what is wrong with the fault.
func (f Fault) check() (faultRow, error) {
	known := []string{"", "*", http.MethodGet, http.MethodPatch, http.MethodPost}
	if !slices.Contains(known, f.Method) && !slices.ContainsFunc(apis(), func(a *api) bool { return a.name == f.Method }) {
		return faultRow{}, fmt.Errorf(unknownMethod, f.Method)
	}
	if f.Count < Always || f.Count == 0 {
		return faultRow{}, fmt.Errorf(uselessCount, f.Count)
	}
	for _, row := range faultTable() {
		switch {
		case row.kind != f.Kind:
			continue
		case f.Value != "" && row.argument == "":
			return row, fmt.Errorf(needlessArgument, f.Kind)
		case f.Value == "" && row.fallback != "", row.fits == nil, row.fits(f.Value):
			return row, nil
		}
		return row, fmt.Errorf(badArgument, f.Kind, row.argument, f.Value)
	}
	return faultRow{}, fmt.Errorf(unknownFaultKind, f.Kind)
}

func isDuration(value string) bool {
	d, err := time.ParseDuration(value)
	return err == nil && d >= 0
}

func isURL(value string) bool {
	u, err := url.Parse(value)
	return err == nil && u.Host != "" && !strings.ContainsAny(value, "\r\n")
}

func isEdit(value string) bool {
	return strings.Contains(value, "=") && setField(new(Notification), value) == nil
}

// edit does what EditBefore and EditAfter say.
func (f Fault) edit(n *Notification) {
	setField(n, f.Value) // Fail has seen that it can be done
}

// setField carries out FIELD=VALUE. VALUE is JSON, or plain text for a field that holds text.
func setField(n *Notification, assignment string) error {
	field, value, _ := strings.Cut(assignment, "=")
	strict := json.RejectUnknownMembers(true)
	src, err := json.Marshal(map[string]string{field: value})
	if err == nil && json.Unmarshal(src, n, strict) == nil {
		return nil
	}
	if src, err = json.Marshal(map[string]jsontext.Value{field: jsontext.Value(value)}); err != nil {
		return err
	}
	return json.Unmarshal(src, n, strict)
}
