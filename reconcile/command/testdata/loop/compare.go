package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"time"

	"gopkg.in/yaml.v3"
)

// compare does by the shortest way what plan does for drafts that did not change: it asks for
// each as soon as its file is read.
func compare(base, dir string) (equal int64) {
	files, client := drafts(dir), newClient()
	return loop(len(files), func(i int) bool { return read(files[i]).isLive(client, base) })
}

// compareLater asks for none before all files are read. That is what plan promises: while a
// file may yet be at fault, the server is not asked.
func compareLater(base, dir string) (equal int64) {
	files, client := drafts(dir), newClient()
	all := make([]draft, len(files))
	loop(len(files), func(i int) bool {
		all[i] = read(files[i])
		return true
	})
	return loop(len(files), func(i int) bool { return all[i].isLive(client, base) })
}

func drafts(dir string) (files []string) {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	must(err)
	return files
}

func read(file string) draft {
	src, err := os.ReadFile(file)
	must(err)
	d := draft{UserIDType: "open_id"}
	must(yaml.Unmarshal(src, &d))
	return d
}

// isLive reports whether the server holds what the draft says.
func (d draft) isLive(client *http.Client, base string) bool {
	resp := ask(client, base, d.NotificationID, d.UserIDType)
	body, err := io.ReadAll(resp.Body) // to the end, or the connection could not be used again
	must(err)
	must(resp.Body.Close())
	var answer answer
	must(json.Unmarshal(body, &answer))
	var card any
	must(json.Unmarshal([]byte(answer.Data.Notification.PushContent), &card))
	return d.equals(answer.Data.Notification, card)
}

type (
	draft struct {
		NotificationID string    `yaml:"notification_id"`
		UserIDType     string    `yaml:"user_id_type"`
		JobName        string    `yaml:"job_name"`
		PushType       string    `yaml:"push_type"`
		PushScopeType  string    `yaml:"push_scope_type"`
		UserList       []target  `yaml:"user_list"`
		DepartmentList []target  `yaml:"department_list"`
		ChatList       []target  `yaml:"chat_list"`
		SendAt         time.Time `yaml:"send_at"`
		PushContent    any       `yaml:"push_content"`
		Ext            string    `yaml:"ext"`
	}
	target struct {
		UserID       string `yaml:"user_id" json:"user_id"`
		DepartmentID string `yaml:"department_id" json:"department_id"`
		ChatID       string `yaml:"chat_id" json:"chat_id"`
	}
	answer struct {
		Code int `json:"code"`
		Data struct {
			Notification notification `json:"notification"`
		} `json:"data"`
	}
	notification struct {
		JobName        string   `json:"job_name"`
		PushType       int      `json:"push_type"`
		PushScopeType  int      `json:"push_scope_type"`
		UserList       []target `json:"user_list"`
		DepartmentList []target `json:"department_list"`
		ChatList       []target `json:"chat_list"`
		SendAt         string   `json:"send_at"`
		PushContent    string   `json:"push_content"`
		Ext            string   `json:"ext"`
	}
)

// UnmarshalYAML takes a bare id as well as a mapping.
func (t *target) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		t.UserID = n.Value // of whatever kind; only equality matters here
		return nil
	}
	type plain target
	return n.Decode((*plain)(t))
}

func (d draft) equals(n notification, card any) bool {
	pushTypes := []string{"scheduled", "new_staff"}
	scopes := []string{"all_members", "chats_only", "selected_members", "new_staff"}
	return d.JobName == n.JobName && d.PushType == pushTypes[n.PushType] && d.PushScopeType == scopes[n.PushScopeType] &&
		strconv.FormatInt(d.SendAt.UnixMilli(), 10) == n.SendAt && d.Ext == n.Ext &&
		sameTargets(d.UserList, n.UserList) && sameTargets(d.DepartmentList, n.DepartmentList) && sameTargets(d.ChatList, n.ChatList) &&
		reflect.DeepEqual(d.PushContent, card)
}

func sameTargets(a, b []target) bool {
	set := func(list []target) []string {
		ids := make([]string, len(list))
		for i, t := range list {
			ids[i] = t.UserID + t.DepartmentID + t.ChatID
		}
		slices.Sort(ids)
		return ids
	}
	return slices.Equal(set(a), set(b))
}
