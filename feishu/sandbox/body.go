package sandbox

import (
	"bytes"
	"maps"
	"mime"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// input is what the bodies of all APIs are decoded into.
type input struct {
	Notification
	Reason   string `json:"reason"`
	IsRecall bool   `json:"is_recall"`
	MsgType  string `json:"msg_type"`
}

// checkBody decodes a body, one JSON object: names are case-sensitive and occur once, numbers of
// int fields are integers, and text is UTF-8. Of fields that count for nothing, only the types of
// those that the API has are looked at.
func (s *Server) checkBody(c *call) *answer {
	if c.fields == "" {
		return nil
	}
	kind, _, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if !s.switches.ContentTypeIgnored && (err != nil || kind != "application/json") {
		return refuse(codeJSON)
	}
	if json.Unmarshal(c.body, &c.members) != nil {
		return refuse(codeJSON)
	}
	known, given := strings.Fields(c.fields), len(c.members)
	maps.DeleteFunc(c.members, func(name string, _ jsontext.Value) bool { return !slices.Contains(known, name) })
	src, err := json.Marshal(c.members)
	if err != nil || json.Unmarshal(src, &c.input) != nil || s.switches.UnknownFieldsRefused && len(c.members) < given {
		return refuse(codeJSON)
	}
	maps.DeleteFunc(c.members, func(_ string, value jsontext.Value) bool { return s.switches.isLeftOut(value) })
	return nil
}

// isLeftOut says whether a member counts as if it were not there.
func (w *switches) isLeftOut(value jsontext.Value) bool {
	switch value.Kind() {
	case 'n':
		return !w.PatchNullClear
	case '[':
		return w.PatchEmptyListIgnore && len(bytes.TrimSpace(value[1:len(value)-1])) == 0
	}
	return false
}

// gives says whether a field of the body counts.
func (c *call) gives(name string) bool { return len(c.members[name]) > 0 }

// has says whether the body has all of some fields, which are separated by blanks.
func (c *call) has(fields string) bool {
	for _, name := range strings.Fields(fields) {
		if !c.gives(name) || c.members[name].Kind() == 'n' {
			return false
		}
	}
	return true
}

// checkUserIDType reads user_id_type, for the APIs that show or take user ids.
func (s *Server) checkUserIDType(c *call) *answer {
	c.idType = "open_id"
	if !c.userIDs || c.request.URL.RawQuery == "" {
		return nil
	}
	given := c.request.URL.Query().Get("user_id_type")
	switch {
	case slices.Contains([]string{"open_id", "union_id", "user_id"}, given):
		c.idType = given
		return nil
	case given == "" || s.switches.UserIDTypeIgnored:
		return nil
	case s.switches.UserIDType154000:
		return refuse(codeBadRequest)
	}
	ans := refuse(codeFieldValidation)
	ans.Error.FieldViolations = []fieldViolation{{"user_id_type", given, "the value is not one of open_id, union_id, user_id"}}
	return ans
}
