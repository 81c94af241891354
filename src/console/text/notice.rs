//! What happened and why something cannot be done now. Each sentence says what to do next where there is something to do.

super::messages! {
    NoLeadSelected: en "select a lead first", zh "请先选中一条线索";
    NoRepSelected: en "select a rep first", zh "请先选中一位销售";
    NoAlertSelected: en "no alert is selected", zh "没有选中异常提醒";
    NoRemedy: en "this alert offers no such remedy", zh "该提醒没有这项处理";
    NoOwner: en "the lead has no owner", zh "该线索没有负责人";
    NotHeldByYou: en "you do not hold this lead", zh "你没有暂占该线索";
    AlreadyHeld: en "the lead is already held", zh "该线索已被暂占";
    NotPinned: en "the engine already has this lead", zh "该线索已由引擎处理";
    AlreadyWaiting: en "the lead is already parked", zh "该线索已在待人工";
    NothingToUndo: en "nothing of yours to undo", zh "没有可撤销的操作";
    NoPhone: en "the lead has no phone", zh "该线索没有电话";
    NotAllowed: en "your role may not do this", zh "你的角色无权执行";
    OnlyWaiting: en "only when the desk is empty", zh "仅在没有线索时可用";
    NoProblems: en "the rules have no problems", zh "规则没有问题";
    DraftUnchanged: en "the draft equals the published rules", zh "草稿与已发布的规则相同";
    DraftHasProblems: en "fix the problems first (F2)", zh "请先解决问题（F2）";
    NoShell: en "no shell to go back to", zh "没有可返回的 shell";
    AlreadyHere: en "already here", zh "已经在这里";
    NoReason: en "say why first", zh "请先写明原因";
    NoProposal: en "the engine proposes nobody for this lead", zh "引擎对该线索没有建议";
    NotHere: en "not here", zh "这里不可用";
    Copied(count: usize): en "copied: {count} (if the terminal lets programs copy)", zh "已复制 {count} 条（需终端允许程序复制）";
    CopiedOf(count: usize, all: usize): en "copied {count} of {all}: no terminal takes more at once", zh "已复制 {count}/{all} 条：终端一次只能接收这么多";
    NoFilter: en "no filter is set", zh "没有设置筛选";

    LeadGone(lead: &str): en "{lead} left this list", zh "{lead} 已离开列表";
    NotLoaded: en "the desk is still opening", zh "工作台仍在打开";
    NeedsSupervisor: en "this needs a supervisor", zh "此操作需要主管";
    AskQuit: en "The draft of the rules is not published; it is offered again next time. Quit?", zh "规则草稿尚未发布，下次打开时会再提示。现在退出吗？";
    NoFix: en "this problem has no suggestion", zh "该问题没有修改建议";
    BadCap: en "write a number, or nothing for no limit", zh "请填数字，留空表示不限";
    AlreadyAuto: en "the engine is on auto", zh "引擎已是自动";

    By(name: &str): en "by {name}", zh "由 {name}";
    ByYou: en "by you", zh "由你";
    ByEngine: en "by the engine", zh "由引擎";
    WentTo(lead: &str, rep: &str, by: &crate::console::text::Say): en "{lead} → {rep} {by}", zh "{lead} → {rep} {by}";
    WentParked(lead: &str, by: &crate::console::text::Say): en "{lead} parked {by}", zh "{lead} 转待人工 {by}";
    WasRecalled(lead: &str, by: &crate::console::text::Say): en "{lead} recalled {by}", zh "{lead} 被回收 {by}";
    WasReturned(lead: &str, by: &crate::console::text::Say): en "{lead} given back {by}", zh "{lead} 被退回 {by}";
    WasFreed(lead: &str, by: &crate::console::text::Say): en "{lead} back to the engine {by}", zh "{lead} 交回引擎 {by}";
    WasMerged(lead: &str, into: &str, by: &crate::console::text::Say):
        en "{lead} merged into {into} {by}", zh "{lead} 已合并到 {into} {by}";
    WasUndone(lead: &str, by: &crate::console::text::Say): en "{lead} put back {by}", zh "{lead} 被撤销 {by}";
    WasMarked(lead: &str, state: crate::console::text::T, by: &crate::console::text::Say):
        en "{lead} {state} {by}", zh "{lead} {state} {by}";

    DidPlace(leads: &str, to: &str): en "{leads} → {to}", zh "{leads} → {to}";
    DidAccept(leads: &str): en "accepted: {leads}", zh "已确认建议：{leads}";
    DidRecall(leads: &str): en "recalled {leads}", zh "已回收 {leads}";
    DidReturn(leads: &str): en "{leads} given back", zh "已退回 {leads}";
    DidPark(leads: &str): en "parked {leads}", zh "已转待人工 {leads}";
    DidFree(leads: &str): en "{leads} back to the engine", zh "{leads} 已交回引擎";
    DidHold(leads: &str, minutes: i64): en "{leads} held for {minutes} min", zh "已暂占 {leads}，{minutes} 分钟";
    DidRelease(leads: &str): en "released {leads}", zh "已解除暂占 {leads}";
    DidMark(leads: &str, state: crate::console::text::T): en "{leads} {state}", zh "{leads} {state}";
    DidUndo(what: &crate::console::text::Say): en "undone: {what}", zh "已撤销：{what}";
    DidMode(mode: crate::console::text::T): en "engine {mode}", zh "引擎 {mode}";
    DidDuty(rep: &str, duty: crate::console::text::T): en "{rep} {duty}", zh "{rep} {duty}";
    DidCap(rep: &str, cap: &str): en "{rep}: cap {cap}", zh "{rep} 的上限为 {cap}";
    DidPublish(version: u32): en "rules v{version} in force", zh "规则 v{version} 已生效";
    DidSample: en "sample roster and rules are in; : import brings leads", zh "已载入示例名单和规则，按 : 输入“导入”可导入线索";
    DidBefore(batch: &str): en "your last work before ({batch})", zh "你之前的操作（{batch}）";
    NoLimit: en "none", zh "不限";
    ManyLeads(count: usize): en "{count} leads", zh "{count} 条线索";
    ButKept(what: &crate::console::text::Say, count: usize, why: &crate::console::text::Say):
        en "{what}; {count} stay: {why}", zh "{what}；{count} 条未变：{why}";
    FilterBad(why: &crate::console::text::Say): en "read as words: {why}", zh "按文字筛选：{why}";
    AskDo(what: crate::console::text::T): en "{what}?", zh "{what}？";
    UnknownKey(key: &str): en "{key} does nothing here; ? shows what does", zh "{key} 在这里没有作用，按 ? 查看可用按键";
    CannotDo(what: crate::console::text::T, why: &crate::console::text::Say):
        en "{what}: {why}", zh "{what}：{why}";
}
