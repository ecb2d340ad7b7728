package command

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"notiform/feishu"
)

func TestTokenLife(t *testing.T) {
	t.Parallel()
	again := func(context.Context, feishu.Secret) (feishu.Token, error) { return feishu.Token{}, nil }
	for _, tt := range []struct {
		why    string
		source feishu.TokenSource
		lives  time.Duration // 0 for not known
		takes  time.Duration
		want   string // "" for silence
	}{
		{"a moment's work needs no words", feishu.TokenSource{Name: "X", Fetch: again}, time.Hour, 0, ""},
		{"unless the token ends at any moment", feishu.TokenSource{Name: "X", Fetch: again}, 4 * time.Minute, 0, "lives 4m0s more, and writing takes at least 0s"},
		{"enough", feishu.TokenSource{Name: "X", Fetch: again}, time.Hour, 30 * time.Minute, "lives 1h0m0s more, and writing takes at least 30m0s"},
		{"too little, and there will be another", feishu.TokenSource{Name: "X", Fetch: again}, time.Hour, 90 * time.Minute, "ends in 1h0m0s, and writing takes at least 1h30m0s; X is asked for the next one then"},
		{"just as long is too little", feishu.TokenSource{Name: "X", Fetch: again}, time.Hour, time.Hour, "X is asked for the next one then"},
		{"too little, and there is no other", feishu.TokenSource{Name: "X", Fetch: again, Last: true}, time.Hour, 90 * time.Minute, "before writing does, which takes at least 1h30m0s, and X has no other\nnotiform: hint: "},
		{"of a variable nobody knows the end", feishu.TokenSource{}, 0, 119 * time.Minute, ""},
		{"but how long any token lives", feishu.TokenSource{}, 0, 3 * time.Hour, "two hours at most, and writing takes at least 3h0m0s; FEISHU_USER_ACCESS_TOKEN has no other"},
		{"a file is read again", feishu.TokenSource{Name: "F", Fetch: again}, 0, 3 * time.Hour, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			var said bytes.Buffer
			if tt.lives > 0 {
				tt.source.Ends = time.Now().Add(tt.lives)
			}
			client, err := feishu.New(feishu.Settings{
				HelpdeskID: "1", HelpdeskToken: feishu.NewSecret("ht-1"), UserAccessToken: feishu.NewSecret("u-1"), UserTokens: tt.source,
			}, feishu.Options{})
			if err != nil {
				t.Fatal(err)
			}
			o := server{client: client, tokens: tt.source}
			o.sayTokenLife(t.Context(), Env{Stderr: &said, Now: time.Now}, tt.takes)
			if got := said.String(); !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
				t.Errorf("%s: said %q", tt.why, got)
			}
		})
	}
}
