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
    NotHere: en "not here", zh "这里不可用";
    NoFilter: en "no filter is set", zh "没有设置筛选";

    LeadGone(lead: &str): en "{lead} left this list", zh "{lead} 已离开列表";
    LeadAssigned(lead: &str, rep: &str): en "{lead} → {rep}", zh "{lead} 已分配给 {rep}";
    AskAssign(rep: &str, why: &crate::console::text::Say): en "{rep}: {why}. Assign anyway?", zh "{rep}：{why}。仍要分配吗？";
    AskDo(what: crate::console::text::T): en "{what}?", zh "{what}？";
    UnknownKey(key: &str): en "{key} does nothing here; ? shows what does", zh "{key} 在这里没有作用，按 ? 查看可用按键";
    CannotDo(what: crate::console::text::T, why: &crate::console::text::Say):
        en "{what}: {why}", zh "{what}：{why}";
}
