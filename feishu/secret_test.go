package feishu

import (
	"bytes"
	"encoding/gob"
	jsonv1 "encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"text/template"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

const hidden = "s3cr3t-0123456789-abcdef"

// hideouts are places where a Secret may lie when something is printed.
func hideouts() map[string]any {
	s := NewSecret(hidden)
	type exported struct{ S Secret }
	type unexported struct{ s Secret }
	type embedded struct{ Secret }
	type pointer struct{ S *Secret }
	settings := testSettings("https://open.feishu.cn")
	settings.UserAccessToken, settings.HelpdeskToken, settings.TenantAccessToken, settings.AppSecret = s, s, s, s
	client, err := New(settings, Options{})
	if err != nil {
		panic(err)
	}
	client.addSecret(s) // as it does with a token that Feishu has issued
	return map[string]any{
		"value": s, "pointer": &s, "zero": Secret{},
		"exported": exported{s}, "unexported": unexported{s}, "embedded": embedded{s}, "pointer field": pointer{&s},
		"pointer to unexported": &unexported{s}, "slice": []Secret{s}, "map": map[string]Secret{"k": s}, "any": []any{s, &s},
		"settings": settings, "pointer to settings": &settings,
		"client": client, "client's user token": client.user, "client's tenant token": client.tenant,
	}
}

// leaks reports whether text shows eight bytes of the secret, plain, quoted as
// bytes in hexadecimal, or as decimal numbers.
func leaks(text string) bool {
	for i := 0; i+8 <= len(hidden); i++ {
		part := hidden[i : i+8]
		for _, form := range []string{part, fmt.Sprintf("%x", part), fmt.Sprintf("%X", part), fmt.Sprint([]byte(part))[1:20]} {
			if strings.Contains(text, form) {
				return true
			}
		}
	}
	return false
}

func TestNoVerbPrintsASecret(t *testing.T) {
	t.Parallel()
	for name, v := range hideouts() {
		for _, verb := range strings.Fields("%v %+v %#v %s %q %x %X %d %o %b %c %U %t %e %g %p %T % x %#q %10s %-40v %.3s") {
			if text := fmt.Sprintf(verb, v); leaks(text) {
				t.Errorf("%s under %s: %s", name, verb, text)
			}
		}
		if text := fmt.Sprint(v, v) + fmt.Sprintln(v); leaks(text) {
			t.Errorf("%s: %s", name, text)
		}
	}
}

func TestNoEncoderWritesASecret(t *testing.T) {
	t.Parallel()
	encoders := map[string]func(v any) ([]byte, error){
		"json v1": jsonv1.Marshal,
		"json v2": func(v any) ([]byte, error) { return json.Marshal(v, jsontext.WithIndent(" ")) },
		"xml":     xml.Marshal,
		"gob": func(v any) ([]byte, error) {
			var b bytes.Buffer
			err := gob.NewEncoder(&b).Encode(v)
			return b.Bytes(), err
		},
		"template": func(v any) ([]byte, error) {
			var b bytes.Buffer
			err := template.Must(template.New("").Parse(`{{.}} {{printf "%s %q %v" . . .}} {{print .}} {{html .}} {{js .}}`)).Execute(&b, v)
			return b.Bytes(), err
		},
		"slog text": func(v any) ([]byte, error) { return logged(v, false), nil },
		"slog json": func(v any) ([]byte, error) { return logged(v, true), nil },
		"error":     func(v any) ([]byte, error) { return []byte(errors.Join(fmt.Errorf("%v", v)).Error()), nil },
	}
	for name, v := range hideouts() {
		for kind, encode := range encoders {
			out, err := encode(v)
			if err != nil {
				out = append(out, err.Error()...)
			}
			if leaks(string(out)) {
				t.Errorf("%s as %s: %s", name, kind, out)
			}
		}
	}
}

func logged(v any, asJSON bool) []byte {
	var b bytes.Buffer
	options := &slog.HandlerOptions{Level: slog.LevelDebug}
	var h slog.Handler = slog.NewTextHandler(&b, options)
	if asJSON {
		h = slog.NewJSONHandler(&b, options)
	}
	slog.New(h).With("w", v).WithGroup("g").Debug("m", "v", v, slog.Any("a", v))
	return b.Bytes()
}

func TestSecretAsXMLAttribute(t *testing.T) {
	t.Parallel()
	type element struct {
		S Secret `xml:"s,attr"`
	}
	out, err := xml.Marshal(element{NewSecret(hidden)})
	if err != nil || leaks(string(out)) || !strings.Contains(string(out), redacted) {
		t.Errorf("%s %v", out, err)
	}
}

func TestSecretKeepsItsText(t *testing.T) {
	t.Parallel()
	s := NewSecret(hidden)
	if s.Reveal() != hidden || s.IsZero() {
		t.Error("the text is gone")
	}
	if z := NewSecret(""); z.Reveal() != "" || !z.IsZero() || !(Secret{}).IsZero() || (Secret{}).Reveal() != "" {
		t.Error("an empty secret is not zero")
	}
	if fmt.Sprintf("%v %+v %#v %s %q %x %d", s, s, s, s, s, s, s) != strings.Repeat(redacted+" ", 6)+redacted || s.String() != redacted || s.LogValue().String() != redacted {
		t.Error("the placeholder differs")
	}
}

// TestLeaksSeesALeak shows that the tests above can fail.
func TestLeaksSeesALeak(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{"%v", "%x", "%X", "%#v", "%q", "%d"} {
		v := any(hidden)
		if verb == "%d" {
			v = []byte(hidden)
		}
		if !leaks(fmt.Sprintf(verb, v)) {
			t.Errorf("%s goes unseen", verb)
		}
	}
}
