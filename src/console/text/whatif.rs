//! Words of what-if beside the rule editor.

use super::Say;

super::messages! {
    WhatIfTitle: en "What if", zh "试算";
    LastDays(days: u16): en "last {days} days", zh "最近 {days} 天";
    RangeWhere(when: &str): en "whole log where {when}", zh "全部日志，{when}";
    WholeLog: en "whole log", zh "全部日志";
    LeadsAndTime(leads: &str, ms: u64): en "{leads} leads · {ms} ms", zh "{leads} 条线索 · {ms} 毫秒";
    PartialMark(leads: &str): en "partial: latest {leads} leads", zh "部分：最近 {leads} 条";
    UpdatingMark: en "updating", zh "更新中";
    StaleMark: en "the draft has problems; last valid answer", zh "草稿有问题，显示上一次有效的结果";
    ReadingLog(percent: u64): en "reading the log, {percent} %", zh "正在读取日志，{percent}%";
    NoSuchPromotionWord: en "the rule book has no promotion of this name", zh "规则中没有这个大促";
    PromotionNotYet: en "the promotion has not been on yet", zh "这个大促还没有进行过";
    WhatIfFailed(why: &Say): en "no preview: {why}", zh "无法试算：{why}";
    ColRule: en "rule", zh "规则";
    ColRep: en "rep", zh "销售";
    ColDraft: en "draft", zh "草稿";
    ColFair: en "fair", zh "应得";
    RowNobody: en "with nobody", zh "无人负责";
    RowUnmatched: en "unmatched", zh "未匹配";
    WhatIfFoot(was: &str, is: &str, capped_was: &str, capped: &str, late_was: &str, late: &str):
        en "spread {was} → {is}   capped out {capped_was} → {capped}   overdue {late_was} → {late}",
        zh "均衡度 {was} → {is}   因上限落空 {capped_was} → {capped}   超时 {late_was} → {late}";
    ChangeHands(leads: &str, key: &str): en "{leads} leads change hands: {key} lists them", zh "{leads} 条线索换人：{key} 列出";
    NoneChangeHands: en "no lead changes hands", zh "没有线索换人";
    MoreRules(count: usize): en "… {count} more", zh "… 另有 {count} 项";
    HandsTitle(leads: &str): en "{leads} leads change hands", zh "{leads} 条线索换人";
    NobodyHas: en "nobody", zh "无人";
    HandsHint: en "Enter says why under both books", zh "按回车键查看两套规则下的原因";
    UnderPublished: en "published", zh "已发布";
    UnderDraft: en "draft", zh "草稿";
    CannotKnow: en "What this cannot know", zh "这里无法知道的";
    CmdRange: en "range", zh "范围";
    CmdRangeHelp: en "Another stretch of the log for what-if: days, a promotion, everything.", zh "切换试算所用的日志范围：天数、大促或全部。";
    CmdTables: en "tables", zh "明细";
    CmdTablesHelp: en "What-if below the editor: whole tables, or what it comes to.", zh "编辑器下方的试算：显示明细或只显示结果。";
    TablesBeside: en "the tables stand beside the editor", zh "明细在编辑器右侧";
    CmdHands: en "change hands", zh "换人线索";
    CmdHandsHelp: en "The leads that the draft gives to somebody else.", zh "列出草稿会分给别人的线索。";
    CmdHandsWhy: en "why", zh "原因";
    CmdHandsWhyHelp: en "Why the lead goes where, under the published book and under the draft.", zh "查看该线索在已发布规则和草稿下各归谁、为什么。";
    NoPreview: en "there is no preview yet", zh "还没有试算结果";
    ScopeWhatIf: en "What if", zh "试算";
}
