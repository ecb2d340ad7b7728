// Loop is what the benchmarks of notiform compare it with and measure it by. It is a program of
// its own so that its start costs no more than notiform's.
//
//	loop get URL ID N             GET N drafts from ID on, and throw the bodies away
//	loop compare URL DIR          read the drafts in DIR, GET each, decode and compare
//	loop compare-later URL DIR    the same, but read them all before the first GET
//	loop measure PROGRAM [ARG …]  run a program and print what it took as JSON
//
// The plain loops are what a Go programmer writes in an afternoon with the standard library
// and yaml.v3. They validate nothing, retry nothing, limit nothing and show nothing.
package main

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
)

func main() {
	switch args := os.Args[2:]; os.Args[1] {
	case "get":
		first, err := strconv.ParseInt(args[1], 10, 64)
		must(err)
		n, err := strconv.Atoi(args[2])
		must(err)
		fmt.Println(get(args[0], first, n), "read")
	case "compare":
		fmt.Println(compare(args[0], args[1]), "equal")
	case "compare-later":
		fmt.Println(compareLater(args[0], args[1]), "equal")
	case "measure":
		measure(args)
	default:
		panic(os.Args[1])
	}
}

// get is the least that anything can do that asks as many at once.
func get(base string, first int64, n int) (read int64) {
	client := newClient()
	return loop(n, func(i int) bool {
		resp := ask(client, base, fmt.Sprintf("%019d", first+int64(i)), "open_id")
		_, err := io.Copy(io.Discard, resp.Body)
		return err == nil && resp.Body.Close() == nil
	})
}

// parallelism is how many requests are in flight at once.
const parallelism = 50

func loop(n int, do func(i int) bool) (succeeded int64) {
	var next, good atomic.Int64
	var workers sync.WaitGroup
	for range parallelism {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				if do(int(i)) {
					good.Add(1)
				}
			}
		})
	}
	workers.Wait()
	return good.Load()
}

func newClient() *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: parallelism}}
}

func ask(client *http.Client, base, id, userIDType string) *http.Response {
	req, err := http.NewRequest(http.MethodGet, base+"/open-apis/helpdesk/v1/notifications/"+id+"?user_id_type="+userIDType, nil)
	must(err)
	req.Header.Set("Authorization", "Bearer "+os.Getenv("FEISHU_USER_ACCESS_TOKEN"))
	helpdesk := os.Getenv("FEISHU_HELPDESK_ID") + ":" + os.Getenv("FEISHU_HELPDESK_TOKEN")
	req.Header.Set("X-Lark-Helpdesk-Authorization", base64.StdEncoding.EncodeToString([]byte(helpdesk)))
	resp, err := client.Do(req)
	must(err)
	if resp.StatusCode != http.StatusOK {
		panic(resp.Status)
	}
	return resp
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
