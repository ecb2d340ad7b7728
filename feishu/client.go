package feishu

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/go-retryablehttp"
)

// The limits that the API pages "Get notification", "Update notification" and "Create
// notification" give, in requests a minute of one app in one tenant, and the value that lifts a limit.
// The limits of ticket messages cannot be changed.
const (
	ReadLimit   = 100
	WriteLimit  = 20
	CreateLimit = 10
	NoLimit     = -1
)

const defaultRequestTimeout = 30 * time.Second

// Options changes how a Client works; the zero Options is right for Feishu.
type Options struct {
	// Transport sends the requests; nil means one that knows the proxy settings
	// of the environment and keeps enough connections for many workers. An
	// http.Transport is replaced by its clone when a connection of it keeps silent.
	Transport http.RoundTripper
	// ReadRate, WriteRate and CreateRate are requests a minute; 0 means ReadLimit,
	// WriteLimit and CreateLimit. More than those, or NoLimit, is for loopback addresses only.
	ReadRate, WriteRate, CreateRate int
	// TicketContentObject sends the content of a ticket message as a JSON object
	// instead of as that object's text. The API page "Send ticket message" declares
	// a string and shows an object.
	TicketContentObject bool
	// RequestTimeout bounds one attempt, from the moment in which the limiter lets
	// it start to the last byte of its answer; 0 means 30 seconds.
	RequestTimeout time.Duration
	// Logger gets a debug line a request, without headers and bodies; nil means none.
	Logger *slog.Logger
	// UserAgent is sent with every request; "" means "notiform".
	UserAgent string
	// Rand returns numbers in [0,1) to spread retries; nil means math/rand/v2.
	Rand func() float64
}

// withDefaults returns o with everything set that a client of base needs.
func (o Options) withDefaults(base *url.URL) Options {
	if o.Transport == nil {
		o.Transport = NewTransport(base)
	}
	if o.RequestTimeout <= 0 {
		o.RequestTimeout = defaultRequestTimeout
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
	o.UserAgent = cmp.Or(o.UserAgent, "notiform")
	return o
}

// checkRates refuses more than the documented rates for any host but this one.
func (o Options) checkRates(base *url.URL) error {
	if isLoopback(base.Hostname()) {
		return nil
	}
	var list settingErrors
	list = list.add(readRate, rateProblem(readRate, o.ReadRate, ReadLimit), hintRate)
	list = list.add(writeRate, rateProblem(writeRate, o.WriteRate, WriteLimit), hintRate)
	list = list.add(createRate, rateProblem(createRate, o.CreateRate, CreateLimit), hintRate)
	return list.orNil()
}

func rateProblem(name string, asked, documented int) string {
	if asked >= 0 && asked <= documented {
		return ""
	}
	return fmt.Sprintf(rateTooHigh, name, documented)
}

// Client speaks to one helpdesk as one user. It may be used by many goroutines
// at once, which share its limits. Nothing it prints, also under %#v, holds a token.
type Client struct {
	options      Options // none left to its default
	base         string  // without a trailing slash
	helpdesk     Secret  // the helpdesk header's value
	secrets      atomic.Pointer[[]Secret]
	buffers      sync.Pool
	line         atomic.Pointer[line]
	api          endpoints
	user, tenant *holder
}

// New returns a Client for the helpdesk that s names. It fails with what
// s.Check finds, or when o raises a limit for a host that is not loopback.
func New(s Settings, o Options) (*Client, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	return newClient(s, o)
}

// newClient makes a Client of settings that were checked for what they are to do.
func newClient(s Settings, o Options) (*Client, error) {
	base, _ := parseBaseURL(s.BaseURL) // the check has told its problem
	if err := o.checkRates(base); err != nil {
		return nil, err
	}
	c := &Client{
		options:  o.withDefaults(base),
		base:     base.String(),
		helpdesk: helpdeskAuthorization(s.HelpdeskID, s.HelpdeskToken),
		api:      newEndpoints(o),
	}
	c.user, c.tenant = newUserToken(s, c), newTenantToken(s, c)
	c.line.Store(&line{c.options.Transport})
	c.secrets.Store(&[]Secret{s.UserAccessToken, s.HelpdeskToken, c.helpdesk, s.AppSecret, s.TenantAccessToken})
	return c, nil
}

// send carries one request to its answer, which it hands to decode, and returns the
// log id. It is the only way out of this package to the network.
func (c *Client) send(ctx context.Context, r request, decode func([]byte) (head, error)) (logID string, err error) {
	req, err := c.newRequest(ctx, r)
	if err != nil {
		return "", r.failUnsent(err)
	}
	k := &call{client: c, request: r, decode: decode, state: waiting}
	if r.slot == nil {
		k.place = r.limit.newPlace()
	} else {
		k.refusals = r.slot.refusals
	}
	return k.do(req)
}

// newRequest returns r as retryablehttp sends it.
func (c *Client) newRequest(ctx context.Context, r request) (*retryablehttp.Request, error) {
	var body any // nil for none, and not a nil []byte
	if r.body != nil {
		text, err := json.Marshal(r.body)
		if err != nil {
			return nil, errors.New(bodyNotUTF8)
		}
		body = text
	}
	target, err := r.url(c.base)
	if err != nil {
		return nil, err
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, r.method, target, body)
	if err != nil {
		return nil, errors.New(requestNotBuilt)
	}
	req.Header = c.header(r)
	return req, nil
}

// header returns the headers of r. Its values are the only place where tokens are
// spelt out. A request for a token carries none of the others, and the helpdesk's goes to its own API
// alone.
func (c *Client) header(r request) http.Header {
	h := http.Header{"User-Agent": {c.options.UserAgent}}
	if !r.authorization.IsZero() {
		h["Authorization"] = []string{r.authorization.Reveal()}
	}
	if !r.authorization.IsZero() && strings.Contains(r.path, "/helpdesk/") {
		h["X-Lark-Helpdesk-Authorization"] = []string{c.helpdesk.Reveal()}
	}
	if r.body != nil {
		h["Content-Type"] = []string{"application/json; charset=utf-8"}
	}
	return h
}
