//! The sentences for every finding, English and 简体中文 side by side. A new code must be given
//! a group here before it compiles, and a test asks every code for both.

mod lint;
mod want;
mod watch;

use self::lint::linted;
use self::want::{want_en, want_zh};
use self::watch::{watch_advice, watched};
use super::book::WatchKind;
use super::diagnostic::{DiagCode, Diagnostic, Kind, Limit, Noun, OneOf, Want};
use super::field::name_in;
use super::keyword::{Kw, METRICS, POOL_LINES, Phrase, SPREAD_OVER, WATCHES, spelled, word_for};
use super::lower::watch::example;
use crate::model::lang::Lang;

/// Chooses the text of a language; both are always written.
fn say(lang: Lang, en: impl Into<String>, zh: impl Into<String>) -> String {
    match lang {
        Lang::En => en.into(),
        Lang::Zh => zh.into(),
    }
}

pub(super) fn message(diagnostic: &Diagnostic, lang: Lang) -> String {
    let (en, zh) = both(&diagnostic.code, diagnostic.keywords);
    say(lang, en, zh)
}

/// Both sentences; words of the language are those of the text, `kl`.
fn both(code: &DiagCode, kl: Lang) -> (String, String) {
    match code {
        DiagCode::Expected { want, found } if found.is_empty() => {
            (format!("{} is missing here", want_en(*want, kl)), format!("这里缺少{}", want_zh(*want, kl)))
        }
        DiagCode::Expected { want, found } => (
            format!("expected {}, found {found}", want_en(*want, kl)),
            format!("此处应为{}，却是 {found}", want_zh(*want, kl)),
        ),
        DiagCode::UnclosedQuote => ("the closing quote is missing".into(), "缺少右引号".into()),
        DiagCode::UnknownWord { word } => {
            (format!("no statement starts with \"{word}\""), format!("没有以“{word}”开头的语句"))
        }
        DiagCode::Misplaced { word } => {
            (format!("\"{word}\" does not belong here"), format!("“{word}”不能写在这里"))
        }
        DiagCode::Unknown { noun, name } => (
            format!("unknown {} \"{name}\"", noun_en(*noun)),
            format!("没有名为“{name}”的{}", noun_zh(*noun)),
        ),
        DiagCode::Repeated { what } => {
            (format!("{what} is said twice; the second is ignored"), format!("“{what}”写了两次，后一次无效"))
        }
        DiagCode::TooMuch { limit, max } => too_much(*limit, *max, kl),
        DiagCode::RuleNameTwice { .. }
        | DiagCode::DefineTwice { .. }
        | DiagCode::DefineUnused { .. }
        | DiagCode::EqualsDefine { .. }
        | DiagCode::NotADefine { .. }
        | DiagCode::PromotionTwice { .. }
        | DiagCode::WindowTwice { .. } => names(code),
        DiagCode::WrongComparison { .. }
        | DiagCode::WrongValue { .. }
        | DiagCode::OnlyEmpty { .. }
        | DiagCode::TooPrecise { .. }
        | DiagCode::EndsBeforeStart
        | DiagCode::CapZero
        | DiagCode::OutOfRange { .. }
        | DiagCode::NeverWorks { .. }
        | DiagCode::YearWithoutHolidays { .. }
        | DiagCode::WrongAmount { .. }
        | DiagCode::WrongRelief { .. } => values(code, kl),
        DiagCode::NoGive { .. }
        | DiagCode::EmptyTeam { .. }
        | DiagCode::InactiveRep { .. }
        | DiagCode::AmbiguousRep { .. }
        | DiagCode::NobodySkilled { .. }
        | DiagCode::NoCatchAll
        | DiagCode::NoTimezone
        | DiagCode::Unreachable { .. }
        | DiagCode::LikeMayOnlyPark
        | DiagCode::StepNeverReached
        | DiagCode::OnlyEscalates { .. }
        | DiagCode::RampWeeks
        | DiagCode::PromotionEmpty { .. }
        | DiagCode::PromotionsOverlap { .. }
        | DiagCode::NeverReturns
        | DiagCode::NoPoolSection => rules(code, kl),
        DiagCode::NeverMatches { .. }
        | DiagCode::Shadowed { .. }
        | DiagCode::PoolEmpty { .. }
        | DiagCode::NobodyWorks { .. }
        | DiagCode::CapsFull { .. }
        | DiagCode::WindowPast { .. }
        | DiagCode::WindowsOverlap { .. }
        | DiagCode::NeverSeen { .. }
        | DiagCode::RepliesUnrecorded { .. }
        | DiagCode::RepliesSilent { .. } => linted(code, kl),
        DiagCode::WatchFigure { .. }
        | DiagCode::WatchBackwards { .. }
        | DiagCode::WatchNeedsFigure { .. }
        | DiagCode::NotifyUnfit { .. }
        | DiagCode::WatchBlind { .. } => watched(code, kl),
    }
}

fn too_much(limit: Limit, max: usize, kl: Lang) -> (String, String) {
    match limit {
        Limit::BookBytes => {
            (format!("the book is longer than {max} bytes"), format!("分配规则超过 {max} 字节"))
        }
        Limit::Promotions => (format!("more than {max} promotions"), format!("大促超过 {max} 个")),
        Limit::Rules => (format!("more than {max} rules"), format!("规则超过 {max} 条")),
        Limit::Nesting => {
            let not = Kw::Not.word(kl);
            (
                format!("brackets and \"{not}\" nest deeper than {max}"),
                format!("括号与 {not} 嵌套超过 {max} 层"),
            )
        }
        Limit::DefineValues => {
            (format!("defines unfold to more than {max} values"), format!("定义展开后超过 {max} 个值"))
        }
        Limit::Diagnostics => (
            format!("more than {max} problems; the rest is not listed"),
            format!("问题超过 {max} 个，其余不再列出"),
        ),
    }
}

fn names(code: &DiagCode) -> (String, String) {
    match code {
        DiagCode::RuleNameTwice { name } => {
            (format!("two rules are called \"{name}\""), format!("有两条规则都叫“{name}”"))
        }
        DiagCode::DefineTwice { name } => {
            (format!("\"{name}\" is defined twice"), format!("“{name}”定义了两次"))
        }
        DiagCode::DefineUnused { name } => (format!("\"{name}\" is never used"), format!("“{name}”没有用到")),
        DiagCode::EqualsDefine { name } => (
            format!("this compares with the word \"{name}\" itself, not with the values it defines"),
            format!("这里比较的是“{name}”这个词本身，而不是它定义的各个值"),
        ),
        DiagCode::NotADefine { name } => {
            (format!("nothing is defined as \"{name}\""), format!("没有定义“{name}”"))
        }
        DiagCode::PromotionTwice { name } => {
            (format!("two promotions are called \"{name}\""), format!("有两个大促都叫“{name}”"))
        }
        DiagCode::WindowTwice { name } => {
            (format!("two windows are called \"{name}\""), format!("有两个时段都叫“{name}”"))
        }
        _ => (String::new(), String::new()),
    }
}

fn values(code: &DiagCode, kl: Lang) -> (String, String) {
    match code {
        DiagCode::WrongComparison { field, op } => {
            let field = name_in(field, kl);
            (format!("{field} cannot be compared with {op}"), format!("{field} 不能用 {op} 比较"))
        }
        DiagCode::WrongValue { field, want, found } => {
            let field = name_in(field, kl);
            (
                format!("{field} is compared with {}, not with {found}", kind_en(*want)),
                format!("{field} 应与{}比较，而不是 {found}", kind_zh(*want)),
            )
        }
        DiagCode::OnlyEmpty { field } => {
            let field = name_in(field, kl);
            let (empty, not_empty) = (Phrase::IsEmpty.text(kl), Phrase::IsNotEmpty.text(kl));
            (
                format!("of {field} only \"{empty}\" and \"{not_empty}\" can be asked"),
                format!("{field} 只能用 {empty} 或 {not_empty} 判断"),
            )
        }
        DiagCode::TooPrecise { found } => {
            (format!("{found} has more than three decimals"), format!("{found} 的小数超过三位"))
        }
        DiagCode::EndsBeforeStart => ("this ends before it starts".into(), "结束早于开始".into()),
        DiagCode::CapZero => ("a cap of 0 lets nobody take a lead".into(), "上限为 0，谁也接不到线索".into()),
        DiagCode::OutOfRange { found, range } => {
            (format!("{found} lies outside {range}"), format!("{found} 超出范围 {range}"))
        }
        DiagCode::NeverWorks { whose } if whose.is_empty() => {
            ("these hours leave no working time at all".into(), "这样写就完全没有工作时间了".into())
        }
        DiagCode::NeverWorks { whose } => (
            format!("these hours leave \"{whose}\" no working time at all"),
            format!("这样写，“{whose}”就完全没有工作时间了"),
        ),
        DiagCode::YearWithoutHolidays { year } => (
            format!("no holiday of {year} is listed: every weekday of it counts as worked"),
            format!("没有列出 {year} 年的节假日，该年工作日全部按上班计算"),
        ),
        DiagCode::WrongAmount { metric } => {
            let word = word_for(METRICS, *metric, kl);
            let takes = example(*metric, kl);
            (format!("{word} is not measured like this"), format!("{word} 不能这样衡量，应写作 {takes}"))
        }
        DiagCode::WrongRelief { kind } => {
            let word = word_for(WATCHES, *kind, kl);
            (format!("nothing of this kind is done about {word}"), format!("{word} 没有这种自动处理"))
        }
        _ => (String::new(), String::new()),
    }
}

fn rules(code: &DiagCode, kl: Lang) -> (String, String) {
    match code {
        DiagCode::NoGive { rule } => {
            (format!("rule \"{rule}\" gives to nobody"), format!("规则“{rule}”没有写分给谁"))
        }
        DiagCode::EmptyTeam { team } => {
            (format!("team \"{team}\" has no active rep"), format!("团队“{team}”没有在职销售"))
        }
        DiagCode::InactiveRep { rep } => {
            (format!("rep \"{rep}\" is not active"), format!("销售“{rep}”已停用"))
        }
        DiagCode::AmbiguousRep { rep } => {
            (format!("several reps are called \"{rep}\""), format!("有多位销售都叫“{rep}”"))
        }
        DiagCode::NobodySkilled { rule } => (
            format!("no active rep whom rule \"{rule}\" reaches has the skills it needs"),
            format!("规则“{rule}”能分到的在职销售都不具备所需技能"),
        ),
        DiagCode::NoCatchAll => (
            format!("the book has no \"{}\"; what no rule takes is parked", Kw::Otherwise.word(kl)),
            match kl {
                Lang::En => "没有兜底 otherwise，没有规则接收的线索将转待人工".into(),
                Lang::Zh => "没有“兜底”，没有规则接收的线索将转待人工".into(),
            },
        ),
        DiagCode::NoTimezone => {
            ("no timezone is set; UTC is used".into(), "没有设定时区，按 UTC 计算".into())
        }
        DiagCode::Unreachable { rule, by } => (
            format!("rule \"{rule}\" can never match: rule \"{by}\" takes all of it"),
            format!("规则“{rule}”永远不会命中：规则“{by}”已接收全部线索"),
        ),
        DiagCode::LikeMayOnlyPark => (
            "a similar company name may only park a lead, never give it".into(),
            "公司名相似只能转待人工，不能直接分配".into(),
        ),
        DiagCode::StepNeverReached => {
            ("the step before this one ends the matter".into(), "前一步已经了结，这一步不会执行".into())
        }
        DiagCode::OnlyEscalates { rule } => (
            format!(
                "rule \"{rule}\" moves no lead when the limit passes: no replies are declared as recorded"
            ),
            format!("规则“{rule}”超时后只会升级提醒：没有声明哪些渠道记录回复"),
        ),
        DiagCode::PromotionEmpty { name } => (
            format!("the promotion \"{name}\" changes nothing, and no rule holds during it"),
            format!("大促“{name}”什么也没有改变，也没有规则用到它"),
        ),
        DiagCode::PromotionsOverlap { name, with, what } => (
            format!(
                "\"{with}\" overlaps and says {what} too; while both are on, \"{with}\" counts, as it stands higher than \"{name}\""
            ),
            format!("“{with}”与“{name}”时间重叠且都写了 {what}；同时进行时以写在前面的“{with}”为准"),
        ),
        DiagCode::RampWeeks => (
            "the weeks of a ramp begin with 1 and follow on each other".into(),
            "新人爬坡的周数须从 1 开始并前后相接".into(),
        ),
        DiagCode::NeverReturns => (
            "no lead will ever go back to the pool: no replies are declared as recorded".into(),
            "不会有线索回到线索池：没有声明哪些渠道记录回复".into(),
        ),
        DiagCode::NoPoolSection => ("this book has no pool".into(), "这份规则里没有线索池".into()),
        _ => (String::new(), String::new()),
    }
}

/// What to do about it: the proposed edit first, else advice that the code itself carries.
pub(super) fn hint(diagnostic: &Diagnostic, lang: Lang) -> Option<String> {
    if let Some(fix) = &diagnostic.suggestion {
        let text = fix.replacement.trim_matches('"');
        return Some(match diagnostic.code {
            DiagCode::UnclosedQuote => say(lang, "add \" at the end", "在末尾补上 \""),
            DiagCode::Unknown { .. }
            | DiagCode::UnknownWord { .. }
            | DiagCode::NeverSeen { .. }
            | DiagCode::Expected { .. } => {
                say(lang, format!("did you mean {text}?"), format!("是否想写 {text}？"))
            }
            _ => say(lang, format!("write {}", fix.replacement), format!("可写作 {}", fix.replacement)),
        });
    }
    let (en, zh) = advice(&diagnostic.code, diagnostic.keywords)?;
    Some(say(lang, en, zh))
}

fn advice(code: &DiagCode, kl: Lang) -> Option<(String, String)> {
    let both = |en: &str, zh: &str| Some((en.to_owned(), zh.to_owned()));
    let write = |en: &str, text: String, zh: &str| Some((format!("{en}{text}"), format!("{zh}{text}")));
    let kw = |kw: Kw| kw.word(kl);
    match code {
        DiagCode::Expected { want: Want::Target, .. } => {
            let words = OneOf::from(&[Kw::Team, Kw::Rep, Kw::Owner][..]);
            let (en, zh) = (words.either(kl), words.text(kl));
            Some((format!("write {en} before the name"), format!("名称前请写 {zh}")))
        }
        DiagCode::Expected { want: Want::QuotedText, .. } => {
            both("write the text in quotes", "请把文字放在引号里")
        }
        DiagCode::Misplaced { word }
            if spelled(word).is_some_and(|s| s.kws.first().is_some_and(|kw| POOL_LINES.contains(kw))) =>
        {
            let pool = kw(Kw::Pool);
            Some((format!("it is a line of the {pool}"), format!("它是“{pool}”里的一行")))
        }
        DiagCode::Misplaced { .. } => {
            both("it is a line of a rule or of the calendar", "它是规则或日历里的一行")
        }
        DiagCode::WrongComparison { .. } => {
            let texts = [kw(Kw::In), kw(Kw::Contains), &Phrase::StartsWith.text(kl)].join(", ");
            Some((
                format!("texts know = != {texts}; numbers know < <= > >="),
                format!("文本用 = != {texts}，数字用 < <= > >="),
            ))
        }
        DiagCode::NoGive { .. } => {
            let line = format!("{} {} Sales", Phrase::GiveTo.text(kl), kw(Kw::Team));
            write("add a line such as: ", line, "请加一行，例如 ")
        }
        DiagCode::AmbiguousRep { .. } => both("use the login instead", "请改用登录名"),
        DiagCode::NoCatchAll => {
            let why = if kl == Lang::En { "nobody matched" } else { "无人接收" };
            write("add: ", format!("{} {} \"{why}\"", kw(Kw::Otherwise), kw(Kw::Park)), "可加一行 ")
        }
        DiagCode::NoTimezone => {
            let (calendar, line) = (kw(Kw::Calendar), format!("{} Asia/Shanghai", kw(Kw::Timezone)));
            Some((format!("add to {calendar}: {line}"), format!("在 {calendar} 里加一行 {line}")))
        }
        DiagCode::OnlyEscalates { .. } | DiagCode::NeverReturns | DiagCode::WatchBlind { .. } => {
            let line = Phrase::RepliesFrom.text(kl);
            Some((
                format!("add: {line}, with the sources that report replies"),
                format!("可加一行 {line}，列出会回传回复的渠道"),
            ))
        }
        DiagCode::NoPoolSection => {
            let (pool, recall) = (kw(Kw::Pool), kw(Kw::Recall));
            Some((
                format!("add a {pool} section, or write {recall} alone"),
                format!("请加一段 {pool}，或只写 {recall}"),
            ))
        }
        DiagCode::WrongValue { want: Kind::Duration, .. } => match kl {
            Lang::En => both("durations look like 30s, 5m, 2h or 3d", "时长写作 30s、5m、2h 或 3d"),
            Lang::Zh => {
                both("durations look like 30秒, 5分钟, 2小时 or 3天", "时长写作 30秒、5分钟、2小时 或 3天")
            }
        },
        DiagCode::WrongAmount { metric } => write("", example(*metric, kl).to_owned(), ""),
        DiagCode::WrongRelief { kind } => {
            let spread = SPREAD_OVER.text(kl);
            match kind {
                WatchKind::Delayed | WatchKind::Missed => write("", format!("-> {spread} …"), ""),
                _ => both(
                    "only leads of a rep, and leads nobody has, are moved by themselves",
                    "只有某位销售名下的线索，或无负责人的线索可以自动移动",
                ),
            }
        }
        DiagCode::NeverMatches { .. } => {
            both("look for parts that exclude each other", "请检查互相矛盾的条件")
        }
        DiagCode::PoolEmpty { .. } => both(
            "leads that come then wait for them, or go on to the next rule",
            "此时到达的线索会等他们上班，或转到下一条规则",
        ),
        DiagCode::WindowPast { .. } => both(
            "delete it with what names it, or give it new dates",
            "请连同引用它的内容一起删除，或改用新的日期",
        ),
        DiagCode::RepliesUnrecorded { .. } => {
            let line = Phrase::RepliesFrom.text(kl);
            Some((
                format!(
                    "add the source to \"{line}\" if its replies are reported here, or leave the steps out"
                ),
                format!("若该渠道会回传回复，请加到“{line}”里，否则去掉这些步骤"),
            ))
        }
        DiagCode::NeverWorks { .. } => {
            let except = kw(Kw::Except);
            Some((format!("look at what \"{except}\" takes away"), format!("请检查 {except} 去掉了哪些时间")))
        }
        DiagCode::YearWithoutHolidays { .. } => both(
            "add the public holidays and make-up workdays of that year",
            "请补上该年的节假日和调休上班日",
        ),
        DiagCode::CapZero => {
            let cap = kw(Kw::Cap);
            Some(("leave the cap out for no limit".to_owned(), format!("不设上限就不要写 {cap}")))
        }
        DiagCode::Unreachable { .. } | DiagCode::Shadowed { .. } => {
            both("move it up, or give the rule above a condition", "把它上移，或给上面的规则加条件")
        }
        code => watch_advice(code, kl),
    }
}

fn noun_en(noun: Noun) -> &'static str {
    match noun {
        Noun::Team => "team",
        Noun::Rep => "rep",
        Noun::Skill => "skill",
        Noun::Source => "source",
        Noun::Define => "define",
        Noun::Field => "field",
        Noun::Strategy => "strategy",
        Noun::Window => "window",
        Noun::Promotion => "promotion",
        Noun::Timezone => "timezone",
        Noun::State => "state",
        Noun::Weekday => "weekday",
        Noun::Watch => "watch",
        Noun::Metric => "figure to watch",
        Noun::ContactKey => "contact key",
        Noun::Channel => "channel",
        Noun::Topic => "reason to notify",
    }
}

fn noun_zh(noun: Noun) -> &'static str {
    match noun {
        Noun::Team => "团队",
        Noun::Rep => "销售",
        Noun::Skill => "技能",
        Noun::Source => "渠道",
        Noun::Define => "定义",
        Noun::Field => "字段",
        Noun::Strategy => "分配方式",
        Noun::Window => "时段",
        Noun::Promotion => "大促",
        Noun::Timezone => "时区",
        Noun::State => "线索状态",
        Noun::Weekday => "星期",
        Noun::Watch => "监控项",
        Noun::Metric => "监控指标",
        Noun::ContactKey => "联系方式",
        Noun::Channel => "通知通道",
        Noun::Topic => "通知事由",
    }
}

fn kind_en(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "a text in quotes",
        Kind::Number => "a number",
        Kind::Duration => "a duration",
        Kind::Hour => "an hour from 0 to 23",
    }
}

fn kind_zh(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "带引号的文字",
        Kind::Number => "数字",
        Kind::Duration => "时长",
        Kind::Hour => "0 到 23 的小时",
    }
}
