package feishu_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"notiform/feishu"
	"notiform/feishu/sandbox"
)

// forApp is a client of the sandbox that has no user and no helpdesk.
func forApp(t *testing.T, o sandbox.Options) (*sandbox.Server, *feishu.Client) {
	t.Helper()
	o.Limits = sandbox.Unlimited()
	s, base := sandbox.Start(t, o)
	c, err := feishu.NewForApp(feishu.Settings{
		BaseURL: base, AppID: sandbox.DefaultAppID, AppSecret: feishu.NewSecret(sandbox.DefaultAppSecret),
	}, feishu.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

// TestFindPeople finds each in the place it was asked at, in as few calls as the API takes, and
// tells those who have left from those who are not there.
func TestFindPeople(t *testing.T) {
	t.Parallel()
	s, c := forApp(t, sandbox.Options{})
	if err := s.Seed([]byte(`{"users": [{"open_id": "ou_a", "name": "张三", "email": "a@example.com", "mobile": "13800000001"},
		{"open_id": "ou_b", "name": "B", "email": "b@example.com", "standing": "resigned"},
		{"open_id": "ou_c", "name": "C", "email": "c@example.com", "outside": true},
		{"open_id": "ou_d", "name": "D", "email": "d@example.com", "standing": "frozen"},
		{"open_id": "ou_e", "name": "E", "email": "e@example.com", "standing": "not_activated"}]}`)); err != nil {
		t.Fatal(err)
	}
	asked := []string{"b@example.com", "x@example.com", "A@Example.com", "+8613800000001", "c@example.com", "d@example.com", "e@example.com"}
	people, err := c.FindPeople(t.Context(), asked)
	if err == nil {
		err = c.NamePeople(t.Context(), people)
	}
	want := []feishu.Person{
		{Asked: asked[0], OpenID: "ou_b", Name: "B", Standing: feishu.Resigned},
		{Asked: asked[1], Standing: feishu.Unknown},
		{Asked: asked[2], OpenID: "ou_a", Name: "张三", Standing: feishu.Active},
		{Asked: asked[3], OpenID: "ou_a", Name: "张三", Standing: feishu.Active},
		{Asked: asked[4], Standing: feishu.Unknown},
		{Asked: asked[5], OpenID: "ou_d", Name: "D", Standing: feishu.Frozen},
		{Asked: asked[6], OpenID: "ou_e", Name: "E", Standing: feishu.NotActivated},
	}
	if err != nil || !slices.Equal(people, want) {
		t.Errorf("got %+v, %v", people, err)
	}
	if n := s.Count("batch_get_id"); n != 2 {
		t.Errorf("%d calls, want one and one more for who may have left", n)
	}
	s.ForgetRequests()
	many := make([]string, 120)
	for i := range many {
		many[i] = strings.Repeat("x", i+1) + "@example.com"
	}
	if _, err := c.FindPeople(t.Context(), many); err != nil || s.Count("batch_get_id") != 6 {
		t.Errorf("%d calls for 120 people: %v", s.Count("batch_get_id"), err)
	}
}

// TestFindPeopleUnseen: an app that may not see names and status still gets ids, and knows of nobody
// whether they are active.
func TestFindPeopleUnseen(t *testing.T) {
	t.Parallel()
	s, c := forApp(t, sandbox.Options{Switches: []string{"contact_fields=withheld"}})
	if err := s.Seed([]byte(`{"users": [{"open_id": "ou_a", "name": "A", "email": "a@example.com"},
		{"open_id": "ou_b", "name": "B", "email": "b@example.com", "standing": "resigned"}]}`)); err != nil {
		t.Fatal(err)
	}
	people, err := c.FindPeople(t.Context(), []string{"a@example.com", "b@example.com"})
	if err == nil {
		err = c.NamePeople(t.Context(), people)
	}
	if err != nil || people[0].Standing != feishu.Present || people[0].Name != "" || people[1].Standing != feishu.Resigned {
		t.Errorf("%+v, %v", people, err)
	}
}

// TestHelpdeskHeaderStaysWithTheHelpdesk: whatever is asked of another API carries the tenant's token
// and not the helpdesk's.
func TestHelpdeskHeaderStaysWithTheHelpdesk(t *testing.T) {
	t.Parallel()
	s, base := sandbox.Start(t, sandbox.Options{Limits: sandbox.Unlimited()})
	var with []string
	c, err := feishu.NewForApp(ticketSettings(base), feishu.Options{Transport: tap(func(r *http.Request) {
		if r.Header.Get("X-Lark-Helpdesk-Authorization") != "" {
			with = append(with, r.URL.Path)
		}
	})})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.AppScopes(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := c.FindPeople(t.Context(), []string{"a@example.com"}); err != nil {
		t.Error(err)
	}
	if ticket, err := c.GetTicket(t.Context(), sandbox.DefaultTicketID); err != nil || ticket.Closed || ticket.HelpdeskID != sandbox.DefaultHelpdeskID {
		t.Errorf("%+v, %v", ticket, err)
	}
	if want := []string{"/open-apis/helpdesk/v1/tickets/" + sandbox.DefaultTicketID}; !slices.Equal(with, want) {
		t.Errorf("the helpdesk's header went to %v", with)
	}
	if n := s.Count("PATCH"); n != 0 {
		t.Errorf("%d PATCHes", n)
	}
}

// tap sees every request on its way.
type tap func(*http.Request)

// RoundTrip sends it on.
func (see tap) RoundTrip(r *http.Request) (*http.Response, error) {
	see(r)
	return http.DefaultTransport.RoundTrip(r)
}

// TestReach tells what an answer shows, and takes nothing for Feishu that is not.
func TestReach(t *testing.T) {
	t.Parallel()
	s, base := sandbox.Start(t, sandbox.Options{Limits: sandbox.Unlimited()})
	way, err := feishu.Reach(t.Context(), feishu.Settings{BaseURL: base}, feishu.Options{})
	if err != nil || way.TLS != "" || way.Proxy != "" || way.Date.IsZero() || "http://"+way.Host != base {
		t.Errorf("%+v, %v", way, err)
	}
	s.Fail(sandbox.Fault{Kind: sandbox.HTML})
	if _, err := feishu.Reach(t.Context(), feishu.Settings{BaseURL: base}, feishu.Options{}); err == nil {
		t.Error("a page is taken for Feishu")
	}
	if n := s.Count(""); n != 2 {
		t.Errorf("%d requests, want one a time", n)
	}
}

// TestReachUnderTLS tells the version, the server's clock, and an authority that this machine does not
// trust; the proxy by its host, without the password in its address.
func TestReachUnderTLS(t *testing.T) {
	s, err := sandbox.New(sandbox.Options{Ahead: 3 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewTLSServer(s)
	t.Cleanup(server.Close)
	way, err := feishu.Reach(t.Context(), feishu.Settings{BaseURL: server.URL}, feishu.Options{Transport: server.Client().Transport})
	if ahead := time.Until(way.Date).Round(time.Hour); err != nil || way.TLS != "TLS 1.3" || ahead != 3*time.Hour {
		t.Errorf("%+v, %v", way, err)
	}
	_, err = feishu.Reach(t.Context(), feishu.Settings{BaseURL: server.URL}, feishu.Options{})
	if hint, ok := err.(interface{ Hint() string }); !ok || !strings.Contains(hint.Hint(), "SSL_CERT_FILE") {
		t.Errorf("an unknown authority: %v", err)
	}
}
