package spec

import (
	"fmt"
	"strconv"
	"time"

	"gopkg.in/yaml.v3"
)

// sendAt reads a time: RFC 3339 to the letter (a T, seconds, an offset), or the
// API's own form, milliseconds since 1970 as text or number. null and "" clear it.
func (d *document) sendAt(n *yaml.Node) bool {
	written, at := "", placeOfNode(n)
	if !d.literal(fieldSendAt, n, &written) {
		return false
	}
	d.draft.SendAt.Given = true
	if written == "" {
		return true
	}
	t, err := parseTime(written)
	if err != nil {
		d.fault(at, ruleInvalidValue, fmt.Sprintf("send_at %s: %v", quoted(written), err), timeHint(written))
		return false
	}
	if t.IsZero() {
		d.fault(at, ruleSendTimeZone, "send_at "+quoted(written)+" has no offset from UTC", timeHint(written))
		return false
	}
	d.draft.SendAt.Value = t
	return true
}

// parseTime is the zero time for one that would do, had it an offset.
func parseTime(s string) (time.Time, error) {
	if isDigits(s) {
		return parseMilliseconds(s)
	}
	var t time.Time
	if err := t.UnmarshalText([]byte(s)); err != nil {
		if _, ok := localTime(s); ok {
			return time.Time{}, nil
		}
		return time.Time{}, fmt.Errorf("want a time such as 2026-12-01T09:00:00+08:00, or milliseconds")
	}
	switch ms := t.UnixMilli(); {
	case !time.UnixMilli(ms).Equal(t):
		return time.Time{}, fmt.Errorf("finer than a millisecond")
	case ms < minMilliseconds || ms > maxMilliseconds:
		return time.Time{}, fmt.Errorf("outside the years 2001 to 2286")
	}
	return asWritten(t), nil
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

func parseMilliseconds(s string) (time.Time, error) {
	ms, err := strconv.ParseInt(s, 10, 64)
	if err != nil || len(s) != 13 || ms < minMilliseconds {
		return time.Time{}, fmt.Errorf("milliseconds since 1970 have 13 digits, not %d", len(s))
	}
	return time.UnixMilli(ms).UTC(), nil
}

// localTime reads a time without an offset, and whatever else can be told to be
// a time but for its form.
func localTime(s string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// timeHint is the time as it should be written, where that can be guessed.
func timeHint(s string) string {
	const form = "2006-01-02T15:04:05Z07:00"
	if t, ok := localTime(s); ok {
		return "write it with its offset, such as " + t.Format("2006-01-02T15:04:05") + "+08:00"
	}
	for _, layout := range []string{"2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04Z07:00", "2006-01-02 15:04:05 Z07:00", "2006-01-02T15:04:05Z0700"} {
		if t, err := time.Parse(layout, s); err == nil {
			return "write " + t.Format(form)
		}
	}
	if len(s) == 10 && isDigits(s) {
		return "these look like seconds: write " + s + "000"
	}
	return ""
}

func sendTimePast(d *document) {
	at := d.draft.SendAt.Value
	if !at.IsZero() && at.Before(d.now) {
		d.fault(d.draft.at[fieldSendAt], ruleSendTimePast,
			fmt.Sprintf("send_at %s has passed", at.Format(time.RFC3339)), "write a time to come, or leave send_at out")
	}
}
