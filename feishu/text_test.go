package feishu

import (
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func discard() *log.Logger { return log.New(io.Discard, "", 0) }

func TestBounded(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, in, want string }{
		{"what fits is left alone", "0123456789", "0123456789"},
		{"one byte more is cut, with a mark", "01234567890", "0123456…"},
		{"never within a character", "01234飞书工单", "01234…"},
		{"empty", "", ""},
	} {
		if got := bounded(row.in, 10); got != row.want {
			t.Errorf("%s: %q", row.why, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s, size := rapid.String().Draw(t, "s"), rapid.IntRange(3, 40).Draw(t, "size")
		if got := bounded(s, size); len(got) > size || !utf8.ValidString(got) {
			t.Errorf("%q", got)
		}
	})
}

func TestVisible(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain 飞书 \"quoted\"": "plain 飞书 \"quoted\"",
		"a\nb\r\t\x00\x1b[0m": `a\nb\r\t\x00\x1b[0m`,
		"\u202e\u200b\u2066":  `\u202e\u200b\u2066`,
		"\x9b1m\xff":          `\x9b1m\xff`,
		`\n is not a line`:    `\\n is not a line`,
	} {
		if got := visible(in); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

func TestMask(t *testing.T) {
	t.Parallel()
	const secret = "abcdefghijklmnop-000000000000"
	for _, row := range []struct{ why, in, want string }{
		{"the whole", "x abcdefghijklmnop y", "x [secret] y"},
		{"twice", "abcdefghijklmnopabcdefghijklmnop", "[secret][secret]"},
		{"its beginning", "abcdefghi!", "[secret]!"},
		{"its end", "-ijklmnop", "-[secret]"},
		{"eight of its bytes", "efghijkl", "[secret]"},
		{"seven are no leak", "efghijk", "efghijk"},
		{"nothing of it", "another text", "another text"},
		{"zeros are no secret", "id 7000000000000000001", "id 7000000000000000001"},
		{"overlapping parts", "bcdefghijbcdefghij", "[secret][secret]"},
	} {
		if got := maskOne(row.in, secret); got != row.want {
			t.Errorf("%s: %q, want %q", row.why, got, row.want)
		}
	}
	if got := maskOne("is x1y here", "x1y"); got != "is [secret] here" {
		t.Error("a short secret is masked as a whole:", got)
	}
	if got := maskOne("text", ""); got != "text" {
		t.Error(got)
	}
}

// TestMaskLaw: nothing of eight bytes remains, wherever the secret is put.
func TestMaskLaw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[a-c]{8,30}`).Draw(t, "secret")
		text := rapid.StringMatching(`[a-c ]{0,60}`).Draw(t, "before") + secret + rapid.StringMatching(`[a-c ]{0,9}`).Draw(t, "after")
		for _, part := range strings.Split(maskOne(text, secret), redacted) {
			if found := shared(part, secret); strings.Trim(found, "a") != "" && strings.Trim(found, "b") != "" && strings.Trim(found, "c") != "" {
				t.Fatalf("%q remains", found)
			}
		}
	})
}

// TestPatchRoundTrip: what is patched reads back the same through the GET shape.
func TestPatchRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String()
		p := NotificationPatch{
			JobName: text.Draw(t, "job_name"), PushContent: text.Draw(t, "push_content"),
			PushType: rapid.Int().Draw(t, "push_type"), PushScopeType: rapid.Int().Draw(t, "push_scope_type"),
			SendAt: rapid.Ptr(text, true).Draw(t, "send_at"), Ext: rapid.Ptr(text, true).Draw(t, "ext"),
			NewStaffScopeType: rapid.Ptr(rapid.Int(), true).Draw(t, "nst"),
		}
		for _, id := range rapid.SliceOf(text).Draw(t, "ids") {
			p.UserList, p.ChatList = append(p.UserList, UserID{id}), append(p.ChatList, ChatID{id})
		}
		body, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var n Notification
		if err := json.Unmarshal(body, &n); err != nil {
			t.Fatal(err)
		}
		back := NotificationPatch{
			JobName: n.JobName, PushContent: n.PushContent, PushType: n.PushType, PushScopeType: n.PushScopeType,
			SendAt: p.SendAt, Ext: p.Ext, NewStaffScopeType: n.NewStaffScopeType,
		}
		for i := range n.UserList {
			back.UserList, back.ChatList = append(back.UserList, UserID{n.UserList[i].UserID}), append(back.ChatList, ChatID{n.ChatList[i].ChatID})
		}
		if diff := cmp.Diff(p, back); diff != "" || deref(p.SendAt) != n.SendAt || deref(p.Ext) != n.Ext {
			t.Fatal(diff, n.SendAt, n.Ext)
		}
	})
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// FuzzAnswer: no answer panics, none is taken for success without code 0, and
// whatever is shown of it is one printable line.
func FuzzAnswer(f *testing.F) {
	samples, err := filepath.Glob("../testdata/wire/*.json")
	if err != nil || len(samples) < 4 {
		f.Fatal("the samples are missing", samples, err)
	}
	for _, name := range samples {
		content, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(200, "application/json", content)
	}
	f.Add(400, "application/json", []byte(`{"code":99991672,"msg":"x","error":{"permission_violations":[{"subject":"s"}]}}`))
	f.Add(502, "text/html", []byte(`<html>`))
	f.Fuzz(func(t *testing.T, status int, kind string, body []byte) {
		c := testClient(t, "", Options{})
		var answer struct {
			envelope
			Data struct {
				Notification *Notification `json:"notification"`
			} `json:"data"`
		}
		k := &call{request: request{endpoint: c.api.getNotification, id: "1"}, client: c, decode: decodeInto(&answer)}
		resp := respond(status, "")
		resp.Header.Set("Content-Type", kind)
		k.last = k.judge(resp, body)
		if k.last.ok() {
			var env struct {
				Code *int `json:"code"`
			}
			if json.Unmarshal(body, &env, jsontext.AllowInvalidUTF8(true)) != nil || env.Code == nil || *env.Code != 0 || status < 200 || status > 299 {
				t.Errorf("HTTP %d %s is taken for success: %q", status, kind, body)
			}
			return
		}
		text := k.fail(k.last.err).Error()
		if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) || !utf8.ValidString(text) {
			t.Errorf("%q", text)
		}
	})
}
