package feishu

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json"
)

// The documented limits, in requests a minute for each API, app and tenant, and
// the value that lifts a limit. Those of ticket messages cannot be changed.
const (
	ReadLimit  = 100
	WriteLimit = 20
	NoLimit    = -1
)

const defaultRequestTimeout = 30 * time.Second

// Options changes how a Client works; the zero Options is right for Feishu.
type Options struct {
	// Transport sends the requests; nil means one that knows the proxy settings
	// of the environment and keeps enough connections for many workers.
	Transport http.RoundTripper
	// ReadRate and WriteRate are requests a minute; 0 means ReadLimit and
	// WriteLimit. More than those, or NoLimit, is for loopback addresses only.
	ReadRate, WriteRate int
	// TicketContentObject sends a ticket message's content as a JSON object. The
	// API's page shows that form and calls it text, which is what is sent else
	// (the API fact sheet, section 4).
	TicketContentObject bool
	// RequestTimeout bounds one attempt, from the moment the limiter lets it
	// start to the last byte of its answer; 0 means 30 seconds.
	RequestTimeout time.Duration
	// Logger gets a debug line a request, without headers and bodies; nil means none.
	Logger *slog.Logger
	// UserAgent is sent with every request; "" means "notiform".
	UserAgent string
	// Rand returns numbers in [0,1) to spread retries; nil means math/rand/v2.
	Rand func() float64
}

// Client speaks to one helpdesk as one user. It may be used by many goroutines
// at once, which share its limits. Nothing it prints, also under %#v, holds a token.
type Client struct {
	base          string // without a trailing slash
	authorization Secret // the header's value, with the user's token
	helpdesk      Secret // the helpdesk header's value
	secrets       atomic.Pointer[[]Secret]
	transport     http.RoundTripper
	timeout       time.Duration
	logger        *slog.Logger
	userAgent     string
	rand          func() float64
	asObject      bool // see Options.TicketContentObject
	buffers       sync.Pool

	endpoints
	tenant tenantToken
}

// New returns a Client for the helpdesk that s names. It fails with what
// s.Check finds, or when o raises a limit for a host that is not loopback.
func New(s Settings, o Options) (*Client, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	base, _ := parseBaseURL(s.BaseURL) // Check has told its problem
	if err := o.checkRates(base); err != nil {
		return nil, err
	}
	c := &Client{
		base:          base.String(),
		authorization: NewSecret("Bearer " + s.UserAccessToken.Reveal()),
		helpdesk:      helpdeskAuthorization(s.HelpdeskID, s.HelpdeskToken),
		transport:     o.Transport,
		timeout:       o.RequestTimeout,
		logger:        o.Logger,
		userAgent:     o.UserAgent,
		rand:          o.Rand,
		asObject:      o.TicketContentObject,
		endpoints:     newEndpoints(o),
		tenant:        newTenantToken(s),
	}
	c.secrets.Store(&[]Secret{s.UserAccessToken, s.HelpdeskToken, c.helpdesk, s.AppSecret, s.TenantAccessToken})
	c.setDefaults(base)
	return c, nil
}

func (c *Client) setDefaults(base *url.URL) {
	if c.transport == nil {
		c.transport = newTransport(base)
	}
	if c.timeout <= 0 {
		c.timeout = defaultRequestTimeout
	}
	if c.logger == nil {
		c.logger = slog.New(slog.DiscardHandler)
	}
	if c.userAgent == "" {
		c.userAgent = "notiform"
	}
	if c.rand == nil {
		c.rand = rand.Float64
	}
}

// do carries one request to its answer, whose data it decodes into data, and
// returns the log id.
func do[T any](ctx context.Context, c *Client, r request, data *T) (logID string, err error) {
	return c.send(ctx, r, decodeInto(data))
}

// send carries one request to its answer, and returns the log id. It is the only
// way out of this package to the network.
func (c *Client) send(ctx context.Context, r request, decode func([]byte) (head, error)) (logID string, err error) {
	var body []byte
	if r.body != nil {
		if body, err = json.Marshal(r.body); err != nil {
			return "", r.never(errEncode)
		}
	}
	target, err := r.url(c.base)
	if err != nil {
		return "", r.never(err)
	}
	k := &call{client: c, request: r, decode: decode, state: waiting}
	if r.slot == nil {
		k.place = r.limit.queue()
	} else {
		k.refusals = r.slot.refusals
	}
	return k.do(ctx, target, body)
}
