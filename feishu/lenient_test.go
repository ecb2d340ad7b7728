package feishu

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// shapes are what may stand in the place of any value: none of them is what the API
// declares for it, and some are no text or number at all.
func shapes() []string {
	return []string{
		`0`, `-1`, `1e3`, `0.0`, `1e999`, strings.Repeat("9", 5000), `true`, `null`, `""`, `"soon"`, `"\ud800"`, "\"\xff\"",
		`[]`, `[null]`, `[{"user_id":7}]`, `{}`, `{"user_id":[]}`, `{"log_id":{},"permission_violations":7,"field_violations":[7]}`,
		strings.Repeat("[", 1000) + strings.Repeat("]", 1000),
	}
}

// answerWith returns a whole answer of GET, or of PATCH, with that JSON at that place.
func answerWith(t testing.TB, body, place, value string) string {
	t.Helper()
	const mark = "the value goes here"
	var whole any
	if err := json.Unmarshal([]byte(body), &whole); err != nil {
		t.Fatal(err)
	}
	put(whole, strings.Split(place, "."), mark)
	out, err := json.Marshal(whole)
	if err != nil || strings.Count(string(out), mark) != 1 {
		t.Fatal(place, err)
	}
	return strings.Replace(string(out), `"`+mark+`"`, value, 1)
}

// put sets what a path leads to in a tree of encoding/json.
func put(tree any, path []string, value any) {
	if list, ok := tree.([]any); ok {
		i, err := strconv.Atoi(path[0])
		if err != nil {
			panic(err)
		}
		put(list[i], path[1:], value)
		return
	}
	object := tree.(map[string]any)
	if len(path) == 1 {
		object[path[0]] = value
		return
	}
	put(object[path[0]], path[1:], value)
}

func TestOnlyWhatIsComparedMayFail(t *testing.T) {
	t.Parallel()
	const inNotification = "data.notification."
	for _, row := range []struct {
		why    string
		places []string
	}{
		{"beside the data", []string{"msg", "error", "whatever", "data.approval_app_link", "data.whatever"}},
		{"what Feishu sets", []string{
			inNotification + "created_at", inNotification + "updated_at", inNotification + "create_user", inNotification + "update_user",
			inNotification + "target_user_count", inNotification + "sent_user_count", inNotification + "read_user_count",
		}},
		{"what nobody has documented", []string{inNotification + "helpdesk_id", inNotification + "instance_code", inNotification + "tenant_id", inNotification + "whatever"}},
		{"within what Feishu sets", []string{inNotification + "update_user.user_id", inNotification + "update_user.name", inNotification + "create_user.avatar_url"}},
		{"in lists, beside the ids", []string{
			inNotification + "user_list.0.name", inNotification + "user_list.0.avatar_url", inNotification + "user_list.0.whatever",
			inNotification + "department_list.0.name", inNotification + "chat_list.0.name", inNotification + "new_staff_scope_department_list.0.name",
		}},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			body := sample(t, "get_response.json")
			want := mustGet(t, body)
			for _, place := range row.places {
				for _, value := range shapes() {
					got := mustGet(t, answerWith(t, body, place, value))
					if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(Lenient[string]{}, Lenient[NotificationUser]{}, Lenient[*int]{})); diff != "" {
						t.Errorf("%.40s at %s: %s", value, place, diff)
					}
				}
			}
		})
	}
}

// mustGet returns the notification of the official sample from that answer.
func mustGet(t *testing.T, body string) Notification {
	t.Helper()
	c := testClient(t, "http://127.0.0.1:1", Options{ReadRate: NoLimit, Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		return respond(http.StatusOK, body), nil
	})})
	got, err := c.GetNotification(t.Context(), "6981801914270744596", "")
	if err != nil {
		t.Fatalf("%v\n%.2000s", err, body)
	}
	return got.Notification
}

// TestWhatIsShownIsAbsentInAnotherShape: it is neither guessed at nor left over.
func TestWhatIsShownIsAbsentInAnotherShape(t *testing.T) {
	t.Parallel()
	body := sample(t, "get_response.json")
	for place, value := range map[string]string{
		"updated_at": `1626332244719`, "update_user": `{"name":"A","user_id":7}`, "user_list.0.name": `["A"]`,
	} {
		body = answerWith(t, body, "data.notification."+place, value)
	}
	got := mustGet(t, body)
	shown := []any{got.UpdatedAt, got.UpdateUser, got.UserList[0].Name}
	if diff := cmp.Diff([]any{Lenient[string]{}, Lenient[NotificationUser]{}, Lenient[string]{}}, shown); diff != "" {
		t.Error(diff)
	}
}

// TestOnlyTheCodeOfAWriteMayFail: whatever stands beside code 0, the PATCH was carried
// out, and so was the POST.
func TestOnlyTheCodeOfAWriteMayFail(t *testing.T) {
	t.Parallel()
	for _, place := range []string{"msg", "error", "data", "whatever", "data.message_id", "data.notification"} {
		for _, value := range shapes() {
			body := answerWith(t, `{"code":0,"msg":"success","data":{}}`, place, value)
			c := testClient(t, "http://127.0.0.1:1", Options{WriteRate: NoLimit, Transport: roundTrip(func(*http.Request) (*http.Response, error) {
				return respond(http.StatusOK, body), nil
			})})
			if _, err := patch(t, c, testID, "", NotificationPatch{}); err != nil {
				t.Errorf("%.40s at %s: %v", value, place, err)
			}
			if _, err := post(t, c); err != nil {
				t.Errorf("%.40s at %s: %v", value, place, err)
			}
		}
	}
}

// TestUnreadableTextIsADifference: what is compared and cannot be read is read as
// something else, so that a PATCH can mend it.
func TestUnreadableTextIsADifference(t *testing.T) {
	t.Parallel()
	for place, field := range map[string]func(Notification) string{
		"job_name": func(n Notification) string { return n.JobName }, "send_at": func(n Notification) string { return n.SendAt },
		"push_content": func(n Notification) string { return n.PushContent }, "ext": func(n Notification) string { return n.Ext },
		"user_list.0.user_id":             func(n Notification) string { return n.UserList[0].UserID },
		"department_list.0.department_id": func(n Notification) string { return n.DepartmentList[0].DepartmentID },
		"chat_list.0.chat_id":             func(n Notification) string { return n.ChatList[0].ChatID },
	} {
		for _, text := range []string{`a\ud800b`, `a\udc00b`, "a\xffb"} {
			n := mustGet(t, answerWith(t, sample(t, "get_response.json"), "data.notification."+place, `"`+text+`"`))
			if got := field(n); got != "a\ufffdb" {
				t.Errorf("%s %q: %q", place, text, got)
			}
		}
	}
}

// TestGetRefusesWhatCannotBeCompared: an absent status is not that of a draft, and an
// absent audience is not everybody.
func TestGetRefusesWhatCannotBeCompared(t *testing.T) {
	t.Parallel()
	all := []string{"status", "push_type", "push_scope_type"}
	for _, missing := range all {
		for _, form := range []string{"absent", `"%s":null`} {
			fields := []string{`"id":"` + testID + `"`}
			for _, name := range all {
				switch {
				case name != missing:
					fields = append(fields, fmt.Sprintf(`"%s":0`, name))
				case form != "absent":
					fields = append(fields, fmt.Sprintf(form, name))
				}
			}
			slices.Reverse(fields)
			c := serve(t, refusal(200, `{"code":0,"data":{"notification":{`+strings.Join(fields, ",")+`}}}`))
			got, err := c.GetNotification(t.Context(), testID, "")
			want := "get notification " + testID + ": the answer lacks " + missing + ", so the notification cannot be compared (HTTP 200, log id " + testLogID + ")"
			if err == nil || err.Error() != want || hintOf(err) != hintIncomplete {
				t.Errorf("%s %s: %v", missing, form, err)
			}
			if diff := cmp.Diff(NotificationDetail{}, got); diff != "" {
				t.Error(diff)
			}
		}
	}
}

// TestNoPieceOfABodyInAnError: bodies that differ in nothing but their letters are told
// in the same words, wherever they are at fault.
func TestNoPieceOfABodyInAnError(t *testing.T) {
	t.Parallel()
	for why, body := range map[string]string{
		"a stray letter":                   `{"code":0,"data":QQQQ}`,
		"a letter behind the end":          `{"code":0}Q`,
		"a letter for a colon":             `{"code"Q0}`,
		"a bad escape":                     `{"code":0,"msg":"\Q"}`,
		"a number that goes on":            `{"code":0,"data":{"notification":{"id":"1","status":1QQ}}}`,
		"a code that is a text":            `{"code":"QQQQ"}`,
		"a code of its own type":           `{"code":{"QQQQ":1}}`,
		"a repeated name":                  `{"code":0,"QQQQ":1,"QQQQ":2}`,
		"a repeated name, deep":            `{"code":0,"data":{"QQQQ":{"QQQQ":1,"QQQQ":2}}}`,
		"data that is a text":              `{"code":0,"data":"QQQQ"}`,
		"a notification that is a text":    `{"code":0,"data":{"notification":"QQQQ"}}`,
		"a compared field of another type": `{"code":0,"data":{"notification":{"QQQQ":1,"job_name":{"QQQQ":1}}}}`,
		"a status that is a text":          `{"code":0,"data":{"notification":{"id":"1","status":"QQQQ"}}}`,
		"a list of texts":                  `{"code":0,"data":{"notification":{"id":"1","user_list":["QQQQ"]}}}`,
		"another notification":             `{"code":0,"data":{"notification":{"id":"QQQQ","job_name":"QQQQ"}}}`,
		"a notification without status":    `{"code":0,"data":{"notification":{"id":"` + testID + `","job_name":"QQQQ"}}}`,
		"cut off":                          `{"code":0,"data":{"notification":{"job_name":"QQQQ`,
		"no code":                          `{"QQQQ":"QQQQ"}`,
	} {
		t.Run(why, func(t *testing.T) {
			t.Parallel()
			var told [2]string
			for i, letter := range []string{"Z", "W"} {
				c := serve(t, refusal(200, strings.ReplaceAll(body, "Q", letter)))
				_, err := c.GetNotification(t.Context(), testID, "")
				if err == nil {
					t.Fatal("no error")
				}
				told[i] = err.Error() + hintOf(err)
			}
			if told[0] != told[1] || strings.Contains(told[0], "Z") {
				t.Errorf("%s\n%s", told[0], told[1])
			}
		})
	}
}

// TestNoPieceOfWhatIsNotHTTPInAnError: package net/http quotes what it cannot read.
func TestNoPieceOfWhatIsNotHTTPInAnError(t *testing.T) {
	t.Parallel()
	for why, text := range map[string]string{
		"another protocol":       "QQQQ\r\n",
		"a quote in it":          "QQ\"QQ\\\"QQ\r\n",
		"a status that is none":  "HTTP/1.1 QQQ OK\r\n\r\n",
		"a header without colon": "HTTP/1.1 200 OK\r\nQQQQ\r\n\r\n",
		"a length that is none":  "HTTP/1.1 200 OK\r\nContent-Length: QQQQ\r\n\r\n",
		"an unknown encoding":    "HTTP/1.1 200 OK\r\nTransfer-Encoding: QQQQ\r\n\r\n",
	} {
		_, err := patch(t, serve(t, raw(strings.ReplaceAll(text, "Q", "Z"))), testID, "", NotificationPatch{})
		if err == nil || strings.Contains(err.Error()+hintOf(err), "Z") {
			t.Errorf("%s: %v", why, err)
		}
	}
}
