package spec

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestDecodeTeam reads a whole file.
func TestDecodeTeam(t *testing.T) {
	t.Parallel()
	src := `
helpdesks:
  it: {helpdesk_id: "6939771743531696147", base_url: https://open.feishu.cn/, paths: [drafts/it/, cards]}
  人事: &hr
    helpdesk_id: "7"
rules: {root-department: off, card-link: warning}
guards:
  max_changes: 25
  refuse_console_edits: true
  protected_audiences: [all_members, 3]
  link_hosts: [Example.COM, 例子.测试., "[::1]"]
  send_window: ~
`
	got, faults := DecodeTeam("f", []byte(src))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	want := Team{
		Helpdesks: []Helpdesk{
			{Name: "it", HelpdeskID: "6939771743531696147", BaseURL: "https://open.feishu.cn/", Paths: []string{"drafts/it", "cards"}},
			{Name: "人事", HelpdeskID: "7"},
		},
		Rules: map[string]Severity{"root-department": Off, "card-link": Warning},
		Guards: Guards{
			File: "f", MaxChanges: Owned[int]{25, true}, RefuseConsoleEdits: true, ProtectedAudiences: []PushScopeType{AllMembers, NewStaffScope},
			LinkHosts: []string{"example.com", "xn--fsqu00a.xn--0zwm56d", "[::1]"},
		},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(SendWindow{})); diff != "" {
		t.Error(diff)
	}
}

// TestTeamFaults: all at once, each at its place, and none that the file could turn off itself.
func TestTeamFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		why, src string
		want     []string // without f: in front; behind a tab, the hint
	}{
		{"nothing is no fault", "# nothing yet\n", nil},
		{"nor is null", "helpdesks:\nrules: ~\nguards: {max_changes: , link_hosts: null, send_window: , protected_audiences: []}\n", nil},
		{"full-width colons in all of it", "rules：\n  root-department：off\n", []string{
			"1:6: error: ： is a full-width character, and here a letter like any other [yaml-syntax]\ttype : and a space, with the keyboard set to English",
			"2:18: error: ： is a full-width character, and here a letter like any other [yaml-syntax]\ttype : and a space, with the keyboard set to English",
		}},
		{"several at once", "guard: {}\nrules: {unknown-field: off}\nguards: {max_changes: -1, max_change: 2}\n", []string{
			`1:1: error: unknown field "guard" in .notiform.yaml [unknown-field]` + "\tdid you mean \"guards\"?",
			`3:23: error: max_changes cannot be "-1" [invalid-value]` + "\twrite a whole number, 0 or more, without quotes",
			`3:27: error: unknown field "max_change" in guards [unknown-field]` + "\tdid you mean \"max_changes\"?",
		}},
		{"it is no mapping", "- a\n", []string{"1:1: error: .notiform.yaml must be a mapping, not a list [wrong-type]"}},
		{"it is a link that Git holds", "team.yaml", []string{"1:1: error: .notiform.yaml must be a mapping, not a text [wrong-type]"}},
		{"two documents", "rules: {}\n---\nrules: {}\n", []string{"3:1: error: the file holds one document, and here begins another [draft-file]"}},
		{"no YAML", "rules: [\n", []string{"1:8: error: the [ that begins here is not closed [yaml-syntax]\tclose it with ] where it ends"}},
		{"a key twice", "rules: {}\nrules: {}\n", []string{`2:1: error: "rules" is given twice, first at line 1 [duplicate-field]` + "\tremove one of the two"}},
		{"a line break of YAML alone", "rules: {} # a\u2028b\n", []string{"1:14: error: U+2028 ends a line for YAML, and for no editor [line-break]"}},
		{"an invisible character", "rules: {} # \u200b\n", []string{"1:13: warning: the text has U+200B (zero-width character) here [hidden-character]"}},
		{"too large", "#" + strings.Repeat("x", 1<<20), []string{"1:1: error: the file is larger than 1 MiB [draft-file]"}},
		{"no UTF-8", "rules: {} # \xff", []string{"1:13: error: the file is not UTF-8: byte 0xFF [draft-file]"}},

		{"a helpdesk without its id", "helpdesks:\n  it: {paths: [a]}\n  hr:\n", []string{
			`2:3: error: helpdesk "it" has no helpdesk_id [missing-field]`, `3:3: error: helpdesk "hr" has no helpdesk_id [missing-field]`,
		}},
		{"ids", "helpdesks: {a: {helpdesk_id: 7}, b: {helpdesk_id: od-1}, c: {helpdesk_id: [7]}}\n", []string{
			`1:30: warning: helpdesk_id is a bare number, which other YAML tools round [unquoted-id]` + "\tput it in quotes: \"7\"",
			`1:51: error: helpdesk_id "od-1" is not a decimal number [invalid-id]`,
			`1:75: error: helpdesk_id must be a text, not a list [wrong-type]`,
		}},
		{"fields that no helpdesk has", "helpdesks: {it: {helpdesk_id: '1', path: [a]}, \"\\e[1m\": 7}\n", []string{
			`1:36: error: unknown field "path" in "it" [unknown-field]` + "\tdid you mean \"paths\"?",
			`1:48: error: "\u{1B}[1m" cannot be the name of a helpdesk`, `1:57: error: "\u{1B}[1m" must be a mapping, not a number [wrong-type]`,
		}},
		{"names that cannot be typed", "helpdesks: {\"-a\": {helpdesk_id: '1'}, \"a b\": {helpdesk_id: '1'}}\n", []string{
			`1:13: error: "-a" cannot be the name of a helpdesk`, `1:39: error: "a b" cannot be the name of a helpdesk`,
		}},
		{"base URLs", "helpdesks: {a: {helpdesk_id: '1', base_url: http://open.feishu.cn}, b: {helpdesk_id: '1', base_url: https://u@open.feishu.cn}}\n", []string{
			`1:45: error: base_url "http://open.feishu.cn" is no https address`, `1:101: error: base_url "https://u@open.feishu.cn" is no https address`,
		}},
		{"paths that lead out", "helpdesks: {a: {helpdesk_id: '1', paths: [../x, /x, '', a/../../b, '-', 'a\\b', [x]]}}\n", []string{
			`1:43: error: "../x" does not`, `1:49: error: "/x" does not`, `1:53: error: "" does not`, `1:57: error: "a/../../b" does not`,
			`1:68: error: "-" does not`, `1:73: error: "a\\b" does not`, `1:80: error: an entry of paths must be a text, not a list`,
		}},
		{"paths of two helpdesks", "helpdesks:\n  a: {helpdesk_id: '1', paths: [d/it, e]}\n  b: {paths: [d/it2, ./d, e/x], helpdesk_id: '2'}\n  c: {helpdesk_id: '1', paths: [e]}\n", []string{
			`3:22: error: "d" and "d/it" of helpdesk "a" have drafts in common [invalid-value]` + "\tgive each helpdesk folders of its own",
			`3:27: error: "e/x" and "e" of helpdesk "a" have`, `4:33: error: "e" and "e/x" of helpdesk "b" have`,
		}},
		{"paths that are none", "helpdesks: {a: {helpdesk_id: '1', paths: drafts}, b: {helpdesk_id: '1', paths: []}}\n", []string{
			`1:42: error: paths must be a list, not a text [wrong-type]`, `1:80: error: paths is empty, which could mean all as well as none [invalid-value]`,
		}},

		{"rules", "rules: {root-departmnt: off, card-link: of, card-json: warning, line-break: error, card-size: 1}\n", []string{
			`1:9: error: there is no rule "root-departmnt" [invalid-value]` + "\tdid you mean \"root-department\"?",
			`1:41: error: rule card-link can be error, warning or off [invalid-value]`,
			`1:56: error: rule card-json is always an error [invalid-value]`,
			`1:95: error: rule card-size can be error, warning or off [invalid-value]`,
		}},

		{"guards", "guards: {max_changes: '3', refuse_console_edits: yes, protected_audiences: [all_member, 7, all], link_hosts: []}\n", []string{
			`1:23: error: max_changes cannot be "3" [invalid-value]`,
			`1:50: error: refuse_console_edits must be true or false, not a text [wrong-type]`,
			`1:77: error: protected_audiences cannot be "all_member" [invalid-value]` + "\tdid you mean \"all_members\"?",
			`1:89: error: protected_audiences cannot be "7" [invalid-value]` + "\twrite all_members (0),",
			`1:92: error: protected_audiences cannot be "all" [invalid-value]`,
			`1:110: error: link_hosts is empty, which could mean all as well as none [invalid-value]`,
		}},
		{"hosts", "guards: {link_hosts: [https://example.com/a, '*.example.com', example.com:8080, u@example.com, 'exa mple.com', ex%61mple.com]}\n", []string{
			`1:23: error: link_hosts: "https://example.com/a" is no host [invalid-value]` + "\twrite example.com;",
			`1:46: error: link_hosts: "*.example.com" is no host [invalid-value]` + "\twrite example.com;",
			`1:63: error: link_hosts: "example.com:8080" is no host [invalid-value]` + "\twrite example.com;",
			`1:81: error: link_hosts: "u@example.com" is no host`, `1:96: error: link_hosts: "exa mple.com" is no host`,
			`1:112: error: link_hosts: "ex%61mple.com" is no host`,
		}},
		{"Chinese punctuation", "helpdesks: {hr: {helpdesk_id: “6939771743531696147”}}\nguards: {link_hosts: [a.com，b.com]}\n", []string{
			`1:31: error: helpdesk_id "“6939771743531696147”" is not a decimal number [invalid-id]` + "\ttype \" on both sides",
			`2:23: error: link_hosts: "a.com，b.com" is no host [invalid-value]` + "\ttype , and a space",
		}},
		{"a window", "guards: {send_window: {days: [Monday, 周一, tue], from: 9:00, to: '18：30', zone: CST+8}}\n", []string{
			`1:31: error: days: "Monday" is no day [invalid-value]` + "\twrite mon", `1:39: error: days: "周一" is no day [invalid-value]` + "\twrite mon, tue,",
			`1:55: error: from: "9:00" is no time of day [invalid-value]` + "\twrite \"09:00\"", `1:65: error: to: "18：30" is no time of day [invalid-value]` + "\twrite \"18:30\"",
			`1:80: error: zone: "CST+8" is no time zone [invalid-value]` + "\twrite the name of a time zone, such as Asia/Shanghai",
		}},
		{"a window at nobody's time", "guards: {send_window: {from: '09:00', to: '09:00'}}\n", []string{
			`1:23: error: send_window cannot go from 09:00 to 09:00 [invalid-value]`, `1:23: error: send_window has no zone [missing-field]`,
		}},
		{"a window of another machine's time", "guards: {send_window: {zone: Local, from: '24:00', to: '25:00'}}\n", []string{
			`1:30: error: zone: "Local" is no time zone`, `1:56: error: to: "25:00" is no time of day`,
		}},
	} {
		_, faults := DecodeTeam("f", []byte(tt.src))
		slices.SortStableFunc(faults, func(a, b Diagnostic) int { return a.Pos.compare(b.Pos) })
		if len(faults) != len(tt.want) {
			t.Errorf("%s: got %q", tt.why, faults)
			continue
		}
		for i, want := range tt.want {
			said, hint, _ := strings.Cut(want, "\t")
			if got := faults[i].String(); !strings.HasPrefix(got, "f:"+said) || !strings.HasPrefix(faults[i].Hint, hint) {
				t.Errorf("%s: got %s (%s)", tt.why, got, faults[i].Hint)
			}
		}
	}
}

// TestReadTeam: what is there and does not count is told, since its guards would be missed.
func TestReadTeam(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	here := filepath.Join(root, "drafts")
	for _, dir := range []string{here, filepath.Join(root, "pipe"), filepath.Join(root, "folder", TeamFile)} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	read := func(folder, here string) string {
		_, faults := ReadTeam(folder, here)
		if len(faults) != 1 {
			t.Fatalf("%s: got %q", folder, faults)
		}
		return faults[0].String()
	}
	write := func(name string) {
		if err := os.WriteFile(name, []byte("guards: {}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, faults := ReadTeam(root, here); len(faults) > 0 {
		t.Errorf("no file: got %q", faults)
	}
	write(filepath.Join(here, TeamFile))
	if got, want := read(root, here), ".notiform.yaml:1:1: error: this file is not read: what belongs to the team stands in ../.notiform.yaml [draft-file]"; got != want {
		t.Errorf("in the working directory: got %s", got)
	}
	write(filepath.Join(root, "pipe", ".notiform.yml"))
	if got, want := read(filepath.Join(root, "pipe"), root), "pipe/.notiform.yml:1:1: error: this file is not read: what belongs to the team stands in pipe/.notiform.yaml [draft-file]"; got != want {
		t.Errorf("by another name: got %s", got)
	}
	if got, want := read(filepath.Join(root, "folder"), root), "folder/.notiform.yaml:1:1: error: not a regular file; a link is not followed [draft-file]"; got != want {
		t.Errorf("a folder: got %s", got)
	}
	if err := os.Symlink(filepath.Join(here, TeamFile), filepath.Join(root, TeamFile)); err != nil {
		t.Fatal(err)
	}
	if got, want := read(root, root), ".notiform.yaml:1:1: error: not a regular file; a link is not followed [draft-file]"; got != want {
		t.Errorf("a link: got %s", got)
	}
}

// TestHostOf: two programs must not take one address for two hosts, and every spelling of a host is
// that host.
func TestHostOf(t *testing.T) {
	t.Parallel()
	g := Guards{LinkHosts: []string{"example.com", "xn--fsqu00a.xn--0zwm56d", "[::1]", "10.0.0.1"}}
	for _, tt := range []struct {
		why     string
		allowed bool
		is      []string
	}{
		{"the host itself", true, []string{"https://example.com", "http://example.com/a?b#c", "HTTPS://EXAMPLE.com:8443/", "https://example.com.", "https://example.com?u=https://evil.cn", "https://example.com#@evil.cn"}},
		{"below it", true, []string{"https://a.example.com", "https://a.b.example.com:80/x", "https://a_b.example.com"}},
		{"without a scheme", true, []string{"//example.com/a", "example.com", "example.com:8080/a"}},
		{"in other letters", true, []string{"https://例子.测试/", "https://xn--fsqu00a.xn--0zwm56d", "https://XN--FSQU00A.xn--0zwm56d", "https://例子。测试", "https://ｅxample.com", "https://a.例子.测试"}},
		{"by number", true, []string{"http://[::1]:8080/a", "http://10.0.0.1/"}},
		{"a telephone", true, []string{"tel:+86 10 1234", "TEL:110", "tel://110"}},
		{"a name that only looks like it", false, []string{"https://example.com.evil.cn", "https://evilexample.com", "https://example.comx", "https://example.co", "https://com", "https://exаmple.com", "https://example.com-evil.cn"}},
		{"a user name", false, []string{"https://example.com@evil.cn", "https://example.com:80@evil.cn/", "https://u:p@example.com/", "https://evil.cn@example.com", "//example.com@evil.cn"}},
		{"what programs read in two ways", false, []string{`https://evil.cn\.example.com`, `https://example.com\@evil.cn`, `https:\\example.com`, "https:/evil.cn", "https:example.com", "https:///example.com", "https://ex%61mple.com", "https://example.com%2eevil.cn", "https://example.com\t.evil.cn", "https://example .com", "https://evil.cn\n.example.com", " https://example.com", "https://example..com", "https://.example.com", "https://example.com:80:90/", "https://" + strings.Repeat("长", 1<<16) + ".example.com"}},
		{"no host", false, []string{"", "https://", "https://:80", "/a", "?example.com", "#example.com", "${url}", "https://${host}.example.com"}},
		{"another scheme", false, []string{"javascript:alert(1)", "javascript://example.com/%0aalert(1)", "lark://example.com", "mailto:a@example.com", "ftp://example.com", "data:text/html,example.com", "tel:example.com", "tel://example.com", "x-https://example.com"}},
		{"another number", false, []string{"http://[::2]/", "http://[::1", "http://10.0.0.2", "http://167772161/", "http://[::1]x/"}},
	} {
		for _, address := range tt.is {
			if got := isTelephone(address) || g.allows(hostOf(address)); got != tt.allowed {
				t.Errorf("%s: %q is allowed: %v (host %q)", tt.why, address, got, hostOf(address))
			}
		}
	}
}

func window(t *testing.T, src string) SendWindow {
	t.Helper()
	team, faults := DecodeTeam("f", []byte("guards: {send_window: {"+src+"}}"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return team.Guards.SendWindow
}

// TestSendWindow: days and clocks are those of its zone, wherever the time was written.
func TestSendWindow(t *testing.T) {
	t.Parallel()
	office := `days: [mon, tue, wed, thu, fri], from: "09:00", to: "18:00", zone: Asia/Shanghai`
	night := `days: [fri], from: "22:00", to: "06:00", zone: Asia/Shanghai`
	for _, tt := range []struct {
		why, window, at string
		holds           bool
	}{
		{"as it begins", office, "2026-12-01T09:00:00+08:00", true},
		{"as it ends", office, "2026-12-01T18:00:00+08:00", true},
		{"before", office, "2026-12-01T08:59:59.999+08:00", false},
		{"after", office, "2026-12-01T18:00:00.001+08:00", false},
		{"on a Saturday", office, "2026-12-05T10:00:00+08:00", false},
		{"written in another offset", office, "2026-12-01T01:00:00Z", true},
		{"Friday there, Saturday here", office, "2026-12-04T23:30:00-08:00", false},
		{"Sunday there, Monday here", office, "2026-12-06T17:30:00-08:00", true},
		{"past midnight, of the evening before", night, "2026-12-05T06:00:00+08:00", true},
		{"in the evening", night, "2026-12-04T22:00:00+08:00", true},
		{"in the morning of the day itself", night, "2026-12-04T05:00:00+08:00", false},
		{"between the two", night, "2026-12-05T21:59:00+08:00", false},
		{"in the evening of the next day", night, "2026-12-05T23:00:00+08:00", false},
		{"any day", `from: "09:00", to: "10:00", zone: UTC`, "2026-12-05T09:30:00Z", true},
		{"any time", `days: [sat], zone: UTC`, "2026-12-05T23:59:59.999Z", true},
		{"until midnight", `days: [sat], to: "24:00", zone: UTC`, "2026-12-06T00:00:00Z", false},
		{"by the clock of summer", `from: "09:00", to: "18:00", zone: Europe/Berlin`, "2026-07-01T07:00:00Z", true},
		{"by the clock of winter", `from: "09:00", to: "18:00", zone: Europe/Berlin`, "2026-12-01T07:00:00Z", false},
		{"in an hour that comes twice, first", `from: "02:00", to: "02:59", zone: Europe/Berlin`, "2026-10-25T00:30:00Z", true},
		{"in an hour that comes twice, again", `from: "02:00", to: "02:59", zone: Europe/Berlin`, "2026-10-25T01:30:00Z", true},
	} {
		at, err := time.Parse(time.RFC3339Nano, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := window(t, tt.window).holds(at); got != tt.holds {
			t.Errorf("%s: %v", tt.why, got)
		}
	}
}

// TestTighterGuards: what a file refuses, one with fewer hosts and a narrower window refuses as well.
func TestTighterGuards(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		loose := Guards{LinkHosts: rapid.SliceOfN(rapid.SampledFrom([]string{"a.cn", "b.a.cn", "b.cn", "xa.cn", "cn"}), 2, 4).Draw(t, "hosts")}
		address := rapid.SampledFrom([]string{"https://", "//", "HTTP://", "https://u@", "lark://"}).Draw(t, "scheme") +
			rapid.StringMatching(`([abx]\.){0,2}(a|b|xa)\.cn\.?(:[0-9]{1,3})?(/.*)?`).Draw(t, "address")
		tight := Guards{LinkHosts: loose.LinkHosts[1:]}
		if tight.allows(hostOf(address)) && !loose.allows(hostOf(address)) {
			t.Errorf("%v allows %q, and %v does not", tight.LinkHosts, address, loose.LinkHosts)
		}
		hour := rapid.IntRange(0, 23)
		wide := SendWindow{from: time.Duration(hour.Draw(t, "from")) * time.Hour, to: wholeDay, zone: time.UTC}
		wide.days = rapid.SliceOfNDistinct(rapid.Map(rapid.IntRange(0, 6), func(d int) time.Weekday { return time.Weekday(d) }), 2, 7, rapid.ID).Draw(t, "days")
		narrow := wide
		narrow.days, narrow.to = wide.days[1:], wide.from+time.Duration(rapid.IntRange(1, 24).Draw(t, "hours"))*time.Hour/2
		at := time.Unix(rapid.Int64Range(1.7e9, 1.8e9).Draw(t, "at"), 0)
		if narrow.to <= wide.to && narrow.holds(at) && !wide.holds(at) {
			t.Errorf("%+v holds %v, and %+v does not", narrow, at, wide)
		}
	})
}
