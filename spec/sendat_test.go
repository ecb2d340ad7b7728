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
		{"no offset", `2026-12-01T09:00:00`, ruleSendTimeZone, "2026-12-01T09:00:00+08:00"},
		{"no offset, a blank", `2026-12-01 09:00:00`, ruleSendTimeZone, "2026-12-01T09:00:00+08:00"},
		{"a day only", `2026-12-01`, ruleSendTimeZone, "2026-12-01T00:00:00+08:00"},
		{"no seconds", `2026-12-01T09:00+08:00`, ruleInvalidValue, "write 2026-12-01T09:00:00+08:00"},
		{"a blank for the T", `2026-12-01 09:00:00+08:00`, ruleInvalidValue, "write 2026-12-01T09:00:00+08:00"},
		{"an offset without a colon", `2026-12-01T09:00:00+0800`, ruleInvalidValue, "write 2026-12-01T09:00:00+08:00"},
		{"no such day", `2026-02-30T09:00:00+08:00`, ruleInvalidValue, ""},
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
