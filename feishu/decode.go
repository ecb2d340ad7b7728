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

// envelope is what every JSON answer has (the API pages "Get notification" and
// "Common error codes"). Answers embed it beside what they hold themselves.
type envelope struct {
	Code  *int        `json:"code"` // null is no code, not 0
	Msg   string      `json:"msg"`
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

func (e envelope) head() head {
	h := head{msg: e.Msg, headLogID: cmp.Or(e.Error.LogID, e.Error.Logid)}
	if e.Code != nil {
		h.hasCode, h.code = true, *e.Code
	}
	if h.code != 0 {
		h.class = lookUp(h.code).class
	}
	for _, v := range e.Error.PermissionViolations {
		h.scopes = append(h.scopes, v.Subject)
	}
	for _, v := range e.Error.FieldViolations {
		h.violations = append(h.violations, v.Field+": "+v.Description)
	}
	return h
}

// decodeInto returns a function that decodes a body into answer in one pass. Only
// when that fails, as it does when a refusal brings other data, looseHead decodes
// the body once more, and answer is left empty.
func decodeInto[A interface{ head() head }](answer *A) func(body []byte) (head, error) {
	return func(body []byte) (head, error) {
		var empty A
		*answer = empty // an earlier attempt may have filled it
		if err := json.Unmarshal(body, answer); err != nil {
			*answer = empty
			return looseHead(body, err)
		}
		return (*answer).head(), nil
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
	e := envelope{Code: loose.Code, Msg: loose.Msg}
	_ = json.Unmarshal(loose.Error, &e.Error) // what decodes is shown, the rest is not needed
	return e.head(), nil
}

// jsonProblem says in our own words why an answer could not be decoded; those of
// the json package vary from one run to the next.
func jsonProblem(err error) string {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return jsonCutOff
	}
	if form, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return fmt.Sprintf(jsonInvalidAt, form.ByteOffset, form.Err)
	}
	if kind, ok := errors.AsType[*json.SemanticError](err); ok {
		return fmt.Sprintf(jsonUnexpected, kind.JSONKind, string(kind.JSONPointer))
	}
	return jsonInvalid
}
