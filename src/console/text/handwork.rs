//! Handwork on many leads: its commands, what an order would come to, and what came of it.

super::messages! {
    CmdMarkRange: en "mark range", zh "标记区间";
    CmdMarkRangeHelp: en "Mark everything from the last mark to here.", zh "标记上一个标记到这里的全部线索。";
    CmdMarkAll: en "mark all", zh "全部标记";
    CmdMarkAllHelp: en "Mark every lead the queue shows, through view and filter.", zh "标记当前视图和筛选下显示的全部线索。";
    CmdMarkInvert: en "invert marks", zh "反选";
    CmdMarkInvertHelp: en "Mark what is not marked, and the other way round.", zh "已标记的取消，未标记的标记。";
    CmdMarkClear: en "clear marks", zh "清除标记";
    CmdMarkClearHelp: en "Take every mark away.", zh "取消全部标记。";
    CmdMarkUp: en "mark and up", zh "标记并上移";
    CmdMarkUpHelp: en "Mark the lead and go up.", zh "标记该线索并上移。";
    CmdMarkDown: en "mark and down", zh "标记并下移";
    CmdMarkDownHelp: en "Mark the lead and go down.", zh "标记该线索并下移。";
    CmdPool: en "to pool", zh "放入线索池";
    CmdPoolHelp: en "Put the lead into the pool, for reps to claim.", zh "把线索放入线索池，供销售领取。";
    CmdClaim: en "claim", zh "领取";
    CmdClaimHelp: en "Take the lead from the pool, as a rep.", zh "以销售身份从线索池领取线索。";
    CmdShowPool: en "pool", zh "线索池";
    CmdShowPoolHelp: en "Show what lies in the pool.", zh "查看线索池中的线索。";
    CmdForce: en "over cap too", zh "可超上限";
    CmdForceHelp: en "Place over cap and off duty too; Enter then asks for the reason.", zh "超上限或离岗也分配，按 Enter 后填写原因。";
    CmdTurn: en "uses a turn", zh "计入均衡";
    CmdTurnHelp: en "Whether each lead placed uses a turn of the rep.", zh "分配的线索是否计入该销售的均衡。";
    ScopeAssign: en "Assigning", zh "分配框";

    NothingShown: en "the list is empty", zh "列表为空";
    NothingMarked: en "nothing is marked", zh "没有标记";
    NoPoolInBook: en "the rules have no pool; add a line: pool", zh "分配规则中没有线索池，请加一行 pool";
    AlreadyPooled: en "the lead is in the pool already", zh "该线索已在线索池中";
    NotInThePool: en "the lead is not in the pool", zh "该线索不在线索池中";
    OnlyRepsClaim: en "only a rep claims, under their own login", zh "只有销售可用自己的登录名领取";
    InPool: en "pool", zh "线索池";
    ShowPoolView: en "pool", zh "线索池";

    MarksFull(max: usize): en "{max} marked, the most at once", zh "已标记 {max} 条，一次最多这些";
    MarksFullOf(max: usize, shown: usize): en "{max} marked, the most at once; {shown} are shown", zh "已标记 {max} 条，一次最多这些；共显示 {shown} 条";
    MarkedAway(count: usize, away: usize): en "{count} marked, {away} not shown", zh "已标记 {count}，未显示 {away}";
    MarkTold(what: &crate::console::text::Say): en "marked: {what}", zh "已标记的线索：{what}";
    MarkLeft(what: &crate::console::text::Say): en "left the marks: {what}", zh "已移出标记：{what}";
    AndMore(what: &crate::console::text::Say, more: usize): en "{what}, and {more} more", zh "{what}，另有 {more} 条";
    StillMarked(count: usize): en "{count} stay marked", zh "仍标记 {count} 条";

    PoolPrompt: en "To the pool: why? (may stay empty)", zh "放入线索池：说明原因（可留空）";
    HoldOver: en "hold over", zh "暂占已到期";
    TurnYes: en "uses a turn", zh "计入均衡";
    TurnNo: en "uses no turn", zh "不计均衡";
    ForceYes: en "over cap too", zh "可超上限";
    AskMany(what: crate::console::text::T, count: usize): en "{what}: {count} leads", zh "{what}：{count} 条线索";

    Foresee(all: usize, what: &crate::console::text::Say): en "{all} leads: {what}", zh "{all} 条线索：{what}";
    ForeseeOne(what: &crate::console::text::Say): en "{what}", zh "{what}";
    GoTo(count: usize, rep: &str): en "{count} → {rep}", zh "{count} 条 → {rep}";
    Become(count: usize, what: crate::console::text::T): en "{count} {what}", zh "{what} {count} 条";
    Insisted(count: usize): en "{count} only because you insist", zh "其中 {count} 条需强制";
    Stay(count: usize, why: &crate::console::text::Say): en "{count} stay: {why}", zh "{count} 条不变：{why}";
    NoneGo: en "none can be moved", zh "都不能移动";
    Because(count: usize, why: &crate::console::text::Say): en "{count} {why}", zh "{count} 条{why}";
    BecomeRecalled: en "recalled", zh "回收";
    BecomeReturned: en "given back", zh "退回";
    BecomeParked: en "parked", zh "转待人工";
    BecomePooled: en "to the pool", zh "放入线索池";
    BecomeClaimed: en "claimed", zh "领取";
    BecomeFree: en "back to the engine", zh "交回引擎";
    BecomeHeld: en "held", zh "暂占";
    BecomeReleased: en "released", zh "解除暂占";
    BecomeAccepted: en "accepted", zh "确认建议";
    BecomeMerged: en "merged", zh "合并";

    WhyHeld(by: &str): en "held by {by}", zh "由 {by} 暂占";
    WhyChanged(by: &str): en "changed by {by} since", zh "已被 {by} 改动";
    WhyOverCap: en "over cap", zh "超上限";
    WhyOverDay: en "over the day cap", zh "超日上限";
    WhyOffDuty: en "off duty", zh "不在岗";
    WhyOnLeave: en "on leave", zh "请假";
    WhyInactive: en "deactivated", zh "已停用";
    WhyNobody(team: &str): en "nobody free in {team}", zh "{team} 无人可接";
    WhyAlready: en "so already", zh "已是如此";
    WhyState(state: crate::console::text::T): en "are {state}", zh "处于{state}";
    WhyDnc: en "do not contact", zh "要求勿联系";
    WhyGone: en "gone", zh "已不在";
    WhyNotSeen: en "not open to your team", zh "不向你的团队开放";
    WhyTooNew: en "too new in the pool", zh "刚进入线索池";
    WhyClaimsUsed: en "beyond today's claims", zh "超出今日领取数";
    WhyHandFull: en "beyond your hand", zh "超出在手上限";
    WhyCooldown: en "yours before", zh "曾由你负责";
    WhyMoved: en "proposed otherwise now", zh "建议已变";

    CmdRedo: en "redo", zh "重做";
    CmdRedoHelp: en "Take your last undo back.", zh "取消你的上一次撤销。";
    NothingToRedo: en "no undo of yours to take back", zh "没有可重做的撤销";
    DidRedo(what: &crate::console::text::Say): en "done again: {what}", zh "已重做：{what}";
    EveryLead: en "every lead", zh "全部线索";
    DivertIs(scope: &str, to: &str, until: &str): en "{scope} → {to} until {until}", zh "{scope} → {to}，至 {until}";
    DidDivert(what: &str): en "divert: {what}", zh "临时改道：{what}";
    DidEndDivert(divert: &str): en "divert {divert} ended", zh "临时改道 {divert} 已结束";
    DidMerge(count: usize, into: &str): en "{count} merged into {into}", zh "已将 {count} 条合并到 {into}";
    DidUnmerge(lead: &str): en "{lead} is a lead of its own again", zh "{lead} 已取消合并";
    DidPool(leads: &str): en "{leads} into the pool", zh "{leads} 已放入线索池";
    DidClaim(leads: &str): en "claimed {leads}", zh "已领取 {leads}";
}
