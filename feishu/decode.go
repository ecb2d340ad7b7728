package feishu

import (
	"cmp"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// head is what an answer says besides its data. The zero head says nothing.
type head struct {
	hasCode    bool
	code       int   // 0 also when there is none
	class      class // of the code
	msg        string
	scopes     []string
	violations []string
	help       []string // addresses, or texts with one
	headLogID  string
}

// envelope is what every JSON answer has (the API pages "Get notification" and
// "Common error codes"). Answers embed it beside what they hold themselves. Only its
// code decides anything.
type envelope struct {
	Code  *int                 `json:"code"` // null is no code, not 0
	Msg   Lenient[string]      `json:"msg"`
	Error Lenient[errorObject] `json:"error"`
}

// errorObject is the optional rest of a refusal. Feishu's documentation calls the
// log id logid; answers that people have published, and Feishu's own SDK, log_id.
type errorObject struct {
	LogID                Lenient[string]              `json:"log_id"`
	Logid                Lenient[string]              `json:"logid"`
	PermissionViolations Lenient[[]missingPermission] `json:"permission_violations"`
	FieldViolations      Lenient[[]refusedField]      `json:"field_violations"`
	Helps                Lenient[[]helpLink]          `json:"helps"`
	Troubleshooter       Lenient[string]              `json:"troubleshooter"` // words, and an address
}

type missingPermission struct {
	Subject string `json:"subject"`
}

type helpLink struct {
	URL string `json:"url"`
}

type refusedField struct {
	Field       string `json:"field"`
	Description string `json:"description"`
}

func (e envelope) head() head {
	rest := e.Error.Value
	h := head{msg: e.Msg.Value, headLogID: cmp.Or(rest.LogID.Value, rest.Logid.Value)}
	if e.Code != nil {
		h.hasCode, h.code = true, *e.Code
	}
	if h.code != 0 {
		h.class = lookUp(h.code).class
	}
	for _, v := range rest.PermissionViolations.Value {
		h.scopes = append(h.scopes, v.Subject)
	}
	for _, v := range rest.FieldViolations.Value {
		h.violations = append(h.violations, v.Field+": "+v.Description)
	}
	for _, link := range rest.Helps.Value {
		h.help = append(h.help, link.URL)
	}
	if rest.Troubleshooter.Value != "" {
		h.help = append(h.help, rest.Troubleshooter.Value)
	}
	return h
}

// Lenient is a value of an answer that decides nothing. Whatever cannot be read as a T
// is taken as absent, and so is Value the zero T: one field that Feishu sends in another
// form must not keep every draft from being compared.
type Lenient[T any] struct{ Value T }

// UnmarshalJSONFrom decodes the next value of dec; it fails only when that is no JSON.
func (l *Lenient[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	*l = Lenient[T]{}
	if text, ok := any(&l.Value).(*string); ok && dec.PeekKind() == '"' {
		token, err := dec.ReadToken() // a long list has as many names
		*text = token.String()
		return err
	}
	value, err := dec.ReadValue()
	if err == nil && unmarshal(value, &l.Value) != nil {
		*l = Lenient[T]{} // without what was decoded before the fault
	}
	return err
}

// required is a number that may be absent or null, which is told from 0.
type required struct {
	value int
	given bool
}

// UnmarshalJSONFrom decodes the next value of dec.
func (r *required) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	r.given = dec.PeekKind() != 'n'
	return json.UnmarshalDecode(dec, &r.value)
}

// unmarshal decodes text that is not valid UTF-8, in raw bytes or in escapes, with the
// replacement character in its place: then it differs from what it should be, and can
// be mended, whereas an answer that could not be read would stay so for ever.
func unmarshal(src []byte, v any) error {
	return json.Unmarshal(src, v, jsontext.AllowInvalidUTF8(true))
}

// decodeInto returns a function that decodes a body into answer in one pass. Only
// when that fails, as it does when a refusal brings other data, looseHead decodes
// the body once more, and answer is left empty.
func decodeInto[A interface{ head() head }](answer *A) func(body []byte) (head, error) {
	return func(body []byte) (head, error) {
		var empty A
		*answer = empty // an earlier attempt may have filled it
		if err := unmarshal(body, answer); err != nil {
			*answer = empty
			return looseHead(body, err)
		}
		return (*answer).head(), nil
	}
}

// looseHead decodes the envelope of a refusal, whatever the rest of it is. err is why
// the whole could not be decoded, and stays the error of all but a refusal.
func looseHead(body []byte, err error) (head, error) {
	var e envelope
	if unmarshal(body, &e) != nil || e.Code == nil || *e.Code == 0 {
		return head{}, err
	}
	return e.head(), nil
}

// jsonProblem says in our own words why an answer could not be decoded. Those of the
// json package quote the answer; of a place only what our own types name is told.
func jsonProblem(err error) string {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return jsonCutOff
	}
	if form, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		if errors.Is(err, jsontext.ErrDuplicateName) {
			return fmt.Sprintf(jsonRepeatsName, form.ByteOffset)
		}
		return fmt.Sprintf(jsonInvalidAt, form.ByteOffset)
	}
	if kind, ok := errors.AsType[*json.SemanticError](err); ok {
		return fmt.Sprintf(jsonUnexpected, kind.JSONKind, string(kind.JSONPointer))
	}
	return jsonInvalid
}
