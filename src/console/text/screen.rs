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
    QueueEmpty: en "No lead is waiting.", zh "没有待分配的线索。";
    QueueNoMatch: en "No lead matches the filter.", zh "没有符合筛选条件的线索。";
    AlertsEmpty: en "Nothing needs you now.", zh "目前没有需要处理的事。";
    LoadsEmpty: en "No reps yet: import a roster.", zh "还没有销售：请导入名单。";
    LeadEmpty: en "Select a lead to see what happened to it.", zh "选中一条线索，查看它的经过。";
    NothingFound: en "Nothing found.", zh "没有找到。";
    RulesEmpty: en "No rule book yet.", zh "还没有分配规则。";
    WhyAsking: en "Asking the desk…", zh "正在查询…";

    WelcomeEmpty: en "This desk has no leads yet.", zh "这里还没有线索。";
    ConfirmHint: en "Enter does it, Esc leaves it.", zh "按 Enter 执行，按 Esc 取消。";
    Leads: en "leads here", zh "本机主控";
    Follows: en "another console leads", zh "其他控制台主控";
    ReadOnly: en "read-only", zh "只读";

    TooSmall(cols: u16, rows: u16): en "Leadyard needs {cols}×{rows}", zh "窗口至少需要 {cols}×{rows}";
    QueueCounts(waiting: usize, held: usize, open: usize):
        en "{waiting} waiting · {held} held · {open} open", zh "待分配 {waiting} · 暂占 {held} · 在手 {open}";
    LoadCounts(on: usize, all: usize): en "{on} of {all} on duty", zh "在岗 {on}/{all}";
    SpreadIs(pct: i64): en "spread {pct} %", zh "均衡度 {pct}%";
    AlertCounts(firing: usize, silenced: usize): en "{firing} firing · {silenced} silenced", zh "触发 {firing} · 静音 {silenced}";
    RulesVersion(version: u32): en "rules v{version}", zh "规则 v{version}";
    PerMinute(rate: &str): en "{rate}/min", zh "{rate}/分";
    Problems(count: usize): en "problems: {count}", zh "问题：{count} 个";
    NextUpIs(name: &str): en "next {name}", zh "下一位 {name}";
    OfRows(at: usize, all: usize): en "{at} of {all}", zh "{at}/{all}";
    FilterIs(text: &str): en "filter: {text}", zh "筛选：{text}";
    PendingKeys(keys: &str): en "{keys} …", zh "{keys} …";
}
