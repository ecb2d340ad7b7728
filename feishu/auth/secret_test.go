package auth

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"notiform/feishu"
)

// TestNothingPrintsALogin: nothing that holds a token shows it, under no verb and no encoder.
func TestNothingPrintsALogin(t *testing.T) {
	t.Parallel()
	const planted = "eyJ-planted-0123456789"
	secret := feishu.NewSecret(planted)
	g := Grant{AccessToken: secret, RefreshToken: secret}
	l := Login{Grant: g}
	c, err := New("https://a", "https://b", App{"cli", secret}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	k := &Keeper{Store: OpenStore("x"), Secret: secret, tried: secret, why: fault{fmt.Errorf("x"), "y"}}
	for name, v := range map[string]any{
		"grant": g, "login": l, "pointer": &l, "client": c, "keeper": k, "source": k.Source(), "device": Device{code: secret},
		"code": CodeRequest{verifier: secret}, "token": feishu.Token{Value: secret}, "request": request{bearer: secret, secrets: []feishu.Secret{secret}},
	} {
		var out bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&out, verb, v)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("m", "v", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "v", v)
		if text, err := json.Marshal(v); err == nil {
			out.Write(text)
		}
		for _, form := range []string{planted, fmt.Sprintf("%x", planted), fmt.Sprint([]byte(planted))} {
			if strings.Contains(out.String(), form) {
				t.Errorf("%s shows its token: %s", name, &out)
			}
		}
	}
	if text, err := json.Marshal(l.stored()); err != nil || !strings.Contains(string(text), planted) { // or nothing above could fail
		t.Error(string(text), err)
	}
}
