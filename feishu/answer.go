package feishu

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// answer is what one attempt came to, also when nothing was answered.
type answer struct {
	head
	status            int // 0 when none came
	logID             string
	reset, retryAfter string // the headers that tell how long to wait
	err               error  // why there is no usable answer; nil when there is a head
	lost              bool   // it failed on the way, so another attempt may do
	silent            bool   // the server did not answer in time
	unsent            bool   // the request certainly never left
	ended             bool   // the caller's context broke it off
}

// problem is why a is no success, or nil.
func (a answer) problem() error {
	if a.err == nil && a.code != 0 {
		return fmt.Errorf(answeredCode, a.code, a.msg)
	}
	return a.err
}

// judge turns a whole response into an answer.
func (k *call) judge(resp *http.Response, body []byte) answer {
	a := answer{
		status:     resp.StatusCode,
		logID:      k.client.logID(resp.Header),
		reset:      resp.Header.Get("X-Ogw-Ratelimit-Reset"),
		retryAfter: resp.Header.Get("Retry-After"),
	}
	a.head, a.err = k.read(resp, body)
	k.client.censorAnswer(&a)
	return a
}

// read decodes the body, unless status or content type say that it is not Feishu's.
func (k *call) read(resp *http.Response, body []byte) (head, error) {
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		return head{}, newFault(hintAddress, redirected, k.client.censor(redirectHost(resp)))
	}
	if len(body) == 0 {
		return head{}, newFault(hintSupport, emptyAnswer)
	}
	if kind := mediaType(resp.Header); !isJSON(kind) {
		return head{}, newFault(hintAddress, notJSON, k.client.censor(kind))
	}
	h, err := k.decode(body)
	switch {
	case err != nil:
		return h, &fault{text: jsonProblem(err), hint: hintSupport}
	case !h.hasCode:
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

// brokenOff completes a, the answer so far of an attempt that ended with err. ctx is
// the caller's; attempt is its child with the attempt's timeout.
func (k *call) brokenOff(ctx, attempt context.Context, a answer, err error) answer {
	f, ours := errors.AsType[*fault](err)
	switch {
	case ctx.Err() != nil:
		a.err, a.ended = interruption(ctx), true
	case attempt.Err() != nil: // which callers would take for the end of their own context
		a.err = a.timeout(k.client.options.RequestTimeout)
		a.lost, a.silent = true, true
	case ours:
		a.err = f
	default:
		a.err = a.networkFault(err, k.client.censorError(err))
		a.lost = isTransient(err)
	}
	return a
}

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
