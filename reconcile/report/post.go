package report

import (
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"
)

// Post returns what a run came to as the content of a ticket message in rich text, at most size
// bytes of JSON in UTF-8: the result and the counts, what is dangerous, the drafts that changed or
// did not go as planned, the digest, and links to the approval of what was applied. What does not
// fit is left out by whole drafts, those that need no look first, and the message says how many.
//
// The message is in Chinese and in English, and Feishu shows each reader theirs. Everything that
// comes from outside is plain text in it; see the comment of post_text.go.
func Post(r Run, size int) ([]byte, error) {
	m := compose(r)
	whole, err := m.encode(m.drafts)
	if err != nil || len(whole) <= size {
		return whole, err
	}
	bare, err := m.encode(nil)
	if err != nil {
		return nil, err
	}
	kept, err := m.choose(size - len(bare))
	if err != nil {
		return nil, err
	}
	cut, err := m.encode(kept)
	if err == nil && len(cut) > size {
		return nil, fmt.Errorf(messageTooLong, len(cut), size)
	}
	return cut, err
}

// message is a ticket message before it is known how much of it fits.
type message struct {
	title  ticketText
	ending words // of the run, in the title
	head   paragraphs
	drafts []entry
	tail   paragraphs
}

// entry is a draft in a message.
type entry struct {
	look  bool // it did not go as planned, or is dangerous: left out last
	lines paragraphs
}

// choose returns the entries, in their order, that fit into room bytes.
func (m message) choose(room int) ([]entry, error) {
	chosen := make([]bool, len(m.drafts))
	for _, look := range []bool{true, false} {
		for i, e := range m.drafts {
			if e.look != look {
				continue
			}
			size, err := e.size()
			if err != nil {
				return nil, err
			}
			if chosen[i] = size <= room; chosen[i] {
				room -= size
			}
		}
	}
	var kept []entry
	for i, e := range m.drafts {
		if chosen[i] {
			kept = append(kept, e)
		}
	}
	return kept, nil
}

// size is what an entry adds to a message, in bytes.
func (e entry) size() (int, error) {
	n := 0
	for _, p := range e.lines {
		for _, tags := range p {
			b, err := json.Marshal(tags)
			if err != nil {
				return 0, err
			}
			n += len(b) + len(",")
		}
	}
	return n, nil
}

// postContent is the wire form of a message: msg_type post of the API page "发送工单消息" (send
// ticket message).
type postContent struct {
	Post struct {
		Chinese postBody `json:"zh_cn"`
		English postBody `json:"en_us"`
	} `json:"post"`
}

type postBody struct {
	Title   string  `json:"title"`
	Content [][]any `json:"content"`
}

// encode returns the message with these of its drafts.
func (m message) encode(kept []entry) ([]byte, error) {
	all := slices.Clone(m.head)
	for _, e := range kept {
		all = append(all, e.lines...)
	}
	if n := len(m.drafts) - len(kept); n > 0 {
		all.say(ticketLeftOut, n)
	}
	all = append(all, m.tail...)
	var c postContent
	c.Post.Chinese, c.Post.English = m.body(chinese, all), m.body(english, all)
	return json.Marshal(c)
}

func (m message) body(l language, all paragraphs) postBody {
	body := postBody{Title: ticketTable()[m.title].in(l, m.ending)}
	for _, p := range all {
		body.Content = append(body.Content, p[l])
	}
	return body
}
