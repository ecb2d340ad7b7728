package page_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/html"

	"notiform/reconcile/preview/page"
	"notiform/reconcile/report"
	"notiform/spec"
)

// desk is a folder of drafts that is being shown.
type desk struct {
	testing.TB
	dir, address string
	failing      atomic.Pointer[error] // why nothing can be read
	memory       spec.Memory
	stop         func() error // ends the server and gives what it said
}

// serve shows the drafts below drafts in a new folder with these files.
func serve(t testing.TB, files map[string]string) *desk {
	t.Helper()
	d := &desk{TB: t, dir: t.TempDir()}
	for name, src := range files {
		d.save(name, src)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- page.Serve(ctx, page.Options{
			Dir: d.dir, Visible: report.Visible, Read: d.read,
			Ready: func(address string) { ready <- address },
			Deaf:  func(folder string, err error) { t.Errorf("%s is not watched: %v", folder, err) },
		})
	}()
	d.stop = sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() { _ = d.stop() })
	select {
	case d.address = <-ready:
	case err := <-ended:
		t.Fatal(err)
	}
	return d
}

func (d *desk) read(ctx context.Context) (page.Reading, error) {
	if err := d.failing.Load(); err != nil {
		return page.Reading{}, *err
	}
	var guard sync.Mutex
	r := page.Reading{Texts: map[string]string{}}
	r.Set = spec.Load(ctx, []string{"drafts"}, spec.Options{Dir: d.dir, Memory: &d.memory, Seen: func(name string, src []byte) {
		guard.Lock()
		defer guard.Unlock()
		r.Texts[name] = string(src)
	}})
	r.Paths = append([]string{filepath.Join(d.dir, "drafts")}, r.Set.Read...)
	return r, nil
}

func (d *desk) path(name string) string { return filepath.Join(d.dir, filepath.FromSlash(name)) }

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

func (d *desk) save(name, src string) {
	d.Helper()
	d.must(os.MkdirAll(filepath.Dir(d.path(name)), 0o755))
	d.must(os.WriteFile(d.path(name), []byte(src), 0o644))
}

// saveByRename saves as editors do: into another file that then takes the name.
func (d *desk) saveByRename(name, src string) {
	d.Helper()
	d.save(name+"~", src)
	d.must(os.Rename(d.path(name+"~"), d.path(name)))
}

// get is the page of a query, without its sheet and its script.
func (d *desk) get(query string) string {
	d.Helper()
	answer, err := http.Get(d.address + query)
	d.must(err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	d.must(err)
	if answer.StatusCode != http.StatusOK {
		d.Fatalf("%s answers %s", query, answer.Status)
	}
	head, rest, _ := strings.Cut(string(body), "<style>")
	_, rest, _ = strings.Cut(rest, "</style>")
	rest, _, _ = strings.Cut(rest, "<script>")
	return head + rest
}

// events follows the versions as a browser does.
func (d *desk) events() *bufio.Scanner {
	d.Helper()
	ctx, cancel := context.WithTimeout(d.Context(), 30*time.Second)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.address+"events", nil)
	d.must(err)
	answer, err := http.DefaultClient.Do(request)
	d.must(err)
	d.Cleanup(func() { cancel(); answer.Body.Close() })
	return bufio.NewScanner(answer.Body)
}

// await follows the versions until the page of a query has all that is wanted and nothing that is not.
func (d *desk) await(query string, wanted, unwanted []string) {
	d.Helper()
	var body string
	for events := d.events(); events.Scan(); {
		if body = d.get(query); strings.HasPrefix(events.Text(), "data: ") && hasAll(body, wanted) && !hasAny(body, unwanted) {
			return
		}
	}
	d.Fatalf("the page has not got %q without %q:\n%s", wanted, unwanted, body)
}

func hasAll(s string, all []string) bool {
	for _, each := range all {
		if !strings.Contains(s, each) {
			return false
		}
	}
	return true
}

func hasAny(s string, any []string) bool {
	for _, each := range any {
		if strings.Contains(s, each) {
			return true
		}
	}
	return false
}

// draft is a draft file without a fault.
func draft(name, says string) string {
	return fmt.Sprintf("job_name: %s\npush_type: scheduled\npush_scope_type: all_members\npush_content: {elements: [{tag: markdown, content: %q}]}\n", name, says)
}

const outside = "job_name: Outside\npush_type: scheduled\npush_scope_type: all_members\npush_content_file: ../cards/a.json\n"

func card(says string) string {
	return fmt.Sprintf(`{"elements": [{"tag": "markdown", "content": %q}]}`, says)
}

// TestFollowsEverySave lives through a day: each step begins with what the one before left.
func TestFollowsEverySave(t *testing.T) {
	t.Parallel()
	const stale, gone, h1 = "the last card that could", "no longer there", "<h1>%s</h1>"
	d := serve(t, map[string]string{"drafts/a.yaml": draft("A", "zeroth"), "drafts/b.yaml": draft("B", "second"), "cards/a.json": card("apart")})
	for _, step := range []struct {
		why              string
		do               func()
		query            string
		wanted, unwanted []string
	}{
		{"what is saved is opened", func() { d.save("drafts/a.yaml", draft("A", "third")) }, "", []string{"<h1>A</h1>", "third"}, []string{"zeroth"}},
		{"and then the next one", func() { d.saveByRename("drafts/b.yaml", draft("B", "fourth")) }, "", []string{"<h1>B</h1>", "fourth"}, nil},
		{"a draft that was chosen stays", func() { d.save("drafts/b.yaml", draft("B2", "fifth")) }, "?draft=drafts/a.yaml", []string{"<h1>A</h1>", "<b>B2</b>"}, nil},
		{"a new folder", func() { d.save("drafts/deep/er/c.yml", draft("C", "sixth")) }, "", []string{"<h1>C</h1>", "sixth"}, nil},
		{"and a save in it", func() { d.save("drafts/deep/er/c.yml", draft("C", "seventh")) }, "", []string{"<h1>C</h1>", "seventh"}, nil},
		{"a card that stands outside", func() { d.save("drafts/o.yaml", outside) }, "", []string{"<h1>Outside</h1>", "apart", "cards/a.json"}, nil},
		{"and a save of it", func() { d.saveByRename("cards/a.json", card("further apart")) }, "", []string{"<h1>Outside</h1>", "further apart"}, nil},
		{"a fault in it keeps the last card", func() { d.save("cards/a.json", "{") }, "", []string{stale, "further apart", "[card-json]"}, nil},
		{"a fault of an element is marked in the card", func() { d.save("cards/a.json", `{"elements": [{"tag": "markdown", "content": "ok"}, {"tag": "dvi"}]}`) }, "",
			[]string{`<span class="told is-error">1</span>`, `<li class="is-error">error: `, "(cards/a.json:1:61)", "[card-unknown-element]"}, []string{stale}},
		{"its folder goes", func() { d.must(os.RemoveAll(d.path("cards"))) }, "", []string{stale, `says">ok`, "[content-file]"}, nil},
		{"and comes back", func() { d.save("cards/a.json", card("back")) }, "", []string{"<h1>Outside</h1>", ">back<"}, []string{stale}},
		{"a fault of the file keeps the last card", func() { d.save("drafts/a.yaml", "job_name: [A\n"+draft("A", "eighth")) }, "?draft=drafts/a.yaml", []string{stale, "third", "[yaml-syntax]", "<mark>"}, []string{`says">eighth`}},
		{"even in two steps", func() {
			d.save("drafts/a.yaml", "")
			d.await("", nil, []string{"<b>A</b>", "<b>drafts/a.yaml</b>"})
			d.save("drafts/a.yaml", "\"")
		}, "?draft=drafts/a.yaml", []string{stale, "third", "[yaml-syntax]"}, nil},
		{"until it is mended", func() { d.save("drafts/a.yaml", draft("A", "ninth")) }, "", []string{"<h1>A</h1>", `says">ninth`}, []string{stale}},
		{"a draft that is gone is said to be", func() { d.must(os.Remove(d.path("drafts/a.yaml"))) }, "?draft=drafts/a.yaml", []string{gone}, []string{"<b>A</b>"}},
		{"everything goes", func() { d.must(os.Rename(d.path("drafts"), d.path("elsewhere"))) }, "", []string{"[unreadable-file]"}, []string{"<b>B2</b>"}},
		{"and comes back", func() { d.must(os.Rename(d.path("elsewhere"), d.path("drafts"))) }, "", []string{"<b>B2</b>", "<b>C</b>"}, []string{"[unreadable-file]"}},
		{"and is followed as before", func() { d.save("drafts/deep/er/c.yml", draft("C", "tenth")) }, "", []string{"<h1>C</h1>", "tenth"}, nil},
		{"another folder takes the name", func() {
			d.save("other/n.yaml", draft("N", "other"))
			d.must(os.Rename(d.path("drafts"), d.path("elsewhere")))
			d.must(os.Rename(d.path("other"), d.path("drafts")))
		}, "", []string{"<h1>N</h1>"}, []string{"<b>C</b>"}},
		{"and is followed", func() { d.save("drafts/n.yaml", draft("N", "eleventh")) }, "", []string{"eleventh"}, nil},
	} {
		step.do()
		t.Log(step.why)
		d.await(step.query, step.wanted, step.unwanted)
	}
}

// TestThousandSaves wants the last of many saves on the page, in whatever way they were made.
func TestThousandSaves(t *testing.T) {
	t.Parallel()
	d := serve(t, map[string]string{"drafts/a.yaml": draft("A", "0")})
	for i := range 1000 {
		save := d.save
		if i%2 == 0 {
			save = d.saveByRename
		}
		save("drafts/a.yaml", draft("A", fmt.Sprintf("save number %d", i+1)))
	}
	d.await("", []string{`says">save number 1000<`}, nil)
}

// TestSeveralDraftsInAFile wants each beside its own part of the file, with its own faults.
func TestSeveralDraftsInAFile(t *testing.T) {
	t.Parallel()
	d := serve(t, map[string]string{"drafts/a.yaml": draft("One", "first") + "# of two\n---\n# the second\n" + draft("Two", "second") + "jobname: x\n---\n" + draft("Three", "third")})
	two := d.get("?draft=drafts/a.yaml%232")
	if !hasAll(two, []string{"<h1>Two</h1>", "# the second", `<li value="12" class="faulty">`, "[unknown-field]"}) || hasAny(two, []string{"# of two", `value="13"`}) {
		t.Errorf("the second draft has another text beside it:\n%s", two)
	}
	if one := d.get("?draft=drafts/a.yaml"); !strings.Contains(one, "# of two") || strings.Contains(one, "[unknown-field]") {
		t.Errorf("the first draft has another text beside it:\n%s", one)
	}
	d.save("drafts/a.yaml", draft("One", "changed")+"---\n\"")
	d.await("?draft=drafts/a.yaml%233", []string{"<h1>Three</h1>", `says">third`, "the last card that could", "[yaml-syntax]"}, nil)
}

// TestSwitches wants width, scheme and language to be taken from the address, and from known values alone.
func TestSwitches(t *testing.T) {
	t.Parallel()
	d := serve(t, map[string]string{"drafts/a.yaml": "job_name: A\npush_type: 0\npush_scope_type: 0\npush_content: {i18n_elements: {zh_cn: [{tag: markdown, content: 你好}], en_us: [{tag: markdown, content: Hello}]}}\n"})
	for _, row := range []struct {
		why, query       string
		wanted, unwanted []string
	}{
		{"all there is", "", []string{`class=""`, `says">你好`, `says">Hello`, `href="?language=en_us"`}, nil},
		{"what readers of English see", "?language=en_us", []string{`says">Hello`}, []string{`says">你好`}},
		{"a language that the card has not", "?language=fr_fr", []string{`says">你好`, `says">Hello`, `aria-current="true">all<`}, nil},
		{"on a phone at night", "?width=phone&scheme=dark", []string{`class="phone dark"`, `href="?scheme=light&amp;width=phone"`}, nil},
		{"nothing that a foreign link says", "?width=%22x&scheme=%3Cb&language=%3Cb&draft=", []string{`class=""`}, []string{`"x`}},
	} {
		if got := d.get(row.query); !hasAll(got, row.wanted) || hasAny(got, row.unwanted) {
			t.Errorf("%s: want %q and not %q in\n%s", row.why, row.wanted, row.unwanted, got)
		}
	}
}

// TestKnownListIsLeftOut: of thousands of drafts, a save changes one or none in the list.
func TestKnownListIsLeftOut(t *testing.T) {
	t.Parallel()
	d := serve(t, map[string]string{"drafts/a.yaml": draft("A", "first"), "drafts/b.yaml": draft("B", "second")})
	mark := regexp.MustCompile(`data-mark="(\w+)"`)
	known := mark.FindStringSubmatch(d.get("?draft=drafts/a.yaml"))[1]
	for _, row := range []struct {
		why, query string
		do         func()
		left       bool
	}{
		{"nothing has happened", "?draft=drafts/a.yaml", func() {}, true},
		{"a text was saved", "?draft=drafts/a.yaml", func() {
			d.save("drafts/a.yaml", draft("A", "third"))
			d.await("?draft=drafts/a.yaml", []string{`says">third`}, nil)
		}, true},
		{"another draft is looked at", "?draft=drafts/b.yaml", func() {}, false},
		{"links lead to phones", "?draft=drafts/a.yaml&width=phone", func() {}, false},
		{"a name was saved", "?draft=drafts/a.yaml", func() {
			d.save("drafts/b.yaml", draft("C", "second"))
			d.await("", []string{"<b>C</b>"}, nil)
		}, false},
	} {
		row.do()
		request, err := http.NewRequest(http.MethodGet, d.address+row.query, nil)
		d.must(err)
		request.Header.Set("Known-List", known)
		answer, err := http.DefaultClient.Do(request)
		d.must(err)
		body, err := io.ReadAll(answer.Body)
		d.must(err)
		answer.Body.Close()
		if left := !strings.Contains(string(body), "<li data-key"); left != row.left || left != (mark.FindStringSubmatch(string(body))[1] == known) {
			t.Errorf("%s: the list is left out: %t", row.why, left)
		}
	}
}

// TestRefuses wants nothing but the page to be answered, and nobody but itself and who typed its address.
func TestRefuses(t *testing.T) {
	t.Parallel()
	d := serve(t, map[string]string{"drafts/a.yaml": draft("A", "first")})
	path := d.address[strings.Index(d.address, "/"+"/")+2:]
	host, path, _ := strings.Cut(path, "/")
	port := host[strings.Index(host, ":"):]
	for _, row := range []struct {
		why, method, host, path string
		header                  [2]string
		want                    int
	}{
		{"a browser in which it was typed", "GET", host, path, [2]string{"Sec-Fetch-Site", "none"}, 200},
		{"the page itself", "GET", host, path, [2]string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"its own origin", "GET", host, path, [2]string{"Origin", "http://" + host}, 200},
		{"the other name of this machine", "GET", "localhost" + port, path, [2]string{}, 200},
		{"whether it is there", "HEAD", host, path, [2]string{}, 200},
		{"whether events are there", "HEAD", host, path + "events", [2]string{}, 200},
		{"a name that was made to lead here", "GET", "evil.example" + port, path, [2]string{}, 421},
		{"this machine, and another port", "GET", "127.0.0.1:1", path, [2]string{}, 421},
		{"no port", "GET", "127.0.0.1", path, [2]string{}, 421},
		{"another page's script", "GET", host, path + "events", [2]string{"Origin", "http://evil.example"}, 403},
		{"a frame of nobody", "GET", host, path, [2]string{"Origin", "null"}, 403},
		{"another scheme", "GET", host, path, [2]string{"Origin", "https://" + host}, 403},
		{"another port of this machine", "GET", host, path, [2]string{"Sec-Fetch-Site", "same-site"}, 403},
		{"another page's picture", "GET", host, path, [2]string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"a form", "POST", host, path, [2]string{}, 405},
		{"what asks first", "OPTIONS", host, path, [2]string{}, 405},
		{"a method of its own", "BREW", host, path, [2]string{}, 405},
		{"who does not know the path", "GET", host, "", [2]string{}, 404},
		{"a file", "GET", host, path + "drafts/a.yaml", [2]string{}, 404},
		{"a file above", "GET", host, path + "../drafts/a.yaml", [2]string{}, 404},
		{"a file above, in disguise", "GET", host, path + "%2e%2e%2fdrafts/a.yaml", [2]string{}, 404},
		{"the icon", "GET", host, "favicon.ico", [2]string{}, 404},
	} {
		request, err := http.NewRequest(row.method, "http://"+host+"/"+row.path, nil)
		d.must(err)
		if request.Host = row.host; row.header[0] != "" {
			request.Header.Set(row.header[0], row.header[1])
		}
		answer, err := http.DefaultTransport.RoundTrip(request)
		d.must(err)
		body, err := io.ReadAll(answer.Body)
		d.must(err)
		answer.Body.Close()
		if h := answer.Header; answer.StatusCode != row.want || h.Get("Set-Cookie")+h.Get("Access-Control-Allow-Origin") != "" || !strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'; ") {
			t.Errorf("%s: %s with %v, want %d", row.why, answer.Status, h, row.want)
		}
		if row.want != 200 && strings.Contains(string(body), "job_name") {
			t.Errorf("%s: it got a draft", row.why)
		}
	}
}

// TestHostileDraftsAreInert wants names and texts to be nothing but text, and the policy to allow what
// is on the page and no more.
func TestHostileDraftsAreInert(t *testing.T) {
	t.Parallel()
	const hostile = `</script></style><script>alert(1)</script>"><img src=x onerror=alert(1)> <a href="javascript:alert(1)">`
	d := serve(t, map[string]string{
		"drafts/a\"><script>x<.yaml": "job_name: '" + hostile + "'\npush_type: 0\npush_scope_type: 0\njob_" + "<script>: 1\n# " + hostile + "\u202e\n" +
			"push_content: {elements: [{tag: markdown, content: '" + hostile + "[x](javascript:alert(1))'}, {tag: '" + hostile + "'}]}\n",
		"drafts/b<script>.yaml": hostile,
	})
	for _, query := range []string{"", "?draft=drafts/b%3Cscript%3E.yaml", "?draft=" + "%3Cscript%3E"} {
		answer, err := http.Get(d.address + query)
		d.must(err)
		root, err := html.Parse(answer.Body)
		d.must(err)
		answer.Body.Close()
		count := map[string]int{}
		for n := range root.Descendants() {
			if count[n.Data]++; n.Type == html.TextNode && strings.ContainsRune(n.Data, '\u202e') {
				t.Errorf("%s: a hidden character is on the page", query)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "src" || a.Key == "href" && !strings.HasPrefix(a.Val, "?") && a.Val != "data:," && a.Val != "#draft" {
					t.Errorf("%s: <%s> has %s=%q", query, n.Data, a.Key, a.Val)
				}
			}
			if n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style") {
				sum := sha256.Sum256([]byte(n.FirstChild.Data))
				want := n.Data + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
				if policy := answer.Header.Get("Content-Security-Policy"); !strings.Contains(policy, want) {
					t.Errorf("the policy %q does not allow %q", policy, want)
				}
			}
		}
		if count["script"] != 1 || count["style"] != 1 || count["img"]+count["iframe"]+count["form"] != 0 {
			t.Errorf("%s: the page has %v", query, count)
		}
	}
}

// TestEndsWithEverybodyListening wants the end to come at once, however many follow.
func TestEndsWithEverybodyListening(t *testing.T) {
	t.Parallel()
	d := serve(t, map[string]string{"drafts/a.yaml": draft("A", "first")})
	first, second := d.events(), d.events()
	for _, events := range []*bufio.Scanner{first, second} {
		for _, want := range []string{`^retry: \d+$`, `^data: \d+$`} {
			if !events.Scan() || !regexp.MustCompile(want).MatchString(events.Text()) {
				t.Errorf("the stream has %q, want %s", events.Text(), want)
			}
		}
	}
	if err := d.stop(); err != nil {
		t.Error(err)
	}
	for first.Scan() || second.Scan() { // until both have ended
	}
	if _, err := http.Get(d.address); err == nil {
		t.Error("it is still answered")
	}
}

// TestReadingFails wants what was shown to stay, with the reason why there is nothing newer, until there is.
func TestReadingFails(t *testing.T) {
	t.Parallel()
	d := serve(t, map[string]string{"drafts/a.yaml": draft("A", "first")})
	const why = "where a file <cannot> be read"
	failed := errors.New(why)
	d.failing.Store(&failed)
	d.save("drafts/a.yaml", draft("A", "second"))
	d.await("", []string{"<h1>A</h1>", `says">first`, html.EscapeString(why)}, []string{"second"})
	d.failing.Store(nil)
	d.save("drafts/a.yaml", draft("A", "third"))
	d.await("", []string{`says">third`}, []string{html.EscapeString(why)})

	err := page.Serve(t.Context(), page.Options{Visible: report.Visible, Read: func(context.Context) (page.Reading, error) {
		return page.Reading{}, failed
	}})
	if err != failed {
		t.Errorf("the first reading failed, and Serve says %v", err)
	}
}

// BenchmarkSave is how long it takes from a save until the page that shows it has been fetched: no longer
// with many drafts than with few, but for reading them and for the list.
func BenchmarkSave(b *testing.B) {
	for _, n := range []int{1, 300, 3000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			files := map[string]string{}
			for i := range n {
				files[fmt.Sprintf("drafts/%02d/%04d.yaml", i%50, i)] = draft(fmt.Sprint("draft ", i), "first") + strings.Repeat("# what it is for\n", 40)
			}
			d := serve(b, files)
			events := d.events()
			for i := 0; b.Loop(); i++ {
				d.save("drafts/00/0000.yaml", draft("Seven", fmt.Sprint("save number ", i)))
				for events.Scan() && !(strings.HasPrefix(events.Text(), "data: ") && strings.Contains(d.get(""), fmt.Sprintf("number %d<", i))) {
				}
			}
		})
	}
}
