//! Titles, captions and standing lines of the screen. What a command is called is in `command`; what happened is in `notice`.

super::messages! {
    QueueTitle: en "Queue", zh "线索队列";
    LoadsTitle: en "Load", zh "负载";
    AlertsTitle: en "Alerts", zh "异常提醒";
    LeadTitle: en "Lead", zh "线索详情";
    RulesTitle: en "Rules", zh "分配规则";
    WhyTitle: en "Why", zh "为什么";
    WhyNotTitle: en "Why not", zh "为什么不是";
    StatusTitle: en "Set status", zh "设置状态";
    AssignTitle: en "Assign", zh "分配";
    HelpTitle: en "Help", zh "帮助";
    PaletteTitle: en "Commands", zh "命令";
    ConfirmTitle: en "Are you sure?", zh "确定吗？";
    WelcomeTitle: en "Welcome", zh "欢迎";
    ReasonTitle: en "Reason", zh "原因";

    ScopeQueue: en "Queue", zh "队列";
    ScopeLead: en "Selected lead", zh "选中的线索";
    ScopeLoads: en "Load", zh "负载";
    ScopeAlerts: en "Alerts", zh "异常提醒";
    ScopeWelcome: en "Empty desk", zh "空白工作台";
    ScopeList: en "Any list", zh "任何列表";
    ScopeMain: en "Desk", zh "工作台";
    ScopeRules: en "Rules", zh "分配规则";
    ScopeScreen: en "Any screen", zh "任何页面";
    ScopeGlobal: en "Everywhere", zh "任何地方";
    ScopeFilter: en "Filter", zh "筛选";
    ScopePicker: en "Choosing", zh "选择框";
    ScopePrompt: en "Giving a reason", zh "填写原因";
    ScopeStatus: en "Status menu", zh "状态菜单";
    ScopeWhy: en "Why card", zh "原因卡片";
    ScopeConfirm: en "Confirmation", zh "确认框";
    ScopeOverlay: en "Any card", zh "任何卡片";
    KeysTitle: en "Keys", zh "按键";
    KeysIntro: en "Generated from the command table; the same list is behind ? in the console.", zh "由命令表生成，与控制台中按 ? 看到的一致。";
    KeyColumn: en "key", zh "按键";
    CommandColumn: en "command", zh "命令";
    WhatColumn: en "what it does", zh "作用";

    FilterHint: en "/ filter", zh "/ 筛选";
    QueueEmpty: en "Nothing waits. v shows assigned leads.", zh "没有待处理的线索，按 v 查看已分配。";
    QueueNoMatch: en "No lead matches the filter.", zh "没有符合筛选条件的线索。";
    AlertsEmpty: en "Nothing needs you now.", zh "目前没有需要处理的事。";
    LoadsEmpty: en "No reps yet: import a roster.", zh "还没有销售：请导入名单。";
    AlertDelayed(count: usize, limit: &str, oldest: &str, waited: &str):
        en "{count} wait past {limit}: {oldest} {waited}", zh "{count} 条等待超过 {limit}：{oldest} {waited}";
    AlertMissed(count: usize, limit: &str, oldest: &str, passed: &str):
        en "{count} unowned past {limit}: {oldest} {passed}", zh "{count} 条无人负责超过 {limit}：{oldest} {passed}";
    AlertDuplicate(a: &str, first: &str, b: &str, second: &str):
        en "{a} with {first}, {b} with {second}: one person", zh "同一人：{a} 在 {first}，{b} 在 {second}";
    AlertAtCap(rep: &str, load: i64, cap: i64): en "{rep} {load}/{cap} in hand", zh "{rep} 在手 {load}/{cap}";
    AlertDayCap(rep: &str, today: i64, cap: i64): en "{rep} {today}/{cap} today", zh "{rep} 今日 {today}/{cap}";
    AlertStalled(count: usize, idle: &str):
        en "{count} could be placed, nothing was for {idle}", zh "{count} 条可分配，已停 {idle}";
    AlertOverdue(count: usize, lead: &str):
        en "{count} unanswered past the limit: {lead}", zh "{count} 条超过响应时限未响应：{lead}";
    AlertTimerBudget(count: usize):
        en "{count} leads moved in an hour; are replies recorded?", zh "一小时内移动 {count} 条；回复是否仍在记录？";
    AlertClockSuspect(step: &str):
        en "the clock stepped {step}; timers wait: leadyard confirm-clock", zh "时钟跳变 {step}，计时已停：leadyard confirm-clock";
    HelpAssign(lead: &str): en "assign {lead}", zh "分配 {lead}";
    HelpOpen(lead: &str): en "show {lead}", zh "查看 {lead}";
    HelpBoth(a: &str, b: &str): en "show {a} and {b}", zh "查看 {a} 和 {b}";
    HelpRaiseCap(rep: &str): en "raise the cap of {rep}", zh "提高 {rep} 的上限";
    HelpParked: en "show parked leads", zh "查看待人工线索";
    HelpWaiting: en "show waiting leads", zh "查看待分配线索";
    HelpAssigned: en "show assigned leads", zh "查看已分配线索";
    HelpAuto: en "set the engine to auto", zh "切换为自动";
    HelpRules: en "look at the rules", zh "查看规则";
    LeadEmpty: en "Select a lead to see what happened to it.", zh "选中一条线索，查看它的经过。";
    NothingFound: en "Nothing found.", zh "没有找到。";
    RulesEmpty: en "No rule book yet.", zh "还没有分配规则。";
    WhyAsking: en "Asking the desk…", zh "正在查询…";

    WelcomeEmpty: en "This desk is new: no leads and no reps yet.", zh "这是新建的工作台：还没有线索和销售。";
    WelcomeHow: en "It needs a roster (who takes leads) and rules (who gets which).", zh "需要名单（谁接线索）和规则（什么线索给谁）。";
    WelcomeThen: en "Then leads come by file or one by one, and every step can be undone.", zh "之后导入或逐条录入线索，每一步都可撤销。";
    ConfirmHint: en "Enter does it, Esc leaves it.", zh "按 Enter 执行，按 Esc 取消。";
    Leads: en "leads here", zh "本机主控";
    Follows: en "another console leads", zh "其他控制台主控";
    ReadOnly: en "read-only", zh "只读";

    TooSmall(cols: u16, rows: u16): en "Leadyard needs {cols}×{rows}", zh "窗口至少需要 {cols}×{rows}";
    QueueCounts(waiting: usize, parked: usize, held: usize, open: usize):
        en "{waiting} waiting · {parked} parked · {held} held · {open} open", zh "待分配 {waiting} · 待人工 {parked} · 暂占 {held} · 未结 {open}";
    LoadCounts(on: usize, all: usize): en "{on} of {all} on duty", zh "在岗 {on}/{all}";
    SpreadIs(pct: i64): en "spread {pct} %", zh "均衡度 {pct}%";
    AlertCounts(firing: usize): en "{firing} firing", zh "触发 {firing}";
    RulesVersion(version: u32): en "rules v{version}", zh "规则 v{version}";
    PerMinute(rate: &str): en "{rate}/min", zh "{rate}/分";
    Problems(count: usize): en "problems: {count}", zh "问题：{count} 个";
    NextUpIs(mark: &str, name: &str): en "next {mark} {name}", zh "下一位 {mark} {name}";
    ShowIs(view: crate::console::text::T): en "v: {view}", zh "v：{view}";
    NextNobody: en "nobody free", zh "暂时无人可接";
    NoTeam: en "no team", zh "未分组";
    ShownOf(shown: usize, open: usize): en "{shown} of {open} open", zh "{shown} / 未结 {open}";
    MarkedCount(count: usize): en "{count} marked", zh "已标记 {count}";
    OnLeaveUntil(until: &str): en "leave to {until}", zh "请假至 {until}";
    LacksSkill(skill: &str): en "lacks {skill}", zh "缺少技能 {skill}";
    FullOf(load: u32, cap: u32): en "full {load}/{cap}", zh "已满 {load}/{cap}";
    DayFullOf(today: u32, cap: u32): en "day cap {today}/{cap}", zh "日上限 {today}/{cap}";
    PromotionOn(name: &str, until: &str): en "{name} until {until}", zh "{name} 至 {until}";
    PromotionEnded(name: &str): en "{name} ended", zh "{name} 已结束";
    ShadowOn(id: &str): en "shadow {id}", zh "影子试运行 {id}";
    CanaryOn(id: &str, share: &crate::console::text::Say, until: &str):
        en "canary {id} {share} until {until}", zh "灰度 {id} {share} 至 {until}";
    OfTeam(name: &str): en "team {name}", zh "团队 {name}";
    OfRule(name: &str): en "rule {name}", zh "规则 {name}";
    OfSource(name: &str): en "source {name}", zh "渠道 {name}";
    PartIs(part: &crate::console::text::Say, mode: crate::console::text::T): en "{part} {mode}", zh "{part} {mode}";
    PartUntil(part: &crate::console::text::Say, mode: crate::console::text::T, until: &str):
        en "{part} {mode} until {until}", zh "{part} {mode} 至 {until}";
    ModeUntil(mode: crate::console::text::T, until: &str): en "{mode} until {until}", zh "{mode} 至 {until}";
    AlertProposed(line: &crate::console::text::Say): en "{line}; proposed, accept it", zh "{line}；已有建议，待确认";
    WindowEnds(name: &str, span: &str): en "{name} ends in {span}", zh "{name} 还剩 {span}";
    FairBy(turns: &str): en "fair {turns}", zh "均衡 {turns}";
    TakesOf(takes: u32, stay: u32): en "takes {takes}, {stay} stay", zh "可接 {takes}，余 {stay}";
    SpreadOver(team: &str): en "spread over team {team}", zh "在团队 {team} 内均分";
    SpreadHow: en "by fair share", zh "按均衡分配";
    ToEngine: en "back to the engine", zh "交回引擎";
    ToEngineHow(version: u32): en "rules v{version} decide", zh "由规则 v{version} 决定";
    AssignOne(lead: &str, left: &str): en "Assign {lead} ─ held for you {left}", zh "分配 {lead} ─ 为你暂占 {left}";
    AssignMany(count: usize, left: &str): en "Assign {count} leads ─ held for you {left}", zh "分配 {count} 条线索 ─ 为你暂占 {left}";
    AssignHint: en "Enter places and pins; grey ones ask why", zh "按 Enter 分配并锁定，灰色项先问原因";
    WhyWaiting: en "why", zh "原因";
    WhyNone: en "No decision is stored yet.", zh "还没有决定记录。";
    HistoryOf(count: usize): en "history {count}", zh "经过 {count}";
    WhyNotOf(name: &str): en "Why not {name}?", zh "为什么不是 {name}？";
    DraftOn(version: u32): en "draft on v{version}", zh "基于 v{version} 的草稿";
    InForce(version: u32): en "v{version} in force", zh "现行 v{version}";
    FixHint(key: &str, text: &str): en "{key} writes {text}", zh "按 {key} 改为 {text}";
    CapPrompt(rep: &str): en "Most leads in hand for {rep} (empty: no limit)", zh "{rep} 的在手上限（留空不限）";
    ImportPrompt: en "CSV file to import", zh "要导入的 CSV 文件";
    ForcePrompt(rep: &str, why: &crate::console::text::Say): en "{rep}: {why}. Reason to assign anyway", zh "{rep}：{why}。仍要分配的原因";
    Loading: en "Opening the desk…", zh "正在打开…";
    LoadingDesk: en "loading…", zh "载入中…";
    LoadingSoFar(percent: u64): en "loading… {percent} %", zh "载入中… {percent} %";
    QueueCountsFirst(waiting: usize, parked: usize):
        en "{waiting} waiting · {parked} parked", zh "待分配 {waiting} · 待人工 {parked}";
    FilterIs(text: &str): en "filter: {text}", zh "筛选：{text}";
    PendingKeys(keys: &str): en "{keys} …", zh "{keys} …";
}
