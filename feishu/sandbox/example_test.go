package sandbox_test

import (
	"fmt"
	"net/http"
	"strings"

	"notiform/feishu/sandbox"
)

// A lost answer: the draft is changed, but the client does not get to know.
func Example() {
	s, err := sandbox.New(sandbox.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := s.Seed([]byte(`{"id":"1","job_name":"old","push_content":"{}"}`)); err != nil {
		fmt.Println(err)
		return
	}
	s.Fail(sandbox.Fault{Method: "PATCH", Kind: sandbox.DropAfterCommit})

	r, err := http.NewRequest("PATCH", "http://sandbox"+api+"/notifications/1", strings.NewReader(`{"job_name":"new"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	r.Header.Set("Authorization", "Bearer "+sandbox.DefaultUserToken)
	r.Header.Set("X-Lark-Helpdesk-Authorization", helpdeskHeader())
	r.Header.Set("Content-Type", "application/json")
	_, err = s.InProcess().RoundTrip(r)
	n, _ := s.Notification("1")
	fmt.Println(err)
	fmt.Println(n.JobName, s.Count("PATCH"))
	// Output:
	// PATCH /open-apis/helpdesk/v1/notifications/1: unexpected EOF
	// new 1
}
