package reconcile

import (
	"errors"

	"notiform/feishu"
)

// Fault is an error as data: what a person and a program need of it.
type Fault struct {
	Kind       string `json:"kind,omitempty"` // "not-read" in plan files of versions that had no action for it; else ""
	Message    string `json:"message"`
	Hint       string `json:"hint,omitempty"`
	Code       int    `json:"code,omitzero"`        // Feishu's code
	HTTPStatus int    `json:"http_status,omitzero"` // 0 when there was no answer
	LogID      string `json:"log_id,omitempty"`     // what Feishu's support asks for
}

// hintedError is an error with something to do about it.
type hintedError struct {
	error
	hint string
}

func (e *hintedError) Hint() string  { return e.hint }
func (e *hintedError) Unwrap() error { return e.error }

// NewFault turns err into data; nil stays nil.
func NewFault(err error) *Fault {
	if err == nil {
		return nil
	}
	f := &Fault{Message: err.Error()}
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
