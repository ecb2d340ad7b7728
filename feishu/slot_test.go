package feishu

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// slotTransport answers every request at once and remembers when it came.
type slotTransport struct{ times []time.Time }

func (s *slotTransport) RoundTrip(*http.Request) (*http.Response, error) {
	s.times = append(s.times, time.Now())
	return nil, errors.New("cut")
}

func slotClient(t *testing.T, transport http.RoundTripper) *Client {
	t.Helper()
	return testClient(t, "", Options{Transport: transport, WriteRate: 1})
}

// patch sends a PATCH as applying does: in a slot, which is renewed as long as the server refuses
// the PATCH as too frequent.
func patch(t testing.TB, c *Client, id, userIDType string, p NotificationPatch) (logID string, err error) {
	t.Helper()
	slot, err := c.AcquireWrite(t.Context())
	if err != nil {
		return "", err
	}
	defer slot.Release()
	for {
		logID, err = slot.Patch(t.Context(), id, userIDType, p)
		if !errors.Is(err, ErrThrottled) || slot.Renew(t.Context()) != nil {
			return logID, err
		}
	}
}

// TestSlotTakesTheWaitFirst shows that the wait for the limit lies before the slot is given,
// so that a PATCH in it goes out at once, however long the caller looked at something else.
func TestSlotTakesTheWaitFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var transport slotTransport
		c := slotClient(t, &transport)
		began := time.Now()
		for i, want := range []time.Duration{0, perMinute(1).span() + time.Second, 2 * (perMinute(1).span() + time.Second)} {
			slot, err := c.AcquireWrite(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got := time.Since(began); got != want {
				t.Errorf("slot %d after %v, want %v", i, got, want)
			}
			time.Sleep(time.Second) // the caller looks again
			slot.Patch(t.Context(), testID, "", NotificationPatch{})
			slot.Release()
			if sent := transport.times[i].Sub(began); sent != want+time.Second {
				t.Errorf("PATCH %d sent after %v, want %v: it waited in its slot", i, sent, want+time.Second)
			}
		}
	})
}

// TestSlotIsOvertakenByAPause shows that a slot given before the server asked for a pause sends
// nothing: what its holder has seen is old by the time the pause is over. Renewed, it waits
// the pause out and is good again.
func TestSlotIsOvertakenByAPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := play(throttles("x-ogw-ratelimit-reset", "30"), good)
		c := testClient(t, "", Options{Transport: s})
		slot, err := c.AcquireWrite(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer slot.Release()
		go patch(t, c, testID, "", NotificationPatch{})
		synctest.Wait()
		if _, err := slot.Patch(t.Context(), testID, "", NotificationPatch{}); !errors.Is(err, ErrThrottled) || !IsRefused(err) {
			t.Errorf("an overtaken slot: %v, want a refusal that is ErrThrottled", err)
		}
		if err := slot.Renew(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := slot.Patch(t.Context(), testID, "", NotificationPatch{}); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if want := []time.Duration{0, 30 * time.Second, 30 * time.Second}; !slices.Equal(s.at, want) {
			t.Errorf("sent at %v, want %v", s.at, want)
		}
	})
}

// TestSlotSendsOnce shows that a refusal as too frequent comes back to the holder, who looks
// checkRetry before each next try, and that the tries are bounded.
func TestSlotSendsOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := play(throttles("x-ogw-ratelimit-reset", "1"))
		c := testClient(t, "", Options{Transport: s})
		slot, err := c.AcquireWrite(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer slot.Release()
		sent := 0
		for ; err == nil; err = slot.Renew(t.Context()) {
			if _, err := slot.Patch(t.Context(), testID, "", NotificationPatch{}); !errors.Is(err, ErrThrottled) {
				t.Fatal(err)
			}
			if sent++; len(s.at) != sent {
				t.Fatalf("%d requests for %d PATCHes", len(s.at), sent)
			}
		}
		if sent != maxRefusals || !errors.Is(err, ErrThrottled) {
			t.Errorf("gave up after %d with %v, want %d and ErrThrottled", sent, err, maxRefusals)
		}
	})
}

// TestSlotReleased shows that a slot that was not used does not count against the limit.
func TestSlotReleased(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := slotClient(t, &slotTransport{})
		began := time.Now()
		for range 3 {
			slot, err := c.AcquireWrite(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			slot.Release()
			slot.Release() // twice is once
		}
		if waited := time.Since(began); waited != 0 {
			t.Errorf("three unused slots took %v", waited)
		}
	})
}

// TestSlotInterrupted shows that waiting for a slot ends with the context, and says why.
func TestSlotInterrupted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := slotClient(t, &slotTransport{})
		held, err := c.AcquireWrite(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer held.Release()
		why := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Minute, func() { cancel(why) })
		if _, err := c.AcquireWrite(ctx); !errors.Is(err, why) {
			t.Errorf("got %v, want %v", err, why)
		}
	})
}

// TestSlotIsForOnePatch: a slot that was used or given up sends nothing until it is renewed.
func TestSlotIsForOnePatch(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why  string
		end  func(*testing.T, *WriteSlot)
		sent int
	}{
		{"used", func(t *testing.T, s *WriteSlot) {
			if _, err := s.Patch(t.Context(), testID, "", NotificationPatch{}); err != nil {
				t.Error(err)
			}
		}, 1},
		{"given up", func(_ *testing.T, s *WriteSlot) { s.Release() }, 0},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := play(good)
				slot, err := testClient(t, "", Options{Transport: s}).AcquireWrite(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				row.end(t, slot)
				if _, err := slot.Patch(t.Context(), testID, "", NotificationPatch{}); !errors.Is(err, ErrThrottled) || !IsRefused(err) || len(s.at) != row.sent {
					t.Errorf("%v after %d requests", err, len(s.at))
				}
				if err := slot.Renew(t.Context()); err != nil {
					t.Fatal(err)
				}
				if _, err := slot.Patch(t.Context(), testID, "", NotificationPatch{}); err != nil || len(s.at) != row.sent+1 {
					t.Errorf("renewed: %v after %d requests", err, len(s.at))
				}
			})
		})
	}
}

// TestSlotOfAStoppedRun: a PATCH whose context has ended is not sent and not counted.
func TestSlotOfAStoppedRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var transport slotTransport
		c := slotClient(t, &transport)
		slot, err := c.AcquireWrite(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancelCause(t.Context())
		stop(errStop)
		if _, err := slot.Patch(ctx, testID, "", NotificationPatch{}); !errors.Is(err, errStop) || !IsRefused(err) {
			t.Error(err)
		}
		slot.Release()
		began := time.Now()
		next, err := c.AcquireWrite(t.Context())
		if err != nil || time.Since(began) != 0 || len(transport.times) != 0 {
			t.Errorf("%v, after %v and %d requests", err, time.Since(began), len(transport.times))
		}
		next.Release()
	})
}

// answering answers every request with a body.
type answering string

func (a answering) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(string(a)))}, nil
}

// TestCreatedWithoutID: an answer of success without an id leaves it open what was created, and what stands
// there instead never reaches a file.
func TestCreatedWithoutID(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		`{"notification_id": "7000000000000000001", "status": 0}`: "7000000000000000001",
		`{"notification_id": "1\"\njob_name: theirs"}`:            "",
		`{"notification_id": ""}`:                                 "",
		`{"notification_id": 7000000000000000001}`:                "",
		`{"id": "7000000000000000001"}`:                           "",
		`[]`:                                                      "",
		`null`:                                                    "",
	} {
		c := testClient(t, "", Options{Transport: answering(`{"code": 0, "msg": "success", "data": ` + data + `}`)})
		slot, err := c.AcquireCreate(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		id, _, err := slot.Create(t.Context(), "", NotificationPatch{})
		if id != want || (err == nil) != (want != "") || IsRefused(err) || err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %q, %v", data, id, err)
		}
	}
}
