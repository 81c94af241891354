//! Words of seeing: cards, roster, calendar, handover, gauges, the queue held still.

super::messages! {
    ScopeHandover: en "Handover", zh "离职交接";
    CmdRepCard: en "rep card", zh "销售卡片";
    CmdRepCardHelp: en "What the rep holds, got and answered, and whose turn is next.", zh "查看销售的在手、所得、响应和均衡台账。";
    CmdTeamCard: en "team card", zh "团队卡片";
    CmdTeamCardHelp: en "Members, whose turn is next, and the rules that give to the team.", zh "查看团队成员、下一位和相关规则。";
    CmdTimeline: en "timeline", zh "时间线";
    CmdTimelineHelp: en "Every fact of the lead and what happened, step by step.", zh "查看线索的全部信息和逐步经过。";
    CmdOwnerCard: en "owner's card", zh "负责人卡片";
    CmdOwnerCardHelp: en "The card of the rep who owns the lead.", zh "查看负责人的卡片。";
    CmdFreeze: en "hold still", zh "画面暂停";
    CmdFreezeHelp: en "Hold the queue still while you read; again lets it go on.", zh "阅读时让队列静止，再按一次恢复。";
    CmdGaugeSort: en "sort", zh "排序";
    CmdGaugeSortHelp: en "Order the reps of each team by load, today or turns.", zh "按负载、今日或轮次排列各团队的销售。";
    CmdFold: en "fold team", zh "折叠团队";
    CmdFoldHelp: en "Show only the heading of the team.", zh "只显示团队标题。";
    CmdUnfold: en "unfold all", zh "全部展开";
    CmdUnfoldHelp: en "Show the reps of every team again.", zh "重新显示所有团队的销售。";
    CmdRoster: en "roster", zh "名单";
    CmdRosterHelp: en "Everybody with teams, caps, duty, leave and turns.", zh "查看所有销售的团队、上限、在岗、请假和轮次。";
    CmdCalendar: en "leave calendar", zh "请假日历";
    CmdCalendarHelp: en "Who works and who is away on the coming days.", zh "查看未来几天谁上班、谁请假。";
    CmdLeave: en "leave", zh "请假";
    CmdLeaveHelp: en "Enter a leave of the rep, or cancel what is entered.", zh "登记销售的请假，或取消已登记的请假。";
    CmdHandover: en "handover", zh "离职交接";
    CmdHandoverHelp: en "The rep leaves: say what becomes of all their leads, in one step.", zh "销售离职：一步处理其全部线索。";
    CmdSpread: en "spread", zh "按规则分配";
    CmdSpreadHelp: en "All their leads go back to the engine and out by the rules.", zh "全部线索交回引擎，按规则重新分配。";
    CmdParkAll: en "park", zh "转待人工";
    CmdParkAllHelp: en "All their leads wait for a person.", zh "全部线索转为待人工。";
    CmdKeepAll: en "keep", zh "保留";
    CmdKeepAllHelp: en "The leads stay with them and count as missed.", zh "线索仍归其名下，计为线索遗漏。";

    LedgerWord: en "turns", zh "轮次";
    WholeDesk: en "whole desk", zh "全部";
    NextInTurn: en "next in turn", zh "下一位";
    CardCaps(load: u32, cap: &str, today: u32, day_cap: &str):
        en "{load} in hand (cap {cap}) · {today} today (day cap {day_cap})", zh "在手 {load}（上限 {cap}）· 今日 {today}（日上限 {day_cap}）";
    CardWeight(weight: &str): en "weight {weight}", zh "权重 {weight}";
    CardRamp(week: u32, percent: u32): en "ramp week {week}: {percent} %", zh "新人爬坡第 {week} 周：{percent}%";
    CardSkills(skills: &str): en "skills {skills}", zh "技能 {skills}";
    CardLeave(from: &str, to: &str, why: &str): en "leave {from} to {to} {why}", zh "请假 {from} 至 {to} {why}";
    CardShare(got: &str, due: &str, percent: i64):
        en "received {got} of {due} due in 28 days ({percent} %)", zh "28 天内所得 {got}，应得 {due}（{percent}%）";
    CardTurns(scope: &str): en "Turns · {scope}", zh "轮次 · {scope}";
    CardAlone(sum: &str): en "{sum} turns in 28 days; nobody shares them", zh "28 天 {sum} 轮，没有其他人共享";
    CardBelow(sum: &str, by: &str, others: usize):
        en "{sum} turns in 28 days, {by} below the mean of {others} others", zh "28 天 {sum} 轮，比其他 {others} 人的平均少 {by}";
    CardAbove(sum: &str, by: &str, others: usize):
        en "{sum} turns in 28 days, {by} above the mean of {others} others", zh "28 天 {sum} 轮，比其他 {others} 人的平均多 {by}";
    CardEven(sum: &str, others: usize):
        en "{sum} turns in 28 days, as the mean of {others} others", zh "28 天 {sum} 轮，与其他 {others} 人的平均相同";
    CardHolds(count: usize): en "In hand {count}", zh "在手 {count}";
    CardAnswered(answered: usize, all: usize, middle: &str):
        en "{answered} of {all} answered, the middle one after {middle}", zh "已响应 {answered}/{all}，中位用时 {middle}";
    CardNoneAnswered(all: usize): en "none of {all} answered yet", zh "{all} 条均未响应";
    AndMore(count: usize): en "  and {count} more", zh "  另有 {count} 条";
    CardLedger: en "Ledger, latest first", zh "台账（最近在前）";
    CardNoDays: en "nothing booked in 28 days", zh "28 天内没有记账";
    CardDay(day: &str, turns: &str, placements: i32, entries: &str):
        en "{day}  {turns} turns, {placements} leads  {entries}", zh "{day}  {turns} 轮，{placements} 条线索  {entries}";
    CardTeamSums(free: usize, all: usize, load: u32, today: u32):
        en "{free} of {all} take leads now · {load} in hand · {today} today", zh "{free}/{all} 人可接 · 在手 {load} · 今日 {today}";
    CardTeamWaits(count: &str): en "{count} waiting match a rule that gives here", zh "待分配中有 {count} 条符合分给该团队的规则";
    CardMembers: en "Members, fewest turns first", zh "成员（轮次少者在前）";
    CardRules: en "Rules that give to it", zh "分给该团队的规则";
    RuleDisabled: en "(disabled)", zh "（已停用）";
    CardDivert(id: &str, until: &str): en "divert {id} until {until}", zh "临时改道 {id}，至 {until}";
    CardClosed: en "This lead is closed.", zh "该线索已关闭。";
    CardClock(left: &str): en "answer within {left}", zh "须在 {left} 内响应";
    CardClockStill(left: &str): en "answer within {left}; the clock stands still now", zh "须在 {left} 内响应（现在暂停计时）";
    RepCardTitle(name: &str): en "Rep ─ {name}", zh "销售 ─ {name}";
    TeamCardTitle(name: &str): en "Team ─ {name}", zh "团队 ─ {name}";
    LeadCardTitle(name: &str): en "Lead ─ {name}", zh "线索 ─ {name}";
    NoOwnerCard: en "nobody owns this lead", zh "该线索没有负责人";
    NothingFolded: en "no team is folded", zh "没有折叠的团队";

    FrozenBy(count: usize): en "SCREEN PAUSED +{count}", zh "画面已暂停 +{count}";
    ArrivedSince(count: usize, at: &str): en "+{count} since {at}", zh "{at} 以来 +{count}";
    FrozenHint: en "z goes on", zh "按 z 继续";
    FoldedTeam(on: usize, all: usize, load: u32): en "{on}/{all} on duty · {load} in hand", zh "在岗 {on}/{all} · 在手 {load}";
    SortedByWord(what: crate::console::text::T): en "by {what}", zh "按{what}";
    RampIs(percent: u32): en "ramp {percent} %", zh "爬坡 {percent}%";

    RosterTitle: en "Roster", zh "名单";
    CalendarTitle: en "Leave calendar", zh "请假日历";
    RosterCounts(active: usize, gone: usize): en "{active} active · {gone} left", zh "在职 {active} · 离职 {gone}";
    RosterHint: en "g c calendar · esc back", zh "g c 请假日历 · esc 返回";
    CalendarLegend(leave: &str, on: &str, off: &str, works: &str, rest: &str):
        en "{leave} leave  {on} on duty  {off} off duty  {works} works  {rest} day off", zh "{leave} 请假  {on} 在岗  {off} 离岗  {works} 上班  {rest} 休息";
    ColWeight: en "weight", zh "权重";
    ColSkills: en "skills", zh "技能";
    ColLeave: en "leave", zh "请假";
    WeekdayShort: en "Mo Tu We Th Fr Sa Su", zh "一 二 三 四 五 六 日";
    LeavePrompt(name: &str): en "Leave of {name}: 2026-11-05 .. 2026-11-08 why   (empty: cancel all)", zh "{name} 的请假：2026-11-05 .. 2026-11-08 原因（留空：全部取消）";
    BadLeave: en "write two days, the later one second: 2026-11-05 .. 2026-11-08", zh "请写两个日期，先后有序：2026-11-05 .. 2026-11-08";
    HandoverTitle(name: &str, count: u32): en "{name} leaves ─ {count} leads in hand", zh "{name} 离职 ─ 在手 {count} 条";
    HandoverHint: en "One batch: u takes it back as a whole.", zh "作为一个批次，可按 u 整体撤销。";
    DidLeaves(name: &str): en "leave of {name} entered", zh "已登记 {name} 的请假";
    DidNoLeaves(name: &str): en "{name} has no leave any more", zh "{name} 的请假已取消";
    DidSpread(name: &str): en "{name} left; the leads go out by the rules", zh "{name} 已离职，线索按规则重新分配";
    DidParkAll(name: &str): en "{name} left; the leads are parked", zh "{name} 已离职，线索转待人工";
    DidKeepAll(name: &str): en "{name} left and keeps the leads", zh "{name} 已离职，线索保留";
}
