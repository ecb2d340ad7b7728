package reconcile

import (
	"slices"
	"strconv"
	"time"

	"notiform/reconcile/diff"
	"notiform/spec"
)

// milliseconds is a time in the API's form: UTC milliseconds as decimal text, as the sample on the
// API page "更新推送" (update notification) has it, "" for none.
func milliseconds(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.UnixMilli(), 10)
}

// timeOf reads the API's milliseconds as text.
func timeOf(ms string) (time.Time, bool) {
	n, err := strconv.ParseInt(ms, 10, 64)
	return time.UnixMilli(n), err == nil && len(ms) == 13
}

// SetsSendAt is the send_at that an update or a create would write, as its changes show it. A time that the server
// holds already is not written.
func (p PlannedDraft) SetsSendAt() (at time.Time, shown spec.JSON, sets bool) {
	if p.Action != Update && p.Action != Create || p.Desired == nil {
		return time.Time{}, spec.JSON{}, false
	}
	ms, err := strconv.ParseInt(p.Desired.SendAt, 10, 64)
	i := slices.IndexFunc(p.Changes, func(c diff.Change) bool { return c.Field == "send_at" })
	if err != nil || i < 0 {
		return time.Time{}, spec.JSON{}, false
	}
	return time.UnixMilli(ms).In(p.Zone()), p.Changes[i].After, true
}

// SendAtPassed is SetsSendAt where that is before now, whatever the clock says of other times.
func (p PlannedDraft) SendAtPassed(now time.Time) (shown spec.JSON, passed bool) {
	at, shown, sets := p.SetsSendAt()
	if !sets || !at.Before(now) {
		return spec.JSON{}, false
	}
	return shown, true
}

// timesIn shows the times of p in a zone, that of the file, for readers.
func (p *PlannedDraft) timesIn(zone *time.Location) {
	s := p.Desired
	if p.Action == Blocked {
		s = p.Live
	}
	p.SendAt = textOf(timeIn(spec.TextJSON(s.SendAt), zone))
	p.Changes = inZone(p.Changes, zone)
}

// inZone shows the times in changes in a zone, that of the file, for readers.
func inZone(changes []diff.Change, zone *time.Location) []diff.Change {
	for i, c := range changes {
		if c.Field == "send_at" {
			changes[i].Before, changes[i].After, changes[i].Base = timeIn(c.Before, zone), timeIn(c.After, zone), timeIn(c.Base, zone)
		}
	}
	return changes
}

// timeIn turns milliseconds as text into RFC 3339 in the file's own offset, for readers; what
// is no such text stays as it is.
func timeIn(v spec.JSON, zone *time.Location) spec.JSON {
	t, ok := timeOf(textOf(v))
	if !ok {
		return v
	}
	return spec.TextJSON(t.In(zone).Format("2006-01-02T15:04:05.999Z07:00"))
}

// Zone is the offset that the times of a draft are shown in: that of the file where it has one, else
// UTC, which is then that of every time there is.
func (p PlannedDraft) Zone() *time.Location {
	if zone, ok := offsetOf(p.SendAt); ok {
		return zone
	}
	return zoneOf(p.Changes)
}

// offsetOf is the offset of a time in RFC 3339. It has no name: package time takes the machine's own
// zone for an offset that fits, and that zone may be another offset in winter.
func offsetOf(text string) (*time.Location, bool) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.UTC, false
	}
	_, offset := t.Zone()
	return time.FixedZone("", offset), true
}

// zoneOf is the offset that the times in changes are shown in, UTC where there are none.
func zoneOf(changes []diff.Change) *time.Location {
	for _, c := range changes {
		if c.Field != "send_at" {
			continue
		}
		for _, v := range []spec.JSON{c.After, c.Before} {
			if zone, ok := offsetOf(textOf(v)); ok {
				return zone
			}
		}
	}
	return time.UTC
}

// textOf is the text of a JSON string, "" of anything else.
func textOf(v spec.JSON) string {
	s, _ := v.Value().(string)
	return s
}
