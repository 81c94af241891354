//! Every word the language knows, English and Chinese side by side, so that neither can be forgotten. Both may be mixed; the
//! tree does not remember which was written.
//!
//! A keyword is only a keyword where the grammar asks for one; elsewhere it is a name like any other. English words marked
//! `reserved` never stand for a name without quotes. Chinese words always may: texts that were names and values before the
//! language knew Chinese stay so.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::book::{Cmp, ContactKey, Loudness, Metric, WatchKind};
use crate::model::channel::{ChannelKind, Topic};
use crate::model::lang::Lang;

macro_rules! keywords {
    ($($name:ident $en:literal $zh:literal $($reserved:ident)?;)*) => {
        /// A word with a meaning of its own.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(super) enum Kw { $($name),* }

        /// Each keyword alone, with its English and its Chinese word.
        const KEYWORDS: &[(&[Kw], &str, &str)] = &[$((&[Kw::$name], $en, $zh)),*];

        impl Kw {
            /// The canonical spelling in a language.
            pub(super) fn word(self, lang: Lang) -> &'static str {
                match (self, lang) { $((Kw::$name, Lang::En) => $en, (Kw::$name, Lang::Zh) => $zh),* }
            }

            /// This keyword as a list of one.
            pub(super) fn alone(self) -> &'static [Kw] {
                match self { $(Kw::$name => &[Kw::$name]),* }
            }

            /// Whether its English word can never stand for a name without quotes.
            pub(super) fn is_reserved(self) -> bool {
                match self { $(Kw::$name => keywords!(@reserved $($reserved)?)),* }
            }
        }
    };
    (@reserved reserved) => { true };
    (@reserved) => { false };
}

keywords! {
    Calendar "calendar" "日历" reserved; Timezone "timezone" "时区"; Workdays "workdays" "工作时间";
    Except "except" "休息"; Holiday "holiday" "节假日"; Workday "workday" "调休上班"; Window "window" "时段";
    Define "define" "定义" reserved; Score "score" "评分"; When "when" "当" reserved;
    Duplicates "duplicates" "查重" reserved; Same "same" "相同"; Company "company" "公司"; Like "like" "近似";
    Within "within" "限" reserved; And "and" "且" reserved; Or "or" "或" reserved; Not "not" "非" reserved;
    In "in" "属于" reserved; Is "is" "是" reserved; Empty "empty" "空"; Contains "contains" "包含" reserved;
    Starts "starts" "开头" reserved; With "with" "带"; Rule "rule" "规则" reserved; Disabled "disabled" "停用";
    During "during" "期间" reserved; Give "give" "分配" reserved; To "to" "给" reserved; Team "team" "团队";
    Rep "rep" "销售"; Owner "owner" "负责人"; By "by" "按" reserved; Fair "fair" "公平";
    RoundRobin "round-robin" "轮流"; LeastLoaded "least-loaded" "最少负载"; Weighted "weighted" "加权";
    Sticky "sticky" "老客户优先"; Then "then" "然后" reserved; Needs "needs" "需要" reserved; Skill "skill" "技能";
    Cap "cap" "上限"; Open "open" "在手"; Per "per" "每"; Day "day" "天"; Respond "respond" "响应" reserved;
    Reassign "reassign" "转派"; Times "times" "次"; Escalate "escalate" "升级提醒"; Recall "recall" "回收";
    Park "park" "转待人工"; Else "else" "否则" reserved; Wait "wait" "等待"; Pass "pass" "放行";
    Otherwise "otherwise" "兜底" reserved; Watch "watch" "监控" reserved; Beside "beside" "另有"; Over "over" "累计";
    For "for" "针对"; Page "page" "呼叫"; After "after" "满"; Replies "replies" "回复" reserved; From "from" "来自";
    Draw "draw" "抽签"; Salt "salt" "种子"; Works "works" "上班"; Holidays "holidays" "节日"; Ramp "ramp" "新人爬坡";
    Week "week" "周"; Weeks "weeks" "各周"; At "at" "于"; Least "least" "最少"; Pool "pool" "线索池";
    Seen "seen" "看见"; Everyone "everyone" "全员"; Claim "claim" "领取"; Hand "hand" "手"; Uses "uses" "占用";
    Cooldown "cooldown" "冷却"; Hold "hold" "保留"; Return "return" "回池"; Promotion "promotion" "大促";
    Weight "weight" "权重"; Timers "timers" "时限"; Notify "notify" "通知" reserved;
}

macro_rules! phrases {
    ($($name:ident [$($kw:ident)+] $zh:literal;)*) => {
        /// Keywords that stand together, where Chinese has a word of its own for them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Phrase { $($name),* }

        const PHRASES: &[(&[Kw], &str)] = &[$((&[$(Kw::$kw),+], $zh)),*];

        impl Phrase {
            /// As written in a language; in English word by word.
            pub(super) fn text(self, lang: Lang) -> String {
                match (self, lang) {
                    $((Phrase::$name, Lang::Zh) => $zh.to_owned(),
                      (Phrase::$name, Lang::En) => [$(Kw::$kw.word(Lang::En)),+].join(" ")),*
                }
            }
        }
    };
}

phrases! {
    GiveTo [Give To] "分配给"; PerDay [Per Day] "每日"; StartsWith [Starts With] "开头是"; IsEmpty [Is Empty] "为空";
    IsNotEmpty [Is Not Empty] "不为空"; NotIn [Not In] "不属于"; NeedsSkill [Needs Skill] "需要技能";
    DuringPromotion [During Promotion] "大促期间"; RespondWithin [Respond Within] "限时响应";
    WithinTeam [Within Team] "团队内"; Ago [Within] "近"; Lasting [For] "持续"; Nth [In] "第";
    RecallToPool [Recall To Pool] "回收到线索池"; AndHolidays [And Holidays] "含节假日";
    RepliesFrom [Replies From] "回传渠道"; DrawSalt [Draw Salt] "抽签种子"; AtLeast [At Least] "至少";
    SeenBy [Seen By] "可见"; InHand [In Hand] "手上";
}

/// Other Chinese words that are understood and never written.
const SYNONYMS: &[(&[Kw], &str)] = &[
    (&[Kw::When], "如果"),
    (&[Kw::And], "并且"),
    (&[Kw::Or], "或者"),
    (&[Kw::Is, Kw::Not, Kw::Empty], "非空"),
    (&[Kw::Starts, Kw::With], "开头为"),
    (&[Kw::Per, Kw::Day], "每天"),
    (&[Kw::Give, Kw::To], "分给"),
    (&[Kw::Duplicates], "重复"),
    (&[Kw::Fair], "均衡"),
    (&[Kw::RoundRobin], "轮询"),
    (&[Kw::LeastLoaded], "负载最低"),
    (&[Kw::Park], "待人工"),
    (&[Kw::Escalate], "升级"),
    (&[Kw::Sticky], "老客户"),
];

/// What a bare word spells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spelled {
    /// At least one; Chinese may have one word for several.
    pub kws: &'static [Kw],
    pub lang: Lang,
}

static SPELLINGS: LazyLock<FxHashMap<&'static str, Spelled>> = LazyLock::new(|| {
    let alone = KEYWORDS.iter().flat_map(|(kws, en, zh)| [(*kws, *en, Lang::En), (*kws, *zh, Lang::Zh)]);
    let joined = PHRASES.iter().chain(SYNONYMS).map(|(kws, zh)| (*kws, *zh, Lang::Zh));
    alone.chain(joined).map(|(kws, word, lang)| (word, Spelled { kws, lang })).collect()
});

/// Longer than any keyword, in bytes.
const KEYWORD_BYTES_MAX: usize = 24;

/// The keywords a bare word spells, ASCII in either case.
pub(super) fn spelled(word: &str) -> Option<Spelled> {
    if word.len() > KEYWORD_BYTES_MAX {
        return None;
    }
    let known = SPELLINGS.get(word).copied();
    if known.is_some() || !word.is_ascii() || !word.bytes().any(|b| b.is_ascii_uppercase()) {
        return known;
    }
    SPELLINGS.get(word.to_ascii_lowercase().as_str()).copied()
}

/// Every way to write one of `kws` as a single word, for "did you mean".
pub(super) fn spellings(kws: &[Kw]) -> impl Iterator<Item = &'static str> {
    let alone = kws.iter().flat_map(|kw| [kw.word(Lang::En), kw.word(Lang::Zh)]);
    let firsts = PHRASES.iter().filter(|(all, _)| all.first().is_some_and(|kw| kws.contains(kw)));
    // What Chinese says in one word is nearer to what was meant than its first half.
    firsts.filter(|(all, _)| all.len() > 1).map(|(_, zh)| *zh).chain(alone)
}

/// Statements that stand at the left edge of a book.
pub(super) const ITEMS: [Kw; 14] = [
    Kw::Calendar,
    Kw::Define,
    Kw::Score,
    Kw::Duplicates,
    Kw::Rule,
    Kw::Otherwise,
    Kw::Watch,
    Kw::Replies,
    Kw::Draw,
    Kw::Ramp,
    Kw::Pool,
    Kw::Promotion,
    Kw::Timers,
    Kw::Notify,
];
/// Lines of a calendar.
pub(super) const CALENDAR_LINES: [Kw; 7] =
    [Kw::Timezone, Kw::Workdays, Kw::Holiday, Kw::Workday, Kw::Window, Kw::Team, Kw::Rep];
/// Clauses of a rule, in canonical order.
pub(super) const CLAUSES: [Kw; 7] =
    [Kw::During, Kw::When, Kw::Give, Kw::Needs, Kw::Cap, Kw::Respond, Kw::Else];
/// Lines of duplicates.
pub(super) const DUPLICATE_LINES: [Kw; 2] = [Kw::Same, Kw::Company];
/// Lines of the pool, in canonical order.
pub(super) const POOL_LINES: [Kw; 5] = [Kw::Seen, Kw::Claim, Kw::Cooldown, Kw::Hold, Kw::Return];
/// Lines of a promotion, in canonical order. An indented `watch` belongs to it, one at the left edge to the book.
pub(super) const PROMOTION_LINES: [Kw; 7] =
    [Kw::During, Kw::Cap, Kw::Weight, Kw::Workdays, Kw::Team, Kw::Rep, Kw::Watch];

impl Kw {
    /// A word that opens a statement and is no field: inside an open parenthesis it shows that `)` was forgotten.
    pub(super) fn opens_statement(self) -> bool {
        self.is_reserved() && (ITEMS.contains(&self) || CLAUSES.contains(&self))
    }
}

/// Words that mean something in one place only, and so are no keywords: English one by one, Chinese as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Said {
    pub en: &'static [&'static str],
    pub zh: &'static str,
}

impl Said {
    pub(super) fn text(self, lang: Lang) -> String {
        match lang {
            Lang::En => self.en.join(" "),
            Lang::Zh => self.zh.to_owned(),
        }
    }
}

pub(super) const PREVIOUS: Said = Said { en: &["previous"], zh: "前" };
/// `previous owner` in one word, as Chinese has it.
pub(super) const PREVIOUS_OWNER: &str = "前负责人";
pub(super) const MOVE_AT_MOST: Said = Said { en: &["move", "at", "most"], zh: "移动至多" };
pub(super) const AT_MOST: Said = Said { en: &["at", "most"], zh: "至多" };
pub(super) const SPREAD_OVER: Said = Said { en: &["spread", "over"], zh: "分摊到" };
pub(super) const PER_HOUR: Said = Said { en: &["per", "hour"], zh: "每小时" };
pub(super) const NEW_LEADS: Said = Said { en: &["new", "leads"], zh: "新线索" };
pub(super) const WORKING_DAYS: Said = Said { en: &["working", "days"], zh: "个工作日" };
pub(super) const WITHOUT_CONTACT: Said = Said { en: &["without", "contact"], zh: "未联系" };
/// What a `notify` line is sent for.
pub(super) const ON: Said = Said { en: &["on"], zh: "遇到" };
pub(super) const A_TURN: Said = Said { en: &["a", "turn"], zh: "轮次" };

/// A closed list of words, English and Chinese, and what they mean.
pub(super) type Words<T> = &'static [(T, &'static str, &'static str)];

/// What `word` means in `table`.
pub(super) fn meaning<T: Copy>(table: Words<T>, word: &str) -> Option<T> {
    table.iter().find(|(_, en, zh)| en.eq_ignore_ascii_case(word) || *zh == word).map(|(t, ..)| *t)
}

/// The word for `value`; every table is total, which a test checks where the type allows.
pub(super) fn word_for<T: Copy + PartialEq>(table: Words<T>, value: T, lang: Lang) -> &'static str {
    table.iter().find(|(t, ..)| *t == value).map_or("", |(_, en, zh)| match lang {
        Lang::En => en,
        Lang::Zh => zh,
    })
}

/// All words of a table, for "did you mean".
pub(super) fn words_of<T>(table: Words<T>) -> impl Iterator<Item = &'static str> {
    table.iter().flat_map(|(_, en, zh)| [*en, *zh])
}

pub(super) const WATCHES: Words<WatchKind> = &[
    (WatchKind::Uneven, "uneven", "分配不均"),
    (WatchKind::LoadUneven, "load-uneven", "负载不均"),
    (WatchKind::Duplicate, "duplicate", "重复分派"),
    (WatchKind::Delayed, "delayed", "延迟分派"),
    (WatchKind::Missed, "missed", "线索遗漏"),
    (WatchKind::AtCap, "at-cap", "满额"),
    (WatchKind::Stalled, "stalled", "停滞"),
    (WatchKind::Unmatched, "unmatched", "未匹配"),
    (WatchKind::Unassigned, "unassigned", "未分配"),
    (WatchKind::Overdue, "overdue", "超时未响应"),
    (WatchKind::Surge, "surge", "激增"),
    (WatchKind::Silent, "silent", "渠道静默"),
    (WatchKind::Hoarded, "hoarded", "积压不跟"),
    (WatchKind::Starved, "starved", "分配过少"),
    (WatchKind::RuleSilent, "rule-silent", "规则静默"),
    (WatchKind::RateShift, "rate-shift", "命中率突变"),
    (WatchKind::DirtyFields, "dirty-fields", "字段缺失"),
    (WatchKind::Conversion, "conversion", "转化异常"),
];

pub(super) const METRICS: Words<Metric> = &[
    (Metric::Load, "load", "负载"),
    (Metric::Share, "share", "份额"),
    (Metric::Spread, "spread", "均衡度"),
    (Metric::Waiting, "waiting", "已等待"),
    (Metric::Unowned, "unowned", "无负责人"),
    (Metric::Untouched, "untouched", "未跟进"),
    (Metric::Queue, "queue", "排队"),
    (Metric::Full, "full", "满额"),
    (Metric::Unmatched, "unmatched", "未匹配"),
    (Metric::Unassigned, "unassigned", "未分配"),
    (Metric::Duplicates, "duplicates", "重复"),
    (Metric::Overdue, "overdue", "超时"),
    (Metric::Arrivals, "arrivals", "到达"),
    (Metric::Silence, "silence", "静默"),
];

pub(super) const LOUDNESSES: Words<Loudness> = &[
    (Loudness::Off, "off", "关闭"),
    (Loudness::Info, "info", "提示"),
    (Loudness::Warn, "warn", "警告"),
    (Loudness::Page, "page", "呼叫"),
];

pub(super) const TOPICS: Words<Topic> = &[
    (Topic::Page, "page", "呼叫"),
    (Topic::Warn, "warn", "警告"),
    (Topic::Info, "info", "提示"),
    (Topic::Digest, "digest", "汇总"),
    (Topic::Assigned, "assigned", "分到线索"),
];

/// Brands are written alike in both languages where they have no Chinese name.
pub(super) const CHANNELS: Words<ChannelKind> = &[
    (ChannelKind::Wecom, "wecom", "企业微信"),
    (ChannelKind::WecomApp, "wecom-app", "企业微信应用"),
    (ChannelKind::Dingtalk, "dingtalk", "钉钉"),
    (ChannelKind::Feishu, "feishu", "飞书"),
    (ChannelKind::Mail, "mail", "邮件"),
    (ChannelKind::Webhook, "webhook", "回调"),
    (ChannelKind::Terminal, "terminal", "终端"),
    (ChannelKind::Slack, "slack", "Slack"),
    (ChannelKind::Teams, "teams", "Teams"),
    (ChannelKind::Ntfy, "ntfy", "ntfy"),
    (ChannelKind::Bark, "bark", "Bark"),
    (ChannelKind::Gotify, "gotify", "Gotify"),
    (ChannelKind::Twilio, "twilio", "Twilio"),
    (ChannelKind::AliyunSms, "aliyun-sms", "阿里云短信"),
    (ChannelKind::TencentSms, "tencent-sms", "腾讯云短信"),
    (ChannelKind::Desktop, "desktop", "桌面"),
];

pub(super) const CONTACT_KEYS: Words<ContactKey> = &[
    (ContactKey::Phone, "phone", "电话"),
    (ContactKey::Email, "email", "邮箱"),
    (ContactKey::Wechat, "wechat", "微信"),
];

/// Comparisons are signs in both languages; their Chinese words are understood too.
pub(super) const COMPARISONS: Words<Cmp> = &[
    (Cmp::Eq, "=", "等于"),
    (Cmp::Ne, "!=", "不等于"),
    (Cmp::Lt, "<", "小于"),
    (Cmp::Le, "<=", "不超过"),
    (Cmp::Gt, ">", "大于"),
    (Cmp::Ge, ">=", "不低于"),
];

/// The sign of a comparison.
pub(super) fn sign_of(cmp: Cmp) -> &'static str {
    word_for(COMPARISONS, cmp, Lang::En)
}

/// Every word of the language in English and Chinese: keywords, those that stand together, and the words of watch lines.
#[must_use]
pub fn word_pairs() -> Vec<(String, &'static str)> {
    fn table<T>(words: Words<T>) -> impl Iterator<Item = (String, &'static str)> {
        words.iter().map(|(_, en, zh)| ((*en).to_owned(), *zh))
    }
    let phrase = |(kws, zh): &(&[Kw], &'static str)| {
        (kws.iter().map(|kw| kw.word(Lang::En)).collect::<Vec<_>>().join(" "), *zh)
    };
    let said = [
        PREVIOUS,
        MOVE_AT_MOST,
        AT_MOST,
        SPREAD_OVER,
        PER_HOUR,
        NEW_LEADS,
        WORKING_DAYS,
        WITHOUT_CONTACT,
        A_TURN,
        ON,
    ];
    KEYWORDS
        .iter()
        .map(|(_, en, zh)| ((*en).to_owned(), *zh))
        .chain(PHRASES.iter().map(phrase))
        .chain(said.map(|said| (said.text(Lang::En), said.zh)))
        .chain(table(WATCHES))
        .chain(table(METRICS))
        .chain(table(LOUDNESSES))
        .chain(table(CONTACT_KEYS))
        .chain(table(TOPICS))
        .chain(table(CHANNELS))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyword_reads_as_itself_in_both_languages_and_either_case() {
        for (kws, en, zh) in KEYWORDS {
            assert_eq!(spelled(en), Some(Spelled { kws, lang: Lang::En }));
            assert_eq!(spelled(&en.to_uppercase()), spelled(en), "{en}");
            assert_eq!(spelled(zh), Some(Spelled { kws, lang: Lang::Zh }), "{zh}");
        }
        assert_eq!(spelled("华东"), None);
    }

    #[test]
    fn no_word_is_spelled_for_two_things() {
        let all = KEYWORDS.iter().flat_map(|(_, en, zh)| [*en, *zh]);
        let all = all.chain(PHRASES.iter().chain(SYNONYMS).map(|(_, zh)| *zh));
        let mut seen = std::collections::BTreeSet::new();
        for word in all {
            assert!(seen.insert(word), "{word}");
            assert!(word.len() <= KEYWORD_BYTES_MAX, "{word}");
        }
    }

    #[test]
    fn tables_of_words_tell_their_meanings_apart() {
        fn check<T: Copy + PartialEq + std::fmt::Debug>(table: Words<T>) {
            for (value, en, zh) in table {
                assert_eq!((meaning(table, en), meaning(table, zh)), (Some(*value), Some(*value)));
                assert_eq!(table.iter().filter(|(t, ..)| t == value).count(), 1, "{value:?}");
            }
        }
        check(WATCHES);
        check(METRICS);
        check(LOUDNESSES);
        check(CONTACT_KEYS);
        check(TOPICS);
        check(CHANNELS);
        assert_eq!(CHANNELS.len(), ChannelKind::ALL.len());
        check(COMPARISONS);
    }
}
