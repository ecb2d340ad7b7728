package sandbox

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

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
	return success(struct {
		NotificationID string `json:"notification_id"`
		Status         int    `json:"status"`
	}{c.n.ID, c.n.Status})
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
	if w.ServerFieldsRefused && slices.ContainsFunc(strings.Fields(serverSet), c.gives) || !s.areTargets(c, given) {
		return false
	}
	given.eachTarget(func(kind targetKind, id, name, avatar *string) {
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

// merge puts what a body says over n.
func (w *switches) merge(n *Notification, c *call) {
	given := &c.input.Notification
	put(w, c, "job_name", &n.JobName, given.JobName)
	put(w, c, "send_at", &n.SendAt, given.SendAt)
	put(w, c, "push_content", &n.PushContent, given.PushContent)
	put(w, c, "push_type", &n.PushType, given.PushType)
	put(w, c, "push_scope_type", &n.PushScopeType, given.PushScopeType)
	put(w, c, "new_staff_scope_type", &n.NewStaffScopeType, given.NewStaffScopeType)
	put(w, c, "new_staff_scope_department_list", &n.NewStaffScopeDepartmentList, given.NewStaffScopeDepartmentList)
	put(w, c, "user_list", &n.UserList, given.UserList)
	put(w, c, "department_list", &n.DepartmentList, given.DepartmentList)
	put(w, c, "chat_list", &n.ChatList, given.ChatList)
	put(w, c, "ext", &n.Ext, given.Ext)
	if card := jsontext.Value(n.PushContent); w.PushContentCompact && card.Compact(jsontext.AllowDuplicateNames(true)) == nil {
		n.PushContent = string(card)
	}
	if n.PushType == 0 && w.NewStaffUnusedDropped {
		n.NewStaffScopeType, n.NewStaffScopeDepartmentList = nil, nil
	}
	if w.DuplicatesDropped {
		n.dropDuplicates()
	}
	n.TargetUserCount = n.audienceSize()
}

// put sets a field to what the body says of it. What the body leaves out stays, or is unset.
func put[T any](w *switches, c *call, name string, field *T, value T) {
	if c.gives(name) || w.PatchModeReplace {
		*field = value
	}
}

var plainID = regexp.MustCompile(`^[A-Za-z0-9_@.-]{1,128}$`)

// areTargets looks at the ids in the lists of a body.
func (s *Server) areTargets(c *call, n *Notification) bool {
	good := true
	n.eachTarget(func(kind targetKind, id, _, _ *string) {
		prefix := ""
		switch {
		case kind == chats:
			prefix = "oc_"
		case kind == users && c.idType == "open_id":
			prefix = "ou_"
		case kind == users && c.idType == "union_id":
			prefix = "on_"
		}
		_, known := s.directory[target{kind, *id}]
		fits := plainID.MatchString(*id) && strings.HasPrefix(*id, prefix) && (known || !s.switches.TargetIDsDirectory)
		good = good && *id != "" && (fits || s.switches.TargetIDsAny)
	})
	return good && !(s.switches.DuplicatesRefused && n.dropDuplicates())
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

// keepsScopeRules says whether a notification keeps the scope rules of the page "Update notification".
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
