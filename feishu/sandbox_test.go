package feishu_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"notiform/feishu"
	"notiform/feishu/sandbox"
)

// The client and the sandbox share no code: what they agree on was read twice.

func sandboxSettings(base string) feishu.Settings {
	return feishu.Settings{
		BaseURL: base, HelpdeskID: sandbox.DefaultHelpdeskID,
		HelpdeskToken:   feishu.NewSecret(sandbox.DefaultHelpdeskToken),
		UserAccessToken: feishu.NewSecret(sandbox.DefaultUserToken),
	}
}

func start(t *testing.T) (*sandbox.Server, *feishu.Client) {
	t.Helper()
	s, base := sandbox.Start(t, sandbox.Options{Limits: sandbox.Unlimited()})
	seed(t, s, 1)
	c, err := feishu.New(sandboxSettings(base), feishu.Options{RequestTimeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

func id(i int) string { return fmt.Sprintf("7%018d", i) }

func seed(t *testing.T, s *sandbox.Server, n int) {
	t.Helper()
	for i := 1; i <= n; i++ {
		err := s.Seed([]byte(fmt.Sprintf(`{"id":%q,"job_name":"before","push_content":"{}","push_type":0,"push_scope_type":2,
			"user_list":[{"user_id":"ou_1"}],"chat_list":[{"chat_id":"oc_1"}],"ext":"kept"}`, id(i))))
		if err != nil {
			t.Fatal(err)
		}
	}
}

func everyone() feishu.NotificationPatch {
	return feishu.NotificationPatch{JobName: "after", PushContent: `{"elements":[{"tag":"hr"}]}`}
}

func patch(t *testing.T, c *feishu.Client, id, userIDType string, p feishu.NotificationPatch) (logID string, err error) {
	t.Helper()
	slot, err := c.AcquireWrite(t.Context())
	if err != nil {
		return "", err
	}
	defer slot.Release()
	return slot.Patch(t.Context(), id, userIDType, p)
}

func TestSandboxAgrees(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	before, err := c.GetNotification(t.Context(), id(1), "open_id")
	if err != nil {
		t.Fatal(err)
	}
	if n := before.Notification; n.JobName != "before" || len(n.UserList) != 1 || n.UserList[0].UserID != "ou_1" || n.Ext != "kept" {
		t.Errorf("%+v", before)
	}
	logID, err := patch(t, c, id(1), "open_id", everyone())
	if err != nil || logID == "" {
		t.Fatal(logID, err)
	}
	after, err := c.GetNotification(t.Context(), id(1), "open_id")
	if err != nil {
		t.Fatal(err)
	}
	if n := after.Notification; n.JobName != "after" || n.PushScopeType != 0 || len(n.UserList)+len(n.ChatList) != 0 ||
		n.PushContent != everyone().PushContent || n.Ext != "kept" {
		t.Errorf("the lists are not cleared, or what was left out is not kept: %+v", n)
	}
}

// code is the code that err says Feishu answered, or 0.
func code(err error) int {
	e, ok := errors.AsType[*feishu.Error](err)
	if !ok {
		return 0
	}
	return e.Code
}

func TestSandboxRefuses(t *testing.T) {
	t.Parallel()
	s, c := start(t)
	_, err := c.GetNotification(t.Context(), id(2), "")
	if code(err) != 154004 || !feishu.IsRefused(err) {
		t.Error(err)
	}
	stranger := sandboxSettings("")
	stranger.UserAccessToken = feishu.NewSecret("u-stranger")
	c, err = feishu.New(stranger, feishu.Options{Transport: s.InProcess()})
	if err != nil {
		t.Fatal(err)
	}
	_, err = patch(t, c, id(1), "", everyone())
	if code(err) != 99991668 || !feishu.IsRefused(err) {
		t.Error(err)
	}
}

// TestSandboxFaults: IsRefused tells the truth about what the server did.
func TestSandboxFaults(t *testing.T) {
	t.Parallel()
	for kind, refused := range map[sandbox.FaultKind]bool{
		sandbox.ErrorBeforeCommit: false, sandbox.ErrorAfterCommit: false,
		sandbox.DropBeforeCommit: false, sandbox.DropAfterCommit: false, sandbox.DropInAnswer: false,
		sandbox.Truncate: false, sandbox.HTML: false, sandbox.Redirect: false, sandbox.ContentType: false,
		sandbox.Huge: false, sandbox.LeaveDraft: true,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			s, c := start(t)
			s.Fail(sandbox.Fault{Method: "PATCH", Kind: kind})
			_, err := patch(t, c, id(1), "", everyone())
			if err == nil || feishu.IsRefused(err) != refused || s.Count("PATCH") != 1 {
				t.Fatalf("refused %v after %d PATCHes: %v", feishu.IsRefused(err), s.Count("PATCH"), err)
			}
			stored, _ := s.Notification(id(1))
			if changed := stored.JobName != "before"; changed && refused {
				t.Error("something was done")
			}
			if strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("%q", err)
			}
		})
	}
}

// TestSandboxLimits: under the sandbox's own limits, 1 000 drafts are read at
// full speed and none is refused.
func TestSandboxLimits(t *testing.T) {
	t.Parallel()
	for _, window := range []string{"fixed", "sliding"} {
		t.Run(window, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, err := sandbox.New(sandbox.Options{Switches: []string{"window=" + window}})
				if err != nil {
					t.Fatal(err)
				}
				const drafts = 1000
				seed(t, s, drafts)
				c, err := feishu.New(sandboxSettings(""), feishu.Options{Transport: s.InProcess()})
				if err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				var all sync.WaitGroup
				for i := 1; i <= drafts; i++ {
					all.Go(func() {
						if _, err := c.GetNotification(t.Context(), id(i), ""); err != nil {
							t.Error(err)
						}
					})
				}
				all.Wait()
				if took := time.Since(began); took > 10*time.Minute || s.Count("GET") != drafts {
					t.Errorf("%d requests in %v", s.Count("GET"), took)
				}
			})
		})
	}
}
