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
	if !d.literal("send_at", n, &written) {
		return false
	}
	d.draft.SendAt.Given = true
	if written == "" {
		return true
	}
	t, rule, problem, hint := parseTime(written)
	if problem != "" {
		d.fault(at, rule, "send_at "+quoted(written)+" "+problem, hint)
		return false
	}
	d.draft.SendAt.Value = t
	return true
}

// parseTime reads a time, or says what is wrong with it.
func parseTime(s string) (t time.Time, rule, problem, hint string) {
	if isDigits(s) {
		return parseMilliseconds(s)
	}
	if err := t.UnmarshalText([]byte(s)); err != nil {
		if local, ok := parseAny(s, localLayouts()); ok {
			return t, ruleSendTimeZone, "has no offset from UTC",
				"write it with its offset, such as " + local.Format("2006-01-02T15:04:05") + "+08:00"
		}
		if loose, ok := parseAny(s, looseLayouts()); ok {
			hint = "write " + loose.Format(time.RFC3339)
		}
		return t, ruleInvalidValue, "is no time such as 2026-12-01T09:00:00+08:00, nor milliseconds", hint
	}
	switch ms := t.UnixMilli(); {
	case !time.UnixMilli(ms).Equal(t):
		return t, ruleInvalidValue, "is finer than a millisecond", ""
	case ms < minMilliseconds || ms > maxMilliseconds:
		return t, ruleInvalidValue, "is outside the years 2001 to 2286", ""
	}
	return asWritten(t), "", "", ""
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

func parseMilliseconds(s string) (t time.Time, rule, problem, hint string) {
	ms, err := strconv.ParseInt(s, 10, 64)
	if err == nil && len(s) == 13 && ms >= minMilliseconds {
		return time.UnixMilli(ms).UTC(), "", "", ""
	}
	if len(s) == 10 {
		hint = "these look like seconds: write " + s + "000"
	}
	return t, ruleInvalidValue, fmt.Sprintf("is not milliseconds since 1970: those have 13 digits, not %d", len(s)), hint
}

// localLayouts are times that lack nothing but the offset.
func localLayouts() []string {
	return []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"}
}

// looseLayouts are times that are clear but not RFC 3339.
func looseLayouts() []string {
	return []string{"2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04Z07:00",
		"2006-01-02 15:04:05 Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05 Z0700"}
}

func parseAny(s string, layouts []string) (time.Time, bool) {
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func sendTimePast(d *document) {
	at := d.draft.SendAt.Value
	if !at.IsZero() && at.Before(d.now) {
		d.fault(d.draft.at[fieldSendAt], ruleSendTimePast,
			fmt.Sprintf("send_at %s has passed", at.Format(time.RFC3339)), "write a time to come, or leave send_at out")
	}
}
