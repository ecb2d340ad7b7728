package sandbox

import (
	"mime"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// optional is a member of a body: left out, null or a value.
type optional[T any] struct {
	given, null bool
	value       T
}

// UnmarshalJSON notes that the member was there.
func (o *optional[T]) UnmarshalJSON(src []byte) error {
	o.given, o.null = true, string(src) == "null"
	return json.Unmarshal(src, &o.value)
}

// notificationBody is the body of create and PATCH.
type notificationBody struct {
	JobName                     optional[string]       `json:"job_name"`
	SendAt                      optional[string]       `json:"send_at"`
	PushContent                 optional[string]       `json:"push_content"`
	PushType                    optional[int]          `json:"push_type"`
	PushScopeType               optional[int]          `json:"push_scope_type"`
	NewStaffScopeType           optional[*int]         `json:"new_staff_scope_type"`
	NewStaffScopeDepartmentList optional[[]Department] `json:"new_staff_scope_department_list"`
	UserList                    optional[[]User]       `json:"user_list"`
	DepartmentList              optional[[]Department] `json:"department_list"`
	ChatList                    optional[[]Chat]       `json:"chat_list"`
	Ext                         optional[string]       `json:"ext"`

	// What the server sets: only its types are looked at.
	ID              optional[string] `json:"id"`
	Status          optional[int]    `json:"status"`
	CreateUser      optional[User]   `json:"create_user"`
	UpdateUser      optional[User]   `json:"update_user"`
	CreatedAt       optional[string] `json:"created_at"`
	UpdatedAt       optional[string] `json:"updated_at"`
	TargetUserCount optional[int]    `json:"target_user_count"`
	SentUserCount   optional[int]    `json:"sent_user_count"`
	ReadUserCount   optional[int]    `json:"read_user_count"`
}

// hasServerFields says whether the body tries to set what the server sets.
func (b *notificationBody) hasServerFields() bool {
	return b.ID.given || b.Status.given || b.CreateUser.given || b.UpdateUser.given || b.CreatedAt.given ||
		b.UpdatedAt.given || b.TargetUserCount.given || b.SentUserCount.given || b.ReadUserCount.given
}

type submitBody struct {
	Reason optional[string] `json:"reason"`
}

type executeBody struct {
	SendAt optional[string] `json:"send_at"`
}

type cancelBody struct {
	IsRecall optional[bool] `json:"is_recall"`
}

type messageBody struct {
	MsgType optional[string] `json:"msg_type"`
	Content jsontext.Value   `json:"content"`
}

// newInput returns what the body of an API is decoded into.
func newInput(api string) any {
	switch api {
	case apiCreate, apiPatch:
		return new(notificationBody)
	case apiSubmitApprove:
		return new(submitBody)
	case apiExecuteSend:
		return new(executeBody)
	case apiCancelSend:
		return new(cancelBody)
	}
	return new(messageBody)
}

// checkParameters looks at the query and decodes the body.
func (s *Server) checkParameters(c *call) *answer {
	if refused := s.checkUserIDType(c); refused != nil {
		return refused
	}
	if !c.hasBody() {
		return nil
	}
	kind, _, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if !s.switches.ContentTypeIgnored && (err != nil || kind != "application/json") {
		return s.refusePtr(c, codeJSON, "Content-Type is not application/json")
	}
	c.input = newInput(c.api)
	if err := decodeBody(c.body, c.input, s.switches.UnknownFieldsRefused); err != nil {
		return s.refusePtr(c, codeJSON, "the body: "+err.Error())
	}
	return nil
}

// decodeBody decodes one JSON object: names are case-sensitive and occur once,
// numbers of int fields are integers, and text is UTF-8.
func decodeBody(src []byte, input any, strict bool) error {
	return json.Unmarshal(src, input, json.RejectUnknownMembers(strict))
}

// checkUserIDType reads user_id_type, for the APIs that show or take user ids.
func (s *Server) checkUserIDType(c *call) *answer {
	c.idType = "open_id"
	if c.request.URL.RawQuery == "" || c.api != apiGet && c.api != apiPatch && c.api != apiCreate {
		return nil
	}
	given := c.request.URL.Query().Get("user_id_type")
	switch {
	case given == "":
		return nil
	case slices.Contains([]string{"open_id", "union_id", "user_id"}, given):
		c.idType = given
		return nil
	case s.switches.UserIDTypeIgnored:
		return nil
	case s.switches.UserIDType154000:
		return s.refusePtr(c, codeBadRequest, "user_id_type is none of the three")
	}
	ans := s.refuseField(c, "user_id_type", given, "the value is not one of open_id, union_id, user_id")
	return &ans
}
