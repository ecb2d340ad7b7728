package spec

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// sendAt reads a time: RFC 3339 to the letter (a T, seconds, an offset), or the
// API's own form, milliseconds since 1970 as text or number. null and "" clear it.
func (d *document) sendAt(n *yaml.Node) bool {
	written := ""
	if !d.literal("send_at", n, &written) {
		return false
	}
	d.draft.SendAt.Given = true
	switch at := placeOfNode(n); {
	case written == "":
		return true
	case isDigits(written):
		return d.milliseconds(at, written)
	default:
		return d.rfc3339(at, written)
	}
}

// rfc3339 reads what is RFC 3339 to the letter. Package time alone will not do: it takes one
// digit for an hour, a comma, offsets that do not exist, and drops what is finer than it knows.
func (d *document) rfc3339(at place, s string) bool {
	w := newWallTime(s)
	if w == nil {
		d.fault(at, ruleInvalidValue, noTime, quoted(s)).refuse("", s)
		return false
	}
	part, outside := w.outside()
	switch {
	case outside:
		d.fault(at, ruleInvalidValue, noSuchTime, quoted(s), part.name, part.value).Hint = fmt.Sprintf(timePartRange, part.name, part.from, part.to)
	case w.offset == "":
		d.fault(at, ruleSendTimeZone, timeWithoutOffset, quoted(s)).Hint = fmt.Sprintf(writeOffset, w)
	case !strings.EqualFold(w.String(), s): // RFC 3339 takes t and z for T and Z
		d.fault(at, ruleInvalidValue, noTime, quoted(s)).Hint = fmt.Sprintf(writeTime, w)
	case w.isFine():
		d.fault(at, ruleInvalidValue, timeTooFine, quoted(s))
	default:
		return d.setSendAt(at, w)
	}
	return false
}

func (d *document) setSendAt(at place, w *wallTime) bool {
	t, err := time.Parse(time.RFC3339, w.String())
	if ms := t.UnixMilli(); err != nil || ms < minMilliseconds || ms > maxMilliseconds {
		d.fault(at, ruleInvalidValue, timeOutside, quoted(w.written))
		return false
	}
	d.draft.SendAt.Value = asWritten(t)
	return true
}

// asWritten drops the time zone's name: package time takes the machine's own
// zone when its offset happens to fit, and drafts must read alike everywhere.
func asWritten(t time.Time) time.Time {
	if _, offset := t.Zone(); offset != 0 {
		return t.In(time.FixedZone("", offset))
	}
	return t.UTC()
}

// The API's times have 13 digits; ten would be seconds, sixteen microseconds.
const (
	minMilliseconds = 1e12
	maxMilliseconds = 1e13 - 1
)

func (d *document) milliseconds(at place, s string) bool {
	ms, err := strconv.ParseInt(s, 10, 64)
	if err == nil && len(s) == 13 && ms >= minMilliseconds {
		d.draft.SendAt.Value = time.UnixMilli(ms).UTC()
		return true
	}
	fault := d.fault(at, ruleInvalidValue, noMilliseconds, quoted(s), len(s))
	if len(s) == 10 {
		fault.Hint = fmt.Sprintf(writeMilliseconds, s)
	}
	return false
}

func sendTimePast(d *document) {
	if t := d.draft.SendAt.Value; !t.IsZero() && t.Before(d.now) {
		d.fault(d.draft.at[fieldSendAt], ruleSendTimePast, timePassed, t.Format(time.RFC3339)).Hint = writeTimeToCome
	}
}
