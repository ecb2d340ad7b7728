package page

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// ServeHTTP answers who may ask, for what there is.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for name, value := range s.headers() {
		w.Header().Set(name, value)
	}
	switch {
	case !slices.Contains(s.hosts, r.Host): // a foreign name may have been made to lead here
		http.Error(w, foreignHost, http.StatusMisdirectedRequest)
	case isForeign(r):
		http.Error(w, foreignOrigin, http.StatusForbidden)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET,HEAD")
		http.Error(w, onlyGet, http.StatusMethodNotAllowed)
	case r.URL.Path == s.path:
		s.page(w, r)
	case r.URL.Path == s.path+"events":
		s.events(w, r)
	default:
		http.Error(w, noSuchPage, http.StatusNotFound)
	}
}

// isForeign reports whether a page of another origin makes a request. What a person types has
// neither header.
func isForeign(r *http.Request) bool {
	origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
	return origin != "" && origin != "http://"+r.Host || !slices.Contains([]string{"", "none", "same-origin"}, site)
}

func (s *server) headers() map[string]string {
	return map[string]string{
		"Content-Security-Policy":      s.policy,
		"Cache-Control":                "no-store",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Referrer-Policy":              "no-referrer",
		"X-Content-Type-Options":       "nosniff",
	}
}

func (s *server) page(w http.ResponseWriter, r *http.Request) {
	var b bytes.Buffer
	if err := s.write(&b, r.URL.Query(), r.Header.Get("Known-List")); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	_, _ = b.WriteTo(w) // whoever asked may have gone
}

// events tells the number of the version that there is, and then of each that follows. Whoever
// comes back is told in the same way what was missed.
func (s *server) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	if r.Method == http.MethodHead {
		return
	}
	connection := http.NewResponseController(w)
	for again := "retry: 500\n"; ; again = "" {
		s.guard.Lock()
		version, changed := s.version, s.changed
		s.guard.Unlock()
		_ = connection.SetWriteDeadline(time.Now().Add(10 * time.Second)) // nobody may be reading
		if _, err := fmt.Fprintf(w, "%sdata: %d\n\n", again, version); err != nil || connection.Flush() != nil {
			return
		}
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		}
	}
}
