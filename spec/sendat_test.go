package spec

import (
	"strings"
	"testing"
	"time"
)

func TestSendAt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ why, src, want string }{
		{"RFC 3339", `2026-12-01T09:00:00+08:00`, "2026-12-01T09:00:00+08:00"},
		{"in quotes", `"2026-12-01T09:00:00+08:00"`, "2026-12-01T09:00:00+08:00"},
		{"in UTC", `2026-12-01T09:00:00Z`, "2026-12-01T09:00:00Z"},
		{"with the offset of UTC", `2026-12-01T09:00:00+00:00`, "2026-12-01T09:00:00Z"},
		{"to the millisecond", `2026-12-01T09:00:00.125-03:30`, "2026-12-01T09:00:00.125-03:30"},
		{"zeros are not finer than a millisecond", `2026-12-01T09:00:00.1250000000000Z`, "2026-12-01T09:00:00.125Z"},
		{"RFC 3339 takes small letters", `2026-12-01t09:00:00z`, "2026-12-01T09:00:00Z"},
		{"a leap day", `2028-02-29T23:59:59-23:59`, "2028-02-29T23:59:59-23:59"},
		{"the API's milliseconds", `"1626332244719"`, "2021-07-15T06:57:24.719Z"},
		{"as a number", `1626332244719`, "2021-07-15T06:57:24.719Z"},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			set := Decode("f.yaml", []byte(draftWith("send_at: "+tt.src)), Options{})
			if got := set.Drafts[0].SendAt; len(set.Diagnostics) > 0 || !got.Given || got.Value.Format(time.RFC3339Nano) != tt.want {
				t.Errorf("got %v %q, want %s", got, saidBy(set), tt.want)
			}
		})
	}
}

func TestSendAtFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ why, src, rule, hint string }{
		{"no offset", `2026-12-01T09:00:00`, ruleSendTimeZone, "write it with its offset, such as 2026-12-01T09:00:00+08:00"},
		{"no offset, a blank", `2026-12-01 09:00:00`, ruleSendTimeZone, "2026-12-01T09:00:00+08:00"},
		{"no offset, a fraction", `2026-12-01T09:00:00.5`, ruleSendTimeZone, "2026-12-01T09:00:00.5+08:00"},
		{"a day only", `2026-12-01`, ruleSendTimeZone, "2026-12-01T00:00:00+08:00"},
		{"no offset, no seconds, slashes", `2026/12/1 9:00`, ruleSendTimeZone, "2026-12-01T09:00:00+08:00"},
		{"no seconds", `2026-12-01T09:00+08:00`, ruleInvalidValue, "write 2026-12-01T09:00:00+08:00"},
		{"a blank for the T", `2026-12-01 09:00:00+08:00`, ruleInvalidValue, "write 2026-12-01T09:00:00+08:00"},
		{"an offset without a colon", `2026-12-01T09:00:00+0800`, ruleInvalidValue, "write 2026-12-01T09:00:00+08:00"},
		{"an offset of hours", `2026-12-01T09:00:00+8`, ruleInvalidValue, "write 2026-12-01T09:00:00+08:00"},
		{"a blank before the offset", `2026-12-01T09:00:00 Z`, ruleInvalidValue, "write 2026-12-01T09:00:00Z"},
		{"a blank before and after", `" 2026-12-01T09:00:00Z "`, ruleInvalidValue, "write 2026-12-01T09:00:00Z"},
		{"an hour of one digit", `2026-12-01T9:00:00+08:00`, ruleInvalidValue, "write 2026-12-01T09:00:00+08:00"},
		{"a minute of one digit", `2026-12-01T09:0:00+08:00`, ruleInvalidValue, "write 2026-12-01T09:00:00+08:00"},
		{"a second of one digit", `2026-12-01T09:00:0+08:00`, ruleInvalidValue, "write 2026-12-01T09:00:00+08:00"},
		{"a month of one digit", `2026-1-01T09:00:00+08:00`, ruleInvalidValue, "write 2026-01-01T09:00:00+08:00"},
		{"an offset of one digit", `2026-12-01T09:00:00+8:00`, ruleInvalidValue, "write 2026-12-01T09:00:00+08:00"},
		{"a comma", `2026-12-01T09:00:00,5+08:00`, ruleInvalidValue, "write 2026-12-01T09:00:00.5+08:00"},
		{"colons of a Chinese keyboard", `2026-12-01T09：00：00+08:00`, ruleInvalidValue, "write 2026-12-01T09:00:00+08:00"},
		{"no such day", `2026-02-30T09:00:00+08:00`, ruleInvalidValue, "the day goes from 01 to 28 here"},
		{"nor without an offset", `2026-02-30`, ruleInvalidValue, "the day goes from 01 to 28 here"},
		{"nor in April", `2026-04-31T09:00:00+08:00`, ruleInvalidValue, "the day goes from 01 to 30 here"},
		{"no leap day in this year", `2100-02-29T09:00:00+08:00`, ruleInvalidValue, "the day goes from 01 to 28 here"},
		{"no day 0", `2026-12-00T09:00:00+08:00`, ruleInvalidValue, "the day goes from 01 to 31 here"},
		{"no month 13", `2026-13-01T09:00:00+08:00`, ruleInvalidValue, "the month goes from 01 to 12 here"},
		{"no month 0", `2026-00-01T09:00:00+08:00`, ruleInvalidValue, "the month goes from 01 to 12 here"},
		{"no hour 24", `2026-12-01T24:00:00+08:00`, ruleInvalidValue, "the hour goes from 00 to 23 here"},
		{"no minute 60", `2026-12-01T09:60:00+08:00`, ruleInvalidValue, "the minute goes from 00 to 59 here"},
		{"no leap second", `2026-12-31T23:59:60Z`, ruleInvalidValue, "the second goes from 00 to 59 here"},
		{"no such offset", `2026-12-01T09:00:00+24:00`, ruleInvalidValue, "the offset hour goes from 00 to 23 here"},
		{"no such minute of one", `2026-12-01T09:00:00+08:60`, ruleInvalidValue, "the offset minute goes from 00 to 59 here"},
		{"finer than package time knows", `2026-12-01T09:00:00.0000000001Z`, ruleInvalidValue, ""},
		{"five digits for a year", `12026-12-01T09:00:00Z`, ruleInvalidValue, ""},
		{"full-width digits", `２０２６-12-01T09:00:00Z`, ruleInvalidValue, ""},
		{"fewer milliseconds", `162633224471`, ruleInvalidValue, ""},
		{"milliseconds with a fraction", `1626332244719.0`, ruleInvalidValue, ""},
		{"milliseconds with a power", `1.626332244719e12`, ruleInvalidValue, ""},
		{"no time at all", `tomorrow`, ruleInvalidValue, ""},
		{"seconds", `1626332244`, ruleInvalidValue, "1626332244000"},
		{"microseconds", `1626332244719000`, ruleInvalidValue, ""},
		{"thirteen digits that are fewer", `"0626332244719"`, ruleInvalidValue, ""},
		{"more digits than fit", `99999999999999999999999`, ruleInvalidValue, ""},
		{"before there were thirteen digits", `2001-09-09T01:46:39Z`, ruleInvalidValue, ""},
		{"when there are fourteen", `2286-11-20T17:46:40Z`, ruleInvalidValue, ""},
		{"too fine", `2026-12-01T09:00:00.0001Z`, ruleInvalidValue, ""},
		{"underscores", `1_626_332_244_719`, ruleInvalidValue, ""},
		{"a negative number", `-1626332244719`, ruleInvalidValue, ""},
		{"a list", `[1626332244719]`, ruleWrongType, ""},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			set := Decode("f.yaml", []byte(draftWith("send_at: "+tt.src)), Options{Now: time.Unix(0, 0)})
			if len(set.Diagnostics) != 1 || set.Diagnostics[0].Rule != tt.rule || !strings.Contains(set.Diagnostics[0].Hint, tt.hint) ||
				tt.hint == "" && set.Diagnostics[0].Hint != "" {
				t.Errorf("got %+v, want %s, hint %q", set.Diagnostics, tt.rule, tt.hint)
			}
			if !set.Drafts[0].SendAt.Value.IsZero() {
				t.Errorf("got %v all the same", set.Drafts[0].SendAt.Value)
			}
		})
	}
}

func TestSendAtPast(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	src := draftWith("send_at: 2026-12-01T17:00:00+08:00")
	for _, tt := range []struct {
		why      string
		now      time.Time
		warnings int
	}{
		{"the same instant has not passed", at, 0},
		{"a moment later it has", at.Add(time.Nanosecond), 1},
		{"without a clock nothing has", time.Time{}, 0},
	} {
		if set := Decode("f.yaml", []byte(src), Options{Now: tt.now}); warnings(set) != tt.warnings {
			t.Errorf("%s: got %q", tt.why, saidBy(set))
		}
	}
	if set := Decode("f.yaml", []byte(draftWith("send_at:")), Options{Now: at}); len(set.Diagnostics) > 0 {
		t.Errorf("a cleared time is in the past: %q", saidBy(set))
	}
}

// TestStrictDoesNotTurnOnTheClock: the same commit gets the same verdict tomorrow, unless
// somebody asks for another one by name.
func TestStrictDoesNotTurnOnTheClock(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	src := []byte(draftWith("send_at: 2026-12-01T08:00:00Z"))
	if set := Decode("f.yaml", src, Options{Now: at, Strict: true}); set.Errors() != 0 || warnings(set) != 1 {
		t.Errorf("strict: got %q", saidBy(set))
	}
	asked := map[string]Severity{ruleSendTimePast: Error}
	if set := Decode("f.yaml", src, Options{Now: at, Strict: true, Severity: asked}); set.Errors() != 1 {
		t.Errorf("asked for: got %q", saidBy(set))
	}
	for _, r := range Rules() {
		if r.Clock && (r.Fixed || r.Severity != Warning) {
			t.Errorf("%s judges by the clock, and is an error", r.ID)
		}
	}
}

// TestSendAtWhereverWeAre: package time would give a time the machine's zone, if
// the offset fits, and two machines would show one draft differently.
func TestSendAtWhereverWeAre(t *testing.T) {
	t.Parallel()
	home := time.Now().Format("Z07:00")
	d := Decode("f.yaml", []byte(draftWith("send_at: 2026-12-01T09:00:00"+home)), Options{}).Drafts[0]
	if got := d.SendAt.Value.Location(); got == time.Local {
		t.Errorf("got the local zone %v", got)
	}
}
