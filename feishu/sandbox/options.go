package sandbox

// The credentials a Server knows when Options gives no others. They are samples
// and open nothing but a sandbox.
const (
	DefaultHelpdeskID    = "7000000000000000000"
	DefaultHelpdeskToken = "ht-00000000-0000-4000-8000-000000000000"
	// DefaultUserToken belongs to the helpdesk's owner and has both helpdesk scopes.
	DefaultUserToken = "u-sandbox-owner"
	// DefaultReadOnlyUserToken has helpdesk:all:readonly only: enough to plan.
	DefaultReadOnlyUserToken = "u-sandbox-readonly"
	DefaultTenantToken       = "t-sandbox"
	DefaultAppID             = "cli_a000000000000000"
	DefaultAppSecret         = "sandbox-app-secret"
	// DefaultTicketID is an open ticket that every Server has.
	DefaultTicketID = "6948728206392295444"
)

// Options says what a Server knows and how it behaves, in the words of `notiform sandbox`; Docs
// lists them. The zero Options are a server with the Default credentials, every switch at its
// first value, the documented rate limits and no faults.
type Options struct {
	HelpdeskID, HelpdeskToken string
	UserToken                 string // may read and write
	ReadOnlyUserToken         string // may read: a PATCH with it is refused with 99991672
	TenantToken               string
	AppID, AppSecret          string   // what tenant_access_token/internal accepts
	Switches                  []string // "patch_empty_list=ignore"
	Limits                    []string // "get=100", or Unlimited
	Faults                    []string // as ParseFault reads them
}

func (o *Options) setDefaults() {
	for _, d := range []struct {
		field    *string
		fallback string
	}{
		{&o.HelpdeskID, DefaultHelpdeskID},
		{&o.HelpdeskToken, DefaultHelpdeskToken},
		{&o.UserToken, DefaultUserToken},
		{&o.ReadOnlyUserToken, DefaultReadOnlyUserToken},
		{&o.TenantToken, DefaultTenantToken},
		{&o.AppID, DefaultAppID},
		{&o.AppSecret, DefaultAppSecret},
	} {
		if *d.field == "" {
			*d.field = d.fallback
		}
	}
}

// Env returns the environment a client needs to talk to the server at baseURL,
// as NAME=value, in a fixed order.
func (s *Server) Env(baseURL string) []string {
	return []string{
		"FEISHU_BASE_URL=" + baseURL,
		"FEISHU_HELPDESK_ID=" + s.options.HelpdeskID,
		"FEISHU_HELPDESK_TOKEN=" + s.options.HelpdeskToken,
		"FEISHU_USER_ACCESS_TOKEN=" + s.options.UserToken,
		"FEISHU_APP_ID=" + s.options.AppID,
		"FEISHU_APP_SECRET=" + s.options.AppSecret,
	}
}

// Doc is one line of a table for --help: a switch, a limit or a fault.
type Doc struct {
	Name   string
	Values []string // a switch's values, the default first; a limit's documented rate; the form of a fault's argument
	Text   string
}

// Docs lists every switch, every limit by the name of its API, and every kind of fault.
func Docs() (switches, limits, faults []Doc) { return switchDocs(), limitDocs(), faultDocs() }
