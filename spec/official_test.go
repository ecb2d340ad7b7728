package spec

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestOfficialExample: the request example in Feishu's own documents, field for
// field (JSON is YAML), sends every field there is and breaks the scope rules
// beside it. (The API page "Update notification", request example.)
func TestOfficialExample(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("testdata/official-request.json")
	if err != nil {
		t.Fatal(err)
	}
	set := Decode("f.yaml", src, Options{})
	if diff := cmp.Diff([]string{
		`2:3: error: id is set by Feishu and cannot be written [server-field]`,
		`4:3: error: status is set by Feishu and cannot be written [server-field]`,
		`5:3: error: create_user is set by Feishu and cannot be written [server-field]`,
		`10:3: error: created_at is set by Feishu and cannot be written [server-field]`,
		`11:3: error: update_user is set by Feishu and cannot be written [server-field]`,
		`16:3: error: updated_at is set by Feishu and cannot be written [server-field]`,
		`17:3: error: target_user_count is set by Feishu and cannot be written [server-field]`,
		`18:3: error: sent_user_count is set by Feishu and cannot be written [server-field]`,
		`19:3: error: read_user_count is set by Feishu and cannot be written [server-field]`,
		`24:27: warning: new_staff_scope_type has no effect with push_type scheduled [new-staff-fields-ignored]`,
		`25:38: warning: new_staff_scope_department_list has no effect with push_type scheduled [new-staff-fields-ignored]`,
		`31:16: error: user_list must be empty with push_scope_type all_members [audience-not-allowed]`,
		`38:22: error: department_list must be empty with push_scope_type all_members [audience-not-allowed]`,
	}, saidBy(set)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	// It is read to the last field all the same.
	d := set.Drafts[0]
	if d.JobName != "测试推送任务" || !d.PushContent.IsObject() || d.Ext.Value != "{}" || d.SendAt.Value.UnixMilli() != 1626332244719 ||
		len(d.UserList)+len(d.DepartmentList)+len(d.ChatList)+len(d.NewStaffScopeDepartmentList) != 4 {
		t.Errorf("got %+v", d)
	}
}
