package feishu

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// answer is what one attempt came to.
type answer struct {
	head
	status int // 0 when none came
	logID  string
	reset  string // headers that tell how long to wait
	after  string
	err    error // why there is nothing to use, besides what head says
	lost   bool  // it failed on the way, so another try may do
	unsent bool  // the request certainly never left
}

// judge turns a whole response into an answer.
func (k *call) judge(resp *http.Response, body []byte) answer {
	a := answer{
		status: resp.StatusCode,
		logID:  k.client.logID(resp.Header),
		reset:  resp.Header.Get("X-Ogw-Ratelimit-Reset"),
		after:  resp.Header.Get("Retry-After"),
	}
	a.head, a.err = k.read(resp, body)
	k.client.clean(&a)
	return a
}

// read decodes the body after everything that could make it something else has
// been ruled out.
func (k *call) read(resp *http.Response, body []byte) (head, error) {
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		return head{code: noCode}, newFault(hintAddress, redirected, k.client.text(redirectHost(resp)))
	}
	if len(body) == 0 {
		return head{code: noCode}, newFault(hintSupport, emptyAnswer)
	}
	if kind := mediaType(resp.Header); !isJSON(kind) {
		return head{code: noCode}, newFault(hintAddress, notJSON, k.client.text(kind))
	}
	h, err := k.decode(body)
	switch {
	case err != nil:
		return h, &fault{text: k.client.text(jsonProblem(err)), hint: hintSupport}
	case h.code == noCode:
		return h, newFault(hintAddress, answerWithoutCode)
	case h.code == 0 && (resp.StatusCode < 200 || resp.StatusCode > 299):
		return h, newFault(hintSupport, successWithFailure)
	}
	return h, nil
}

func redirectHost(resp *http.Response) string {
	to, err := url.Parse(resp.Header.Get("Location"))
	if err != nil || to.Host == "" {
		return addressWithoutHost
	}
	return to.Host
}

func mediaType(h http.Header) string {
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return unknownContent
	}
	return kind
}

func isJSON(kind string) bool {
	return kind == "application/json" || kind == "text/json" || strings.HasSuffix(kind, "+json")
}

// failed is the answer to an attempt that broke off. ctx is the caller's,
// attempt the one with the attempt's timeout.
func (k *call) failed(ctx, attempt context.Context, status int, err error) answer {
	a := answer{head: head{code: noCode}, status: status}
	var f *fault
	switch {
	case ctx.Err() != nil:
		a.err = interruption(ctx)
	case attempt.Err() != nil:
		a.err, a.lost = faultSilence(k.client.timeout), true
	case errors.As(err, &f):
		a.err = f
	default:
		a.err = faultNetwork(k.client.sanitize(err), status)
		a.lost, a.unsent = isPassing(err), status == 0 && neverSent(err)
	}
	return a
}

// interruption is the error of a wait that ctx ended: its words are the cause's,
// and errors.Is finds both the cause and ctx.Err.
func interruption(ctx context.Context) error {
	return interrupted{ctx.Err(), context.Cause(ctx)}
}

type interrupted struct{ err, cause error }

func (i interrupted) Error() string   { return i.cause.Error() }
func (i interrupted) Unwrap() []error { return []error{i.cause, i.err} }

// response is what net/http and retryablehttp get to see. They decide nothing by
// it: without headers there is no redirect to follow, and the policy looks at the
// answer itself, which also outlives the body.
func (a answer) response() (*http.Response, error) {
	if a.status == 0 {
		return nil, a.err
	}
	return &http.Response{StatusCode: a.status, Body: http.NoBody}, nil
}

func (a answer) ok() bool { return a.err == nil && a.code == 0 }

// number returns the code, 0 if there was none.
func (a answer) number() int {
	if a.code == noCode {
		return 0
	}
	return a.code
}

// logID returns the id that Feishu's support can look a request up by.
func (c *Client) logID(h http.Header) string {
	id := h.Get("X-Tt-Logid")
	if id == "" {
		id = h.Get("X-Request-Id")
	}
	if strings.Trim(id, "0123456789ABCDEF") == "" { // nearly always, and no token looks like that
		return bounded(id, maxLogID)
	}
	return c.mask(bounded(id, maxLogID))
}

// clean bounds and masks the text that came from the server.
func (c *Client) clean(a *answer) {
	a.msg = c.text(a.msg)
	if a.logID == "" {
		a.logID = c.mask(bounded(a.headLogID, maxLogID))
	}
	a.scopes = c.texts(a.scopes)
	a.violations = c.texts(a.violations)
}

// text cuts first, for masking is slow; a part of a secret is masked as well as the whole.
func (c *Client) text(s string) string { return c.mask(bounded(s, maxText)) }

func (c *Client) texts(list []string) []string {
	list = list[:min(len(list), maxList)]
	for i := range list {
		list[i] = c.text(list[i])
	}
	return list
}

// sanitize returns err, or, if its words hold a secret or are too many, better ones.
func (c *Client) sanitize(err error) error {
	if words := c.text(err.Error()); words != err.Error() {
		return errors.New(words)
	}
	return err
}
