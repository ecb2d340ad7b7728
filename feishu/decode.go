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
	headLogID  string
}

// envelope is the shape of every JSON answer (the API pages "Get notification" and
// "Common error codes").
type envelope[T any] struct {
	Code  *int        `json:"code"` // null is no code, not 0
	Msg   string      `json:"msg"`
	Data  T           `json:"data"`
	Error errorObject `json:"error"`
}

// errorObject is the optional rest of a refusal. Feishu's documentation calls the
// log id logid; answers that people have published, and Feishu's own SDK, log_id.
type errorObject struct {
	LogID                string `json:"log_id"`
	Logid                string `json:"logid"`
	PermissionViolations []struct {
		Subject string `json:"subject"`
	} `json:"permission_violations"`
	FieldViolations []struct {
		Field       string `json:"field"`
		Description string `json:"description"`
	} `json:"field_violations"`
}

// decodeInto returns a function that decodes an answer in one pass, data
// included. Only when that fails, as it does when a refusal brings other data,
// looseHead decodes it once more.
func decodeInto[T any](data *T) func([]byte) (head, error) {
	return func(body []byte) (head, error) {
		var e envelope[T]
		if err := json.Unmarshal(body, &e); err != nil {
			return looseHead(body, err)
		}
		*data = e.Data
		return newHead(e.Code, e.Msg, e.Error), nil
	}
}

// looseHead decodes the code and msg of a refusal, whatever the rest of it is. err
// is why the whole could not be decoded, and stays the error of all but a refusal.
func looseHead(body []byte, err error) (head, error) {
	var loose struct {
		Code  *int           `json:"code"`
		Msg   string         `json:"msg"`
		Error jsontext.Value `json:"error"`
	}
	if json.Unmarshal(body, &loose) != nil || loose.Code == nil || *loose.Code == 0 {
		return head{}, err
	}
	var detail errorObject
	_ = json.Unmarshal(loose.Error, &detail) // what decodes is shown, the rest is not needed
	return newHead(loose.Code, loose.Msg, detail), nil
}

// jsonProblem says in our own words why an answer could not be decoded; those of
// the json package vary from one run to the next.
func jsonProblem(err error) string {
	var form *jsontext.SyntacticError
	var kind *json.SemanticError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return jsonCutOff
	case errors.As(err, &form):
		return fmt.Sprintf(jsonInvalidAt, form.ByteOffset, form.Err)
	case errors.As(err, &kind):
		return fmt.Sprintf(jsonUnexpected, kind.JSONKind, string(kind.JSONPointer))
	}
	return jsonInvalid
}

func newHead(code *int, msg string, detail errorObject) head {
	h := head{msg: msg, headLogID: cmp.Or(detail.LogID, detail.Logid)}
	if code != nil {
		h.hasCode, h.code = true, *code
	}
	if h.code != 0 {
		h.class = lookUp(h.code).class
	}
	for _, v := range detail.PermissionViolations {
		h.scopes = append(h.scopes, v.Subject)
	}
	for _, v := range detail.FieldViolations {
		h.violations = append(h.violations, v.Field+": "+v.Description)
	}
	return h
}
