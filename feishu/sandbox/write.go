package sandbox

import (
	"bytes"
	"maps"
	"mime"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

func (s *Server) patch(c *call) *answer {
	if !s.overlay(c) {
		return refuse(codeBadRequest)
	}
	return s.commit(c, struct{}{})
}

func (s *Server) create(c *call) *answer {
	author := User{UserID: ownerOpenID}
	c.n = &Notification{
		ID: s.newID(), HelpdeskID: DefaultHelpdeskID, TenantID: "1",
		CreateUser: author, UpdateUser: author, CreatedAt: milliseconds(c.now),
	}
	if !s.overlay(c) {
		return refuse(codeBadRequest)
	}
	s.notifications[c.n.ID] = c.n
	return success(map[string]any{"notification_id": c.n.ID, "status": c.n.Status})
}

// commit stores what a call made of a notification and answers with data.
func (s *Server) commit(c *call, data any) *answer {
	c.n.UpdatedAt, c.n.UpdateUser = milliseconds(c.now), User{UserID: ownerOpenID}
	s.notifications[c.id] = c.n
	return success(data)
}

func milliseconds(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

// overlay puts a body over the notification and says whether the result may be.
func (s *Server) overlay(c *call) bool {
	w, given := &s.switches, &c.input.Notification
	if w.ServerFieldsRefused && slices.ContainsFunc(c.serverSet, c.gives) || !s.areTargets(c, given) {
		return false
	}
	if (w.DuplicatesDropped || w.DuplicatesRefused) && given.dropDuplicates() && w.DuplicatesRefused {
		return false
	}
	given.eachTarget(func(kind string, id, name, avatar *string) {
		*id = s.directory.as(kind, *id, "open_id")
		if !w.ListNamesAsSent { // GET looks them up
			*name, *avatar = "", ""
		}
	})
	judged := c.n
	if w.PatchRulesBody {
		judged = new(Notification)
		w.merge(judged, c)
	}
	w.merge(c.n, c)
	return w.mayBe(c.n, c.now) && (w.ScopeRulesSubmit || w.ScopeRulesOff || w.keepsScopeRules(judged))
}

// merge puts what a body says over n. What the body leaves out stays, or is unset.
func (w *switches) merge(n *Notification, c *call) {
	from, to := reflect.ValueOf(&c.input.Notification).Elem(), reflect.ValueOf(n).Elem()
	for i := range to.NumField() {
		name := to.Type().Field(i).Tag.Get("json")
		if slices.Contains(c.fields, name) && (c.gives(name) || w.PatchModeReplace) {
			to.Field(i).Set(from.Field(i))
		}
	}
	if card := jsontext.Value(n.PushContent); w.PushContentCompact && card.Compact(jsontext.AllowDuplicateNames(true)) == nil {
		n.PushContent = string(card)
	}
	if n.PushType == 0 && w.NewStaffUnusedDropped {
		n.NewStaffScopeType, n.NewStaffScopeDepartmentList = nil, nil
	}
	n.TargetUserCount = n.audienceSize()
}

var plainID = regexp.MustCompile(`^[A-Za-z0-9_@.-]{1,128}$`)

// areTargets looks at the ids in the lists of a body.
func (s *Server) areTargets(c *call, n *Notification) bool {
	good := true
	n.eachTarget(func(kind string, id, _, _ *string) {
		_, known := s.directory[target{kind, *id}]
		ofKind := kind == departments || kind == users && idTypeOf(*id) == c.idType || kind == chats && strings.HasPrefix(*id, "oc_")
		fits := plainID.MatchString(*id) && ofKind && (known || !s.switches.TargetIDsDirectory)
		good = good && *id != "" && (fits || s.switches.TargetIDsAny)
	})
	return good
}

// mayBe looks at the fields that are no lists, one by one.
func (w *switches) mayBe(n *Notification, now time.Time) bool {
	card := jsontext.Value(n.PushContent)
	isObject := card.Kind() == '{' && card.IsValid(jsontext.AllowDuplicateNames(true))
	at, err := strconv.ParseInt(n.SendAt, 10, 64)
	switch {
	case n.JobName == "", !isObject && !w.CardCheckOff:
		return false
	case n.SendAt == "":
		return true
	}
	return err == nil && at >= 0 && (at > now.UnixMilli() || !w.SendAtFuture)
}

// keepsScopeRules has the scope rules of the API page "Update notification".
func (w *switches) keepsScopeRules(n *Notification) bool {
	audience := len(n.UserList)+len(n.DepartmentList) > 0
	newStaff := n.NewStaffScopeType != nil &&
		(*n.NewStaffScopeType == 0 || *n.NewStaffScopeType == 1 && len(n.NewStaffScopeDepartmentList) > 0)
	switch [2]int{n.PushType, n.PushScopeType} {
	case [2]int{0, 0}:
		return !audience
	case [2]int{0, 1}:
		return !audience && len(n.ChatList) > 0
	case [2]int{0, 2}:
		return audience
	case [2]int{1, 1}:
		return !audience && len(n.ChatList) > 0 && newStaff
	case [2]int{1, 3}:
		return newStaff && !(audience && w.NewStaffAudienceRefused)
	}
	return false
}

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
	if c.fields == nil {
		return nil
	}
	kind, _, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if !s.switches.ContentTypeIgnored && (err != nil || kind != "application/json") {
		return refuse(codeJSON)
	}
	if json.Unmarshal(c.body, &c.members) != nil {
		return refuse(codeJSON)
	}
	known, given := slices.Concat(c.fields, c.serverSet), len(c.members)
	maps.DeleteFunc(c.members, func(name string, _ jsontext.Value) bool { return !slices.Contains(known, name) })
	src, err := json.Marshal(c.members)
	if err != nil || json.Unmarshal(src, &c.input) != nil || s.switches.UnknownFieldsRefused && len(c.members) < given {
		return refuse(codeJSON)
	}
	maps.DeleteFunc(c.members, func(name string, value jsontext.Value) bool {
		return slices.Contains(c.fields, name) && s.switches.isLeftOut(value)
	})
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

// lacks says whether a field of the body has no value.
func (c *call) lacks(name string) bool { return !c.gives(name) || c.members[name].Kind() == 'n' }

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
	ans.Error.FieldViolations = []violation{
		{Field: "user_id_type", Value: given, Description: "the value is not one of open_id, union_id, user_id"},
	}
	return ans
}
