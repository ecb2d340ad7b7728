package feishu_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"notiform/feishu"
)

// One draft is read, and another one that does not exist.
func Example() {
	// A stand-in for Feishu; leave BaseURL empty for the real one.
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Tt-Logid", "20250101120000ABCDEF0123456789ABCD")
		if r.URL.Path != "/open-apis/helpdesk/v1/notifications/7000000000000000001" {
			w.WriteHeader(http.StatusNotFound)
			io.WriteString(w, `{"code":154004,"msg":"Resource not found"}`)
			return
		}
		io.WriteString(w, `{"code":0,"msg":"success","data":{"notification":{"id":"7000000000000000001","job_name":"新人欢迎",
			"status":0,"push_type":1,"push_scope_type":3}}}`)
	}))
	defer server.Close()

	client, err := feishu.New(feishu.Settings{
		BaseURL:         server.URL,
		HelpdeskID:      "7000000000000000000",
		HelpdeskToken:   feishu.NewSecret("ht-example"),
		UserAccessToken: feishu.NewSecret("u-example"),
	}, feishu.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	detail, err := client.GetNotification(context.Background(), "7000000000000000001", "open_id")
	fmt.Println(detail.Notification.JobName, err)

	_, err = client.GetNotification(context.Background(), "7000000000000000002", "open_id")
	fmt.Println(feishu.IsRefused(err))
	fmt.Println(err)
	// Output:
	// 新人欢迎 <nil>
	// true
	// get notification 7000000000000000002: feishu answered code 154004, "Resource not found" (HTTP 404, log id 20250101120000ABCDEF0123456789ABCD)
}

// What is missing is named at once, and no token is ever printed.
func ExampleSettings_Check() {
	env := map[string]string{"FEISHU_USER_ACCESS_TOKEN": "u-example"}
	settings, _ := feishu.SettingsFromEnv(func(name string) string { return env[name] }, nil)
	fmt.Println(settings.UserAccessToken)
	fmt.Println(settings.Check())
	// Output:
	// [secret]
	// FEISHU_HELPDESK_ID is not set
	// FEISHU_HELPDESK_TOKEN is not set
}
