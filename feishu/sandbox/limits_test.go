package sandbox_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"notiform/feishu/sandbox"
)

// TestDocumentedLimits uses up each limit and finds the next call refused.
func TestDocumentedLimits(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		method, path string
		rate         int
		reset        string
	}{
		"create":         {"POST", api + "/notifications", 10, "60"},
		"patch":          {"PATCH", draft, 20, "60"},
		"get":            {"GET", draft, 100, "60"},
		"preview":        {"POST", draft + "/preview", 20, "60"},
		"submit_approve": {"POST", draft + "/submit_approve", 10, "60"},
		"cancel_approve": {"POST", draft + "/cancel_approve", 10, "60"},
		"execute_send":   {"POST", draft + "/execute_send", 10, "60"},
		"cancel_send":    {"POST", draft + "/cancel_send", 10, "60"},
		"ticket_message": {"POST", messages, 50, "1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := inside(t, sandbox.Options{})
				if name == "ticket_message" {
					d.token = sandbox.DefaultTenantToken
				}
				for i := range row.rate {
					if r := d.do(row.method, row.path, ""); r.code == 99991400 {
						t.Fatalf("call %d is refused", i+1)
					}
				}
				r := d.do(row.method, row.path, "")
				d.want(r, 429, 99991400)
				hasHeader("x-ogw-ratelimit-limit", strconv.Itoa(row.rate))(d, r)
				hasHeader("x-ogw-ratelimit-reset", row.reset)(d, r)
				if row.path != draft && d.do("GET", draft, "").code == 99991400 {
					t.Error("one API's limit is another's")
				}
			})
		})
	}
}

// TestTicketLimits: a thousand a minute beside fifty a second, whichever bites.
func TestTicketLimits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := inside(t, sandbox.Options{})
		d.token = sandbox.DefaultTenantToken
		for i := range 1000 {
			if i%50 == 0 {
				time.Sleep(time.Second)
			}
			if r := d.do("POST", messages, ""); r.code == 99991400 {
				t.Fatalf("message %d is refused", i+1)
			}
		}
		time.Sleep(time.Second)
		r := d.do("POST", messages, "")
		hasHeader("x-ogw-ratelimit-limit", "1000")(d, r)
		hasHeader("x-ogw-ratelimit-reset", "40")(d, r)
	})
}

// TestWindows asks at the same moments under both windows. Three a minute.
func TestWindows(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string][]bool{ // at 0, 30, 31, 59, 60, 61, 62, 89, 90, 119, 120 s
		"fixed":   {true, true, true, false, true, true, true, false, false, false, true},
		"sliding": {true, true, true, false, true, false, false, false, true, true, true},
	} {
		t.Run(setting, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := inside(t, sandbox.Options{Limits: []string{"get=3"}, Switches: []string{"window=" + setting}})
				start := time.Now()
				for i, second := range []int{0, 30, 31, 59, 60, 61, 62, 89, 90, 119, 120} {
					time.Sleep(time.Until(start.Add(time.Duration(second) * time.Second)))
					if got := d.do("GET", draft, "").code == 0; got != want[i] {
						t.Errorf("at %d s: allowed %v", second, got)
					}
				}
			})
		})
	}
}

// TestReset: whoever waits as long as the header says comes in, and not much
// sooner, under either window.
func TestReset(t *testing.T) {
	t.Parallel()
	for _, window := range []string{"fixed", "sliding"} {
		for header, want := range map[string]string{"seconds": "50", "fractional": "49.501"} {
			t.Run(window+" "+header, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					d := inside(t, sandbox.Options{
						Limits:   []string{"get=1"},
						Switches: []string{"window=" + window, "reset_header=" + header},
					})
					d.want(d.do("GET", draft, ""), 200, 0)
					time.Sleep(10*time.Second + 499*time.Millisecond + 500*time.Microsecond)
					reset := d.do("GET", draft, "").header.Get("x-ogw-ratelimit-reset")
					if reset != want {
						t.Fatalf("reset %q, want %q", reset, want)
					}
					seconds, err := strconv.ParseFloat(reset, 64)
					if err != nil {
						t.Fatal(err)
					}
					time.Sleep(time.Duration((seconds - 1) * float64(time.Second)))
					d.want(d.do("GET", draft, ""), 429, 99991400)
					time.Sleep(time.Second)
					d.want(d.do("GET", draft, ""), 200, 0)
				})
			})
		}
	}
}

func TestUnlimited(t *testing.T) {
	t.Parallel()
	d := open(t, sandbox.Options{Limits: sandbox.Unlimited()}, member)
	for range 150 {
		d.want(d.do("GET", draft, ""), 200, 0)
	}
}

func TestLimitText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "get", "get=", "get=-1", "get=x", "gets=5", "=5"} {
		if _, err := sandbox.New(sandbox.Options{Limits: []string{text}}); err == nil {
			t.Errorf("%q is taken for a limit", text)
		}
	}
	for _, row := range []struct {
		limits  string
		allowed int // GETs of 4
	}{
		{"get=3", 3}, {"get=0", 4}, {"all=2", 2}, {"get=3 all=0", 4}, {"all=0 get=3", 3}, {"patch=1", 4},
	} {
		d := open(t, sandbox.Options{Limits: strings.Fields(row.limits)}, member)
		allowed := 0
		for range 4 {
			if d.do("GET", draft, "").code == 0 {
				allowed++
			}
		}
		if allowed != row.allowed {
			t.Errorf("%s: %d GETs of 4, want %d", row.limits, allowed, row.allowed)
		}
	}
	var docs string
	_, limits, _ := sandbox.Docs()
	for _, doc := range limits {
		docs += fmt.Sprint(doc.Name, doc.Values, " ")
	}
	want := "create[10] patch[20] get[100] preview[20] submit_approve[10] cancel_approve[10] execute_send[10] cancel_send[10] " +
		"ticket_message[1000] ticket_message_per_second[50] ticket[600] ticket_per_second[10] "
	if docs != want {
		t.Errorf("got %s", docs)
	}
}
