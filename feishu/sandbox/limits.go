package sandbox

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Unlimited are the Limits of Options that switch all of them off.
func Unlimited() []string { return []string{"all=0"} }

// limit counts one API's requests against one rate.
type limit struct {
	name  string
	api   string
	rate  int // 0 for no limit
	per   time.Duration
	taken []time.Time // the calls that may still count, oldest first
}

// documentedLimits are those of the table of APIs.
func documentedLimits() []*limit {
	var limits []*limit
	for _, a := range apis() {
		if a.rate > 0 {
			limits = append(limits, &limit{name: a.name, api: a.name, rate: a.rate, per: time.Minute})
		}
		if a.perSecond > 0 {
			limits = append(limits, &limit{name: a.name + "_per_second", api: a.name, rate: a.perSecond, per: time.Second})
		}
	}
	return limits
}

func limitDocs() []Doc {
	var docs []Doc
	for _, l := range documentedLimits() {
		text := "requests a minute; 0 for no limit"
		if l.per == time.Second {
			text = "requests a second; 0 for no limit"
		}
		docs = append(docs, Doc{Name: l.name, Values: []string{strconv.Itoa(l.rate)}, Text: text})
	}
	return docs
}

// setLimit sets one limit from its text form, such as "get=100"; "get=0" switches it off, and
// "all=0" switches all off.
func (s *Server) setLimit(text string) error {
	name, value, _ := strings.Cut(text, "=")
	rate, err := strconv.Atoi(value)
	if err != nil || rate < 0 {
		return fmt.Errorf(badRate, name, value)
	}
	known := false
	for _, l := range s.limits {
		if l.name == name || name == "all" {
			l.rate, known = rate, true
		}
	}
	if !known {
		return fmt.Errorf(unknownLimit, name)
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
	var longest time.Duration
	var full *limit
	for _, l := range s.limits {
		if l.api != c.name {
			continue
		}
		if d := l.wait(c.now, s.switches.WindowSliding); d > longest {
			longest, full = d, l
		}
	}
	if full != nil {
		return s.throttled(full.rate, s.resetText(longest))
	}
	for _, l := range s.limits {
		if l.api == c.name && l.rate > 0 {
			l.taken = append(l.taken, c.now)
		}
	}
	return nil
}
