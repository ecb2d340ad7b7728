package sandbox

import "time"

// The credentials that every Server knows. They are samples and open nothing but a sandbox.
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

// Options says how a Server behaves, in the words of `notiform sandbox`; Docs lists them. The zero
// Options are every switch at its first value, the documented rate limits and no faults.
type Options struct {
	Switches []string      // "patch_empty_list=ignore"
	Limits   []string      // "get=100", or Unlimited
	Faults   []string      // as ParseFault reads them
	Ahead    time.Duration // how far the server's clock is ahead; see Advance
}

// Env returns what a client of the server at baseURL needs in its environment, as NAME=value.
func (s *Server) Env(baseURL string) []string {
	return []string{
		"FEISHU_BASE_URL=" + baseURL,
		"FEISHU_HELPDESK_ID=" + DefaultHelpdeskID,
		"FEISHU_HELPDESK_TOKEN=" + DefaultHelpdeskToken,
		"FEISHU_USER_ACCESS_TOKEN=" + DefaultUserToken,
		"FEISHU_APP_ID=" + DefaultAppID,
		"FEISHU_APP_SECRET=" + DefaultAppSecret,
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
