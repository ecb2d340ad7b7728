package feishu

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// step is what a scripted server does with one attempt.
type step func(r *http.Request) (*http.Response, error)

func answers(status int, body string, headers ...string) step {
	return func(*http.Request) (*http.Response, error) {
		resp := respond(status, body)
		for i := 0; i < len(headers); i += 2 {
			resp.Header.Set(headers[i], headers[i+1])
		}
		return resp, nil
	}
}

func breaks(err error) step {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// unreachable seeks a connection in vain, as package net/http does.
func unreachable(err error) step {
	return func(r *http.Request) (*http.Response, error) {
		httptrace.ContextClientTrace(r.Context()).GetConn("open.feishu.cn:443")
		return nil, err
	}
}

// silence never answers.
func silence(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

var good = answers(200, found(testID))

func throttles(headers ...string) step {
	return answers(429, `{"code":99991400,"msg":"request trigger frequency limit"}`, headers...)
}

// script is a transport that plays its steps, the last one for ever, and notes
// how long after the beginning each attempt came.
type script struct {
	mu    sync.Mutex
	steps []step
	began time.Time
	at    []time.Duration
	body  []string
}

func play(steps ...step) *script { return &script{steps: steps, began: time.Now()} }

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	return s.next(r)(r)
}

func (s *script) next(r *http.Request) step {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = append(s.at, time.Since(s.began))
	if r.Body != nil {
		body, _ := io.ReadAll(r.Body)
		s.body = append(s.body, string(body))
	}
	do := s.steps[0]
	if len(s.steps) > 1 {
		s.steps = s.steps[1:]
	}
	return do
}

func (s *script) get(t *testing.T, o Options) error {
	o.Transport = s
	_, err := testClient(t, "", o).GetNotification(t.Context(), testID, "")
	return err
}

func (s *script) patch(t *testing.T, o Options) error {
	o.Transport = s
	_, err := patch(t, testClient(t, "", o), testID, "", NotificationPatch{})
	return err
}

var reset = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}

func TestWhichAnswersAreWorthAnotherTry(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why        string
		step       step
		get, patch int // attempts
	}{
		{"a broken connection", breaks(reset), 4, 1},
		{"an answer that broke off", cutOff, 4, 1},
		{"nobody listens", unreachable(refusedDial), 4, 1},
		{"a proxy that does not want to", unreachable(proxyRefusal(403)), 1, 1},
		{"a proxy that wants a login", unreachable(proxyRefusal(407)), 1, 1},
		{"a proxy that cannot", unreachable(proxyRefusal(502)), 4, 1},
		{"a proxy with too much to do", unreachable(proxyRefusal(429)), 4, 1},
		{"no answer costs a whole timeout, so once more is enough", silence, 2, 1},
		{"a server error in JSON", answers(500, `{"code":155000,"msg":"Internal error"}`), 4, 1},
		{"a gateway's error page", answers(502, `<html>`, "Content-Type", "text/html"), 4, 1},
		{"an overloaded gateway", answers(503, ``), 4, 1},
		{"an internal code whatever the status", answers(200, `{"code":1663,"msg":"internal error"}`), 4, 1},
		{"throttled", throttles("x-ogw-ratelimit-reset", "1"), 20, 20},
		{"throttled under HTTP 200", answers(200, `{"code":99991400,"msg":"x"}`), 20, 20},
		{"throttled under HTTP 400", answers(400, `{"code":99991400,"msg":"x"}`), 20, 20},
		{"throttled by a page", answers(429, `<html>`, "Content-Type", "text/html"), 20, 20},
		{"bad request", answers(400, `{"code":154000,"msg":"x"}`), 1, 1},
		{"unauthorized", answers(401, `{"code":154001,"msg":"x"}`), 1, 1},
		{"forbidden", answers(403, `{"code":154003,"msg":"x"}`), 1, 1},
		{"not found", answers(404, `{"code":154004,"msg":"x"}`), 1, 1},
		{"not allowed", answers(405, `{"code":154005,"msg":"x"}`), 1, 1},
		{"a refusal stays one under HTTP 500", answers(500, `{"code":154000,"msg":"x"}`), 1, 1},
		{"a ticket's refusal", answers(500, `{"code":154401,"msg":"x"}`), 1, 1},
		{"token expired, even under HTTP 500", answers(500, `{"code":99991677,"msg":"x"}`), 1, 1},
		{"quota used up", answers(400, `{"code":99991403,"msg":"x"}`), 1, 1},
		{"scope missing", answers(400, `{"code":99991672,"msg":"x"}`), 1, 1},
		{"an unknown id", answers(400, `{"code":99992361,"msg":"x"}`), 1, 1},
		{"a login page", answers(200, `<html>`, "Content-Type", "text/html"), 1, 1},
		{"truncated JSON", answers(200, `{"code":0,`), 1, 1},
		{"a redirect", answers(302, ``, "Location", "https://example.com/"), 1, 1},
		{"proxy misconfigured", breaks(errProxy), 1, 1},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := play(row.step)
				if err := s.get(t, Options{}); err == nil || len(s.at) != row.get {
					t.Errorf("GET: %d attempts, want %d: %v", len(s.at), row.get, err)
				}
				s = play(row.step)
				if err := s.patch(t, Options{}); err == nil || len(s.at) != row.patch {
					t.Errorf("PATCH: %d attempts, want %d: %v", len(s.at), row.patch, err)
				}
			})
		})
	}
}

// cutOff promises more than it delivers.
func cutOff(*http.Request) (*http.Response, error) {
	resp := respond(200, "")
	resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"code":0`), failing{}))
	return resp, nil
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestBackoff(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why  string
		rand float64
		want []time.Duration
	}{
		{"the shortest", 0, []time.Duration{0, 500 * time.Millisecond, 1500 * time.Millisecond, 3500 * time.Millisecond}},
		{"the longest", 1, []time.Duration{0, time.Second, 3 * time.Second, 7 * time.Second}},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := play(breaks(reset))
				_ = s.get(t, Options{Rand: func() float64 { return row.rand }})
				if diff := cmp.Diff(row.want, s.at); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

func TestBackoffIsCapped(t *testing.T) {
	t.Parallel()
	k := &call{client: &Client{options: Options{Rand: func() float64 { return 1 }}}, failures: 10}
	if got := k.backoff(0, 0, 0, nil); got != maxBackoff {
		t.Error(got)
	}
}

func TestRecovers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := play(breaks(reset), answers(503, ""), throttles("x-ogw-ratelimit-reset", "2.5"), good)
		if err := s.get(t, Options{Rand: func() float64 { return 1 }}); err != nil {
			t.Error(err)
		}
		want := []time.Duration{0, time.Second, 3 * time.Second, 5500 * time.Millisecond}
		if diff := cmp.Diff(want, s.at); diff != "" {
			t.Error(diff)
		}
	})
}

func TestPauses(t *testing.T) {
	t.Parallel()
	in90s := time.Date(2000, 1, 1, 0, 1, 30, 0, time.UTC).Format(http.TimeFormat) // bubbles begin at 2000-01-01
	for _, row := range []struct {
		why     string
		headers []string
		want    time.Duration
	}{
		{"as long as the server asks", []string{"x-ogw-ratelimit-reset", "52"}, 52 * time.Second},
		{"fractions count", []string{"x-ogw-ratelimit-reset", "0.25"}, 250 * time.Millisecond},
		{"the gateway's header goes first", []string{"x-ogw-ratelimit-reset", "3", "Retry-After", "9"}, 3 * time.Second},
		{"the standard header otherwise", []string{"Retry-After", "9"}, 9 * time.Second},
		{"which may be a date", []string{"Retry-After", in90s}, 90 * time.Second},
		{"however far", []string{"Retry-After", "Sat, 01 Jan 2000 10:00:00 GMT"}, maxPause},
		{"a date that has passed is now", []string{"Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT"}, minPause},
		{"now is not at once", []string{"x-ogw-ratelimit-reset", "0"}, minPause},
		{"nobody waits for ever", []string{"x-ogw-ratelimit-reset", "86400"}, maxPause},
		{"not even for infinity", []string{"x-ogw-ratelimit-reset", "1e999"}, maxOwnPause},
		{"nor for a number that is none", []string{"x-ogw-ratelimit-reset", "NaN"}, maxOwnPause},
		{"nor backwards", []string{"x-ogw-ratelimit-reset", "-5"}, maxOwnPause},
		{"a header of another kind is as good as none", []string{"x-ogw-ratelimit-reset", "soon"}, maxOwnPause},
		{"no header at all", nil, maxOwnPause},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := play(throttles(row.headers...), good)
				if err := s.patch(t, Options{}); err != nil || len(s.at) != 2 || s.at[1] != row.want {
					t.Errorf("%v %v, want %v", err, s.at, row.want)
				}
			})
		})
	}
}

// TestAPauseHoldsForEverybody: one refusal stops all workers of that API, and
// only of that API.
func TestAPauseHoldsForEverybody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := play(throttles("x-ogw-ratelimit-reset", "30"), good)
		c := testClient(t, "", Options{Transport: s})
		var all sync.WaitGroup
		for i := range 10 {
			all.Go(func() {
				time.Sleep(time.Duration(i) * time.Second)
				if _, err := c.GetNotification(t.Context(), testID, ""); err != nil {
					t.Error(err)
				}
			})
		}
		time.Sleep(15 * time.Second)
		if _, err := patch(t, c, testID, "", NotificationPatch{}); err != nil {
			t.Error(err)
		}
		all.Wait()
		if s.at[0] != 0 || s.at[1] != 15*time.Second || s.at[2] != 30*time.Second || len(s.at) != 12 {
			t.Error(s.at)
		}
	})
}

// TestARefusedRequestPassesTheLimiterAgain: its second attempt waits for the
// window although the server's pause is long over.
func TestARefusedRequestPassesTheLimiterAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := play(throttles("x-ogw-ratelimit-reset", "1"), good)
		if err := s.get(t, Options{ReadRate: 1}); err != nil || s.at[1] != perMinute(1).span() {
			t.Error(err, s.at)
		}
	})
}

func TestGivesUpOnAServerThatOnlyRefuses(t *testing.T) {
	t.Parallel()
	const problem = ` notification 7000000000000000001: refused as too frequent: ` +
		`feishu answered code 99991400, "request trigger frequency limit" (HTTP 429, log id ` + testLogID
	for _, row := range []struct {
		why, want string
		send      func(*script, *testing.T, Options) error
	}{
		{"a GET is sent again by the client", "get" + problem + ", 20 attempts)", (*script).get},
		{"each PATCH by whoever holds its slot", "patch" + problem + ")", (*script).patch},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := play(throttles("x-ogw-ratelimit-reset", "0"))
				err := row.send(s, t, Options{})
				if err == nil || err.Error() != row.want {
					t.Error(err)
				}
				if !errors.Is(err, ErrThrottled) || !IsRefused(err) || !strings.Contains(hintOf(err), "limit") {
					t.Error(hintOf(err))
				}
				if took := s.at[len(s.at)-1]; len(s.at) != 20 || took < 2*time.Minute || took > 5*time.Minute {
					t.Errorf("gave up after %d attempts in %v, which is less than two windows or too long", len(s.at), took)
				}
			})
		})
	}
}

func TestEveryAttemptSendsTheWholeBody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := play(throttles(), throttles(), answers(200, posted))
		if _, err := post(t, testClient(t, "", Options{Transport: s})); err != nil {
			t.Error(err)
		}
		if len(s.body) != 3 || s.body[0] != s.body[2] || s.body[1] != s.body[2] || !strings.HasPrefix(s.body[0], `{"msg_type"`) {
			t.Error(s.body)
		}
	})
}

// TestAnEarlierAttemptLeavesNoTrace: what a failed attempt delivered is not mixed
// into the answer of the next.
func TestAnEarlierAttemptLeavesNoTrace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first := answers(500, `{"code":0,"data":{"approval_app_link":"old","notification":{"id":"7000000000000000001","job_name":"old","ext":"old"}}}`)
		c := testClient(t, "", Options{Transport: play(first, good)})
		got, err := c.GetNotification(t.Context(), testID, "")
		if err != nil || got.Notification.JobName != "" || got.ApprovalAppLink != "" || got.Notification.Ext != "" {
			t.Errorf("%v %+v", err, got)
		}
	})
}

var refusedDial error = &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}

var errStop = errors.New("the operator had enough")

// TestContextEndsEveryWait cancels in each place where a call may be waiting.
func TestContextEndsEveryWait(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why     string
		steps   []step
		before  int // requests that use up the limit first
		refused bool
	}{
		{"before it begins", []step{good}, -1, true},
		{"in the limiter's queue", []step{good}, 1, true},
		{"in flight", []step{silence}, 0, false},
		{"while paused", []step{throttles("x-ogw-ratelimit-reset", "100")}, 0, true},
		{"in the backoff", []step{answers(503, "")}, 0, false},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := testClient(t, "", Options{Transport: play(row.steps...), ReadRate: 1, RequestTimeout: time.Hour, Rand: func() float64 { return 1 }})
				for range row.before {
					if _, err := c.GetNotification(t.Context(), testID, ""); err != nil {
						t.Fatal(err)
					}
				}
				ctx, cancel := context.WithCancelCause(t.Context())
				const patience = 700 * time.Millisecond
				time.AfterFunc(patience, func() { cancel(errStop) })
				if row.before < 0 {
					time.Sleep(patience)
					synctest.Wait()
				}
				began := time.Now()
				_, err := c.GetNotification(ctx, testID, "")
				if took := time.Since(began); took > patience {
					t.Errorf("came back after %v", took)
				}
				if !errors.Is(err, errStop) || !errors.Is(err, context.Canceled) {
					t.Errorf("%v is not the cause", err)
				}
				if IsRefused(err) != row.refused {
					t.Errorf("refused: %v", IsRefused(err))
				}
				if !strings.HasPrefix(err.Error(), "get notification "+testID+": ") || !strings.Contains(err.Error(), errStop.Error()) {
					t.Error(err)
				}
			})
		})
	}
}

func TestDeadlineEndsAPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := testClient(t, "", Options{Transport: play(throttles("x-ogw-ratelimit-reset", "100"))})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		began := time.Now()
		_, err := c.GetNotification(ctx, testID, "")
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != 10*time.Second {
			t.Error(err, time.Since(began))
		}
	})
}

func TestIsRefused(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why  string
		step step
		want bool
	}{
		{"turned down by the helpdesk", answers(400, `{"code":154000,"msg":"x"}`), true},
		{"turned down by the gateway", answers(400, `{"code":99991668,"msg":"x"}`), true},
		{"an older token code comes under HTTP 200", answers(200, `{"code":20005,"msg":"x"}`), true},
		{"a code that nobody knows, under HTTP 4xx", answers(422, `{"code":77,"msg":"x"}`), true},
		{"a code that nobody knows, under HTTP 200", answers(200, `{"code":77,"msg":"x"}`), false},
		{"internal", answers(400, `{"code":155000,"msg":"x"}`), false},
		{"server error", answers(500, `{"code":77,"msg":"x"}`), false},
		{"a page may be the word of a proxy that lost the answer", answers(404, `<html>`, "Content-Type", "text/html"), false},
		{"answer lost", breaks(reset), false},
		{"answer cut off", cutOff, false},
		{"no answer", silence, false},
		{"not JSON after all", answers(200, `{"code":`), false},
		{"nobody listens", unreachable(refusedDial), true},
		{"whatever kept it from a connection", unreachable(errStop), true},
		{"a transport that tells nothing is believed nothing", breaks(refusedDial), false},
		{"no connection in time", func(r *http.Request) (*http.Response, error) {
			httptrace.ContextClientTrace(r.Context()).GetConn("open.feishu.cn:443")
			return silence(r)
		}, true},
		{"net/http tried twice, and the first had a connection", func(r *http.Request) (*http.Response, error) {
			trace := httptrace.ContextClientTrace(r.Context())
			trace.GetConn("open.feishu.cn:443")
			trace.GotConn(httptrace.GotConnInfo{})
			trace.GetConn("open.feishu.cn:443")
			return nil, refusedDial
		}, false},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				err := play(row.step).patch(t, Options{})
				if err != nil && errors.Is(err, ErrUnsent) && !IsRefused(err) {
					t.Error("it never left, and may have been carried out")
				}
				if err == nil || IsRefused(err) != row.want {
					t.Errorf("%v: %v", err, IsRefused(err))
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		err := play(breaks(reset), answers(400, `{"code":154000,"msg":"x"}`)).get(t, Options{})
		if err == nil || IsRefused(err) {
			t.Error("a refusal does not undo an earlier attempt:", err)
		}
	})
	if IsRefused(nil) || IsRefused(errStop) {
		t.Error("what is no Error was refused")
	}
}
