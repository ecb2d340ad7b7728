package feishu

import (
	"fmt"
	"io"
	"log/slog"
)

// redacted is all that anyone sees of a Secret.
const redacted = "[secret]"

// Secret is a token or password that cannot be printed. It hides its text in a
// function, where no formatting verb, encoder or reflecting printer looks, not
// even from an unexported field of another package's struct. The zero Secret is
// empty.
type Secret struct{ reveal func() string }

// NewSecret returns a Secret that holds s.
func NewSecret(s string) Secret {
	if s == "" {
		return Secret{}
	}
	return Secret{reveal: func() string { return s }}
}

// Reveal returns the text itself; only what puts it on the wire should call it.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// IsZero reports whether there is no text in s.
func (s Secret) IsZero() bool { return s.reveal == nil }

// String returns a placeholder.
func (Secret) String() string { return redacted }

// Format writes a placeholder for every verb and flag.
func (Secret) Format(w fmt.State, _ rune) { io.WriteString(w, redacted) }

// MarshalText returns a placeholder, for JSON, XML and whatever else asks.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue returns a placeholder.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
