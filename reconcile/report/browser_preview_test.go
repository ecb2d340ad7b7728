package report_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"notiform/reconcile/preview/page"
	"notiform/reconcile/report"
	"notiform/spec"
)

// serve shows the drafts of a folder until stop is called.
func serve(t *testing.T, dir string) (address string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ready, ended := make(chan string, 1), make(chan error, 1)
	var memory spec.Memory
	go func() {
		ended <- page.Serve(ctx, page.Options{
			Dir: dir, Visible: report.Visible, Ready: func(address string) { ready <- address },
			Read: func(ctx context.Context) (page.Reading, error) {
				var guard sync.Mutex
				r := page.Reading{Texts: map[string]string{}, Paths: []string{dir}}
				r.Set = spec.Load(ctx, nil, spec.Options{Dir: dir, Memory: &memory, Seen: func(name string, src []byte) {
					guard.Lock()
					defer guard.Unlock()
					r.Texts[name] = string(src)
				}})
				return r, nil
			},
		})
	}()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return <-ready, stop
}

// folder is a new one with 60 drafts.
func folder(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for i := range 60 {
		save(t, dir, fmt.Sprintf("%02d.yaml", i), fmt.Sprint("draft ", i), "first")
	}
	return dir
}

func save(t *testing.T, dir, name, jobName, says string) {
	t.Helper()
	src := fmt.Sprintf("job_name: %s\npush_type: scheduled\npush_scope_type: all_members\npush_content:\n  elements:\n  - {tag: markdown, content: %q}\n"+
		"  - tag: collapsible_panel\n    header: {title: {tag: plain_text, content: More}}\n    elements: [{tag: markdown, content: inside}]\n%s",
		jobName, says, strings.Repeat("# what it is for\n", 80))
	if err := os.WriteFile(filepath.Join(dir, name), []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestPreviewInBrowser goes through an author's day: the page follows saves and its own links without
// being loaded again, and whoever reads it keeps the place.
func TestPreviewInBrowser(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	dir := folder(t)
	address, stop := serve(t, dir)
	b.own = address
	b.call("Emulation.setDeviceMetricsOverride", `{"width":1280,"height":600,"deviceScaleFactor":1,"mobile":false}`, nil)
	b.open(address + "?draft=07.yaml")
	b.value(`window.first = true, list.scrollTop = 500, scrollTo(0, 300), document.querySelector("#switches a").focus({preventScroll: true}), document.querySelector("details").open = true`)
	for _, step := range []struct {
		why  string
		do   func()
		want string // an expression that becomes true
	}{
		{"a save is seen", func() { save(t, dir, "07.yaml", "Seven", "second") }, `document.querySelector(".card .says").textContent === "second" && document.title === "Seven"`},
		{"and nobody loses the place", func() {}, `list.scrollTop === 500 && scrollY === 300 && document.activeElement.parentNode.parentNode.id === "switches" && document.querySelector("details").open`},
		{"a mistake is told at its place", func() { save(t, dir, "07.yaml", "Seven\njobname: x", "second") }, `document.querySelector(".faulty .is-error")?.textContent.includes("07.yaml:2:1") && document.querySelector("#list [aria-current] .is-error") !== null`},
		{"a new draft is in the list, and the focus where it was", func() {
			b.value(`document.querySelectorAll("#list a")[20].focus({preventScroll: true})`)
			save(t, dir, "05a.yaml", "New", "new")
		}, `document.querySelectorAll("#list li").length === 61 && document.querySelectorAll("#list a")[21] === document.activeElement`},
		{"the arrows lead through the list", func() { b.press("ArrowDown", 40); b.press("ArrowDown", 40); b.press("ArrowUp", 38) }, `document.querySelectorAll("#list a")[22] === document.activeElement`},
		{"and Enter to the draft", func() { b.press("Enter", 13) }, `document.querySelector("h1").textContent === "draft 20" && scrollY === 0 && document.activeElement.getAttribute("aria-current") === "page"`},
		{"switches are links", func() {
			b.value(`[...document.querySelectorAll("#switches a")].find(a => a.textContent === "phone").click()`)
		}, `document.documentElement.className === "phone" && location.search === "?draft=20.yaml&width=phone"`},
		{"whoever goes back is there", func() { b.value(`history.back()`) }, `document.documentElement.className === "" && document.querySelector("h1").textContent === "draft 20"`},
		{"what is saved last is opened", func() {
			b.value(`document.querySelector("#list a").click()`)
			save(t, dir, "55.yaml", "Last", "last")
		}, `document.querySelector("h1").textContent === "Last"`},
		{"a draft that is gone leaves the list", func() { _ = os.Remove(filepath.Join(dir, "05a.yaml")) }, `document.querySelectorAll("#list li").length === 60`},
		{"all the time it was the same page", func() {}, `window.first && lost.hidden`},
	} {
		step.do()
		b.becomes(step.why, step.want)
	}
	b.wantsSilence("the preview")

	b.call("Emulation.setScriptExecutionDisabled", `{"value":true}`, nil)
	b.open(address)
	save(t, dir, "56.yaml", "Without script", "fourth")
	for b.value(`document.title`) != `"Without script"` {
		b.loaded() // it loads itself
	}
	b.call("Emulation.setScriptExecutionDisabled", `{"value":false}`, nil)
	b.open(address)
	b.wantsSilence("the preview without script")
	stop()
	b.becomes("the end is told", `!lost.hidden && document.querySelector("h1").textContent === "Without script"`)
}

// press presses a key.
func (b *browser) press(key string, code int) {
	b.t.Helper()
	for _, kind := range []string{"rawKeyDown", "char", "keyUp"} {
		text := ""
		if key == "Enter" {
			text = `,"text":"\r"`
		}
		b.call("Input.dispatchKeyEvent", fmt.Sprintf(`{"type":%q,"key":%q,"code":%[2]q,"windowsVirtualKeyCode":%d%s}`, kind, key, code, text), nil)
	}
}

// becomes waits until an expression is true.
func (b *browser) becomes(why, expression string) {
	b.t.Helper()
	got := b.value(fmt.Sprintf(`new Promise(told => { const end = Date.now() + 20000; (function look() { const is = %s; is || Date.now() > end ? told(Boolean(is)) : setTimeout(look, 5) })() })`, expression))
	if got != "true" {
		b.t.Fatalf("%s: %s is %s in %s", why, expression, got, b.value(`document.body.innerHTML`))
	}
}

// TestPagesAreAccessible holds pages, with all that they fold, against what axe-core knows of the Web
// Content Accessibility Guidelines 2.2 to level AA.
func TestPagesAreAccessible(t *testing.T) {
	t.Parallel()
	axe := axeCore(t)
	b := openBrowser(t)
	b.call("Page.addScriptToEvaluateOnNewDocument", fmt.Sprintf(`{"source":%s}`, spec.TextJSON(axe)), nil)
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "examples", "drafts"))); err != nil {
		t.Fatal(err)
	}
	save(t, dir, "faulty.yaml", "Faulty\njobname: x", strings.Repeat("长W", 300)+strings.Join(fragments(), " "))
	preview, _ := serve(t, dir)
	none, _ := serve(t, t.TempDir())
	reports := pages(t)
	for name, address := range map[string]string{
		"plan": reports["plan"], "long": reports["long"], "colours": reports["colours"],
		"preview": preview + "?draft=vpn-maintenance.yaml", "preview of a fault": preview, "preview of nothing": none,
	} {
		b.own, _, _ = strings.Cut(address, "?")
		b.everyWay(func(way string) {
			b.open(address)
			b.wantsNoMoreWidth(name + way)
			faults := b.value(`document.querySelectorAll("details").forEach(d => { d.open = true }),
				axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}).then(found => found.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html + " " + n.failureSummary).join(" … ")))`)
			if faults != "[]" {
				t.Errorf("%s%s: %s", name, way, faults)
			}
		})
		b.wantsSilence(name)
	}
}

// colours are drafts whose cards have every colour, and buttons of every type. Texts are in shades that
// can be read on a card: others are their author's choice.
func colours(t *testing.T) report.Run {
	t.Helper()
	run := report.Run{Command: "validate"}
	for _, c := range strings.Fields("blue carmine green grey indigo lime orange purple red sunflower turquoise violet wathet yellow default") {
		run.Judged = append(run.Judged, spec.Draft{JobName: c, PushContent: card(t, strings.ReplaceAll(`{"header":{"template":"%","title":{"tag":"plain_text","content":"Title"},"subtitle":{"tag":"plain_text","content":"Subtitle"},
			"text_tag_list":[{"tag":"text_tag","text":{"tag":"plain_text","content":"Tag"},"color":"%"}]},"elements":[{"tag":"markdown","content":"<font color='%-700'>Font</font> [link](https://example.com) <at id=all></at>"},
			{"tag":"column_set","background_style":"%-100","columns":[{"tag":"column","elements":[{"tag":"markdown","content":"On a ground"}]}]},{"tag":"note","elements":[{"tag":"plain_text","content":"Note"}]}]}`, "%", c))})
	}
	for _, kind := range []string{"default", "primary", "danger", "text", "primary_text", "danger_text", "primary_filled", "danger_filled", "laser"} {
		run.Judged = append(run.Judged, spec.Draft{JobName: kind, PushContent: card(t, strings.ReplaceAll(`{"elements":[{"tag":"action","actions":[{"tag":"button","type":"%","text":{"tag":"plain_text","content":"Go"},"url":"https://example.com"},
			{"tag":"button","type":"%","disabled":true,"text":{"tag":"plain_text","content":"Stop"}}]}]}`, "%", kind))})
	}
	return run
}

// axeCore is the source of axe-core, installed beside a copy of testdata/node; no script of the package is
// run. Where npm is not reached, there is none.
func axeCore(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/node")); err != nil {
		t.Fatal(err)
	}
	install := exec.CommandContext(t.Context(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline", "--fetch-retries=0", "--fetch-timeout=5000")
	install.Dir = dir
	if said, err := install.CombinedOutput(); err != nil {
		reason, _, _ := strings.Cut(string(said), "\n")
		t.Skipf("axe-core cannot be installed: %v %s", err, reason)
	}
	src, err := os.ReadFile(filepath.Join(dir, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}
