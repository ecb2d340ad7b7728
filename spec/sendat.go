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

func (d *document) rfc3339(at place, s string) bool {
	var t time.Time
	if t.UnmarshalText([]byte(s)) != nil {
		d.refuseTime(at, s)
		return false
	}
	switch ms := t.UnixMilli(); {
	case !time.UnixMilli(ms).Equal(t):
		d.fault(at, ruleInvalidValue, timeTooFine, quoted(s))
		return false
	case ms < minMilliseconds || ms > maxMilliseconds:
		d.fault(at, ruleInvalidValue, timeOutside, quoted(s))
		return false
	}
	d.draft.SendAt.Value = asWritten(t)
	return true
}

// refuseTime faults what is not RFC 3339, and says what it would be if it is near.
func (d *document) refuseTime(at place, s string) {
	if local, ok := parseAny(s, localLayouts()); ok {
		d.fault(at, ruleSendTimeZone, timeWithoutOffset, quoted(s)).Hint = fmt.Sprintf(writeOffset, local.Format("2006-01-02T15:04:05"))
		return
	}
	fault := d.fault(at, ruleInvalidValue, noTime, quoted(s))
	if loose, ok := parseAny(s, looseLayouts()); ok {
		fault.Hint = fmt.Sprintf(writeTime, loose.Format(time.RFC3339))
	}
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
	if len(s) > quotedLength {
		return time.Time{}, false // nobody mistypes that much, and package time copies what it refuses
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func sendTimePast(d *document) {
	if t := d.draft.SendAt.Value; !t.IsZero() && t.Before(d.now) {
		d.fault(d.draft.at[fieldSendAt], ruleSendTimePast, timePassed, t.Format(time.RFC3339)).Hint = writeTimeToCome
	}
}
