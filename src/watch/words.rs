//! Alerts in words, English and Chinese: the cause in one sentence with its numbers, what it means, what a test rests on, what
//! a remedy does. From the stored alert alone; nothing is detected again.

use crate::engine::words::{milli, rep_name, span};
use crate::model::alert::{
    Alert, AlertKind, AlertSubject, Aspect, Detail, Evidence, Finding, Handling, Suppressed,
};
use crate::model::lang::Lang;
use crate::model::time::Millis;
use crate::watch::fixed::ONE;
use crate::watch::remedy::{Effect, Remedy, What};
use crate::world::World;

fn pick<'t>(lang: Lang, en: &'t str, zh: &'t str) -> &'t str {
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}

/// Millionths of a lead with one decimal.
fn leads(micro: i64) -> String {
    milli((micro / (ONE / 10)) * 100)
}

/// Thousandths as a percentage.
fn percent(milli_: i64) -> String {
    format!("{} %", milli(milli_ * 100))
}

/// What an alert is about, by name.
#[must_use]
pub fn about(world: &World, finding: &Finding, detail: &Detail, lang: Lang) -> String {
    match finding.key.subject {
        AlertSubject::Desk => pick(lang, "the desk", "整个销售台").to_owned(),
        AlertSubject::Rep(rep) => rep_name(world, rep),
        AlertSubject::Lead(lead) => lead.to_string(),
        AlertSubject::Source(_) | AlertSubject::Rule(_) => {
            if detail.about.is_empty() {
                pick(lang, "(no name)", "（未命名）").to_owned()
            } else {
                detail.about.to_string()
            }
        }
    }
}

/// The cause in one sentence with its numbers.
#[must_use]
pub fn cause(world: &World, finding: &Finding, detail: &Detail, lang: Lang) -> String {
    let who = about(world, finding, detail, lang);
    if let Some(said) = beyond_the_book(finding, detail, lang) {
        return said;
    }
    if finding.key.kind.is_statistical() {
        return match &detail.evidence {
            Some(evidence) => statistical(finding, &who, evidence, lang),
            None => who,
        };
    }
    let (count, figure, limit) = (finding.count, finding.figure, finding.limit);
    let (long, most) = (span(figure), span(limit));
    let first = finding.leads.first().map_or_else(String::new, ToString::to_string);
    match (finding.key.kind, lang) {
        (AlertKind::Delayed, Lang::En) => format!("{count} wait past {most}; {first} for {long}"),
        (AlertKind::Delayed, Lang::Zh) => format!("{count} 条等待超过 {most}，{first} 已等 {long}"),
        (AlertKind::Missed, Lang::En) => format!("{count} without an owner past {most}; {first} for {long}"),
        (AlertKind::Missed, Lang::Zh) => format!("{count} 条无负责人超过 {most}，{first} 已 {long}"),
        (AlertKind::Duplicate, _) => duplicate(world, finding, lang),
        (AlertKind::AtCap, Lang::En) => format!("{who} has {figure} of {limit} leads"),
        (AlertKind::AtCap, Lang::Zh) => format!("{who} 已有 {figure}/{limit} 条"),
        (AlertKind::EngineStalled, Lang::En) => {
            format!("no assignment for {long} while {count} eligible leads wait")
        }
        (AlertKind::EngineStalled, Lang::Zh) => format!("{long} 无分配，而有 {count} 条可分配的线索在等待"),
        (AlertKind::Overdue, Lang::En) => format!("{count} past their response limit; {first}"),
        (AlertKind::Overdue, Lang::Zh) => format!("{count} 条超过响应时限，{first}"),
        (AlertKind::TimerBudget, Lang::En) => {
            format!("timers moved {count} leads within the hour and stopped")
        }
        (AlertKind::TimerBudget, Lang::Zh) => format!("一小时内超时转派 {count} 条，已停止"),
        (AlertKind::ClockSuspect, Lang::En) => format!("the wall clock stepped by {}", span(figure.abs())),
        (AlertKind::ClockSuspect, Lang::Zh) => format!("系统时钟跳变 {}", span(figure.abs())),
        (AlertKind::LoadUneven, Lang::En) => {
            format!("{who} is at {} of the cap, {} has room for the same rule", percent(figure), detail.about)
        }
        (AlertKind::LoadUneven, Lang::Zh) => {
            format!("{who} 负载已达上限的 {}，而同一规则下 {} 尚空闲", percent(figure), detail.about)
        }
        (AlertKind::Untouched, Lang::En) => {
            format!("{who} has {count} leads nobody contacted, {first} for {long} of working time")
        }
        (AlertKind::Untouched, Lang::Zh) => {
            format!("{who} 有 {count} 条未联系，{first} 已 {long}（工作时间）")
        }
        (AlertKind::Hoarded, Lang::En) => {
            format!("{who} holds {figure} untouched leads, team mates {limit}; {first} is the oldest")
        }
        (AlertKind::Hoarded, Lang::Zh) => {
            format!("{who} 积压 {figure} 条未联系，同组中位数 {limit}，最早为 {first}")
        }
        (AlertKind::LeaseFlapping, Lang::En) => format!("{figure} leaders within the hour"),
        (AlertKind::LeaseFlapping, Lang::Zh) => format!("一小时内主控切换 {figure} 次"),
        (AlertKind::DiskLow, Lang::En) => format!("{figure} MiB free where the desk's file lies"),
        (AlertKind::DiskLow, Lang::Zh) => format!("数据文件所在磁盘仅剩 {figure} MiB"),
        (AlertKind::OutboxStuck, lang) => outbox_stuck(finding, lang),
        _ => who,
    }
}

/// Notices that wait, that were given up, or both.
fn outbox_stuck(finding: &Finding, lang: Lang) -> String {
    let (waits, dead) = (finding.figure >= finding.limit, finding.count);
    let waited = crate::engine::words::span(finding.figure);
    match (lang, waits, dead) {
        (Lang::En, true, 0) => format!("a notice waits for {waited}"),
        (Lang::En, true, _) => format!("a notice waits for {waited}; {dead} were given up"),
        (Lang::En, false, _) => format!("{dead} notices were given up"),
        (Lang::Zh, true, 0) => format!("有通知已等待 {waited}"),
        (Lang::Zh, true, _) => format!("有通知已等待 {waited}，另有 {dead} 条发送失败"),
        (Lang::Zh, false, _) => format!("{dead} 条通知发送失败"),
    }
}

/// Alerts that only a figure of the book raises.
fn beyond_the_book(finding: &Finding, detail: &Detail, lang: Lang) -> Option<String> {
    let Finding { count, figure, limit, .. } = finding;
    let about = &detail.about;
    // A percentage is compared with evidence, a number without.
    let most = if detail.evidence.is_some() { percent(*limit) } else { limit.to_string() };
    let first = finding.leads.first().map_or_else(String::new, ToString::to_string);
    Some(match (finding.key.kind, lang) {
        (AlertKind::Queue, Lang::En) => format!("{figure} leads wait, more than {limit}; {first} longest"),
        (AlertKind::Queue, Lang::Zh) => format!("{figure} 条在等待，超过 {limit} 条，最久为 {first}"),
        (AlertKind::Full, Lang::En) => format!("{figure} of {count} on duty are at their cap"),
        (AlertKind::Full, Lang::Zh) => format!("在岗 {count} 人中 {figure} 人已满额"),
        (AlertKind::Spread, Lang::En) => format!(
            "shares lie {} apart, more than {}; {about} stands out",
            percent(*figure),
            percent(*limit)
        ),
        (AlertKind::Spread, Lang::Zh) => {
            format!("均衡度 {}，超过 {}，{about} 最突出", percent(*figure), percent(*limit))
        }
        (AlertKind::Unmatched, Lang::En) => {
            format!("{figure} of {count} leads matched no rule, more than {most}")
        }
        (AlertKind::Unmatched, Lang::Zh) => format!("{count} 条中 {figure} 条未匹配任何规则，超过 {most}"),
        (AlertKind::Unassigned, Lang::En) => {
            format!("for {figure} of {count} leads nobody was free, more than {most}")
        }
        (AlertKind::Unassigned, Lang::Zh) => format!("{count} 条中 {figure} 条有规则但无人可接，超过 {most}"),
        _ => return None,
    })
}

fn duplicate(world: &World, finding: &Finding, lang: Lang) -> String {
    let named: Vec<String> = finding
        .leads
        .iter()
        .take(2)
        .map(|id| {
            let owner = world.lead(*id).and_then(|lead| lead.owner).map(|rep| rep_name(world, rep));
            owner.map_or_else(|| id.to_string(), |owner| format!("{id} ({owner})"))
        })
        .collect();
    format!("{} {}", pick(lang, "one person, two owners:", "同一人分给两位销售："), named.join(", "))
}

fn statistical(finding: &Finding, who: &str, e: &Evidence, lang: Lang) -> String {
    let (observed, expected) = (leads(e.observed), leads(e.expected));
    let times = milli(finding.figure / 10 * 10);
    let by = aspect(e.aspect, lang);
    match (finding.key.kind, lang) {
        (AlertKind::Uneven, Lang::En) => {
            format!("{who} received {times} times what was due by {by}: {observed} of {expected} expected")
        }
        (AlertKind::Uneven, Lang::Zh) => {
            format!("{who} 按{by}分得应得的 {times} 倍：{observed}，应得 {expected}")
        }
        (AlertKind::Starved, Lang::En) => {
            format!("{who} got none of {} leads they were free for, in {}", e.samples, span(finding.figure))
        }
        (AlertKind::Starved, Lang::Zh) => {
            format!("{who} 可接 {} 条，{} 内一条未得", e.samples, span(finding.figure))
        }
        (AlertKind::Surge, Lang::En) => {
            format!("{who} sent {observed} leads, {expected} are usual at this hour")
        }
        (AlertKind::Surge, Lang::Zh) => format!("{who} 来了 {observed} 条，同时段通常 {expected} 条"),
        (AlertKind::Drought, Lang::En) => {
            format!(
                "{who} has sent nothing for {}; {expected} leads were to be expected",
                span(finding.figure)
            )
        }
        (AlertKind::Drought, Lang::Zh) => {
            format!("{who} 已 {} 没有线索，按惯例应有 {expected} 条", span(finding.figure))
        }
        (AlertKind::RuleSilent, Lang::En) => {
            format!(
                "rule “{who}” matched none of {} leads; {expected} were to be expected{}",
                e.samples,
                since(e, lang)
            )
        }
        (AlertKind::RuleSilent, Lang::Zh) => {
            format!("规则「{who}」连续 {} 条未命中，按惯例应命中 {expected} 条{}", e.samples, since(e, lang))
        }
        (AlertKind::RateShift, Lang::En) => {
            format!(
                "rule “{who}” matched {observed} of {} leads; {expected} before{}",
                e.samples,
                since(e, lang)
            )
        }
        (AlertKind::RateShift, Lang::Zh) => {
            format!(
                "规则「{who}」{} 条中命中 {observed} 条，此前应为 {expected} 条{}",
                e.samples,
                since(e, lang)
            )
        }
        (AlertKind::DirtyFields, Lang::En) => {
            format!(
                "{who} left out {by} in {observed} of the last {} leads, {} before",
                e.samples,
                percent(finding.limit)
            )
        }
        (AlertKind::DirtyFields, Lang::Zh) => {
            format!("{who} 最近 {} 条中 {observed} 条缺{by}，此前为 {}", e.samples, percent(finding.limit))
        }
        (AlertKind::Conversion, Lang::En) => {
            format!(
                "{who} brought {observed} of {} leads to a good end, others {expected} of the like",
                e.samples
            )
        }
        (AlertKind::Conversion, Lang::Zh) => {
            format!("{who} 的 {} 条中 {observed} 条转化，同类线索他人为 {expected} 条", e.samples)
        }
        _ => who.to_owned(),
    }
}

fn since(e: &Evidence, lang: Lang) -> String {
    match (e.book, lang) {
        (None, _) => String::new(),
        (Some(book), Lang::En) => format!(" since {book} was published"),
        (Some(book), Lang::Zh) => format!("（{book} 发布之后）"),
    }
}

fn aspect(aspect: Aspect, lang: Lang) -> &'static str {
    match aspect {
        Aspect::Count => pick(lang, "count", "数量"),
        Aspect::Value => pick(lang, "value", "金额"),
        Aspect::Score => pick(lang, "score", "评分"),
        Aspect::Contact => pick(lang, "phone and mail", "电话和邮箱"),
        Aspect::Region => pick(lang, "region", "地区"),
        Aspect::Product => pick(lang, "product", "产品"),
        Aspect::Campaign => pick(lang, "campaign", "活动"),
    }
}

/// What it means for the desk, in one sentence.
#[must_use]
pub fn meaning(kind: AlertKind, lang: Lang) -> &'static str {
    let (en, zh) = match kind {
        AlertKind::Delayed => ("Fresh leads cool while they wait.", "新线索等待越久越冷。"),
        AlertKind::Missed => {
            ("Nobody will call these unless somebody takes them up.", "无人认领，这些线索不会有人跟进。")
        }
        AlertKind::Duplicate => ("One person will be called by two reps.", "同一客户会被两位销售联系。"),
        AlertKind::AtCap => ("The next leads pass this rep by.", "后续线索不会再分给此人。"),
        AlertKind::EngineStalled => {
            ("Nothing is handed out although it could be.", "本可分配的线索没有分配。")
        }
        AlertKind::Overdue => {
            ("Leads wait for a first answer past what the rules promise.", "首次响应已超过规则承诺的时限。")
        }
        AlertKind::TimerBudget => ("Most likely replies are no longer recorded.", "很可能是回复没有被记录。"),
        AlertKind::ClockSuspect => {
            ("Timers stand still until the clock is trusted.", "时钟可信之前，计时暂停。")
        }
        AlertKind::LoadUneven => ("One is swamped while another could help.", "一人过载而另一人有余力。"),
        AlertKind::Untouched => {
            ("These leads lie with an owner who has not called.", "这些线索有负责人但无人联系。")
        }
        AlertKind::Hoarded => ("Leads pile up with one rep.", "线索积压在一人手中。"),
        AlertKind::LeaseFlapping => (
            "Consoles take the lead from each other; timers may be late.",
            "多个控制台反复争抢主控，计时可能延迟。",
        ),
        AlertKind::OutboxStuck => (
            "Whoever waits for notices hears nothing; the outbox and `leadyard doctor` say why.",
            "等通知的人收不到消息；原因见通知队列和 leadyard doctor。",
        ),
        AlertKind::DiskLow => ("When the disk is full nothing can be recorded.", "磁盘写满后将无法记录。"),
        AlertKind::Uneven => ("The others got less than their share.", "其他人分得少于应得。"),
        AlertKind::Starved => ("Somebody who is free is passed over.", "有空的人一直分不到。"),
        AlertKind::Surge => ("More comes than the desk is staffed for.", "来量超过当前人手。"),
        AlertKind::Drought => ("The source or the way from it may be broken.", "渠道或接入可能中断。"),
        AlertKind::RuleSilent => ("Its leads go elsewhere.", "本应命中的线索去了别处。"),
        AlertKind::RateShift => ("Leads are handed out otherwise than before.", "分配方式与此前不同。"),
        AlertKind::DirtyFields => {
            ("Rules that ask for the field cannot match.", "依赖该字段的规则无法命中。")
        }
        AlertKind::Conversion => ("A hint to look closer, no judgement.", "仅供进一步了解，并非结论。"),
        AlertKind::Queue => ("More comes than is handed out.", "来的比分出去的多。"),
        AlertKind::Full => ("Soon nobody can take the next lead.", "很快将无人可接新线索。"),
        AlertKind::Spread => {
            ("Some got much more of what was due than others.", "有人分得远多于应得，有人远少。")
        }
        AlertKind::Unmatched => ("No rule says whose these are.", "没有规则说明这些线索归谁。"),
        AlertKind::Unassigned => ("A rule is short of people.", "规则下的人手不足。"),
    };
    pick(lang, en, zh)
}

/// What a test rests on, so that it can be worked out again: leads, observed and expected, size and evidence, each beside
/// what is needed.
#[must_use]
pub fn evidence(e: &Evidence, lang: Lang) -> String {
    // 2.303 nats are a factor of ten.
    let tens = |nats: i64| milli(nats / 230_259 * 100);
    let (n, need, observed, expected) = (e.samples, e.samples_needed, leads(e.observed), leads(e.expected));
    let (p, q) = (tens(e.surprise), tens(e.surprise_needed));
    let size = |value: i64| milli(value.min(99_000) / 10 * 10);
    let (effect, least) = (size(e.effect_milli), size(e.effect_needed_milli));
    match lang {
        Lang::En => format!(
            "{n} leads (≥ {need}) · observed {observed}, expected {expected} · size {effect} (≥ {least}) · \
             chance 10^−{p} (≤ 10^−{q})"
        ),
        Lang::Zh => format!(
            "样本 {n} 条（≥ {need}）· 实际 {observed}，预期 {expected} · 幅度 {effect}（≥ {least}）· \
             偶然概率 10^−{p}（≤ 10^−{q}）"
        ),
    }
}

/// The one word a screen shows for condition and handling together.
#[must_use]
pub fn state(alert: &Alert, now: Millis, lang: Lang) -> &'static str {
    match (&alert.handling, alert.recovery) {
        (_, Some(_)) => pick(lang, "recovering", "恢复中"),
        (handling, None) if handling.is_open(now) => pick(lang, "firing", "触发中"),
        (Handling::Acknowledged { .. }, None) => pick(lang, "acknowledged", "已认领"),
        (Handling::Snoozed { .. }, None) => pick(lang, "snoozed", "已推迟"),
        (Handling::Open, None) => pick(lang, "firing", "触发中"),
    }
}

/// Why an alert is not spoken of.
#[must_use]
pub fn suppressed(why: Suppressed, lang: Lang) -> String {
    match why {
        Suppressed::Silenced(id) => format!("{} {id}", pick(lang, "silenced", "静音")),
        Suppressed::Inhibited(kind) => {
            let by = pick(lang, kind.word(), kind.word_zh());
            format!("{} {by}", pick(lang, "inhibited by", "被抑制："))
        }
        Suppressed::Flapping => pick(lang, "flapping", "反复波动").to_owned(),
        Suppressed::Importing => pick(lang, "an import runs", "正在导入").to_owned(),
    }
}

/// What a remedy does and what it would come to.
#[must_use]
pub fn remedy(world: &World, remedy: &Remedy, lang: Lang) -> String {
    let name = |rep| rep_name(world, rep);
    let what = match (&remedy.what, lang) {
        (What::Move { from, to }, lang) => {
            let total: u32 = to.iter().map(|(_, n)| n).sum();
            let separator = pick(lang, ", ", "、");
            let to: Vec<String> = to.iter().map(|(rep, _)| name(*rep)).collect();
            let (from, to) = (name(*from), to.join(separator));
            match lang {
                Lang::En => format!("move {total} from {from} → {to}"),
                Lang::Zh => format!("从 {from} 转 {total} 条 → {to}"),
            }
        }
        (What::RaiseCap { rep, from, to }, Lang::En) => format!("raise {}'s cap {from} → {to}", name(*rep)),
        (What::RaiseCap { rep, from, to }, Lang::Zh) => format!("将 {} 的上限 {from} → {to}", name(*rep)),
        (What::Recall { leads }, Lang::En) => format!("recall {leads} and hand them out again"),
        (What::Recall { leads }, Lang::Zh) => format!("回收 {leads} 条并重新分配"),
        (What::Free { leads }, Lang::En) => format!("give {leads} parked leads back to the engine"),
        (What::Free { leads }, Lang::Zh) => format!("将 {leads} 条待人工线索交回引擎"),
        (What::Merge { into, lead }, Lang::En) => format!("merge {lead} into {into}"),
        (What::Merge { into, lead }, Lang::Zh) => format!("将 {lead} 合并到 {into}"),
        (What::Resume, Lang::En) => "let the engine assign again".to_owned(),
        (What::Resume, Lang::Zh) => "恢复引擎自动分配".to_owned(),
        (What::RollBack { version }, Lang::En) => format!("roll back the rules: undo {version}"),
        (What::RollBack { version }, Lang::Zh) => format!("回滚规则：撤销 {version}"),
        (What::Silence { .. }, Lang::En) => "silence it for 4 hours".to_owned(),
        (What::Silence { .. }, Lang::Zh) => "静音 4 小时".to_owned(),
    };
    match remedy.effect {
        None => what,
        Some(effect) => format!("{what}: {}", effect_words(effect)),
    }
}

fn effect_words(effect: Effect) -> String {
    if effect.is_milli {
        format!("{} → {}", percent(effect.before), percent(effect.after))
    } else {
        format!("{} → {}", effect.before, effect.after)
    }
}
