package feishu

import (
	"errors"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// environment is a getenv over a map; files is a readFile over another.
func environment(env map[string]string) func(string) string {
	return func(name string) string { return env[name] }
}

func files(content map[string]string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		if text, ok := content[name]; ok {
			return []byte(text), nil
		}
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
}

// faults lists the settings that err complains about, each with its problem.
func faults(err error) []string {
	if err == nil {
		return nil
	}
	return strings.Split(err.Error(), "\n")
}

func complete() map[string]string {
	return map[string]string{
		"FEISHU_HELPDESK_ID": testHelpdesk, "FEISHU_HELPDESK_TOKEN": testHTToken, "FEISHU_USER_ACCESS_TOKEN": testUserToken,
	}
}

func TestSettingsFromEnv(t *testing.T) {
	t.Parallel()
	env := complete()
	env["FEISHU_BASE_URL"] = "http://127.0.0.1:8080"
	env["FEISHU_APP_ID"] = "cli_0123456789abcdef"
	env["FEISHU_APP_SECRET"] = "the-app-secret"
	env["FEISHU_TENANT_ACCESS_TOKEN_FILE"] = "tenant"
	delete(env, "FEISHU_USER_ACCESS_TOKEN")
	env["FEISHU_USER_ACCESS_TOKEN_FILE"] = "user"
	s, err := SettingsFromEnv(environment(env), files(map[string]string{"user": testUserToken + "\r\n", "tenant": "t-tenant\n"}))
	if err != nil || s.Check() != nil {
		t.Fatal(err, s.Check())
	}
	got := []string{s.BaseURL, s.HelpdeskID, s.HelpdeskToken.Reveal(), s.UserAccessToken.Reveal(), s.AppID, s.AppSecret.Reveal(), s.TenantAccessToken.Reveal()}
	want := []string{"http://127.0.0.1:8080", testHelpdesk, testHTToken, testUserToken, "cli_0123456789abcdef", "the-app-secret", "t-tenant"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSettingsFromEnvFaults(t *testing.T) {
	t.Parallel()
	const name = "FEISHU_HELPDESK_TOKEN"
	for _, row := range []struct {
		why  string
		env  map[string]string
		file string // content of the file "f"
		want []string
	}{
		{why: "nothing set is no fault yet"},
		{why: "two sources for one setting", env: map[string]string{name: "ht-1", name + "_FILE": "f"},
			want: []string{"FEISHU_HELPDESK_TOKEN and FEISHU_HELPDESK_TOKEN_FILE are both set"}},
		{why: "the file is missing, and its name may be the token", env: map[string]string{name + "_FILE": "ht-instead-of-a-name"},
			want: []string{"FEISHU_HELPDESK_TOKEN_FILE names a file that cannot be read: file does not exist"}},
		{why: "the file is empty but for a line end", env: map[string]string{name + "_FILE": "f"}, file: "\n",
			want: []string{"FEISHU_HELPDESK_TOKEN_FILE names an empty file"}},
		{why: "what Windows puts in front of a text is none", env: map[string]string{name + "_FILE": "f"}, file: "\ufeff\n",
			want: []string{"FEISHU_HELPDESK_TOKEN_FILE names an empty file"}},
		{why: "only one line end is cut", env: map[string]string{name + "_FILE": "f"}, file: "ht-1\n\n",
			want: []string{"FEISHU_HELPDESK_TOKEN_FILE contains a line end"}},
		{why: "a variable is not trimmed", env: map[string]string{name: "ht-1\n"},
			want: []string{"FEISHU_HELPDESK_TOKEN contains a line end"}},
		{why: "a header could be split", env: map[string]string{name: "ht-1\r\nX: y"},
			want: []string{"FEISHU_HELPDESK_TOKEN contains a line end"}},
		{why: "a copied header", env: map[string]string{name: "Bearer ht-1"},
			want: []string{`FEISHU_HELPDESK_TOKEN contains "Bearer ", which is no part of a token`}},
		{why: "a quotation mark of a word processor", env: map[string]string{name: "“ht-1”"},
			want: []string{"FEISHU_HELPDESK_TOKEN contains a space, a quote or another character that no token has"}},
		{why: "a control character", env: map[string]string{name: "ht-1\x00"},
			want: []string{"FEISHU_HELPDESK_TOKEN contains a space, a quote or another character that no token has"}},
		{why: "a whole file by mistake", env: map[string]string{name: strings.Repeat("x", 8193)},
			want: []string{"FEISHU_HELPDESK_TOKEN is longer than any token"}},
		{why: "all faults come at once", env: map[string]string{
			name: "a b", "FEISHU_USER_ACCESS_TOKEN": "Bearer x", "FEISHU_APP_SECRET_FILE": "g", "FEISHU_TENANT_ACCESS_TOKEN": "é",
		}, want: []string{
			"FEISHU_HELPDESK_TOKEN contains a space, a quote or another character that no token has",
			`FEISHU_USER_ACCESS_TOKEN contains "Bearer ", which is no part of a token`,
			"FEISHU_APP_SECRET_FILE names a file that cannot be read: file does not exist",
			"FEISHU_TENANT_ACCESS_TOKEN contains a space, a quote or another character that no token has",
		}},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			s, err := SettingsFromEnv(environment(row.env), files(map[string]string{"f": row.file}))
			if diff := cmp.Diff(row.want, faults(err)); diff != "" {
				t.Error(diff)
			}
			if s.BaseURL != defaultBaseURL {
				t.Error(s.BaseURL)
			}
		})
	}
}

func TestCheckNamesAllThatIsMissing(t *testing.T) {
	t.Parallel()
	err := Settings{}.Check()
	want := []string{"FEISHU_HELPDESK_ID is not set", "FEISHU_HELPDESK_TOKEN is not set", "FEISHU_USER_ACCESS_TOKEN is not set"}
	if diff := cmp.Diff(want, faults(err)); diff != "" {
		t.Error(diff)
	}
	hint := hintOf(err)
	for _, part := range []string{
		"FEISHU_HELPDESK_ID: Feishu's helpdesk admin site, settings centre, API credentials\n",
		"FEISHU_HELPDESK_TOKEN: Feishu's helpdesk admin site", "FEISHU_USER_ACCESS_TOKEN: the access token that Feishu issues",
	} {
		if !strings.Contains(hint, part) {
			t.Errorf("%q lacks %q", hint, part)
		}
	}
	var one *settingError
	if !errors.As(err, &one) || one.name != "FEISHU_HELPDESK_ID" || one.Hint() != whereHelpdesk {
		t.Errorf("%+v", one)
	}
}

func hintOf(err error) string {
	var h interface{ Hint() string }
	if !errors.As(err, &h) {
		return ""
	}
	return h.Hint()
}

func TestCheckJoinsWhatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	s, _ := SettingsFromEnv(environment(map[string]string{
		"FEISHU_BASE_URL": "http://example.com", "FEISHU_HELPDESK_TOKEN": "a b", "FEISHU_USER_ACCESS_TOKEN_FILE": "x",
	}), files(nil))
	want := []string{
		"FEISHU_HELPDESK_TOKEN contains a space, a quote or another character that no token has",
		"FEISHU_USER_ACCESS_TOKEN_FILE names a file that cannot be read: file does not exist",
		"FEISHU_BASE_URL begins with http://, which is for loopback addresses only, since tokens would travel in the clear",
		"FEISHU_HELPDESK_ID is not set",
	}
	for range 2 { // Check changes nothing
		if diff := cmp.Diff(want, faults(s.Check())); diff != "" {
			t.Error(diff)
		}
	}
	if _, err := New(s, Options{}); err == nil {
		t.Error("New took them")
	}
}

func TestCheckHelpdeskID(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		testHelpdesk: "", "1": "", "ht-c2a1": "holds a helpdesk token, not the helpdesk's id",
		"1:2": "is no helpdesk id", "1 ": "is no helpdesk id", "１": "is no helpdesk id",
	} {
		s := testSettings("")
		s.HelpdeskID = id
		got := strings.Join(faults(s.Check()), "; ")
		if want != "" {
			want = "FEISHU_HELPDESK_ID " + want
		}
		if got != want {
			t.Errorf("%q: %q, want %q", id, got, want)
		}
	}
}

func TestCheckTokensGivenInCode(t *testing.T) {
	t.Parallel()
	s := testSettings("")
	s.UserAccessToken = NewSecret("u-1\nX-Evil: 1")
	if got := faults(s.Check()); len(got) != 1 || got[0] != "FEISHU_USER_ACCESS_TOKEN contains a line end" {
		t.Error(got)
	}
}

func TestCheckTickets(t *testing.T) {
	t.Parallel()
	const neither = "FEISHU_TENANT_ACCESS_TOKEN is not set, nor are FEISHU_APP_ID and FEISHU_APP_SECRET to get one with"
	for _, row := range []struct {
		why  string
		env  map[string]string // besides what notifications need
		want []string
	}{
		{"neither of the two ways", nil, []string{neither}},
		{"a token", map[string]string{"FEISHU_TENANT_ACCESS_TOKEN": "t-1"}, nil},
		{"an app", map[string]string{"FEISHU_APP_ID": "cli_1", "FEISHU_APP_SECRET": "x"}, nil},
		{"a token is enough", map[string]string{"FEISHU_TENANT_ACCESS_TOKEN": "t-1", "FEISHU_APP_ID": "cli_1"}, nil},
		{"an id without its secret", map[string]string{"FEISHU_APP_ID": "cli_1"}, []string{"FEISHU_APP_SECRET is not set"}},
		{"a secret without its id", map[string]string{"FEISHU_APP_SECRET": "x"}, []string{"FEISHU_APP_ID is not set"}},
		{"an id that is none", map[string]string{"FEISHU_APP_ID": "cli 1\n", "FEISHU_APP_SECRET": "x"}, []string{"FEISHU_APP_ID is no app id"}},
		{"a token that is malformed is told once", map[string]string{"FEISHU_TENANT_ACCESS_TOKEN": "Bearer t-1"},
			[]string{`FEISHU_TENANT_ACCESS_TOKEN contains "Bearer ", which is no part of a token`}},
		{"a secret that cannot be read is told once", map[string]string{"FEISHU_APP_ID": "cli_1", "FEISHU_APP_SECRET_FILE": "gone"},
			[]string{"FEISHU_APP_SECRET_FILE names a file that cannot be read: file does not exist"}},
		{"all at once", map[string]string{"FEISHU_HELPDESK_ID": ""}, []string{"FEISHU_HELPDESK_ID is not set", neither}},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			env := complete()
			for name, value := range row.env {
				env[name] = value
			}
			s, _ := SettingsFromEnv(environment(env), files(nil))
			if diff := cmp.Diff(row.want, faults(s.CheckTickets())); diff != "" {
				t.Error(diff)
			}
			if row.want != nil && hintOf(s.CheckTickets()) == "" {
				t.Error("no hint")
			}
		})
	}
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	const (
		clear = "begins with http://, which is for loopback addresses only, since tokens would travel in the clear"
		plain = "does not begin with https://"
	)
	for _, row := range []struct{ text, want, problem string }{
		{text: "", want: "https://open.feishu.cn"},
		{text: "https://open.larksuite.com/", want: "https://open.larksuite.com"},
		{text: "https://gateway.example:8443/feishu//", want: "https://gateway.example:8443/feishu"},
		{text: "http://127.0.0.1:8080", want: "http://127.0.0.1:8080"},
		{text: "http://127.1.2.3", want: "http://127.1.2.3"},
		{text: "http://[::1]:9/", want: "http://[::1]:9"},
		{text: "http://LOCALHOST:1", want: "http://localhost:1"},
		{text: "HTTPS://open.feishu.cn", want: "https://open.feishu.cn"},
		{text: "http://open.feishu.cn", problem: clear},
		{text: "http://127.0.0.1.example.com", problem: clear},
		{text: "http://localhost.example.com", problem: clear},
		{text: "http://10.0.0.1", problem: clear},
		{text: "http://[::ffff:10.0.0.1]", problem: clear},
		{text: "open.feishu.cn", problem: plain},
		{text: "ftp://open.feishu.cn", problem: plain},
		{text: "//open.feishu.cn", problem: plain},
		{text: "https:open.feishu.cn", problem: "names no host"},
		{text: "https://", problem: "names no host"},
		{text: "https://:443", problem: "names no host"},
		{text: "https://me:passw0rd@open.feishu.cn", problem: "holds a user name or password"},
		{text: "https://open.feishu.cn?x=1", problem: "has a query or a fragment"},
		{text: "https://open.feishu.cn/?", problem: "has a query or a fragment"},
		{text: "https://open.feishu.cn#", problem: "has a query or a fragment"},
		{text: "https://open.feishu.cn\n", problem: "is not a URL"},
		{text: "https://me:passw0rd@[::1", problem: "is not a URL"},
	} {
		t.Run(row.text, func(t *testing.T) {
			t.Parallel()
			settings := testSettings(row.text)
			err := settings.Check()
			if row.problem == "" {
				u, _ := parseBaseURL(row.text)
				if err != nil || u.String() != row.want {
					t.Errorf("%q, want %q: %v", u, row.want, err)
				}
				return
			}
			if got := faults(err); len(got) != 1 || got[0] != "FEISHU_BASE_URL "+row.problem || hintOf(err) == "" {
				t.Errorf("%q, want %q", got, row.problem)
			}
			if strings.Contains(err.Error()+hintOf(err), "passw0rd") {
				t.Error("the password is shown")
			}
		})
	}
}

// TestMessagesNameSettingsThatAreRead: what tells people to set something else would lead them astray.
func TestMessagesNameSettingsThatAreRead(t *testing.T) {
	t.Parallel()
	read := map[string]bool{}
	if _, err := SettingsFromEnv(func(name string) string { read[name] = true; return "" }, nil); err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("messages.go")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`FEISHU_[A-Z_]+`).FindAllString(string(source), -1)
	for _, name := range named {
		if !read[name] {
			t.Errorf("%s is named, and nothing reads it", name)
		}
	}
	if len(named) < 20 {
		t.Errorf("only %d names found", len(named))
	}
}

// allowed returns how many requests a minute e's limiter lets through, 0 for any number.
func allowed(e *endpoint) int {
	for _, a := range e.limit.allowances {
		if a.window == time.Minute {
			return a.requests
		}
	}
	return 0
}

func TestRates(t *testing.T) {
	t.Parallel()
	const loopback, feishu = "http://127.0.0.1:1", "https://open.feishu.cn"
	for _, row := range []struct {
		why, base         string
		read, write       int
		wantRead, wantPut int
		problem           string
	}{
		{why: "the documented limits are the default", base: feishu, wantRead: 100, wantPut: 20},
		{why: "downwards is always allowed", base: feishu, read: 1, write: 2, wantRead: 1, wantPut: 2},
		{why: "upwards is for loopback", base: loopback, read: 101, write: 21, wantRead: 101, wantPut: 21},
		{why: "no limit is for loopback", base: loopback, read: NoLimit, write: NoLimit},
		{why: "Feishu would refuse more", base: feishu, read: 101, write: 21,
			problem: "read rate is above Feishu's limit of 100 a minute\nwrite rate is above Feishu's limit of 20 a minute"},
		{why: "no limit is more than the limit", base: feishu, write: NoLimit,
			problem: "write rate is above Feishu's limit of 20 a minute"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			c, err := New(testSettings(row.base), Options{ReadRate: row.read, WriteRate: row.write})
			if got := strings.Join(faults(err), "\n"); got != row.problem {
				t.Fatal(got)
			}
			if err != nil {
				return
			}
			if read, write := allowed(c.api.getNotification), allowed(c.api.patchNotification); read != row.wantRead || write != row.wantPut {
				t.Error(read, write)
			}
		})
	}
}

func TestHosts(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why, base, accounts string
		want, problem       string // the accounts host
	}{
		{why: "Feishu", want: "https://accounts.feishu.cn"},
		{why: "Feishu, with a slash", base: "https://open.feishu.cn/", want: "https://accounts.feishu.cn"},
		{why: "Feishu, as somebody may write it", base: "HTTPS://Open.Feishu.CN:443/", want: "https://accounts.feishu.cn"},
		{why: "Feishu's host for logins, likewise", accounts: "https://Accounts.feishu.cn:443", want: "https://accounts.feishu.cn"},
		{why: "Lark", base: "https://open.larksuite.com", want: "https://accounts.larksuite.com"},
		{why: "loopback", base: "http://127.0.0.1:8080", want: "http://127.0.0.1:8080"},
		{why: "what is set counts", base: "http://127.0.0.1:8080", accounts: "https://accounts.example.com/", want: "https://accounts.example.com"},
		{why: "a host that nobody knows", base: "https://open.example.com", problem: "FEISHU_ACCOUNTS_URL is not set, and nobody knows which host"},
		{why: "a secret must not go in the clear", accounts: "http://accounts.feishu.cn", problem: "FEISHU_ACCOUNTS_URL begins with http://"},
		{why: "no host", accounts: "https://", problem: "FEISHU_ACCOUNTS_URL names no host"},
		{why: "a base that is none", base: "ftp://x", problem: "FEISHU_BASE_URL does not begin with https://"},
	} {
		s := Settings{BaseURL: row.base, AccountsURL: row.accounts}
		_, got, err := s.Hosts()
		if got != row.want || (err == nil) != (row.problem == "") || err != nil && !strings.HasPrefix(err.Error(), row.problem) {
			t.Errorf("%s: %q, %v", row.why, got, err)
		}
		if err != nil && s.CheckApp() == nil {
			t.Errorf("%s: CheckApp finds nothing", row.why)
		}
	}
	s := testSettings("")
	s.AccountsURL = "accounts.feishu.cn"
	if got := faults(s.Check()); len(got) != 1 || got[0] != "FEISHU_ACCOUNTS_URL does not begin with https://" {
		t.Error(got)
	}
}

// TestCheckApp names what logging in lacks, and nothing else.
func TestCheckApp(t *testing.T) {
	t.Parallel()
	s, _ := SettingsFromEnv(environment(map[string]string{"FEISHU_APP_SECRET_FILE": "gone", "FEISHU_HELPDESK_TOKEN_FILE": "gone"}), files(nil))
	want := []string{"FEISHU_APP_SECRET_FILE names a file that cannot be read: file does not exist", "FEISHU_APP_ID is not set"}
	if diff := cmp.Diff(want, faults(s.CheckApp())); diff != "" {
		t.Error(diff)
	}
	if err := appSettings("").CheckApp(); err != nil {
		t.Error(err)
	}
}
