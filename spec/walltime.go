package spec

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// looseTime is a date and a time of day however people write them; RFC 3339 is one of its forms.
var looseTime = regexp.MustCompile(`^\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?` +
	`(?:[Tt\s]?\s*(\d{1,2})[:：点时](\d{1,2})分?(?:[:：](\d{1,2})(?:[.,](\d+))?)?\s*([Zz]|([+-])(\d{1,2})(?:[:：]?(\d{2}))?)?)?\s*$`)

// wallTime is what a clock and a calendar show, part by part, as somebody wrote it.
type wallTime struct {
	written                                string
	year, month, day, hour, minute, second int
	fraction                               string // the digits after the point
	offset                                 string // Z, or a sign, or nothing
	offsetHour, offsetMinute               int
}

// newWallTime takes a text apart; nil if it is no time in any form.
func newWallTime(s string) *wallTime {
	if len(s) > quotedLength {
		return nil // nobody mistypes that much
	}
	m := looseTime.FindStringSubmatch(s)
	if m == nil {
		return nil
	}
	number := func(i int) int {
		n, _ := strconv.Atoi(m[i]) // digits, or nothing
		return n
	}
	return &wallTime{
		written: s, year: number(1), month: number(2), day: number(3),
		hour: number(4), minute: number(5), second: number(6), fraction: m[7],
		offset: cmp.Or(m[9], strings.ToUpper(m[8])), offsetHour: number(10), offsetMinute: number(11),
	}
}

// local is the time in the form of RFC 3339, but for the offset.
func (w *wallTime) local() string {
	s := fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02d", w.year, w.month, w.day, w.hour, w.minute, w.second)
	if w.fraction != "" {
		s += "." + w.fraction
	}
	return s
}

// String is the time in the form of RFC 3339.
func (w *wallTime) String() string {
	if w.offset == "Z" || w.offset == "" {
		return w.local() + w.offset
	}
	return fmt.Sprintf("%s%s%02d:%02d", w.local(), w.offset, w.offsetHour, w.offsetMinute)
}

// isFine reports whether the time has something finer than a millisecond.
func (w *wallTime) isFine() bool { return len(strings.TrimRight(w.fraction, "0")) > len("000") }

// timePart is a part of a time and between which values it lies.
type timePart struct {
	name            string
	value, from, to int
}

func (w *wallTime) parts() []timePart {
	const february = 2
	lastDay := 31
	if february <= w.month && w.month < 12 {
		lastDay = time.Date(w.year, time.Month(w.month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
	}
	return []timePart{
		{partMonth, w.month, 1, 12}, {partDay, w.day, 1, lastDay},
		{partHour, w.hour, 0, 23}, {partMinute, w.minute, 0, 59}, {partSecond, w.second, 0, 59},
		{partOffsetHour, w.offsetHour, 0, 23}, {partOffsetMinute, w.offsetMinute, 0, 59},
	}
}

// outside is the first part that does not exist; ok is false if there is none.
func (w *wallTime) outside() (part timePart, ok bool) {
	for _, p := range w.parts() {
		if p.value < p.from || p.value > p.to {
			return p, true
		}
	}
	return timePart{}, false
}
