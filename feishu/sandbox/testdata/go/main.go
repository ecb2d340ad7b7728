// Command client drives a sandbox with the official Go SDK, as its samples call it, and prints what
// came of each step: "step: code" and what the answer held, one a line.
package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"

	lark "github.com/larksuite/oapi-sdk-go/v3/core"
	helpdesk "github.com/larksuite/oapi-sdk-go/v3/service/helpdesk/v1"
)

// desk is what lark.NewClient makes of the helpdesk; its sixty other services take minutes to compile.
func desk(id, secret string) *helpdesk.V1 {
	credential := os.Getenv("FEISHU_HELPDESK_ID") + ":" + os.Getenv("FEISHU_HELPDESK_TOKEN")
	c := &lark.Config{
		BaseUrl: os.Getenv("FEISHU_BASE_URL"), AppId: id, AppSecret: secret,
		AppType: lark.AppTypeSelfBuilt, EnableTokenCache: true, LogLevel: lark.LogLevelError + 1,
		HelpdeskAuthToken: base64.StdEncoding.EncodeToString([]byte(credential)),
	}
	lark.NewLogger(c)
	lark.NewCache(c)
	lark.NewSerialization(c)
	lark.NewHttpClient(c)
	return helpdesk.New(c)
}

// step prints the code of an answer and what it holds, or what its error names. Anything but an answer
// ends the program.
func step(name string, err error, answer lark.CodeError, shown ...any) {
	if err != nil && !errors.As(err, &answer) { // which is how a refused app comes
		panic(err)
	}
	if answer.Code != 0 {
		shown = []any{answer.Msg}
	}
	if answer.Err != nil {
		for _, v := range answer.Err.PermissionViolations {
			shown = []any{v.Type, v.Subject}
		}
	}
	fmt.Println(append([]any{name + ":", answer.Code}, shown...)...)
}

func main() {
	ctx := context.Background()
	appID, secret := os.Getenv("FEISHU_APP_ID"), os.Getenv("FEISHU_APP_SECRET")
	sdk := desk(appID, secret)
	notification, credential := sdk.Notification, lark.WithNeedHelpDeskAuth()
	owner := lark.WithUserAccessToken(os.Getenv("FEISHU_USER_ACCESS_TOKEN"))
	draft := func(name, userID string) *helpdesk.Notification {
		user := helpdesk.NewNotificationUserBuilder().UserId(userID).Build()
		return helpdesk.NewNotificationBuilder().JobName(name).PushType(0).PushScopeType(2).PushContent(`{"elements":[]}`).
			UserList([]*helpdesk.NotificationUser{user}).Build()
	}

	created, err := notification.Create(ctx, helpdesk.NewCreateNotificationReqBuilder().UserIdType("union_id").
		Notification(draft("SDK", "on_x")).Build(), owner, credential)
	step("create", err, created.CodeError, *created.Data.Status)
	id := *created.Data.NotificationId

	get := func(name, idType string, options ...lark.RequestOptionFunc) {
		a, err := notification.Get(ctx, helpdesk.NewGetNotificationReqBuilder().NotificationId(id).UserIdType(idType).Build(), options...)
		var shown []any
		if err == nil && a.Success() {
			n := a.Data.Notification
			shown = []any{*n.JobName, *n.UserList[0].UserId, *n.CreateUser.UserId, *n.UpdateUser.UserId}
		}
		step(name, err, a.CodeError, shown...)
	}
	patch := func(name string, token lark.RequestOptionFunc, n *helpdesk.Notification) {
		a, err := notification.Patch(ctx, helpdesk.NewPatchNotificationReqBuilder().NotificationId(id).UserIdType("user_id").Notification(n).Build(), token, credential)
		step(name, err, a.CodeError)
	}
	get("get open_id", "open_id", owner, credential)
	patch("patch", owner, draft("patched", "y"))
	get("get union_id", "union_id", owner, credential)
	get("get user_id", "user_id", owner, credential)
	preview, err := notification.Preview(ctx, helpdesk.NewPreviewNotificationReqBuilder().NotificationId(id).Build(), owner, credential)
	step("preview", err, preview.CodeError)
	get("without helpdesk credential", "open_id", owner)
	get("unknown user token", "open_id", lark.WithUserAccessToken("u-unknown"), credential)
	patch("read-only user token", lark.WithUserAccessToken("u-sandbox-readonly"), draft("no", "y"))
	submitted, err := notification.SubmitApprove(ctx, helpdesk.NewSubmitApproveNotificationReqBuilder().NotificationId(id).Body(
		helpdesk.NewSubmitApproveNotificationReqBodyBuilder().Reason("r").Build()).Build(), owner, credential)
	step("submit_approve", err, submitted.CodeError, *submitted.Data.HasAccess)
	patch("patch what is no draft", owner, draft("no", "y"))

	say := func(name string, desk *helpdesk.V1) {
		a, err := desk.TicketMessage.Create(ctx, helpdesk.NewCreateTicketMessageReqBuilder().TicketId("6948728206392295444").Body(
			helpdesk.NewCreateTicketMessageReqBodyBuilder().MsgType("text").Content(`{"text":"hello"}`).Build()).Build(), credential)
		if err != nil {
			step(name, err, lark.CodeError{})
			return
		}
		step(name, nil, a.CodeError, (*a.Data.MessageId)[:3])
	}
	say("wrong secret", desk(appID, "x")) // first: the SDK keeps a token by the app's id
	say("unknown app", desk("cli_a000000000000001", secret))
	say("malformed app id", desk("cli_x", secret))
	say("ticket message", sdk)
}
