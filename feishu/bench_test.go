package feishu

import (
	jsonv1 "encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// BenchmarkGetNotification reads one draft with a card of 2 KB over loopback,
// beside loops that only GET and throw away, or decode as most programs do.
func BenchmarkGetNotification(b *testing.B) {
	body := benchBody()
	s := listen(b, func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, body) })
	b.Run("client", func(b *testing.B) {
		c := testClient(b, s.URL, Options{ReadRate: NoLimit})
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.GetNotification(b.Context(), testID, "open_id"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("plain", func(b *testing.B) {
		benchLoop(b, s.URL, func(r io.Reader) error { _, err := io.Copy(io.Discard, r); return err })
	})
	b.Run("plain with encoding/json", func(b *testing.B) {
		benchLoop(b, s.URL, func(r io.Reader) error {
			content, err := io.ReadAll(r)
			if err != nil {
				return err
			}
			var e struct {
				Code int
				Msg  string
				Data struct {
					Notification    plainNotification
					ApprovalAppLink string `json:"approval_app_link"`
				}
			}
			return jsonv1.Unmarshal(content, &e)
		})
	})
}

// plainNotification is what most programs would decode an answer into.
type plainNotification struct {
	ID                string `json:"id"`
	JobName           string `json:"job_name"`
	Status            int    `json:"status"`
	SendAt            string `json:"send_at"`
	UpdatedAt         string `json:"updated_at"`
	TargetUserCount   int    `json:"target_user_count"`
	PushContent       string `json:"push_content"`
	PushType          int    `json:"push_type"`
	PushScopeType     int    `json:"push_scope_type"`
	NewStaffScopeType *int   `json:"new_staff_scope_type"`
	UserList          []struct {
		UserID string `json:"user_id"`
		Name   string `json:"name"`
	} `json:"user_list"`
	Ext string `json:"ext"`
}

func benchLoop(b *testing.B, base string, use func(io.Reader) error) {
	client := &http.Client{Transport: &http.Transport{}}
	b.ReportAllocs()
	for b.Loop() {
		resp, err := client.Get(base + "/open-apis/helpdesk/v1/notifications/" + testID + "?user_id_type=open_id")
		if err != nil {
			b.Fatal(err)
		}
		if err := use(resp.Body); err != nil {
			b.Fatal(err)
		}
		resp.Body.Close()
	}
}

// BenchmarkClient leaves the network out: what this package itself costs.
func BenchmarkClient(b *testing.B) {
	body := benchBody()
	c := testClient(b, "http://127.0.0.1:1", Options{ReadRate: NoLimit, Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		return respond(200, body), nil
	})})
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if _, err := c.GetNotification(b.Context(), testID, "open_id"); err != nil {
			b.Fatal(err)
		}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func benchBody() string {
	const element = `{\"tag\":\"div\",\"text\":{\"tag\":\"lark_md\",\"content\":\"**欢迎** [飞书](https://www.feishu.cn)\"}},`
	card := `{\"config\":{\"wide_screen_mode\":true},\"elements\":[` + strings.Repeat(element, 20) + `{\"tag\":\"hr\"}]}`
	return `{"code":0,"msg":"success","data":{"approval_app_link":"","notification":{"id":"` + testID + `","job_name":"Weekly tips",
"status":0,"helpdesk_id":"7000000000000000000","create_user":{"user_id":"ou_1","avatar_url":"","name":""},"created_at":"1735700000000",
"updated_at":"","send_at":"","target_user_count":0,"push_content":"` + card + `","push_type":0,"push_scope_type":2,
"new_staff_scope_type":null,"user_list":[{"user_id":"ou_1","avatar_url":"https://example.com/a.png","name":"A"}],"chat_list":null,"ext":""}}}`
}
