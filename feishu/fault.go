package feishu

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// fault is an answer that is none, or the lack of one.
type fault struct {
	text, hint string
	err        error // what it comes from, if that is worth finding with errors.Is
	silent     bool  // the server did not answer in time
}

func (f *fault) Error() string { return f.text }
func (f *fault) Unwrap() error { return f.err }

const (
	hintAddress = "check FEISHU_BASE_URL and whatever stands between here and Feishu (proxy, VPN, login page)"
	hintNetwork = "check the network and FEISHU_BASE_URL, then run it again"
	hintSupport = "run it again; if it stays, give the log id to Feishu's support"
)

// faultSilence hides context.DeadlineExceeded, which callers take for their own.
func faultSilence(timeout time.Duration) *fault {
	return &fault{text: fmt.Sprintf("no answer within %v", timeout), hint: hintNetwork, silent: true}
}

func faultNetwork(err error, status int) *fault {
	text := err.Error()
	switch {
	case status != 0:
		text = "the answer broke off: " + text
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		text = "the connection was closed before an answer"
	}
	return &fault{text: text, hint: hintNetwork, err: err}
}

func faultRedirect(host string) *fault {
	return &fault{
		text: "redirected to " + host + ", and redirects are not followed, since the helpdesk token would go along",
		hint: hintAddress,
	}
}

func faultNotJSON(kind string) *fault {
	return &fault{text: kind + " instead of JSON", hint: hintAddress}
}

func faultJSON(problem string) *fault {
	return &fault{text: problem, hint: hintSupport}
}

func faultEmpty() *fault {
	return &fault{text: "an empty answer", hint: hintSupport}
}

func faultNoCode() *fault {
	return &fault{text: "a JSON answer without a code, so not Feishu's", hint: hintAddress}
}

func faultStatus() *fault {
	return &fault{text: "code 0 under a failing status", hint: hintSupport}
}

func faultTooLarge() *fault {
	return &fault{text: fmt.Sprintf("the answer is larger than %d MiB", maxAnswer>>20), hint: hintAddress}
}
