package command_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// benchDraft is the i-th of the drafts that the benchmarks read: about 2 KB of YAML with a card
// as people write them, and what a server that holds the same answers to GET.
type benchDraft int

func (d benchDraft) id() string { return fmt.Sprintf("%019d", 6985032626234980000+int(d)) }

// yaml is the draft file: lists in another order than the server's, members of the card in
// another order than in its JSON.
func (d benchDraft) yaml() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `# Reviewed by the helpdesk team
notification_id: "%s"
job_name: 新人欢迎 %d
push_type: scheduled
push_scope_type: selected_members
user_list:
  - ou_9277fd1262bfafc363d5b2a1f9c2ac92
  - {user_id: ou_8277fd1262bfafc363d5b2a1f9c2ac91, name: 张三}
  - {user_id: ou_7277fd1262bfafc363d5b2a1f9c2ac90, name: 李四}
department_list:
  - {department_id: od-7277fd1262bfafc363d5b2a1f9c2ac90, name: 技术部}
chat_list: [oc_7277fd1262bfafc363d5b2a1f9c2ac90]
send_at: 2036-12-01T09:00:00+08:00
push_content:
  config: {wide_screen_mode: true}
  header:
    template: blue
    title: {tag: plain_text, content: "欢迎加入 %d"}
  elements:
`, d.id(), d, d)
	for step := 1; step <= 5; step++ {
		fmt.Fprintf(&b, `    - tag: div
      text:
        tag: lark_md
        content: "**第 %d 步** 请完成 [设置](https://example.com/setup?draft=%d&step=%d),有问题找服务台。"
    - tag: action
      actions:
        - tag: button
          type: primary
          url: https://example.com/start/%d
          text: {tag: plain_text, content: 开始}
`, step, d, step, step)
	}
	b.WriteString("    - tag: hr\n")
	return b.Bytes()
}

// The same card as JSON; the members stand in another order than in the file.
type (
	benchCard struct {
		Elements []any           `json:"elements"`
		Header   benchHeader     `json:"header"`
		Config   map[string]bool `json:"config"`
	}
	benchHeader struct {
		Title    benchText `json:"title"`
		Template string    `json:"template"`
	}
	benchText struct {
		Content string `json:"content"`
		Tag     string `json:"tag"`
	}
	benchDiv struct {
		Text benchText `json:"text"`
		Tag  string    `json:"tag"`
	}
	benchAction struct {
		Actions []benchButton `json:"actions"`
		Tag     string        `json:"tag"`
	}
	benchButton struct {
		URL  string    `json:"url"`
		Text benchText `json:"text"`
		Type string    `json:"type"`
		Tag  string    `json:"tag"`
	}
)

func (d benchDraft) card() benchCard {
	c := benchCard{
		Header: benchHeader{benchText{fmt.Sprintf("欢迎加入 %d", d), "plain_text"}, "blue"},
		Config: map[string]bool{"wide_screen_mode": true},
	}
	for step := 1; step <= 5; step++ {
		content := fmt.Sprintf("**第 %d 步** 请完成 [设置](https://example.com/setup?draft=%d&step=%d),有问题找服务台。", step, d, step)
		button := benchButton{fmt.Sprintf("https://example.com/start/%d", step), benchText{"开始", "plain_text"}, "primary", "button"}
		c.Elements = append(c.Elements, benchDiv{benchText{content, "lark_md"}, "div"}, benchAction{[]benchButton{button}, "action"})
	}
	c.Elements = append(c.Elements, map[string]string{"tag": "hr"})
	return c
}

// indentedCard is push_content as somebody pasted it at the console, compactCard as a PATCH of
// notiform leaves it.
func (d benchDraft) indentedCard() string {
	return string(mustJSON(json.MarshalIndent(d.card(), "", "  ")))
}

func (d benchDraft) compactCard() string {
	var tree any
	if err := json.Unmarshal([]byte(d.indentedCard()), &tree); err != nil {
		panic(err)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(tree); err != nil {
		panic(err)
	}
	return string(bytes.TrimSpace(b.Bytes()))
}

// notification is the draft as GET shows it, with what Feishu adds and leaves null.
func (d benchDraft) notification(card string) map[string]any {
	person := func(id, name string) map[string]string {
		return map[string]string{"user_id": id, "avatar_url": "https://example.com/avatar/" + id + ".png", "name": name}
	}
	return map[string]any{
		"id": d.id(), "job_name": fmt.Sprintf("新人欢迎 %d", d), "status": 0, "helpdesk_id": "6983045421234567890",
		"create_user": person("ou_7277fd1262bfafc363d5b2a1f9c2ac90", "李四"), "created_at": "1735700000000",
		"update_user": person("ou_7277fd1262bfafc363d5b2a1f9c2ac90", "李四"), "updated_at": "1735700000000",
		"target_user_count": 0, "sent_user_count": 0, "read_user_count": 0, "send_at": "2111706000000",
		"push_content": card, "push_type": 0, "push_scope_type": 2, "new_staff_scope_type": nil, "new_staff_scope_department_list": nil,
		"user_list": []any{
			person("ou_7277fd1262bfafc363d5b2a1f9c2ac90", "李四"), person("ou_8277fd1262bfafc363d5b2a1f9c2ac91", "张三"),
			person("ou_9277fd1262bfafc363d5b2a1f9c2ac92", "王五"),
		},
		"department_list": []any{map[string]string{"department_id": "od-7277fd1262bfafc363d5b2a1f9c2ac90", "name": "技术部"}},
		"chat_list":       []any{map[string]string{"chat_id": "oc_7277fd1262bfafc363d5b2a1f9c2ac90", "name": "新人群"}},
		"ext":             "",
	}
}

func mustJSON(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

// writeDrafts writes the first n drafts into a new directory.
func writeDrafts(b *testing.B, n int) (dir string) {
	b.Helper()
	dir = b.TempDir()
	for d := range benchDraft(n) {
		if err := os.WriteFile(filepath.Join(dir, d.id()+".yaml"), d.yaml(), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}
