package feishu

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// call is one request on its way: what happened so far, and the policy that
// decides what happens next. It is the transport that retryablehttp sends each
// attempt through, so that every attempt passes the limiter, has its own
// timeout and is read whole before anybody judges it.
type call struct {
	request
	client *Client
	decode func([]byte) (head, error)
	place  uint64 // in the limiter's queue; kept over all attempts

	last     answer // of the latest attempt
	due      bool   // an attempt was decided on and has not begun
	void     bool   // the slot it was to be sent in is
	attempts int
	refusals int  // answers that said "too often"
	failures int  // weight of the other answers worth another try
	executed bool // some attempt may have been carried out
}

// do makes attempts until one is final, and returns the log id of the last.
func (k *call) do(ctx context.Context, target string, body []byte) (logID string, err error) {
	// A nil body must reach retryablehttp as a nil interface.
	var raw any
	if body != nil {
		raw = body
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, k.method, target, raw)
	if err != nil {
		return "", k.never(errors.New(requestNotBuilt))
	}
	req.Header = k.header(body != nil)
	k.due = true
	resp, _ := k.retrier().Do(req)
	if resp != nil {
		resp.Body.Close()
	}
	if k.void {
		return "", k.fail(errPaused)
	}
	if k.due {
		return k.last.logID, k.fail(interruption(ctx))
	}
	if k.last.ok() {
		return k.last.logID, nil
	}
	return k.last.logID, k.fail(k.last.err)
}

// header returns the headers of a request. Its values are the only place where
// tokens are spelt out. A request for a token carries none of the others.
func (k *call) header(withBody bool) http.Header {
	h := http.Header{"User-Agent": {k.client.userAgent}}
	if !k.authorization.IsZero() {
		h["Authorization"] = []string{k.authorization.Reveal()}
		h["X-Lark-Helpdesk-Authorization"] = []string{k.client.helpdesk.Reveal()}
	}
	if withBody {
		h["Content-Type"] = []string{"application/json; charset=utf-8"}
	}
	return h
}

// RoundTrip makes one attempt: it waits for the limiter, sends, reads and decodes.
func (k *call) RoundTrip(req *http.Request) (*http.Response, error) {
	w, ok := k.start(req.Context())
	if !ok {
		return nil, req.Context().Err()
	}
	k.due = false
	k.attempts++
	began := time.Now()
	var sent atomic.Int32
	k.last = k.exchange(req, &sent)
	times := max(1, int(sent.Load()))
	if k.last.throttled() {
		k.limit.refuse(w, times, k.pause())
	} else {
		k.limit.end(w, times)
	}
	k.executed = k.executed || !k.last.refused()
	k.log(req.Context(), time.Since(began))
	return k.last.response()
}

// start waits for the limiter. A call in a slot does not: its turn has come, or
// a refusal since then has made it void.
func (k *call) start(ctx context.Context) (*waiter, bool) {
	if k.slot == nil {
		return k.limit.start(ctx, k.place)
	}
	if ctx.Err() != nil {
		return nil, false // the turn stays the slot's
	}
	w := k.slot.take()
	k.void = w == nil || !k.limit.keep(w)
	return w, !k.void
}

// exchange sends req once and judges what comes back. sent counts the
// connections it was written to: net/http itself repeats a GET whose reused
// connection turns out to be dead, and the server may have counted that too.
func (k *call) exchange(req *http.Request, sent *atomic.Int32) answer {
	ctx, cancel := context.WithTimeout(req.Context(), k.client.timeout)
	defer cancel()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { sent.Add(1) },
	})
	resp, err := k.client.transport.RoundTrip(req.WithContext(ctx))
	if err != nil {
		return k.failed(req.Context(), ctx, 0, err)
	}
	defer resp.Body.Close()
	buf := k.client.buffer()
	defer k.client.release(buf)
	if err := readBody(buf, resp); err != nil {
		a := k.failed(req.Context(), ctx, resp.StatusCode, err)
		a.logID = k.client.logID(resp.Header)
		return a
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

func (c *Client) buffer() *bytes.Buffer {
	if buf, ok := c.buffers.Get().(*bytes.Buffer); ok {
		buf.Reset()
		return buf
	}
	return new(bytes.Buffer)
}

// release keeps buf for the next answer, unless one huge answer blew it up.
func (c *Client) release(buf *bytes.Buffer) {
	if buf.Cap() <= 256<<10 {
		c.buffers.Put(buf)
	}
}

func (k *call) log(ctx context.Context, took time.Duration) {
	if !k.client.logger.Enabled(ctx, slog.LevelDebug) {
		return
	}
	attrs := []slog.Attr{slog.String("method", k.method), slog.String("path", k.path)}
	if k.endpoint.id != "" {
		attrs = append(attrs, slog.String(k.endpoint.id, k.id))
	}
	attrs = append(attrs,
		slog.Int("status", k.last.status),
		slog.Int("code", k.last.number()),
		slog.Int64("ms", took.Milliseconds()),
		slog.String("log_id", k.last.logID),
		slog.Int("attempt", k.attempts),
	)
	k.client.logger.LogAttrs(ctx, slog.LevelDebug, "request", attrs...)
}
