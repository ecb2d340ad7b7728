package report_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/websocket"

	"notiform/reconcile/report"
	"notiform/spec"
)

// TestPageInBrowser opens pages in a real browser, on a phone and on a desk, light and dark: the console
// stays silent, nothing is asked for, and nothing scrolls sideways.
func TestPageInBrowser(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	for name, file := range pages(t) {
		b.everyWay(func(way string) {
			b.open(file)
			b.wantsNoMoreWidth(name + way)
			if styled := b.value(`getComputedStyle(document.body).maxWidth`); styled != `"1320px"` {
				t.Errorf("%s%s: the sheet is not in effect: %s", name, way, styled)
			}
		})
		b.wantsSilence(name)
	}
}

// TestLanguageInBrowser shows of a card what people see in the language that is chosen, as the preview does.
func TestLanguageInBrowser(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	file := filepath.Join(t.TempDir(), "card.html")
	bilingual := report.Run{Command: "card", Card: card(t, `{"i18n_header":{"zh_cn":{"title":{"tag":"plain_text","content":"Z"}},"en_us":{"title":{"tag":"plain_text","content":"title"}}},
		"elements":[{"tag":"markdown","content":"never"}],"i18n_elements":{"zh_cn":[{"tag":"markdown","content":"else","i18n_content":{"en_us":"e\nf"}}]}}`)}
	if err := os.WriteFile(file, []byte(write(t, "html", bilingual)), 0o600); err != nil {
		t.Fatal(err)
	}
	b.open("file://" + file)
	for language, want := range map[string]string{
		"zh_cn": "zh_cn Z zh_cn else else", "en_us": "en_us title zh_cn en_us e f",
		"all": "zh_cn Z en_us title zh_cn en_us e f else else elements, in whose place people see i18n_elements: never",
	} {
		if got := b.value(`document.getElementById("in-` + language + `").click(),document.querySelector(".card").innerText.split(/\s+/).join(" ")`); got != fmt.Sprintf("%q", want) {
			t.Errorf("in %s: %s instead of %q", language, got, want)
		}
	}
}

// pages are the addresses of pages as reviewers get them.
func pages(t *testing.T) map[string]string {
	t.Helper()
	long := report.Run{Command: "card", Card: card(t, `{"header":{"title":{"tag":"plain_text","content":"`+strings.Repeat("长W", 300)+`"}},"elements":[
		{"tag":"table","columns":[{"name":"a"},{"name":"b"},{"name":"c"},{"name":"d"},{"name":"e"}],"rows":[{"a":"`+strings.Repeat("W", 300)+`","b":"x","c":"y","d":"z","e":"w"}]},
		{"tag":"column_set","columns":[`+strings.Repeat(`{"tag":"column","width":"600px","elements":[{"tag":"img","img_key":"img_1","size":"1000px 20px"}]},`, 20)+`{"tag":"column"}]}]}`)}
	files := map[string]string{}
	for name, run := range map[string]report.Run{
		"plan": planRun(t), "colours": colours(t), "apply": applyRun(t), "validate": validateRun(), "long": long, "many": changedCards(2, 200),
		"hostile": hostileRun("plan", strings.Join(fragments(), " ")), "files": {Command: "validate", Judged: []spec.Draft{{JobName: strings.Repeat("长", 200), PushContent: card(t, `{}`)}}},
	} {
		file := filepath.Join(t.TempDir(), name+".html")
		if err := os.WriteFile(file, []byte(write(t, "html", run)), 0o600); err != nil {
			t.Fatal(err)
		}
		files[name] = "file://" + file
	}
	return files
}

// browser is Chromium by its DevTools protocol: one page, and what it said or asked for on its own.
type browser struct {
	t       *testing.T
	ws      *websocket.Conn
	session string
	own     string // how the addresses begin that may be asked for
	n       int
	said    []string
	events  []string
}

func openBrowser(t *testing.T) *browser {
	t.Helper()
	names := []string{"chromium", "chromium-browser", "google-chrome"}
	i := slices.IndexFunc(names, func(name string) bool { _, err := exec.LookPath(name); return err == nil })
	if i < 0 {
		t.Skip("no Chromium is installed here (Debian: apt-get install chromium); where one is, pages are opened in it")
	}
	cmd := exec.Command(names[i], "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars", "--remote-allow-origins=*",
		"--remote-debugging-port=0", "--user-data-dir="+t.TempDir(), "about:blank")
	stderr, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t, own: "file://"}
	said := ""
	for lines := bufio.NewScanner(stderr); b.ws == nil && lines.Scan(); {
		said = lines.Text()
		if _, address, ok := strings.Cut(said, "DevTools listening on "); ok {
			if b.ws, err = websocket.Dial(address, "", "http://localhost"); err != nil {
				t.Fatal(err)
			}
		}
	}
	if b.ws == nil {
		t.Skipf("%s does not run here: %v %s", names[i], cmd.Wait(), said)
	}
	t.Cleanup(func() {
		b.call("Browser.close", `{}`, nil)
		_ = cmd.Wait()
	})
	var target struct{ TargetID, SessionID string }
	b.call("Target.createTarget", `{"url":"about:blank"}`, &target)
	b.call("Target.attachToTarget", fmt.Sprintf(`{"targetId":%q,"flatten":true}`, target.TargetID), &target)
	b.session = target.SessionID
	for _, domain := range []string{"Page", "Network", "Log", "Runtime"} {
		b.call(domain+".enable", `{}`, nil)
	}
	return b
}

// call sends a command and waits for what it brings.
func (b *browser) call(method, params string, result any) {
	b.t.Helper()
	b.n++
	session := ""
	if b.session != "" && method != "Browser.close" {
		session = fmt.Sprintf(`"sessionId":%q,`, b.session)
	}
	if err := websocket.Message.Send(b.ws, fmt.Sprintf(`{"id":%d,%s"method":%q,"params":%s}`, b.n, session, method, params)); err != nil {
		b.t.Fatal(err)
	}
	for {
		m := b.next()
		if m.ID != b.n {
			continue
		}
		if m.Error != nil {
			b.t.Fatalf("%s: %s", method, m.Error)
		}
		if result != nil {
			if err := json.Unmarshal(m.Result, result); err != nil {
				b.t.Fatal(err)
			}
		}
		return
	}
}

// message is an answer or an event.
type message struct {
	ID            int
	Method        string
	Params        struct{ Request struct{ URL string } }
	Result, Error json.RawMessage
}

func (b *browser) next() (m message) {
	b.t.Helper()
	var text string
	if err := websocket.Message.Receive(b.ws, &text); err != nil {
		b.t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		b.t.Fatal(err)
	}
	b.events = append(b.events, m.Method)
	switch m.Method {
	case "Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown":
		b.said = append(b.said, text)
	case "Network.requestWillBeSent":
		if !strings.HasPrefix(m.Params.Request.URL, b.own) {
			b.said = append(b.said, text)
		}
	}
	return m
}

// open opens a page and waits until it is there.
func (b *browser) open(address string) {
	b.t.Helper()
	b.events = nil
	b.call("Page.navigate", fmt.Sprintf(`{"url":%q}`, address), nil)
	b.loaded()
}

// loaded waits until a page is there that was not since open.
func (b *browser) loaded() {
	b.t.Helper()
	for !slices.Contains(b.events, "Page.loadEventFired") {
		b.next()
	}
	b.events = nil
}

// everyWay looks at something on a phone and on a desk, light and dark.
func (b *browser) everyWay(look func(way string)) {
	for _, width := range []int{320, 1400} {
		for _, scheme := range []string{"light", "dark"} {
			b.call("Emulation.setDeviceMetricsOverride", fmt.Sprintf(`{"width":%d,"height":900,"deviceScaleFactor":1,"mobile":false}`, width), nil)
			b.call("Emulation.setEmulatedMedia", fmt.Sprintf(`{"features":[{"name":"prefers-color-scheme","value":%q}]}`, scheme), nil)
			look(fmt.Sprintf(" at %d px, %s", width, scheme))
		}
	}
}

func (b *browser) wantsNoMoreWidth(what string) {
	b.t.Helper()
	if sideways := b.value(`document.scrollingElement.scrollWidth - innerWidth`); sideways != "0" && !strings.HasPrefix(sideways, "-") {
		b.t.Errorf("%s is %s px wider than the window: %s", what, sideways,
			b.value(`[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth).slice(0, 3).map(e => e.outerHTML.slice(0, 200)).join(" … ")`))
	}
}

func (b *browser) wantsSilence(what string) {
	b.t.Helper()
	for _, said := range b.said {
		b.t.Errorf("%s: %s", what, said)
	}
	b.said = nil
}

// value is that of an expression in the page, or of what it promises, as JSON.
func (b *browser) value(expression string) string {
	b.t.Helper()
	var got struct {
		Result struct{ Value json.RawMessage }
	}
	b.call("Runtime.evaluate", fmt.Sprintf(`{"expression":%q,"returnByValue":true,"awaitPromise":true}`, expression), &got)
	return string(got.Result.Value)
}
