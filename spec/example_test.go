package spec_test

import (
	"context"
	"fmt"
	"strings"

	"notiform/spec"
)

func ExampleDecode() {
	src := `notification_id: "6985032626234982420"
job_titel: Weekly tips
job_name: Weekly tips
push_type: scheduled
push_scope_type: selected_members
push_content:
  elements:
    - {tag: markdown, content: Hi}
`
	set := spec.Decode("drafts/tips.yaml", []byte(src), spec.Options{})
	for _, d := range set.Diagnostics {
		fmt.Println(d)
	}
	fmt.Println(set.Drafts[0].PushContent)
	// Output:
	// drafts/tips.yaml:2:1: error: unknown field "job_titel" [unknown-field]
	// drafts/tips.yaml:5:18: error: push_scope_type selected_members needs a user_list or a department_list [audience-missing]
	// {"elements":[{"content":"Hi","tag":"markdown"}]}
}

func ExampleLoad() {
	stdin := strings.NewReader(`
job_name: Lunch
push_type: scheduled
push_scope_type: all_members
push_content: {elements: []}
---
job_name: Supper
push_type: scheduled
push_scope_type: chats_only
chat_list: [oc_2]
push_content: {elements: []}
`)
	set := spec.Load(context.Background(), []string{"-"}, spec.Options{Stdin: stdin})
	for _, d := range set.Drafts {
		fmt.Println(d.Pos, d.JobName, d.PushScopeType)
	}
	fmt.Println(set.Errors(), "errors in", set.Files, "file")
	// Output:
	// -:2:1 Lunch all_members
	// -:7:1 Supper chats_only
	// 0 errors in 1 file
}

func ExampleJSON_Equal() {
	one, _ := spec.ParseJSON([]byte(`{"size": 1.0, "text": "\u4f60\u597d"}`))
	two, _ := spec.ParseJSON([]byte(`{"text":"你好","size":10e-1}`))
	fmt.Println(one, one.Equal(two))
	// Output:
	// {"size":1.0,"text":"你好"} true
}
