package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// faultRow describes one kind of fault.
type faultRow struct {
	kind     FaultKind
	argument string // its form, "" for none
	text     string
	check    func(string) error // of an argument that is not ""
}

func faultTable() []faultRow {
	return slices.Concat(outcomeFaults(), answerFaults(), otherFaults())
}

// outcomeFaults are those that leave a client in doubt.
func outcomeFaults() []faultRow {
	return []faultRow{
		{Throttle, "SECONDS", "99991400, nothing done; the reset header says SECONDS (default 1, may be fractional)", checkNumber},
		{ErrorBeforeCommit, "STATUS[/CODE]", "an error, nothing done; JSON with CODE, else an HTML page (default 500/155000)", checkError},
		{ErrorAfterCommit, "STATUS[/CODE]", "the same, but carried out", checkError},
		{DropBeforeCommit, "", "the connection is cut, nothing done", nil},
		{DropAfterCommit, "", "the connection is cut, carried out", nil},
		{DropInAnswer, "", "the connection is cut in the middle of the answer, carried out", nil},
		{Slow, "DURATION", "carried out after DURATION (default 1s)", checkDuration},
		{Hang, "", "never answered, nothing done", nil},
		{HangAfterCommit, "", "never answered, carried out", nil},
		{NoCommit, "", "answered as a success, nothing done", nil},
	}
}

// answerFaults are those that spoil an answer.
func answerFaults() []faultRow {
	return []faultRow{
		{Truncate, "", "half of the JSON, over a sound connection, carried out", nil},
		{HTML, "STATUS", "an HTML page instead of JSON, nothing done (default 502)", checkStatus},
		{Redirect, "URL", "307 to another address, nothing done", checkURL},
		{ContentType, "TYPE", "JSON under another Content-Type (default text/plain; charset=utf-8), carried out", nil},
		{Huge, "MIB", "an answer of MIB mebibytes (default 64), carried out", checkInteger},
		{Garbage, "TEXT", "GET shows TEXT as job_name (default: terminal escapes, bidi controls, newlines, Markdown)", nil},
	}
}

// otherFaults are other people's doings.
func otherFaults() []faultRow {
	return []faultRow{
		{EditBefore, "FIELD=VALUE", "somebody else sets FIELD just before the request is carried out", checkEdit},
		{EditAfter, "FIELD=VALUE", "somebody else sets FIELD just after it", checkEdit},
		{LeaveDraft, "STATUS", "somebody else's doing sets the status just before (default 1)", checkInteger},
		{Pass, "", "nothing happens; delays the next fault", nil},
	}
}

func faultDocs() []Doc {
	var docs []Doc
	for _, row := range faultTable() {
		doc := Doc{Name: string(row.kind), Text: row.text}
		if row.argument != "" {
			doc.Values = []string{row.argument}
		}
		docs = append(docs, doc)
	}
	return docs
}

var countSuffix = regexp.MustCompile(`:([0-9]+|\*)$`)

// ParseFault reads the text form of a fault:
//
//	METHOD:ID:KIND[=ARGUMENT][:COUNT]
//
// METHOD is GET, PATCH, POST, the name of an API ("submit_approve") or *; ID a
// notification's or ticket's id or *; COUNT how many requests are hit, 1 when
// left out, * for all. An argument that itself ends in a colon and digits needs
// a COUNT after it. Examples:
//
//	PATCH:*:drop-after-commit:2
//	GET:6985032626234982420:edit-before=job_name=Somebody else's
//	*:*:throttle=0.5:*
func ParseFault(text string) (Fault, error) {
	parts := strings.SplitN(text, ":", 3)
	if len(parts) < 3 {
		return Fault{}, fmt.Errorf("fault %q: want METHOD:ID:KIND[=ARGUMENT][:COUNT]", text)
	}
	f := Fault{Method: parts[0], ID: parts[1], Count: 1}
	what := parts[2]
	if suffix := countSuffix.FindString(what); suffix == ":*" {
		what, f.Count = strings.TrimSuffix(what, suffix), Always
	} else if suffix != "" {
		count, err := strconv.Atoi(suffix[1:])
		if err != nil {
			return Fault{}, fmt.Errorf("fault %q: count: %w", text, err)
		}
		what, f.Count = strings.TrimSuffix(what, suffix), count
	}
	kind, value, _ := strings.Cut(what, "=")
	f.Kind, f.Value = FaultKind(kind), value
	if err := f.check(); err != nil {
		return Fault{}, fmt.Errorf("fault %q: %w", text, err)
	}
	return f, nil
}

// check says what is wrong with a fault.
func (f Fault) check() error {
	if !slices.Contains([]string{"", "*", http.MethodGet, http.MethodPatch, http.MethodPost}, f.Method) && !isAPI(f.Method) {
		return fmt.Errorf("%q is no method and no API", f.Method)
	}
	if f.Count < Always || f.Count == 0 {
		return fmt.Errorf("a count of %d hits nothing", f.Count)
	}
	for _, row := range faultTable() {
		switch {
		case row.kind != f.Kind:
			continue
		case f.Value == "":
			return f.checkMissing(row)
		case row.argument == "":
			return fmt.Errorf("%s takes no argument", f.Kind)
		case row.check == nil:
			return nil
		}
		return row.check(f.Value)
	}
	return fmt.Errorf("no kind of fault is called %q", f.Kind)
}

// checkMissing faults an argument that has no default.
func (f Fault) checkMissing(row faultRow) error {
	if row.kind == EditBefore || row.kind == EditAfter {
		return fmt.Errorf("%s needs %s", row.kind, row.argument)
	}
	return nil
}

func isAPI(name string) bool {
	return name == apiTenantToken || slices.ContainsFunc(documentedLimits(), func(l *limit) bool { return l.api == name })
}

func checkNumber(value string) error {
	if n, err := strconv.ParseFloat(value, 64); err != nil || !(n >= 0 && n < 1e6) {
		return fmt.Errorf("%q is not a number of seconds", value)
	}
	return nil
}

func checkInteger(value string) error {
	if n, err := strconv.Atoi(value); err != nil || n < 0 || n > 1<<20 {
		return fmt.Errorf("%q is not a number", value)
	}
	return nil
}

func checkStatus(value string) error {
	if n, err := strconv.Atoi(value); err != nil || n < 200 || n > 599 {
		return fmt.Errorf("%q is not an HTTP status", value)
	}
	return nil
}

func checkError(value string) error {
	status, code, hasCode := strings.Cut(value, "/")
	if hasCode {
		if n, err := strconv.Atoi(code); err != nil || n <= 0 {
			return fmt.Errorf("%q is not an error code", code)
		}
	}
	return checkStatus(status)
}

func checkDuration(value string) error {
	if d, err := time.ParseDuration(value); err != nil || d < 0 {
		return fmt.Errorf("%q is not a duration such as 200ms", value)
	}
	return nil
}

func checkURL(value string) error {
	if u, err := url.Parse(value); err != nil || u.Host == "" || strings.ContainsAny(value, "\r\n") {
		return fmt.Errorf("%q is not a URL", value)
	}
	return nil
}

func checkEdit(value string) error {
	return setField(new(Notification), value)
}

// setField carries out FIELD=VALUE on a notification. VALUE is JSON, or plain
// text for a field that holds text.
func setField(n *Notification, assignment string) error {
	field, value, found := strings.Cut(assignment, "=")
	if !found {
		return fmt.Errorf("%q is not FIELD=VALUE", assignment)
	}
	quotedField := string(appendQuote(nil, field))
	member := func(value string) []byte { return []byte("{" + quotedField + ":" + value + "}") }
	strict := json.RejectUnknownMembers(true)
	if err := json.Unmarshal(member(string(appendQuote(nil, value))), n, strict); err == nil {
		return nil
	}
	if err := json.Unmarshal(member(value), n, strict); err != nil {
		return fmt.Errorf("set %s: %w", field, err)
	}
	return nil
}

// edit returns what EditBefore and EditAfter do.
func (f Fault) edit() func(*Notification) {
	return func(n *Notification) {
		setField(n, f.Value) // Fail has checked that it can be done
	}
}

// text returns a fault's argument, or its default.
func (f Fault) text(fallback string) string {
	if f.Value == "" {
		return fallback
	}
	return f.Value
}

// number is text for an argument that is a number.
func (f Fault) number(fallback float64) float64 {
	n, err := strconv.ParseFloat(f.Value, 64)
	if err != nil {
		return fallback
	}
	return n
}

// garbageText is a job_name that tries to break out of a terminal, a log, a
// Markdown comment and a workflow command.
func garbageText(f Fault) string {
	return f.text("\x1b[2J\x1b[31mPlan: 0 to update\x1b]0;owned\x07\u202e\u2066evil\u2069\u200b\r\n" +
		"::error file=x::forged\n</details>```\n@everyone ![x](https://evil.invalid/x.png)\x00\x7f\u0085")
}
