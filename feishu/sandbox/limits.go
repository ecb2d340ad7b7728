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
	rate  int // 0 for no limit
	per   time.Duration
	taken []time.Time // the calls that may still count, oldest first
}

// documentedLimits are those of an API's page.
func (a *api) documentedLimits() (limits []*limit) {
	if a.rate > 0 {
		limits = append(limits, &limit{name: a.name, rate: a.rate, per: time.Minute})
	}
	if a.perSecond > 0 {
		limits = append(limits, &limit{name: a.name + "_per_second", rate: a.perSecond, per: time.Second})
	}
	return limits
}

func limitDocs() []Doc {
	texts := map[time.Duration]string{time.Minute: limitAMinute, time.Second: limitASecond}
	var docs []Doc
	for _, a := range apis() {
		for _, l := range a.limits {
			docs = append(docs, Doc{l.name, []string{strconv.Itoa(l.rate)}, texts[l.per]})
		}
	}
	return docs
}

// setLimit takes one limit from its text form: "get=100", "get=0" for none, "all=0" for none at all.
func (s *Server) setLimit(text string) error {
	name, value, _ := strings.Cut(text, "=")
	rate, err := strconv.Atoi(value)
	if err != nil || rate < 0 {
		return fmt.Errorf(badRate, name, value)
	}
	err = fmt.Errorf(unknownLimit, name)
	for _, a := range s.apis {
		for _, l := range a.limits {
			if l.name == name || name == "all" {
				l.rate, err = rate, nil
			}
		}
	}
	return err
}

// wait returns how long until there is room for a call, 0 for now. A fixed window ends for all its
// calls at once, a sliding one for each when it is old enough.
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

// checkLimit counts a request against the limits of its API. One that is refused counts against none.
func (s *Server) checkLimit(c *call) *answer {
	var longest time.Duration
	var full *limit
	for _, l := range c.limits {
		if d := l.wait(c.now, s.switches.WindowSliding); d > longest {
			longest, full = d, l
		}
	}
	if full != nil { // whoever waits as long as it says comes in
		step, digits := time.Second, 0
		if s.switches.ResetFractional {
			step, digits = time.Millisecond, 3
		}
		reset := (longest + step - 1).Truncate(step)
		return s.throttled(full.rate, strconv.FormatFloat(reset.Seconds(), 'f', digits, 64))
	}
	for _, l := range c.limits {
		if l.rate > 0 {
			l.taken = append(l.taken, c.now)
		}
	}
	return nil
}
