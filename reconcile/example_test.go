package reconcile_test

import (
	"context"
	"fmt"

	"notiform/feishu"
	"notiform/feishu/sandbox"
	"notiform/reconcile"
	"notiform/spec"
)

// An edited file is planned, which only reads, and applied, which writes what differs and reads
// it back. Planned again, nothing is left to do.
func Example() {
	ctx := context.Background()
	server, err := sandbox.New(sandbox.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = server.Seed([]byte(`{"id": "7000000000000000001", "job_name": "Weekly tips", "push_content": "{\"elements\": [ ]}",
		"push_type": 0, "push_scope_type": 2, "user_list": [{"user_id": "ou_a", "name": "张三"}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	client, err := feishu.New(feishu.Settings{
		BaseURL: "http://127.0.0.1", HelpdeskID: sandbox.DefaultHelpdeskID,
		HelpdeskToken:   feishu.NewSecret(sandbox.DefaultHelpdeskToken),
		UserAccessToken: feishu.NewSecret(sandbox.DefaultUserToken),
	}, feishu.Options{Transport: server.InProcess()})
	if err != nil {
		fmt.Println(err)
		return
	}
	drafts := spec.Decode("tips.yaml", []byte(`
notification_id: "7000000000000000001"
job_name: Daily tips
push_type: scheduled
push_scope_type: selected_members
user_list: [ou_a, ou_b]
push_content: {elements: []}
`), spec.Options{}).Drafts
	target := reconcile.Helpdesk{BaseURL: "http://127.0.0.1", HelpdeskID: sandbox.DefaultHelpdeskID}

	plan := reconcile.MakePlan(ctx, client, target, drafts, reconcile.Options{})
	fmt.Println(plan.Drafts[0].Action)
	for _, c := range plan.Drafts[0].Changes {
		fmt.Println(c.Op, c.Field, c.Before, c.After)
	}
	for _, why := range plan.Drafts[0].Widened() {
		fmt.Println(why)
	}

	result := reconcile.Apply(ctx, ctx, client, plan, reconcile.Options{})
	fmt.Println(result.Drafts[0].Outcome)

	fmt.Println(reconcile.MakePlan(ctx, client, target, drafts, reconcile.Options{}).Drafts[0].Action)
	// Output:
	// update
	// replace job_name "Weekly tips" "Daily tips"
	// add user_list  {"id":"ou_b"}
	// user_list: 1 person added
	// applied
	// no-op
}
