package spec

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// sampleDraft is a valid draft of about 2 KB, with a card as people write them.
func sampleDraft(i int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `# Reviewed by the helpdesk team
notification_id: "%019d"
job_name: 新人欢迎 %d
push_type: scheduled
push_scope_type: selected_members
user_list:
  - ou_7277fd1262bfafc363d5b2a1f9c2ac90
  - {user_id: ou_8277fd1262bfafc363d5b2a1f9c2ac91, name: 张三}
  - {user_id: ou_9277fd1262bfafc363d5b2a1f9c2ac92, name: 李四}
department_list:
  - {department_id: od-7277fd1262bfafc363d5b2a1f9c2ac90, name: 技术部}
chat_list: [oc_7277fd1262bfafc363d5b2a1f9c2ac90]
send_at: 2026-12-01T09:00:00+08:00
push_content:
  config: {wide_screen_mode: true}
  header:
    template: blue
    title: {tag: plain_text, content: "欢迎加入"}
  elements:
`, 6985032626234980000+i, i)
	for j := range 5 {
		fmt.Fprintf(&b, `    - tag: div
      text: {tag: lark_md, content: "**第 %d 步** 请完成 [设置](https://example.com/setup/%d),有问题找服务台。"}
    - tag: action
      actions:
        - tag: button
          type: primary
          url: https://example.com/start/%d
          text: {tag: plain_text, content: 开始}
`, j, j, j)
	}
	b.WriteString("    - tag: hr\n")
	return b.Bytes()
}

func BenchmarkDecode(b *testing.B) {
	src := sampleDraft(1)
	dir := b.TempDir()
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if set := Decode("draft.yaml", src, Options{Dir: dir}); len(set.Diagnostics) > 0 {
			b.Fatal(set.Diagnostics)
		}
	}
}

func BenchmarkParseJSON(b *testing.B) {
	src := []byte(Decode("draft.yaml", sampleDraft(1), Options{Dir: b.TempDir()}).Drafts[0].PushContent.String())
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseJSON(src); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoad10000(b *testing.B) {
	const files = 10_000
	dir := b.TempDir()
	for i := range files {
		name := filepath.Join(dir, fmt.Sprintf("%05d.yaml", i))
		if err := os.WriteFile(name, sampleDraft(i), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		set := Load(b.Context(), nil, Options{Dir: dir})
		if len(set.Drafts) != files || len(set.Diagnostics) > 0 {
			b.Fatal(len(set.Drafts), set.Diagnostics)
		}
	}
	b.ReportMetric(files*float64(b.N)/b.Elapsed().Seconds(), "files/s")
}
