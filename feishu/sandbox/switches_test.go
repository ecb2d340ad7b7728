package sandbox_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"notiform/feishu/sandbox"
)

// switchCase is what one value of a switch looks like from outside: saw must
// return want.
type switchCase struct {
	setting string // and after a space what else must be set for it to show
	saw     func(*desk) string
	want    string
}

// TestSwitches sets every value of every switch and looks at what it changes;
// a value without a case fails.
func TestSwitches(t *testing.T) {
	t.Parallel()
	left := make(map[string]bool)
	for _, doc := range switchDocs() {
		for _, value := range doc.Values {
			left[doc.Name+"="+value] = doc.Name != "window" // TestWindows has those, in virtual time
		}
	}
	for _, c := range switchCases() {
		setting, _, _ := strings.Cut(c.setting, " ")
		left[setting] = false
		t.Run(c.setting, func(t *testing.T) {
			t.Parallel()
			if got := c.saw(switched(t, c.setting, member)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	for _, setting := range slices.Sorted(maps.Keys(left)) {
		if left[setting] {
			t.Errorf("no case for %s", setting)
		}
	}
}

// TestSwitchDefaults holds the first value of each switch against what New
// does without any.
func TestSwitchDefaults(t *testing.T) {
	t.Parallel()
	cases := switchCases()
	for _, doc := range switchDocs() {
		i := slices.IndexFunc(cases, func(c switchCase) bool { return c.setting == doc.Name+"="+doc.Values[0] })
		if i < 0 { // window and ticket_forbidden take more than a switch to show
			continue
		}
		if got := cases[i].saw(open(t, sandbox.Options{}, member)); got != cases[i].want {
			t.Errorf("%s is not the default: %s", cases[i].setting, got)
		}
	}
}

func switchDocs() []sandbox.Doc {
	switches, _, _ := sandbox.Docs()
	return switches
}

func switchCases() []switchCase {
	return slices.Concat(patchCases(), ruleCases(), answerCases(), lifecycleCases(), accessCases(), limitCases(), loginCases())
}

func patchCases() []switchCase {
	emptied := func(d *desk) string {
		d.patch(`{"user_list":[],"department_list":[{"department_id":"od-1"}]}`)
		return fmt.Sprint(len(d.stored().UserList))
	}
	leftOut := func(d *desk) string {
		d.patch(`{"ext":"{}","job_name":"b","push_content":"{}"}`)
		n := d.stored()
		return fmt.Sprint(n.PushScopeType, len(n.UserList))
	}
	null := func(d *desk) string {
		d.patch(`{"user_list":null,"department_list":[{"department_id":"od-1"}]}`)
		return fmt.Sprint(len(d.stored().UserList))
	}
	twice := func(d *desk) string {
		r := d.do("PATCH", draft, `{"push_scope_type":2,"user_list":[{"user_id":"ou_b"},{"user_id":"ou_c"},{"user_id":"ou_b"}],`+
			`"department_list":[{"department_id":"od-1"},{"department_id":"od-1"}],"chat_list":[{"chat_id":"oc_1"},{"chat_id":"oc_1"}]}`)
		n := d.stored()
		return fmt.Sprint(r.code, len(n.UserList), len(n.DepartmentList), len(n.ChatList))
	}
	unusedNewStaff := func(d *desk) string {
		d.patch(`{"new_staff_scope_type":0,"new_staff_scope_department_list":[{"department_id":"od-1"}]}`)
		n := d.stored()
		return fmt.Sprint(n.NewStaffScopeType != nil, len(n.NewStaffScopeDepartmentList))
	}
	card := func(d *desk) string {
		d.patch(`{"push_content":"{ \"a\" : 1.0 }"}`)
		return d.stored().PushContent
	}
	return []switchCase{
		{"patch_empty_list=clear", emptied, "0"},
		{"patch_empty_list=ignore", emptied, "1"},
		{"patch_mode=merge", leftOut, "2 1"},
		{"patch_mode=replace", leftOut, "0 0"},
		{"patch_null=absent", null, "1"},
		{"patch_null=clear", null, "0"},
		{"duplicates=kept", twice, "0 3 2 2"},
		{"duplicates=dropped", twice, "0 2 1 1"},
		{"duplicates=dropped patch_rules=body", twice, "0 2 1 1"},
		{"duplicates=refused", twice, "154000 1 0 0"},
		{"new_staff_unused=stored", unusedNewStaff, "true 1"},
		{"new_staff_unused=dropped", unusedNewStaff, "false 0"},
		{"push_content=kept", card, `{ "a" : 1.0 }`},
		{"push_content=compact", card, `{"a":1.0}`},
	}
}

// codeOf returns a look at the code that a PATCH gets.
func codeOf(body string) func(*desk) string {
	return func(d *desk) string { return fmt.Sprint(d.do("PATCH", draft, body).code) }
}

func ruleCases() []switchCase {
	inBody := codeOf(`{"push_scope_type":2}`) // the audience is in the stored draft
	broken := func(d *desk) string {
		patched := d.do("PATCH", draft, `{"push_scope_type":1}`).code
		return fmt.Sprint(patched, d.do("POST", draft+"/submit_approve", `{"reason":"r"}`).code)
	}
	brokenBefore := func(d *desk) string {
		d.Edit("1", func(n *sandbox.Notification) { n.PushScopeType = 1 })
		return broken(d)
	}
	newStaff := codeOf(`{"push_type":1,"push_scope_type":3,"new_staff_scope_type":0}`)
	text := codeOf(`{"push_content":"hello"}`)
	strange := func(d *desk) string {
		if err := d.Seed([]byte(people)); err != nil {
			return err.Error()
		}
		var codes []string
		for _, id := range []string{"ou_a", "ou_stranger", "anything"} {
			codes = append(codes, codeOf(`{"user_list":[{"user_id":"`+id+`"}]}`)(d))
		}
		for _, list := range []string{`"department_list":[{"department_id":"od-9"}]`, `"chat_list":[{"chat_id":"oc_9"}]`} {
			codes = append(codes, codeOf(`{`+list+`}`)(d))
		}
		return strings.Join(codes, " ")
	}
	past := codeOf(`{"send_at":"1626332244719"}`)
	untyped := func(d *desk) string {
		d.kind = ""
		return codeOf(`{"ext":"x"}`)(d)
	}
	return []switchCase{
		{"patch_rules=merged", inBody, "0"},
		{"patch_rules=body", inBody, "154000"},
		{"scope_rules=write", brokenBefore, "154000 154000"},
		{"scope_rules=submit", broken, "0 154000"},
		{"scope_rules=off", broken, "0 0"},
		{"new_staff_audience=ignored", newStaff, "0"},
		{"new_staff_audience=refused", newStaff, "154000"},
		{"card_check=object", text, "154000"},
		{"card_check=off", text, "0"},
		{"target_ids=form", strange, "0 0 154000 0 0"},
		{"target_ids=any", strange, "0 0 0 0 0"},
		{"target_ids=directory", strange, "0 154000 154000 154000 154000"},
		{"send_at=numeric", past, "0"},
		{"send_at=future", past, "154000"},
		{"server_fields=ignored", codeOf(`{"status":0}`), "0"},
		{"server_fields=refused", codeOf(`{"status":0}`), "154000"},
		{"unknown_fields=ignored", codeOf(`{"titel":"x"}`), "0"},
		{"unknown_fields=refused", codeOf(`{"titel":"x"}`), "9499"},
		{"content_type=required", untyped, "9499"},
		{"content_type=ignored", untyped, "0"},
	}
}

func answerCases() []switchCase {
	unset := func(d *desk) string {
		list, there := d.shown("")["chat_list"]
		return fmt.Sprint(there, list)
	}
	order := func(d *desk) string {
		d.patch(`{"user_list":[{"user_id":"ou_x"},{"user_id":"ou_y"}]}`)
		return ids(d.shown("")["user_list"])
	}
	names := func(d *desk) string {
		d.patch(`{"user_list":[{"user_id":"ou_a","name":"mine"}]}`)
		return d.shown("")["user_list"].([]any)[0].(map[string]any)["name"].(string)
	}
	withheld := func(d *desk) string {
		return ids(d.shown("?user_id_type=user_id")["user_list"]) + " " + ids(d.shown("")["user_list"])
	}
	idType := func(d *desk) string { return fmt.Sprint(d.do("GET", draft+"?user_id_type=email", "").code) }
	errorObject := func(d *desk) string {
		var body struct{ Error map[string]any }
		json.Unmarshal([]byte(d.do("GET", api+"/notifications/9", "").body), &body)
		return strings.Join(slices.Sorted(maps.Keys(body.Error)), " ")
	}
	noRoute := func(d *desk) string {
		r := d.do("DELETE", draft, "")
		return fmt.Sprintf("%d %s %d", r.status, r.header.Get("Content-Type"), r.code)
	}
	return []switchCase{
		{"unset_lists=null", unset, "true <nil>"},
		{"unset_lists=empty", unset, "true []"},
		{"unset_lists=absent", unset, "false <nil>"},
		{"list_order=kept", order, "ou_x ou_y"},
		{"list_order=reversed", order, "ou_y ou_x"},
		{"list_names=directory", names, "A"},
		{"list_names=as_sent", names, "mine"},
		{"user_ids=shown", withheld, "a ou_a"},
		{"user_ids=withhold_user_id", withheld, "- ou_a"},
		{"user_ids=withhold_all", withheld, "- -"},
		{"invalid_user_id_type=99992402", idType, "99992402"},
		{"invalid_user_id_type=154000", idType, "154000"},
		{"invalid_user_id_type=ignored", idType, "0"},
		{"error_object=log_id", errorObject, "log_id"},
		{"error_object=logid", errorObject, "logid"},
		{"error_object=none", errorObject, ""},
		{"unknown_route=text", noRoute, "404 text/plain 0"},
		{"unknown_route=json", noRoute, "404 application/json; charset=utf-8 99991201"},
	}
}

// ids lists the user ids of a user_list, "-" for one that is left out.
func ids(list any) string {
	var all []string
	for _, u := range list.([]any) {
		id, there := u.(map[string]any)["user_id"].(string)
		if !there {
			id = "-"
		}
		all = append(all, id)
	}
	return strings.Join(all, " ")
}

func lifecycleCases() []switchCase {
	left := func(d *desk) string {
		d.SetStatus("1", scheduled)
		r := d.do("PATCH", draft, `{}`)
		return fmt.Sprint(r.status, r.code, d.do("POST", draft+"/submit_approve", `{"reason":"r"}`).code)
	}
	cancelled := func(d *desk) string {
		d.SetStatus("1", pending)
		d.do("POST", draft+"/cancel_approve", "")
		return fmt.Sprint(d.stored().Status)
	}
	rejected := func(d *desk) string {
		d.script("GET:1:leave-draft=3") // a rejection
		d.do("GET", draft, "")
		return fmt.Sprint(d.stored().Status)
	}
	past := func(d *desk) string {
		d.SetStatus("1", approved)
		return fmt.Sprint(d.do("POST", draft+"/execute_send", `{"send_at":"1626332244719"}`).code)
	}
	access := func(d *desk) string {
		r := d.do("POST", draft+"/submit_approve", `{"reason":"r"}`)
		return fmt.Sprint(r.code, strings.Contains(r.body, `"has_access":true`), d.stored().Status)
	}
	link := func(d *desk) string {
		before := strings.Contains(d.do("GET", draft, "").body, `"approval_app_link":"https://applink.feishu.cn/`)
		d.SetStatus("1", pending)
		return fmt.Sprint(before, strings.Contains(d.do("GET", draft, "").body, `"approval_app_link":"https://applink.feishu.cn/`))
	}
	return []switchCase{
		{"wrong_state=154000", left, "400 154000 154000"},
		{"wrong_state=154005", left, "405 154005 154005"},
		{"cancel_approve=draft", cancelled, "0"},
		{"cancel_approve=cancelled", cancelled, "7"},
		{"reject=rejected", rejected, "3"},
		{"reject=draft", rejected, "0"},
		{"past_send=refused", past, "154000"},
		{"past_send=accepted", past, "0"},
		{"has_access=true", access, "0 true 2"},
		{"has_access=false", access, "0 false 0"},
		{"approval_app_link=submitted", link, "false true"},
		{"approval_app_link=always", link, "true true"},
	}
}

func accessCases() []switchCase {
	role := func(d *desk) string {
		r := d.do("POST", draft+"/submit_approve", `{"reason":"r"}`)
		return fmt.Sprint(r.code, d.stored().Status)
	}
	roleCheck := func(d *desk) string {
		outsider(d)
		return fmt.Sprint(d.do("GET", draft, "").code, d.do("PATCH", draft, `{}`).code)
	}
	scope := func(d *desk) string {
		readOnly(d)
		r := d.do("PATCH", draft, `{}`)
		return fmt.Sprint(r.status, r.code, strings.Contains(r.body, `"subject":"helpdesk:all"`))
	}
	writeReads := func(d *desk) string {
		d.token = "u-sandbox-write"
		return fmt.Sprint(d.do("GET", draft, "").code, d.do("POST", draft+"/preview", "").code, d.do("PATCH", draft, `{}`).code)
	}
	tenant := func(d *desk) string {
		d.token = sandbox.DefaultTenantToken
		return fmt.Sprint(d.do("GET", draft, "").code)
	}
	bearer := func(d *desk) string {
		d.helpdesk = "Bearer " + d.helpdesk
		return fmt.Sprint(d.do("GET", draft, "").code)
	}
	old := func(d *desk) string {
		expired("u-sandbox-expired")(d)
		r := d.do("GET", draft, "")
		return fmt.Sprint(r.status, r.code)
	}
	forms := func(d *desk) string {
		d.token = sandbox.DefaultTenantToken
		text := d.do("POST", messages, `{"msg_type":"text","content":"{\"text\":\"a\"}"}`)
		return fmt.Sprint(text.code, d.do("POST", messages, `{"msg_type":"text","content":{"text":"a"}}`).code)
	}
	forbidden := func(d *desk) string {
		d.token = "t-sandbox-unscoped"
		r := d.do("POST", messages, `{}`)
		return fmt.Sprint(r.status, r.code)
	}
	away := func(d *desk) string { return fmt.Sprint(d.do("GET", draft, "").code) }
	scopes := func(d *desk) string {
		d.token = sandbox.DefaultTenantToken
		body := d.do("GET", "/open-apis/application/v6/scopes", "").body
		return fmt.Sprint(strings.Contains(body, `"helpdesk:all"`), strings.Contains(body, `"helpdesk:all:readonly"`))
	}
	named := func(d *desk) string {
		d.token = sandbox.DefaultTenantToken
		return fmt.Sprint(strings.Contains(d.do("GET", "/open-apis/contact/v3/users/batch?user_ids=ou_a", "").body, `"name":"A"`))
	}
	return []switchCase{
		{"turned_away=none", away, "0"},
		{"turned_away=quota", away, "99991403"},
		{"turned_away=address", away, "99991401"},
		{"app_scopes=all", scopes, "true true"},
		{"app_scopes=readonly", scopes, "false true"},
		{"app_scopes=none", scopes, "false false"},
		{"contact_fields=shown", named, "true"},
		{"contact_fields=withheld", named, "false"},
		{"user_role=owner", role, "0 2"},
		{"user_role=admin", role, "0 1"},
		{"user_role=member", role, "154005 0"},
		{"role_check=all", roleCheck, "154005 154005"},
		{"role_check=writes", roleCheck, "0 154005"},
		{"role_check=off", roleCheck, "0 0"},
		{"scope_code=token", scope, "400 99991679 true"},
		{"scope_code=99991672", scope, "400 99991672 true"},
		{"scope_code=99991679", scope, "400 99991679 true"},
		{"scope_code=154003", scope, "403 154003 false"},
		{"write_scope_reads=yes", writeReads, "0 0 0"},
		{"write_scope_reads=no", writeReads, "99991679 99991679 0"},
		{"tenant_token_get=accepted", tenant, "0"},
		{"tenant_token_get=refused", tenant, "99991663"},
		{"helpdesk_bearer=refused", bearer, "154001"},
		{"helpdesk_bearer=accepted", bearer, "0"},
		{"expired_status=401", old, "401 99991677"},
		{"expired_status=400", old, "400 99991677"},
		{"ticket_content=both", forms, "0 0"},
		{"ticket_content=string", forms, "0 154000"},
		{"ticket_content=object", forms, "154000 0"},
		{"ticket_forbidden=401 scope_code=154003", forbidden, "401 154003"},
		{"ticket_forbidden=403 scope_code=154003", forbidden, "403 154003"},
	}
}

func limitCases() []switchCase {
	throttled := func(d *desk) string {
		d.Fail(sandbox.Fault{Kind: sandbox.Throttle, Value: "1.5"})
		r := d.do("GET", draft, "")
		reset, after := r.header.Get("x-ogw-ratelimit-reset"), r.header.Get("Retry-After")
		return fmt.Sprintf("%d %d reset=%s after=%s", r.status, r.code, reset, after)
	}
	return []switchCase{
		{"throttle=429", throttled, "429 99991400 reset=1.5 after="},
		{"throttle=400", throttled, "400 99991400 reset=1.5 after="},
		{"throttle=200", throttled, "200 99991400 reset=1.5 after="},
		{"reset_header=seconds", throttled, "429 99991400 reset=1.5 after="},
		{"reset_header=fractional", throttled, "429 99991400 reset=1.5 after="},
		{"reset_header=retry_after", throttled, "429 99991400 reset= after=1.5"},
		{"reset_header=none", throttled, "429 99991400 reset= after="},
	}
}

func TestSwitchText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "patch_mode", "patch_mode=", "patch_mode=both", "patch=merge", "=merge"} {
		if _, err := sandbox.New(sandbox.Options{Switches: []string{text}}); err == nil {
			t.Errorf("%q is taken for a switch", text)
		}
	}
	d := switched(t, "unset_lists=absent unset_lists=empty patch_null=clear patch_null=absent", member) // the last word counts
	d.patch(`{"user_list":null}`)
	if n := d.shown(""); len(n["user_list"].([]any)) != 1 || n["chat_list"] == nil {
		t.Errorf("%+v", n)
	}
}

func TestNewNamesEverythingWrong(t *testing.T) {
	t.Parallel()
	_, err := sandbox.New(sandbox.Options{
		Switches: []string{"patch_mode=x", "patch_null=clear", "window=y"}, Limits: []string{"get=1", "put=1"}, Faults: []string{"GET:*:hung"},
	})
	want := `switch patch_mode: "x" is none of merge, replace
switch window: "y" is none of fixed, sliding
limit "put": no limit of that name
fault "GET:*:hung": no kind of fault is called "hung"`
	if err == nil || err.Error() != want {
		t.Errorf("error %v", err)
	}
}
