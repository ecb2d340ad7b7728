package auth

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"notiform/feishu"
)

// webPatience is how long a browser may take: Feishu's own error pages send nobody back.
const webPatience = 5 * time.Minute

// RedirectURL is the address that a browser is sent back to, which the app has to name.
func RedirectURL(port int) string {
	return "http://127.0.0.1:" + strconv.Itoa(port) + "/callback"
}

// Web has a person consent in a browser: it listens on one port of loopback, hands the address to show,
// and waits for the browser to come back.
func (c *Client) Web(ctx context.Context, port int, scopes []string, show func(url string)) (Grant, error) {
	socket, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		if e, ok := errors.AsType[*net.OpError](err); ok {
			err = e.Err // which does not name the address again
		}
		return Grant{}, fault{fmt.Errorf(cannotListen, port, err), hintPort}
	}
	r := c.StartCode(RedirectURL(port), scopes)
	came := make(chan callback, 1)
	server := &http.Server{Handler: r.handler(came), ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(socket)
	defer server.Close()
	show(r.URL)
	waiting, done := context.WithTimeoutCause(ctx, webPatience, fault{fmt.Errorf(nobodyCame, webPatience), hintErrorPage})
	defer done()
	select {
	case back := <-came:
		if back.err != nil {
			return Grant{}, back.err
		}
		defer pause(ctx, 50*time.Millisecond) // for the browser to take its page
		return c.Exchange(ctx, r, back.code)
	case <-waiting.Done():
		return Grant{}, context.Cause(waiting)
	}
}

// callback is what a browser comes back with.
type callback struct {
	code string
	err  error
}

// handler takes the first request that has the state; whoever does not know it is sent away.
func (r CodeRequest) handler(came chan<- callback) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		query := req.URL.Query()
		known := subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(r.State)) == 1
		switch {
		case req.Method != http.MethodGet || req.URL.Path != "/callback" || "http://"+req.Host+"/callback" != r.redirect:
			http.NotFound(w, req)
			return
		case !known:
			http.Error(w, pageStranger, http.StatusBadRequest)
			return
		}
		back := callback{code: query.Get("code")}
		page := pageDone
		if back.code == "" {
			page, back.err = pageDenied, &Error{Op: opAwait, Name: feishu.Mask(query.Get("error")), Msg: feishu.Mask(query.Get("error_description")), sent: true}
			if query.Get("error") == "" {
				back.err = fault{errors.New(noCode), hintStartAgain}
			}
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Referrer-Policy", "no-referrer")
		io.WriteString(w, page)
		select {
		case came <- back:
		default: // the first one counts
		}
	})
}
