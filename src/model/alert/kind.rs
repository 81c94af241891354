//! The kinds of alert: their words, in both languages, and what is true of every alert of a kind.

use serde::{Deserialize, Serialize};

/// What kind of trouble. The first four names are the desk's core anomalies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AlertKind {
    Delayed,
    Missed,
    Duplicate,
    AtCap,
    EngineStalled,
    /// Leads past their response limit that nobody has answered.
    Overdue,
    /// Timers moved as many leads as they may in an hour and move no more.
    TimerBudget,
    /// The wall clock stepped against the boot clock: timers and time detectors stand still.
    ClockSuspect,
    /// One rep is nearly full while another who may take the same leads is half empty.
    LoadUneven,
    /// A rep lets leads lie: nobody was contacted for long.
    Untouched,
    /// A rep holds many more untouched leads than the others.
    Hoarded,
    /// The lead over the desk changed hands again and again.
    LeaseFlapping,
    /// The disk the desk's file lies on is nearly full.
    DiskLow,
    /// A rep received much more than could be expected.
    Uneven,
    /// A rep who was free for many leads got none.
    Starved,
    /// A source sends far more than usual.
    Surge,
    /// A source that sends regularly has stopped.
    Drought,
    /// A rule that used to match has stopped.
    RuleSilent,
    /// Since a publish a rule matches another share of the leads.
    RateShift,
    /// A source leaves out fields that it used to fill.
    DirtyFields,
    /// A rep's leads end well less often than the same leads do with others: a hint, for supervisors.
    Conversion,
    /// More leads wait than the book allows.
    Queue,
    /// More reps are at their cap than the book allows.
    Full,
    /// What reps received of what was due to them lies further apart than the book allows.
    Spread,
    /// More leads than the book allows match no rule.
    Unmatched,
    /// More leads than the book allows find nobody free.
    Unassigned,
    /// Notices do not get out.
    OutboxStuck,
}

impl AlertKind {
    /// Every kind, in the order screens list them.
    pub const ALL: [AlertKind; 27] = [
        Self::ClockSuspect,
        Self::DiskLow,
        Self::LeaseFlapping,
        Self::EngineStalled,
        Self::OutboxStuck,
        Self::TimerBudget,
        Self::Missed,
        Self::Delayed,
        Self::Queue,
        Self::Overdue,
        Self::Duplicate,
        Self::Unmatched,
        Self::Unassigned,
        Self::RuleSilent,
        Self::RateShift,
        Self::Drought,
        Self::Surge,
        Self::DirtyFields,
        Self::Uneven,
        Self::Spread,
        Self::LoadUneven,
        Self::Starved,
        Self::Hoarded,
        Self::Untouched,
        Self::Full,
        Self::AtCap,
        Self::Conversion,
    ];

    /// Whether what it says follows from how much time has passed: of no use while the clock is suspect.
    #[must_use]
    pub fn tells_time(self) -> bool {
        match self {
            Self::Delayed
            | Self::Missed
            | Self::EngineStalled
            | Self::Overdue
            | Self::TimerBudget
            | Self::Untouched
            | Self::Hoarded
            | Self::Uneven
            | Self::Starved
            | Self::Surge
            | Self::Drought
            | Self::Spread
            | Self::Unmatched
            | Self::Unassigned
            | Self::OutboxStuck => true,
            Self::Duplicate
            | Self::AtCap
            | Self::ClockSuspect
            | Self::LoadUneven
            | Self::LeaseFlapping
            | Self::DiskLow
            | Self::RuleSilent
            | Self::RateShift
            | Self::DirtyFields
            | Self::Conversion
            | Self::Queue
            | Self::Full => false,
        }
    }

    /// Whether it speaks of how well somebody works: only supervisors are told.
    #[must_use]
    pub fn is_private(self) -> bool {
        self == Self::Conversion
    }

    /// Whether it rests on a test of evidence and not on a limit alone.
    #[must_use]
    pub fn is_statistical(self) -> bool {
        matches!(
            self,
            Self::Uneven
                | Self::Spread
                | Self::Starved
                | Self::Surge
                | Self::Drought
                | Self::RuleSilent
                | Self::RateShift
                | Self::DirtyFields
                | Self::Conversion
        )
    }

    /// Whether it reads the watch's sums: nothing can be said of it while they are being built.
    #[must_use]
    pub fn needs_sums(self) -> bool {
        self.is_statistical() || matches!(self, Self::Unmatched | Self::Unassigned)
    }

    /// The word used in the database and in the book's `watch` lines.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Delayed => "delayed",
            Self::Missed => "missed",
            Self::Duplicate => "duplicate",
            Self::AtCap => "at-cap",
            Self::EngineStalled => "engine-stalled",
            Self::Overdue => "overdue",
            Self::TimerBudget => "timer-budget",
            Self::ClockSuspect => "clock-suspect",
            Self::LoadUneven => "load-uneven",
            Self::Untouched => "untouched",
            Self::Hoarded => "hoarded",
            Self::LeaseFlapping => "lease-flapping",
            Self::DiskLow => "disk-low",
            Self::Uneven => "uneven",
            Self::Starved => "starved",
            Self::Surge => "surge",
            Self::Drought => "drought",
            Self::RuleSilent => "rule-silent",
            Self::RateShift => "rate-shift",
            Self::DirtyFields => "dirty-fields",
            Self::Conversion => "conversion",
            Self::Queue => "queue",
            Self::Full => "full",
            Self::Spread => "spread",
            Self::Unmatched => "unmatched",
            Self::Unassigned => "unassigned",
            Self::OutboxStuck => "outbox-stuck",
        }
    }

    /// The Chinese word of DESIGN §3.
    #[must_use]
    pub fn word_zh(self) -> &'static str {
        match self {
            Self::Delayed => "延迟分派",
            Self::Missed => "线索遗漏",
            Self::Duplicate => "重复分派",
            Self::AtCap => "达到上限",
            Self::EngineStalled => "引擎停滞",
            Self::Overdue => "超时未响应",
            Self::TimerBudget => "超时回收过多",
            Self::ClockSuspect => "时钟可疑",
            Self::LoadUneven => "负载不均",
            Self::Untouched => "未跟进",
            Self::Hoarded => "线索囤积",
            Self::LeaseFlapping => "主控频繁切换",
            Self::DiskLow => "磁盘将满",
            Self::Uneven => "分配不均",
            Self::Starved => "长期未分到",
            Self::Surge => "线索激增",
            Self::Drought => "渠道断流",
            Self::RuleSilent => "规则静默",
            Self::RateShift => "命中率突变",
            Self::DirtyFields => "字段缺失",
            Self::Conversion => "转化偏低",
            Self::Queue => "排队过长",
            Self::Full => "多人满额",
            Self::Spread => "差距过大",
            Self::Unmatched => "未匹配偏多",
            Self::Unassigned => "未分配偏多",
            Self::OutboxStuck => "通知滞留",
        }
    }

    /// Reads a kind by either word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<AlertKind> {
        Self::ALL.into_iter().find(|kind| kind.word().eq_ignore_ascii_case(word) || kind.word_zh() == word)
    }
}
