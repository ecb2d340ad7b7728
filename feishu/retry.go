package feishu

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

const (
	// maxRefusals is how often one request may be refused as too frequent.
	maxRefusals = 20
	// maxFailures is how often one request may fail in other ways, by weight.
	maxFailures = 4

	minBackoff = time.Second
	maxBackoff = 30 * time.Second

	// minPause doubles with every refusal of one request up to maxOwnPause, for
	// servers that refuse without saying until when, or say "now" over and over.
	minPause    = 100 * time.Millisecond
	maxOwnPause = 15 * time.Second
	// maxPause bounds what the server may ask for.
	maxPause = 2 * time.Minute
)

// retrier returns the loop that makes the attempts of k as checkRetry and backoff
// say. It costs next to nothing and is made for each call, because those look at
// what happened to the call before; the connections are shared all the same.
func (k *call) retrier() *retryablehttp.Client {
	return &retryablehttp.Client{
		HTTPClient:   &http.Client{Transport: k},
		RetryMax:     maxRefusals + maxFailures,
		CheckRetry:   k.checkRetry,
		Backoff:      k.backoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
}

// checkRetry decides, after an attempt, whether there will be another one.
func (k *call) checkRetry(ctx context.Context, _ *http.Response, _ error) (bool, error) {
	if ctx.Err() != nil || k.state != attempted {
		return false, nil
	}
	another := false
	switch {
	case k.last.throttled():
		k.refusals++
		another = k.repeat != repeatNever && k.refusals < maxRefusals
	case k.mayRepeat() && k.last.transient():
		k.failures += k.last.weight()
		another = k.failures < maxFailures
	}
	if another {
		k.state = waiting
	}
	return another, nil
}

// mayRepeat reports whether the request may be sent again after its last attempt,
// if that brought no answer or was not answered well.
func (k *call) mayRepeat() bool {
	return k.repeat == repeatUnknown || k.repeat == repeatUnsent && k.last.unsent
}

// backoff is how long to wait before the next attempt: after a refusal as too
// frequent not at all, for the limiter is paused already.
func (k *call) backoff(_, _ time.Duration, _ int, _ *http.Response) time.Duration {
	if k.last.throttled() {
		return 1 // a timer of 0 in a bubble of testing/synctest crashes the race detector (go1.26.8)
	}
	wait := min(minBackoff<<(k.failures-1), maxBackoff)
	return wait/2 + time.Duration(k.client.options.Rand()*float64(wait/2))
}

// pauseLength is for how long the API is to be left alone after a refusal as too
// frequent.
func (k *call) pauseLength() time.Duration {
	own := min(minPause<<k.refusals, maxOwnPause)
	asked, ok := seconds(k.last.reset)
	if !ok {
		asked, ok = secondsOrDate(k.last.retryAfter)
	}
	if !ok {
		asked = maxOwnPause
	}
	return min(max(own, asked), maxPause)
}

// seconds reads a number of seconds, which may be fractional.
func seconds(s string) (time.Duration, bool) {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || !(n >= 0) {
		return 0, false
	}
	return time.Duration(min(n, maxPause.Seconds()) * float64(time.Second)), true
}

// secondsOrDate reads what the standard header Retry-After holds: a number of seconds
// to wait, or the time to wait for.
func secondsOrDate(s string) (time.Duration, bool) {
	if d, ok := seconds(s); ok {
		return d, true
	}
	at, err := http.ParseTime(s)
	if err != nil {
		return 0, false
	}
	return max(0, time.Until(at)), true
}

// throttled reports whether the server refused the request unread as too frequent.
func (a answer) throttled() bool { return throttled(a.status, a.class) }

// throttled says so of an answer by its status and the class of its code: under any status by
// the code, and by the status unless the code says that it will stay so.
func throttled(status int, c class) bool {
	return c.is(tooOften) || status == http.StatusTooManyRequests && !c.is(badCredential|shutOut)
}

// refused reports whether the server certainly carried nothing out.
func (a answer) refused() bool {
	switch {
	case a.unsent || a.throttled() || a.class.is(turnedDown):
		return true
	case a.code == 0 || a.class.is(trouble):
		return false
	}
	return a.status >= 400 && a.status < 500
}

// transient reports whether another attempt may bring something better.
func (a answer) transient() bool {
	return !a.class.is(turnedDown) && (a.lost || a.status >= 500 || a.class.is(trouble))
}

// weight is how much a failure counts. A server that kept silent has cost a whole
// timeout already, so one more attempt is enough.
func (a answer) weight() int {
	if a.silent {
		return maxFailures / 2
	}
	return 1
}
