package feishu

import (
	"context"
	"errors"
	"net/http"
	"slices"
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

// TestSlotRespectsAPause shows that a slot given before the server asked for a pause is no
// right to break it.
func TestSlotRespectsAPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := play(throttles("x-ogw-ratelimit-reset", "30"), good)
		c := testClient(t, "", Options{Transport: s})
		slot, err := c.AcquireWrite(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer slot.Release()
		patch := func(send func(context.Context, string, string, NotificationPatch) (string, error)) {
			if _, err := send(t.Context(), testID, "", NotificationPatch{}); err != nil {
				t.Error(err)
			}
		}
		go patch(c.PatchNotification)
		synctest.Wait()
		patch(slot.Patch)
		synctest.Wait()
		if want := []time.Duration{0, 30 * time.Second, 30 * time.Second}; !slices.Equal(s.at, want) {
			t.Errorf("sent at %v, want %v", s.at, want)
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
