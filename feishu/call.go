package feishu

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// call is one request on its way: what happened so far, and what happens next. It
// is the transport that retryablehttp sends each attempt through, so that every
// attempt passes the limiter, has a timeout of its own and is read whole before it
// is judged.
type call struct {
	request
	client *Client
	decode func([]byte) (head, error)
	place  uint64 // in the limiter's queue, for all attempts; without a slot

	state    callState
	last     answer // of the latest attempt
	heard    answer // the latest that was not broken off by the caller's context
	attempts int    // begun so far
	sent     int    // attempts that may have left
	executed int    // attempts that the server may have carried out
	refusals int    // answers that said "too often"
	failures int    // weight of the other answers worth another try
}

// callState is how far a call is, and so what it came to if nothing more happens.
type callState int

const (
	// waiting: an attempt is to be made and has not begun. It waits for the limiter or
	// after a failure, and only the end of the context keeps it from being made.
	waiting callState = iota + 1
	// attempted: the latest attempt has begun and no other one is to follow. Its answer
	// is the call's.
	attempted
	// overtaken: the API was paused after the call's slot had been given, so what the
	// holder saw may be old by now, and nothing may be sent.
	overtaken
)

// do makes attempts until one is final, and returns the log id of the last.
func (k *call) do(req *retryablehttp.Request) (logID string, err error) {
	resp, _ := k.retrier().Do(req)
	if resp != nil {
		resp.Body.Close()
	}
	return k.last.logID, k.outcome(req.Context())
}

// outcome is what the call came to: nil, or its Error.
func (k *call) outcome(ctx context.Context) error {
	switch {
	case k.state == waiting:
		return k.fail(interruption(ctx))
	case k.state == overtaken:
		return k.fail(errPaused)
	case k.last.ok():
		return nil
	}
	return k.fail(k.last.err)
}

// RoundTrip makes one attempt: it waits for the limiter, sends, reads and decodes.
func (k *call) RoundTrip(req *http.Request) (*http.Response, error) {
	w, err := k.start(req.Context())
	if err != nil {
		return nil, err
	}
	k.state = attempted
	k.attempts++
	began := time.Now()
	var conns connections
	line := k.client.line.Load()
	k.last = k.exchange(req, line, &conns)
	if k.last.silent {
		k.client.abandon(line)
	}
	if !k.last.ended {
		k.heard = k.last
	}
	times := max(1, int(conns.got.Load()))
	if k.last.throttled() {
		k.limit.refuse(w, times, k.pauseLength())
	} else {
		k.limit.end(w, times)
	}
	if !k.last.refused() {
		k.executed++
	}
	if !k.last.unsent {
		k.sent++
	}
	k.log(req.Context(), time.Since(began))
	return k.last.response()
}

// start waits for the limiter. A call in a slot does not: its turn has come
// already, unless the slot was used before or the API was paused since.
func (k *call) start(ctx context.Context) (*waiter, error) {
	if k.slot == nil {
		return k.limit.start(ctx, k.place)
	}
	if err := ctx.Err(); err != nil {
		return nil, err // the turn stays the slot's
	}
	w := k.slot.take()
	if w == nil || k.limit.revokeIfPaused(w) {
		k.state = overtaken
		return nil, errPaused
	}
	return w, nil
}

// exchange sends req once on line and judges what comes back. conns counts the connections that
// it got: net/http itself sends a GET again when a connection that it kept turns out
// to be dead, and the server may have counted both.
func (k *call) exchange(req *http.Request, line *line, conns *connections) answer {
	ctx, cancel := context.WithTimeout(req.Context(), k.client.options.RequestTimeout)
	defer cancel()
	resp, err := line.RoundTrip(req.WithContext(httptrace.WithClientTrace(ctx, conns.trace())))
	if err != nil {
		return k.brokenOff(req.Context(), ctx, answer{unsent: conns.unsent(err)}, err)
	}
	defer resp.Body.Close()
	buf := k.client.buffer()
	defer k.client.release(buf)
	if err := readBody(buf, resp); err != nil {
		return k.brokenOff(req.Context(), ctx, answer{status: resp.StatusCode, logID: k.client.logID(resp.Header)}, err)
	}
	return k.judge(resp, buf.Bytes())
}

// maxAnswer is the most bytes of an answer that are read; a notification's card
// may have 30 KiB.
const maxAnswer = 4 << 20

func readBody(buf *bytes.Buffer, resp *http.Response) error {
	if n := resp.ContentLength; n > 0 && n <= maxAnswer {
		buf.Grow(int(n) + bytes.MinRead)
	}
	_, err := buf.ReadFrom(io.LimitReader(resp.Body, maxAnswer+1))
	if err == nil && buf.Len() > maxAnswer {
		return newFault(hintAddress, answerTooLarge, maxAnswer>>20)
	}
	return err
}

// buffer returns an empty buffer for one answer.
func (c *Client) buffer() *bytes.Buffer {
	if buf, ok := c.buffers.Get().(*bytes.Buffer); ok {
		buf.Reset()
		return buf
	}
	return new(bytes.Buffer)
}

// release keeps buf for the next answer, unless a huge answer has made it large.
func (c *Client) release(buf *bytes.Buffer) {
	if buf.Cap() <= 256<<10 {
		c.buffers.Put(buf)
	}
}

func (k *call) log(ctx context.Context, took time.Duration) {
	if !k.client.options.Logger.Enabled(ctx, slog.LevelDebug) {
		return
	}
	attrs := []slog.Attr{slog.String("method", k.method), slog.String("path", k.path)}
	if k.idField != "" {
		attrs = append(attrs, slog.String(k.idField, k.id))
	}
	attrs = append(attrs,
		slog.Int("status", k.last.status),
		slog.Int("code", k.last.code),
		slog.Int64("ms", took.Milliseconds()),
		slog.String("log_id", k.last.logID),
		slog.Int("attempt", k.attempts),
	)
	k.client.options.Logger.LogAttrs(ctx, slog.LevelDebug, "request", attrs...)
}
