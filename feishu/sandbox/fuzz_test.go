package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"unicode"

	"notiform/feishu/sandbox"
)

// samples seeds a fuzz target with the official samples; none is a fault.
func samples(f *testing.F) {
	entries, err := os.ReadDir("testdata")
	if err != nil {
		f.Fatal(err)
	}
	added := 0
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".json") {
			f.Add([]byte(fixture(f, e.Name())))
			added++
		}
	}
	if added < 3 {
		f.Fatalf("%d samples in testdata", added)
	}
	for _, text := range []string{member, people, `[]`, `{"user_list":[null],"chat_list":[{}]}`, `{"push_type":1e400}`, `{"id":"\b"}`, "\xff"} {
		f.Add([]byte(text))
	}
}

// FuzzSeed: no seed panics; what is taken is shown as JSON, and that is a seed
// again.
func FuzzSeed(f *testing.F) {
	samples(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		s, err := sandbox.New(sandbox.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if s.Seed(src) != nil {
			return
		}
		var n struct {
			ID   string
			Data struct{ Notification struct{ ID string } }
		}
		json.Unmarshal(src, &n)
		for _, id := range []string{n.ID, n.Data.Notification.ID} {
			unaddressable := strings.ContainsAny(id, "/?#%") || strings.ContainsFunc(id, unicode.IsControl) || id == "" || id == "." || id == ".."
			if _, found := s.Notification(id); !found || unaddressable {
				continue
			}
			r := ask(t, s, "GET", id, "")
			again, err := sandbox.New(sandbox.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := again.Seed([]byte(r)); err != nil {
				t.Fatalf("%v in %s", err, r)
			}
		}
	})
}

// FuzzPatch: no body panics; every answer is JSON with a code, and a refused
// body changes nothing.
func FuzzPatch(f *testing.F) {
	samples(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		s, err := sandbox.New(sandbox.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Seed([]byte(member)); err != nil {
			t.Fatal(err)
		}
		before := ask(t, s, "GET", "1", "")
		var answer struct{ Code *int }
		r := ask(t, s, "PATCH", "1", string(body))
		if err := json.Unmarshal([]byte(r), &answer); err != nil || answer.Code == nil {
			t.Fatalf("answer %s, error %v", r, err)
		}
		after := ask(t, s, "GET", "1", "")
		if !json.Valid([]byte(after)) {
			t.Fatalf("GET shows %s", after)
		}
		if *answer.Code != 0 && after != before {
			t.Fatalf("refused with %d, yet %s became %s", *answer.Code, before, after)
		}
	})
}

// FuzzMessage: no message to a ticket panics.
func FuzzMessage(f *testing.F) {
	samples(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		s, err := sandbox.New(sandbox.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r := send(t, s, "POST", messages, sandbox.DefaultTenantToken, string(body))
		if !json.Valid([]byte(r)) {
			t.Fatalf("answer %s", r)
		}
	})
}

// FuzzParseFault: no text panics, and what is understood can be scripted.
func FuzzParseFault(f *testing.F) {
	for _, doc := range faultDocs() {
		f.Add("GET:*:" + doc.Name + "=1:2")
	}
	f.Add("PATCH:1:edit-before=user_list=[{}]:*")
	f.Fuzz(func(t *testing.T, text string) {
		fault, err := sandbox.ParseFault(text)
		if err != nil {
			return
		}
		s, err := sandbox.New(sandbox.Options{})
		if err != nil {
			t.Fatal(err)
		}
		s.Fail(fault)
		if s.FaultsLeft() != 1 && fault.Count != sandbox.Always {
			t.Fatalf("%q is no fault", text)
		}
	})
}

func ask(t *testing.T, s *sandbox.Server, method, id, body string) string {
	t.Helper()
	return send(t, s, method, api+"/notifications/"+id, sandbox.DefaultUserToken, body)
}

// send makes one request without a network and returns the body of the answer.
func send(t testing.TB, s *sandbox.Server, method, path, token, body string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "http://sandbox.invalid"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Lark-Helpdesk-Authorization", helpdeskHeader())
	resp, err := s.InProcess().RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
