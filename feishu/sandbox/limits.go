package sandbox

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Unlimited are the Limits of Options that switch all of them off.
func Unlimited() []string { return []string{"all=0"} }

// limit counts one API's requests against one rate, over 60 s (or one) from the first call, or
// over the last 60 s.
type limit struct {
	name  string
	api   string
	rate  int // 0 for no limit
	per   time.Duration
	taken []time.Time // the calls that may still count, oldest first
}

// documentedLimits are Feishu's own, from the page of each API; that of cancel_send is not
// published and taken to be its siblings'.
func documentedLimits() []*limit {
	return []*limit{
		{name: "create", api: apiCreate, rate: 10, per: time.Minute},
		{name: "patch", api: apiPatch, rate: 20, per: time.Minute},
		{name: "get", api: apiGet, rate: 100, per: time.Minute},
		{name: "preview", api: apiPreview, rate: 20, per: time.Minute},
		{name: "submit_approve", api: apiSubmitApprove, rate: 10, per: time.Minute},
		{name: "cancel_approve", api: apiCancelApprove, rate: 10, per: time.Minute},
		{name: "execute_send", api: apiExecuteSend, rate: 10, per: time.Minute},
		{name: "cancel_send", api: apiCancelSend, rate: 10, per: time.Minute},
		{name: "ticket_message", api: apiTicketMessage, rate: 1000, per: time.Minute},
		{name: "ticket_message_per_second", api: apiTicketMessage, rate: 50, per: time.Second},
	}
}

func limitDocs() []Doc {
	var docs []Doc
	for _, l := range documentedLimits() {
		unit := "requests a minute; 0 for no limit"
		if l.per == time.Second {
			unit = "requests a second; 0 for no limit"
		}
		docs = append(docs, Doc{Name: l.name, Values: []string{strconv.Itoa(l.rate)}, Text: unit})
	}
	return docs
}

// setLimit sets one limit from its text form, such as "get=100"; "get=0" switches it off, and
// "all=0" switches all off.
func (s *Server) setLimit(text string) error {
	name, value, _ := strings.Cut(text, "=")
	rate, err := strconv.Atoi(value)
	if err != nil || rate < 0 {
		return fmt.Errorf("limit %s: %q is not a number of requests", name, value)
	}
	known := false
	for _, l := range s.limits {
		if l.name == name || name == "all" {
			l.rate, known = rate, true
		}
	}
	if !known {
		return fmt.Errorf("limit %q: no limit of that name", name)
	}
	return nil
}

// wait returns how long until there is room for a call, 0 for now. A fixed window ends for all
// its calls at once, a sliding one for each when it is old enough.
func (l *limit) wait(now time.Time, sliding bool) time.Duration {
	for len(l.taken) > 0 && now.Sub(l.taken[0]) >= l.per {
		if l.taken = l.taken[1:]; !sliding {
			l.taken = nil
		}
	}
	if l.rate == 0 || len(l.taken) < l.rate {
		return 0
	}
	return l.taken[0].Add(l.per).Sub(now)
}

// checkLimit counts a request against the limits of its API. One that is refused counts against
// none.
func (s *Server) checkLimit(c *call) *answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	var longest time.Duration
	var full *limit
	for _, l := range s.limits {
		if l.api != c.api {
			continue
		}
		if d := l.wait(c.now, s.switches.WindowSliding); d > longest {
			longest, full = d, l
		}
	}
	if full != nil {
		ans := s.throttled(c, full.rate, s.resetText(longest))
		return &ans
	}
	for _, l := range s.limits {
		if l.api == c.api && l.rate > 0 {
			l.taken = append(l.taken, c.now)
		}
	}
	return nil
}
