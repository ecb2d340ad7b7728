package spec

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones mean the same on a machine that has none

	"gopkg.in/yaml.v3"
)

// SendWindow is when a notification may be sent: on some days, between two times of day, both
// included, as the clocks of a zone show them. Where it begins later in the day than it ends, it goes
// on past midnight, and its days are those that it begins on. The zero SendWindow is any time.
type SendWindow struct {
	days     []time.Weekday // in the order of the week; none for all
	from, to time.Duration  // since midnight by the clock, up to 24 hours
	zone     *time.Location
}

// holds reports whether a time is within the window. On the day when clocks change, an hour that
// comes twice is within it both times, or neither.
func (w SendWindow) holds(t time.Time) bool {
	if w.zone == nil {
		return true
	}
	t = t.In(w.zone)
	clock := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute +
		time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
	if w.from <= w.to {
		return w.on(t.Weekday()) && w.from <= clock && clock <= w.to
	}
	return w.on(t.Weekday()) && w.from <= clock || w.on((t.Weekday()+6)%7) && clock <= w.to
}

func (w SendWindow) on(day time.Weekday) bool {
	return len(w.days) == 0 || slices.Contains(w.days, day)
}

// Outside says of a time that it is not within SendWindow; "" if it is.
func (g Guards) Outside(t time.Time) string {
	w := g.SendWindow
	if w.holds(t) {
		return ""
	}
	days := everyDay
	if len(w.days) > 0 {
		var names []string
		for _, day := range w.days {
			names = append(names, dayNames()[day])
		}
		days = strings.Join(names, ", ")
	}
	local := t.In(w.zone)
	clock := strings.TrimSuffix(local.Format("15:04:05"), ":00")
	return fmt.Sprintf(timeOutsideWindow, t.Format(time.RFC3339), dayNames()[local.Weekday()], clock, w.zone, g.File, days, clockText(w.from), clockText(w.to))
}

func clockText(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60)
}

func dayNames() []string { return []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} }

func sendWindow(d *document) {
	t := d.draft.SendAt.Value
	if t.IsZero() {
		return
	}
	if why := d.guards.Outside(t); why != "" {
		d.fault(d.draft.at[fieldSendAt], ruleSendWindow, asSaid, why).Hint = writeWithinWindow
	}
}

func (t *teamFile) sendWindow(n *yaml.Node) {
	w := SendWindow{to: wholeDay}
	sound := true
	given := t.mapping("send_window", n,
		key{"days", func(n *yaml.Node) { w.days = t.days(n) }},
		key{"from", func(n *yaml.Node) { w.from, sound = t.clock("from", n, sound) }},
		key{"to", func(n *yaml.Node) { w.to, sound = t.clock("to", n, sound) }},
		key{"zone", func(n *yaml.Node) { w.zone = t.zone(n) }})
	if kindOf(n) != kindMapping {
		return
	}
	if _, has := given["zone"]; !has {
		t.fault(placeOfNode(n), ruleMissingField, windowWithoutZone).Hint = writeZone
	}
	if sound && (w.from == w.to || w.from == wholeDay) {
		t.fault(placeOfNode(n), ruleInvalidValue, windowEmpty, clockText(w.from), clockText(w.to)).Hint = writeWholeDay
	}
	t.team.Guards.SendWindow = w
}

const wholeDay = 24 * time.Hour

func (t *teamFile) days(n *yaml.Node) []time.Weekday {
	var days []time.Weekday
	for _, entry := range t.some("days", n) {
		day := slices.Index(dayNames(), entry.Value)
		if day < 0 {
			fault := t.fault(placeOfNode(entry), ruleInvalidValue, noDay, quoted(entry.Value))
			fault.Hint = writeDay
			if meant := first(3, strings.ToLower(entry.Value)); slices.Contains(dayNames(), meant) {
				fault.Hint = fmt.Sprintf(writeThis, meant)
			}
			continue
		}
		days = append(days, time.Weekday(day))
	}
	return days
}

var (
	clockForm  = regexp.MustCompile(`^([01]\d|2[0-3]):([0-5]\d)$|^(24):(00)$`)
	clockLoose = regexp.MustCompile(`^\s*(\d{1,2})\s*[:：.]\s*([0-5]\d)(?::00)?\s*$`)
)

// clock reads a time of day; it is sound if it is one, and so was what was read before.
func (t *teamFile) clock(name string, n *yaml.Node, sound bool) (time.Duration, bool) {
	written := ""
	if !t.literal(name, n, &written) {
		return 0, false
	}
	if m := clockForm.FindStringSubmatch(written); m != nil {
		hours, _ := strconv.Atoi(m[1] + m[3])   // digits
		minutes, _ := strconv.Atoi(m[2] + m[4]) // digits
		return time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute, sound
	}
	fault := t.fault(placeOfNode(n), ruleInvalidValue, noClock, name, quoted(written))
	fault.Hint = writeClock
	if m := clockLoose.FindStringSubmatch(written); m != nil {
		if meant := fmt.Sprintf("%02s:%s", m[1], m[2]); clockForm.MatchString(meant) {
			fault.Hint = fmt.Sprintf(writeThisClock, meant)
		}
	}
	return 0, false
}

// zone reads the name of a time zone. Local would be another one on every machine.
func (t *teamFile) zone(n *yaml.Node) *time.Location {
	name := ""
	if !t.text("zone", n, &name) {
		return nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		t.fault(placeOfNode(n), ruleInvalidValue, noZone, quoted(name)).Hint = writeZone
		return nil
	}
	return zone
}
