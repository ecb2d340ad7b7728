package report

import "notiform/reconcile"

// This is the table of what people read in a ticket message, which says everything in Chinese and in
// English; a test holds the verbs of the two against each other. Values that are words themselves
// are said in the same language.

// words are the same words in both languages, with the same values in them.
type words struct {
	zh, en string
	enMany string // English for any number but one, which is the first value; "" where it makes no difference
}

// ticketText is one sentence of a ticket message.
type ticketText int

const (
	ticketPlan ticketText = iota
	ticketApply
	ticketNoPlan
	ticketRun
	ticketAddress
	ticketError
	ticketRefused
	ticketFaults
	ticketFault
	ticketMore
	ticketRemoved
	ticketOutside
	ticketPlanCounts
	ticketCountsJoin
	ticketApplyCounts
	ticketApplyNothing
	ticketHelpdesk
	ticketIncomplete
	ticketWidened
	ticketPassed
	ticketWouldLose
	ticketLost
	ticketDigest
	ticketStillDrafts
	ticketLeftOut
	ticketDraft
	ticketDraftFields
	ticketNoName
	ticketFieldsJoin
	ticketIndent // of what stands below the heading of a draft
	ticketAudience
	ticketSendAt
	ticketWouldOverwrite
	ticketOverwrote
	ticketStatus
	ticketDraftError
	ticketApproval
	ticketCreateCounts
	ticketCreateNothing
	ticketTexts // how many there are
)

func ticketTable() [ticketTexts]words {
	return [ticketTexts]words{
		ticketPlan:           {zh: "notiform 计划：%s", en: "notiform plan: %s"},
		ticketApply:          {zh: "notiform 应用：%s", en: "notiform apply: %s"},
		ticketNoPlan:         {zh: "没有计划。", en: "There is no plan."},
		ticketRun:            {zh: "运行记录", en: "the run"},
		ticketAddress:        {zh: "%s：%s", en: "%s: %s"},
		ticketError:          {zh: "错误：%s", en: "error: %s"},
		ticketRefused:        {zh: "apply 会拒绝写入：%s", en: wouldRefuse},
		ticketFaults:         {zh: "草稿文件中有 %d 处错误，未进行比较：", en: "%d fault in the draft files, so nothing was compared:", enMany: "%d faults in the draft files, so nothing was compared:"},
		ticketFault:          {zh: "%s [%s]", en: "%s [%s]"},
		ticketMore:           {zh: "……", en: "…"},
		ticketRemoved:        {zh: "有 %d 条草稿已不在任何文件中，其通知仍保留在服务台。", en: "%d draft is in no file any more; its notification stays in the helpdesk.", enMany: "%d drafts are in no file any more; their notifications stay in the helpdesk."},
		ticketOutside:        {zh: "本次变更之外的文件中有 %d 处问题，不影响结果。", en: "%d fault in files outside of the change stops nobody.", enMany: "%d faults in files outside of the change stop nobody."},
		ticketPlanCounts:     {zh: "计划：%s", en: planIs},
		ticketCountsJoin:     {zh: "，", en: ", "},
		ticketApplyCounts:    {zh: "结果：%s", en: applyCounts},
		ticketApplyNothing:   {zh: "结果：无需执行，没有草稿", en: applyNothing},
		ticketCreateCounts:   {zh: "新建结果：%s", en: createCounts},
		ticketCreateNothing:  {zh: "新建结果：没有草稿", en: createNothing},
		ticketHelpdesk:       {zh: "服务台 %s（%s）", en: helpdeskIs},
		ticketIncomplete:     {zh: "计划不完整：运行被中止，有 %d 条草稿未读取。", en: "The plan is not complete: the run was stopped with %d draft not read.", enMany: "The plan is not complete: the run was stopped with %d drafts not read."},
		ticketWidened:        {zh: "⚠ %d 条草稿的受众扩大", en: "⚠ %d draft with a widened audience", enMany: "⚠ %d drafts with a widened audience"},
		ticketPassed:         {zh: "⚠ %d 条草稿的 send_at 已过", en: "⚠ %d draft with a send_at that has passed", enMany: "⚠ %d drafts with a send_at that has passed"},
		ticketWouldLose:      {zh: "⚠ 将覆盖 %d 条草稿在控制台上的手工修改", en: "⚠ %d draft would lose edits made at the console", enMany: "⚠ %d drafts would lose edits made at the console"},
		ticketLost:           {zh: "⚠ %d 条草稿覆盖了控制台上的手工修改", en: "⚠ %d draft lost edits made at the console", enMany: "⚠ %d drafts lost edits made at the console"},
		ticketDigest:         {zh: "摘要：%s", en: digestIs},
		ticketStillDrafts:    {zh: "以上均为草稿：在服务台审批并发送之前，不会推送给任何人。", en: "These are drafts: nothing reaches anybody until they are approved and sent in the helpdesk."},
		ticketLeftOut:        {zh: "此处省略 %d 条草稿，详见本次运行的输出。", en: "%d more draft left out here; the output of the run has them all.", enMany: "%d more drafts left out here; the output of the run has them all."},
		ticketDraft:          {zh: "%s：%s（%s）", en: "%s: %s (%s)"},
		ticketDraftFields:    {zh: "%s：%s（%s）：%s", en: "%s: %s (%s): %s"},
		ticketNoName:         {zh: "（无 job_name）", en: noJobName},
		ticketFieldsJoin:     {zh: "、", en: ", "},
		ticketIndent:         {zh: "    ", en: "    "},
		ticketAudience:       {zh: "    ⚠ 受众：%s", en: "    ⚠ audience: %s"},
		ticketSendAt:         {zh: "    ⚠ send_at 已过：%s", en: "    ⚠ send_at has passed: %s"},
		ticketWouldOverwrite: {zh: "    ⚠ 将覆盖在控制台上的手工修改", en: "    ⚠ would overwrite an edit made at the console"},
		ticketOverwrote:      {zh: "    ⚠ 覆盖了在控制台上的手工修改", en: "    ⚠ an edit made at the console was overwritten"},
		ticketStatus:         {zh: "    状态为 %d，飞书只允许修改草稿（状态 0）", en: "    its status is %d, and Feishu changes only drafts (status 0)"},
		ticketDraftError:     {zh: "    错误：%s", en: "    error: %s"},
		ticketApproval:       {zh: "前往审批", en: "open its approval page"},
	}
}

// planCount is one thing that a plan counts.
type planCount struct {
	of     func(reconcile.Summary) int
	always bool // told when there is none, too
	words
}

func planCountTable() []planCount {
	return []planCount{
		{func(s reconcile.Summary) int { return s.Create }, false, words{zh: "新建 %d", en: "%d to create"}},
		{func(s reconcile.Summary) int { return s.Update }, true, words{zh: "更新 %d", en: "%d to update"}},
		{func(s reconcile.Summary) int { return s.NoOp }, true, words{zh: "无变化 %d", en: "%d unchanged"}},
		{func(s reconcile.Summary) int { return s.Blocked }, true, words{zh: "受阻 %d", en: "%d blocked"}},
		{func(s reconcile.Summary) int { return s.Closed }, false, words{zh: "已结束 %d", en: "%d closed"}},
		{func(s reconcile.Summary) int { return s.Failed }, true, words{zh: "失败 %d", en: "%d failed"}},
		{func(s reconcile.Summary) int { return s.NotRead }, false, words{zh: "未读取 %d", en: "%d not read"}},
	}
}

// ticketLabels say what is planned for a draft, or what became of it, by action or outcome.
func ticketLabels() map[string]words {
	return map[string]words{
		string(reconcile.Create):              {zh: "新建", en: "create"},
		string(reconcile.OutcomeClosed):       {zh: "已结束", en: "closed"},
		string(reconcile.OutcomeNotCreated):   {zh: "未创建", en: "not created"},
		string(reconcile.Update):              {zh: "更新", en: "update"},
		string(reconcile.NotRead):             {zh: "未读取", en: "not read"},
		string(reconcile.OutcomeBlocked):      {zh: "受阻", en: "blocked"},
		string(reconcile.OutcomeFailed):       {zh: "失败", en: "failed"},
		string(reconcile.OutcomeApplied):      {zh: "已写入", en: "applied"},
		string(reconcile.OutcomeUnchanged):    {zh: "无变化", en: "unchanged"},
		string(reconcile.OutcomeStale):        {zh: "已过期，未写入", en: "stale, not written"},
		string(reconcile.OutcomeUnverified):   {zh: "已发送，未验证", en: "sent, unverified"},
		string(reconcile.OutcomeCreated):      {zh: "已新建", en: "created"},
		string(reconcile.OutcomeSkipped):      {zh: "已跳过", en: "skipped"},
		string(reconcile.OutcomeUnknown):      {zh: "结果未知", en: "unknown"},
		string(reconcile.OutcomeNotAttempted): {zh: "未执行", en: "not attempted"},
	}
}

// count is how many drafts had an outcome.
type count struct {
	n int
	words
}

// outcomeCounts are what an apply came to, in the order in which it is said.
func outcomeCounts(s reconcile.ResultSummary) []count {
	return []count{
		{s.Applied, words{zh: "已写入 %d", en: "%d applied"}},
		{s.Unchanged, words{zh: "无变化 %d", en: "%d unchanged"}},
		{s.Blocked, words{zh: "受阻 %d", en: "%d blocked"}},
		{s.Closed, words{zh: "已结束 %d", en: "%d closed"}},
		{s.NotCreated, words{zh: "未创建 %d", en: "%d not created"}},
		{s.Stale, words{zh: "已过期 %d", en: "%d stale"}},
		{s.Created, words{zh: "已新建 %d", en: "%d created"}},
		{s.Skipped, words{zh: "已跳过 %d", en: "%d skipped"}},
		{s.Unknown, words{zh: "结果未知 %d", en: "%d unknown"}},
		{s.Unverified, words{zh: "未验证 %d", en: "%d unverified"}},
		{s.Failed, words{zh: "失败 %d", en: "%d failed"}},
		{s.NotAttempted, words{zh: "未执行 %d", en: "%d not attempted"}},
	}
}

// endingWords say how a run ended, in the heading of a page and in the title of a message.
type endingWords struct {
	page   string
	ticket words
}

func endingTable() [endings]endingWords {
	return [endings]endingWords{
		endedFailed:      {"failed", words{zh: "失败", en: "failed"}},
		endedFaulty:      {"the draft files have errors", words{zh: "草稿文件有误", en: "the draft files have errors"}},
		endedBlocked:     {"something is blocked", words{zh: "部分草稿受阻", en: "some drafts are blocked"}},
		endedGuarded:     {"apply would refuse it", words{zh: "apply 会拒绝写入", en: "apply would refuse it"}},
		endedRefused:     {"refused", words{zh: "被拒绝，未写入任何内容", en: "refused, and nothing was written"}},
		endedPartly:      {"partly written", words{zh: "部分完成", en: "partly done"}},
		endedUsage:       {"wrong usage", words{zh: "失败", en: "failed"}},
		endedInterrupted: {"interrupted", words{zh: "已中断", en: "interrupted"}},
		endedWritten:     {"written and read back", words{zh: "已完成", en: "done"}},
		endedUnwritten:   {"nothing to write", words{zh: "无需变更", en: "nothing to change"}},
		endedChanges:     {"changes to review", words{zh: "有变更待审阅", en: "changes to review"}},
		endedEqual:       {"no changes", words{zh: "无需变更", en: "nothing to change"}},
		endedInOrder:     {"in order", words{zh: "无需变更", en: "nothing to change"}},
	}
}
