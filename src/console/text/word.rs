//! The desk's words: states, people, panes. One concept, one word in each language; sentences live in the other tables.

super::messages! {
    Lead: en "lead", zh "线索";
    Rep: en "rep", zh "销售";
    Team: en "team", zh "团队";
    Owner: en "owner", zh "负责人";
    Source: en "source", zh "渠道";
    Region: en "region", zh "地区";
    Product: en "product", zh "产品";
    Score: en "score", zh "评分";
    Age: en "age", zh "已等";
    Due: en "due", zh "剩余";
    Phone: en "phone", zh "电话";
    LoadWord: en "load", zh "负载";
    Today: en "today", zh "今日";
    Forecast: en "full in", zh "预计满";

    Waiting: en "waiting", zh "待分配";
    Parked: en "parked", zh "待人工";
    Assigned: en "assigned", zh "已分配";
    Contacted: en "contacted", zh "已联系";
    Qualified: en "qualified", zh "有效";
    Won: en "won", zh "成交";
    Lost: en "lost", zh "输单";
    Invalid: en "invalid", zh "无效";
    Merged: en "merged", zh "已合并";
    Held: en "held", zh "暂占";
    Pinned: en "pinned", zh "锁定";
    You: en "you", zh "你";

    OnDuty: en "on duty", zh "在岗";
    OffDuty: en "off duty", zh "离岗";
    OnLeave: en "on leave", zh "请假";
    OffHours: en "off hours", zh "下班";
    OutOfHours: en "outside working hours", zh "非工作时间";
    Full: en "full", zh "已满";
    NextUp: en "next", zh "下一位";

    Auto: en "AUTO", zh "自动";
    Assist: en "ASSIST", zh "建议";
    Paused: en "PAUSED", zh "已暂停";

    Duplicate: en "duplicate", zh "重复分派";
    Delayed: en "delayed", zh "延迟分派";
    Missed: en "missed", zh "线索遗漏";
    Firing: en "firing", zh "触发中";
    AtCap: en "at cap", zh "达到上限";
    Stalled: en "stalled", zh "引擎停滞";
    Overdue: en "overdue", zh "超时未响应";
    TimerBudget: en "timer budget", zh "超时回收过多";
    ClockSuspect: en "clock suspect", zh "时钟可疑";
    LoadUneven: en "load", zh "负载不均";
    Untouched: en "untouched", zh "未跟进";
    Hoarded: en "hoarded", zh "线索囤积";
    LeaseFlapping: en "leaders", zh "主控切换";
    DiskLow: en "disk", zh "磁盘将满";
    OutboxStuck: en "notices", zh "通知滞留";
    Uneven: en "uneven", zh "分配不均";
    Starved: en "starved", zh "未分到";
    Surge: en "surge", zh "线索激增";
    Drought: en "drought", zh "渠道断流";
    RuleSilent: en "rule", zh "规则静默";
    RateShift: en "rates", zh "命中突变";
    DirtyFields: en "fields", zh "字段缺失";
    Conversion: en "outcome", zh "转化偏低";
    QueueLong: en "queue", zh "排队过长";
    ManyFull: en "full", zh "多人满额";
    FarApart: en "spread", zh "差距过大";
    ManyUnmatched: en "unmatched", zh "未匹配";
    ManyUnassigned: en "unassigned", zh "未分配";
    Inactive: en "deactivated", zh "已停用";
    HadIt: en "had it before", zh "曾经手";
    ShowTodo: en "waiting + parked", zh "待分配与待人工";
    ShowAll: en "all open", zh "全部未结";

    Yes: en "yes", zh "是";
    No: en "no", zh "否";
}
