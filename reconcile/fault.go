package reconcile

import (
	"errors"

	"notiform/feishu"
)

// Fault is an error as data: what a person and a program need of it.
type Fault struct {
	Kind       string `json:"kind,omitempty"` // "not-read": the run was stopped before the draft was read; "" for all others
	Message    string `json:"message"`
	Hint       string `json:"hint,omitempty"`
	Code       int    `json:"code,omitzero"`        // Feishu's code
	HTTPStatus int    `json:"http_status,omitzero"` // 0 when there was no answer
	LogID      string `json:"log_id,omitempty"`     // what Feishu's support asks for
}

const notRead = "not-read"

// NewFault turns err into data; nil stays nil.
func NewFault(err error) *Fault {
	if err == nil {
		return nil
	}
	f := &Fault{Message: err.Error()}
	if errors.Is(err, errNotRead) {
		f.Kind = notRead
	}
	if h, ok := errors.AsType[interface {
		error
		Hint() string
	}](err); ok {
		f.Hint = h.Hint()
	}
	if e, ok := errors.AsType[*feishu.Error](err); ok {
		f.Code, f.HTTPStatus, f.LogID = e.Code, e.HTTPStatus, e.LogID
	}
	return f
}
