package sandbox

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// NoLimit as a rate switches that limit off.
const NoLimit = -1

// Limits are requests a minute for each API (a second for the last field). 0 is
// the documented rate, NoLimit none at all.
type Limits struct {
	Create, Patch, Get, Preview           int
	SubmitApprove, CancelApprove          int
	ExecuteSend, CancelSend               int
	TicketMessage, TicketMessagePerSecond int
}

// Unlimited returns Limits that are all off.
func Unlimited() Limits {
	var l Limits
	for _, row := range l.table() {
		*row.field = NoLimit
	}
	return l
}

type limitRow struct {
	name     string
	api      string
	field    *int
	rate     int // as documented; cancel_send's is not published and taken to be its siblings'
	duration time.Duration
}

func (l *Limits) table() []limitRow {
	return []limitRow{
		{"create", apiCreate, &l.Create, 10, time.Minute},
		{"patch", apiPatch, &l.Patch, 20, time.Minute},
		{"get", apiGet, &l.Get, 100, time.Minute},
		{"preview", apiPreview, &l.Preview, 20, time.Minute},
		{"submit_approve", apiSubmitApprove, &l.SubmitApprove, 10, time.Minute},
		{"cancel_approve", apiCancelApprove, &l.CancelApprove, 10, time.Minute},
		{"execute_send", apiExecuteSend, &l.ExecuteSend, 10, time.Minute},
		{"cancel_send", apiCancelSend, &l.CancelSend, 10, time.Minute},
		{"ticket_message", apiTicketMessage, &l.TicketMessage, 1000, time.Minute},
		{"ticket_message_per_second", apiTicketMessage, &l.TicketMessagePerSecond, 50, time.Second},
	}
}

// LimitDocs lists every limit by the name of its API, with its documented rate.
func LimitDocs() []Doc {
	var docs []Doc
	for _, row := range new(Limits).table() {
		unit := "requests a minute"
		if row.duration == time.Second {
			unit = "requests a second"
		}
		docs = append(docs, Doc{Name: row.name, Values: []string{strconv.Itoa(row.rate)}, Text: unit + "; 0 for no limit"})
	}
	return docs
}

// Set sets one limit from its text form, such as "get=100"; "get=0" switches it
// off, and "all=0" switches all off.
func (l *Limits) Set(text string) error {
	name, value, _ := strings.Cut(text, "=")
	rate, err := strconv.Atoi(value)
	if err != nil || rate < 0 {
		return fmt.Errorf("limit %s: %q is not a number of requests", name, value)
	}
	if rate == 0 {
		rate = NoLimit
	}
	known := false
	for _, row := range l.table() {
		if row.name == name || name == "all" {
			*row.field, known = rate, true
		}
	}
	if !known {
		return fmt.Errorf("limit %q: no limit of that name", name)
	}
	return nil
}

// window counts one API's requests against one rate.
type window struct {
	rate     int
	duration time.Duration
	sliding  bool
	start    time.Time   // fixed: when the first call of this window came
	count    int         // fixed: calls since then
	taken    []time.Time // sliding: the calls that may still count, oldest first
}

// windows builds the counters of l, those switched off left out.
func (l Limits) windows(sliding bool) map[string][]*window {
	byAPI := make(map[string][]*window)
	for _, row := range l.table() {
		rate := *row.field
		if rate == 0 {
			rate = row.rate
		}
		if rate > 0 {
			byAPI[row.api] = append(byAPI[row.api], &window{rate: rate, duration: row.duration, sliding: sliding})
		}
	}
	return byAPI
}

// wait returns how long until the window has room, 0 for now.
func (w *window) wait(now time.Time) time.Duration {
	if !w.sliding {
		if now.Sub(w.start) >= w.duration || w.count < w.rate {
			return 0
		}
		return w.start.Add(w.duration).Sub(now)
	}
	old := 0
	for old < len(w.taken) && now.Sub(w.taken[old]) >= w.duration {
		old++
	}
	w.taken = w.taken[old:]
	if len(w.taken) < w.rate {
		return 0
	}
	return w.taken[0].Add(w.duration).Sub(now)
}

// take counts a request for which wait said 0.
func (w *window) take(now time.Time) {
	switch {
	case w.sliding:
		w.taken = append(w.taken, now)
	case now.Sub(w.start) >= w.duration:
		w.start, w.count = now, 1
	default:
		w.count++
	}
}

// limit counts a request against the limits of its API. It returns the rate
// that is used up and how long to wait, or 0, 0 when the request may go on. A
// refused request counts against none.
func (s *Server) limit(api string, now time.Time) (rate int, wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.windows[api] {
		if d := w.wait(now); d > wait {
			rate, wait = w.rate, d
		}
	}
	if wait > 0 {
		return rate, wait
	}
	for _, w := range s.windows[api] {
		w.take(now)
	}
	return 0, 0
}
