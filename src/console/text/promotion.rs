//! Words of promotions: the list, what one changes, the form that switches it on, its report; and a leaver's one heir.

super::messages! {
    PromotionsTitle: en "Promotions", zh "大促";
    CmdPromotions: en "promotions", zh "大促";
    CmdPromotionsHelp: en "Switch a promotion on with an end, stop it, see what it did.", zh "查看规则中的大促：限时开启、结束、查看效果。";
    CmdPromotionsHere: en "promotions", zh "大促";
    CmdPromotionsHereHelp: en "See the promotions or switch one on; Esc leads back to the choice.", zh "查看或开启大促，按 Esc 返回分配。";
    CmdPromotionStart: en "switch on…", zh "开启…";
    CmdPromotionStartHelp: en "Switch the promotion on until a time you say, or change when it ends.", zh "把大促开启到指定时间，或更改结束时间。";
    CmdPromotionStop: en "stop", zh "结束";
    CmdPromotionStopHelp: en "End the promotion now; what it gave stays.", zh "立即结束大促，已分配的不变。";
    CmdPromotionReport: en "report", zh "效果";
    CmdPromotionReportHelp: en "The promotion beside a stretch of the same length before it.", zh "大促期间与之前同样长的一段时间对比。";
    NoPromotions: en "The rules have no promotion. Write one: e, then promotion \"NAME\".", zh "规则中没有大促。按 e 编辑规则，写 promotion \"名称\"。";
    NoPromotionSelected: en "no promotion is selected", zh "没有选中大促";
    PromotionIsOff: en "the promotion is not on", zh "大促没有进行";
    PromotionNeverRan: en "the promotion has not run yet", zh "大促还没有进行过";
    PromotionForm(name: &str): en "Switch on: {name}", zh "开启大促：{name}";
    SlotReason: en "reason", zh "原因";
    SlotUntil: en "until when", zh "到何时";
    BadEnd: en "until when? 3h, 23:00, 11-12 00:00", zh "请填写何时结束，如 3h、23:00、11-12 00:00";
    EndsAt(at: &str): en "ends {at}", zh "结束于 {at}";
    PromoOn(until: &str): en "on until {until}", zh "进行中，至 {until}";
    PromoComes(from: &str, until: &str): en "comes {from} to {until}", zh "将于 {from} 至 {until}";
    PromoOver(until: &str): en "over since {until}", zh "已于 {until} 结束";
    PromoOff: en "off", zh "未进行";
    PromoWindow(name: &str): en "window {name}", zh "时间窗 {name}";
    PromoByHand: en "by hand", zh "手动";
    PromoRule(name: &str): en "rule \"{name}\"", zh "规则「{name}」";
    PromoSetBy(by: &str, at: &str, why: &str): en "switched by {by} {at} {why}", zh "{by} 于 {at} 操作 {why}";
    DidStartPromotion(name: &str, until: &str): en "{name} is on until {until}", zh "{name} 已开启，至 {until}";
    DidStopPromotion(name: &str): en "{name} is over", zh "{name} 已结束";
    EffectCap(cap: u32): en "cap {cap}", zh "上限 {cap}";
    EffectDayCap(cap: u32): en "day cap {cap}", zh "日上限 {cap}";
    EffectCaps: en "caps", zh "上限";
    EffectWeights: en "weights", zh "权重";
    EffectHours: en "hours", zh "工作时间";
    EffectOneRule: en "a rule", zh "规则 1 条";
    EffectRules(count: usize): en "{count} rules", zh "规则 {count} 条";
    EffectWatch: en "alert limits", zh "提醒限值";
    PromotionWith(name: &str, until: &str, effect: &crate::console::text::Say):
        en "{name} until {until}: {effect}", zh "{name} 至 {until}：{effect}";
    SoFar(count: u64): en "{count} so far", zh "已改道 {count}";
    DivertSoFar(what: &crate::console::text::Say, count: u64): en "{what} ({count} so far)", zh "{what}（已改道 {count}）";
    ReportTitle(name: &str): en "Report ─ {name}", zh "效果 ─ {name}";
    ReportSpan(from: &str, until: &str, state: crate::console::text::T): en "{from} to {until} · {state}", zh "{from} 至 {until} · {state}";
    ReportSoFar: en "so far", zh "进行中";
    ReportOver: en "over", zh "已结束";
    ReportBefore: en "before", zh "之前";
    ReportDuring: en "during", zh "期间";
    ReportBegins(at: &str): en "the desk's log begins only {at}: before has less in it", zh "工作台的记录始于 {at}，「之前」不完整";

    CmdHandTo: en "to one…", zh "交给同事…";
    CmdHandToHelp: en "All their leads to one colleague you choose, whatever caps say.", zh "全部线索交给你选的一位同事，不受上限约束。";
    CmdHandTurn: en "uses turns", zh "计入均衡";
    CmdHandTurnHelp: en "Whether each lead handed over uses a turn of the colleague.", zh "交接的线索是否计入该同事的均衡。";
    ScopeHandTo: en "Handing over", zh "交接给同事";
    HandToTitle(name: &str, count: u32): en "The {count} leads of {name} go to", zh "{name} 的 {count} 条线索交给";
    AskHandTo(name: &str, heir: &str): en "{name} leaves; all their leads go to {heir}?", zh "{name} 离职，全部线索交给 {heir}？";
    DidHandTo(name: &str, heir: &str): en "{name} left; the leads are with {heir}", zh "{name} 已离职，线索已交给 {heir}";
    OverCapBy(count: u32): en "{count} over cap", zh "超上限 {count} 条";
}
