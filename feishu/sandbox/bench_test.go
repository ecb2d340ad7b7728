package sandbox_test

import (
	"io"
	"net/http"
	"testing"

	"notiform/feishu/sandbox"
)

// BenchmarkGet measures a GET of a 2 KB draft: in process, and over a socket on
// loopback with one client.
func BenchmarkGet(b *testing.B) {
	s, url := sandbox.Start(b, sandbox.Options{Limits: sandbox.Unlimited()})
	if err := s.Seed([]byte(manySeeds(1000))); err != nil {
		b.Fatal(err)
	}
	r, err := http.NewRequestWithContext(b.Context(), "GET", url+api+"/notifications/500?user_id_type=open_id", nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+sandbox.DefaultUserToken)
	r.Header.Set("X-Lark-Helpdesk-Authorization", helpdeskHeader())
	for name, transport := range map[string]http.RoundTripper{"in process": s.InProcess(), "loopback": &http.Transport{}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				resp, err := transport.RoundTrip(r)
				if err != nil || resp.StatusCode != 200 {
					b.Fatal(resp, err)
				}
				io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
			}
		})
	}
}

func BenchmarkSeed10000(b *testing.B) {
	seed := []byte(manySeeds(10_000))
	b.SetBytes(int64(len(seed)))
	for b.Loop() {
		s, err := sandbox.New(sandbox.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Seed(seed); err != nil {
			b.Fatal(err)
		}
	}
}
