package feishu_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"notiform/feishu"
	"notiform/feishu/sandbox"
)

const note = `{"post":{"en_us":{"title":"t","content":[[{"tag":"text","text":"飞书"},{"tag":"a","text":"x","href":"https://a.example/"}]]}}}`

// ticketSettings get their token for the sandbox's app.
func ticketSettings(base string) feishu.Settings {
	settings := sandboxSettings(base)
	settings.AppID, settings.AppSecret = sandbox.DefaultAppID, feishu.NewSecret(sandbox.DefaultAppSecret)
	return settings
}

func tell(t *testing.T, c *feishu.Client, ticket, content string) (string, error) {
	t.Helper()
	return c.PostTicketMessage(t.Context(), ticket, []byte(content))
}

func TestSandboxTakesTicketMessages(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"string", "object"} {
		s, base := sandbox.Start(t, sandbox.Options{Limits: sandbox.Unlimited(), Switches: []string{"ticket_content=" + form}})
		for _, object := range []bool{false, true} {
			c, err := feishu.New(ticketSettings(base), feishu.Options{TicketContentObject: object})
			if err != nil {
				t.Fatal(err)
			}
			messageID, err := tell(t, c, sandbox.DefaultTicketID, note)
			if taken := object == (form == "object"); taken != (err == nil) || taken != strings.HasPrefix(messageID, "om_") {
				t.Errorf("a server that takes %s, object %v: %q, %v", form, object, messageID, err)
			}
		}
		if m := s.Messages(); len(m) != 1 || m[0].Content != note || m[0].MsgType != "post" || m[0].TicketID != sandbox.DefaultTicketID {
			t.Errorf("%+v", m)
		}
	}
}

func TestSandboxRefusesTicketMessages(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why, ticket, content, want string
	}{
		{"a closed ticket", "50", note, "the ticket is closed"},
		{"a ticket of nobody", "9", note, "there is no such ticket in this helpdesk"},
		{"a link to nowhere", sandbox.DefaultTicketID, strings.Replace(note, "https:", "javascript:", 1), "a link in the message is not accepted"},
		{"no post", sandbox.DefaultTicketID, `{}`, "the form of the message is not accepted"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			s, base := sandbox.Start(t, sandbox.Options{Limits: sandbox.Unlimited()})
			s.SetTicket("50", 50)
			c, err := feishu.New(ticketSettings(base), feishu.Options{})
			if err != nil {
				t.Fatal(err)
			}
			_, err = tell(t, c, row.ticket, row.content)
			if err == nil || !strings.Contains(err.Error(), row.want) || !feishu.IsRefused(err) || s.Count("ticket_message") != 1 || len(s.Messages()) != 0 {
				t.Errorf("%v after %d requests", err, s.Count("ticket_message"))
			}
		})
	}
}

// TestSandboxTicketFaults: whatever happens to the answer, one request is sent
// and no more than one message posted, and IsRefused tells the truth about it.
func TestSandboxTicketFaults(t *testing.T) {
	t.Parallel()
	for _, kind := range []sandbox.FaultKind{
		sandbox.ErrorBeforeCommit, sandbox.ErrorAfterCommit, sandbox.DropBeforeCommit, sandbox.DropAfterCommit, sandbox.DropInAnswer,
		sandbox.Truncate, sandbox.HTML, sandbox.Redirect, sandbox.ContentType, sandbox.Huge, sandbox.Hang, sandbox.HangAfterCommit,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			s, base := sandbox.Start(t, sandbox.Options{Limits: sandbox.Unlimited()})
			c, err := feishu.New(ticketSettings(base), feishu.Options{RequestTimeout: 2 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			s.Fail(sandbox.Fault{Method: "ticket_message", Kind: kind})
			_, err = tell(t, c, sandbox.DefaultTicketID, note)
			if err == nil || feishu.IsRefused(err) || s.Count("ticket_message") != 1 || len(s.Messages()) > 1 {
				t.Errorf("%v, %d requests, %d messages", err, s.Count("ticket_message"), len(s.Messages()))
			}
			if !strings.Contains(err.Error(), "may or may not have been posted") {
				t.Error(err)
			}
		})
	}
}

// TestSandboxTokenExpires: for a day a message an hour is posted, with the tokens
// that the sandbox gives, which it gives again until half an hour before their end.
func TestSandboxTokenExpires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := inBubble(t, nil, nil)
		for range 24 {
			if _, err := tell(t, c, sandbox.DefaultTicketID, note); err != nil {
				t.Error(err)
			}
			time.Sleep(time.Hour)
		}
		if n := s.Count("tenant_access_token"); n != 12 || s.Count("ticket_message") != 24 {
			t.Errorf("%d tokens for %d requests", n, s.Count("ticket_message"))
		}
	})
}

// inBubble is a sandbox with Feishu's limits and a client of it.
func inBubble(t *testing.T, switches []string, around func(http.RoundTripper) http.RoundTripper) (*sandbox.Server, *feishu.Client) {
	t.Helper()
	s, err := sandbox.New(sandbox.Options{Switches: switches})
	if err != nil {
		t.Fatal(err)
	}
	transport := s.InProcess()
	if around != nil {
		transport = around(transport)
	}
	c, err := feishu.New(ticketSettings(""), feishu.Options{Transport: transport})
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

// way delays each request on its way there and back, and notes when it arrived.
type way struct {
	to   http.RoundTripper
	mean time.Duration

	mu       sync.Mutex
	dice     *rand.Rand
	arrivals []time.Time
}

func (w *way) travel() {
	w.mu.Lock()
	d := time.Duration(w.dice.Float64() * 2 * float64(w.mean))
	w.mu.Unlock()
	time.Sleep(d)
}

func (w *way) RoundTrip(r *http.Request) (*http.Response, error) {
	w.travel()
	defer w.travel()
	if strings.Contains(r.URL.Path, "/tickets/") {
		w.mu.Lock()
		w.arrivals = append(w.arrivals, time.Now())
		w.mu.Unlock()
	}
	return w.to.RoundTrip(r)
}

// most returns the highest number of arrivals within any span of that length.
func (w *way) most(span time.Duration) int {
	slices.SortFunc(w.arrivals, time.Time.Compare)
	most, first := 0, 0
	for i, at := range w.arrivals {
		for at.Sub(w.arrivals[first]) > span {
			first++
		}
		most = max(most, i+1-first)
	}
	return most
}

// TestTicketLimits: under both of Feishu's limits, in virtual time. No second sees
// more than 50 messages and no minute more than 1 000, whatever the windows'
// form and the latency; none is refused; and it takes what the limits allow, to
// within 1 %.
func TestTicketLimits(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why      string
		window   string
		messages int
		latency  time.Duration // the mean of each way
		bound    time.Duration // the least the limits allow
	}{
		{"for four minutes, fixed windows", "fixed", 4_000, 10 * time.Millisecond, 3*time.Minute + 19*time.Second},
		{"for four minutes, sliding windows", "sliding", 4_000, 10 * time.Millisecond, 3*time.Minute + 19*time.Second},
		{"the 50 a second alone", "sliding", 1_000, time.Millisecond, 19 * time.Second},
		{"with half a second on the way", "sliding", 3_000, 250 * time.Millisecond, 0},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := &way{mean: row.latency, dice: rand.New(rand.NewPCG(1, 2))}
				s, c := inBubble(t, []string{"window=" + row.window}, func(to http.RoundTripper) http.RoundTripper { w.to = to; return w })
				if err := c.AuthorizeTickets(t.Context()); err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				var all sync.WaitGroup
				for i := range row.messages {
					all.Go(func() {
						if _, err := tell(t, c, sandbox.DefaultTicketID, fmt.Sprintf(`{"post":{"en_us":{"title":"%d"}}}`, i)); err != nil {
							t.Error(err)
						}
					})
				}
				all.Wait()
				took := time.Since(began)
				t.Logf("%d messages in %v (bound %v), at most %d a second and %d a minute", row.messages, took, row.bound, w.most(time.Second), w.most(time.Minute))
				if row.bound > 0 && took > row.bound+row.bound/100 {
					t.Errorf("took %v where the limits allow %v", took, row.bound)
				}
				if second, minute := w.most(time.Second), w.most(time.Minute); second > 50 || minute > 1000 {
					t.Errorf("%d within a second, %d within a minute", second, minute)
				}
				if n := s.Count("ticket_message"); n != row.messages || len(s.Messages()) != row.messages {
					t.Errorf("%d requests, %d messages", n, len(s.Messages()))
				}
			})
		})
	}
}

// TestTicketLimitsAreWhatHoldsItBack shows that the measure above can fail: the
// sandbox refuses what comes too fast.
func TestTicketLimitsAreWhatHoldsItBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := inBubble(t, nil, nil)
		_, other := inBubble(t, nil, func(http.RoundTripper) http.RoundTripper { return s.InProcess() })
		for _, client := range []*feishu.Client{c, other} {
			for range 50 {
				if _, err := tell(t, client, sandbox.DefaultTicketID, note); err != nil {
					t.Error(errors.Unwrap(err), err)
				}
			}
		}
		if n := s.Count("ticket_message"); n <= 100 || len(s.Messages()) != 100 {
			t.Errorf("%d requests for %d messages", n, len(s.Messages()))
		}
	})
}
