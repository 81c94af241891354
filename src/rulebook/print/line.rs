//! The lines of each block as text. Where Chinese has another order of words than English, both are written here.

use std::fmt::Write as _;

use chrono::{NaiveDate, NaiveDateTime};
use smol_str::SmolStr;
use unicode_width::UnicodeWidthStr;

use super::super::book::{Amount, Cmp, ContactKey, TimeSpan};
use super::super::keyword::{
    A_TURN, AT_MOST, CHANNELS, CONTACT_KEYS, Kw, LOUDNESSES, METRICS, NEW_LEADS, ON, PER_HOUR, PREVIOUS,
    PREVIOUS_OWNER, Phrase, SPREAD_OVER, TOPICS, WATCHES, WITHOUT_CONTACT, WORKING_DAYS, sign_of, word_for,
};
use super::super::literal;
use super::super::token::quote;
use super::super::tree::{
    CalendarLine, CapNode, Clause, DaysNode, DupByNode, DupNode, DupThenNode, ElseNode, GiveNode, HoursNode,
    MeasureNode, MomentNode, NotifyNode, PoolLine, PromotionLine, RampNode, ReliefNode, ReliefWhat,
    RespondNode, StepNode, StrategyNode, TargetNode, WatchNode, WhoseNode,
};
use super::Printer;
use crate::model::lang::Lang;

impl Printer {
    pub(super) fn calendar(self, line: &CalendarLine) -> String {
        match line {
            CalendarLine::Timezone(name) => format!("{} {}", self.kw(Kw::Timezone), self.name(name)),
            CalendarLine::Hours(hours) => self.hours(hours),
            CalendarLine::Holiday(days) => format!("{} {}", self.kw(Kw::Holiday), days_text(days)),
            CalendarLine::Workday(days) => format!("{} {}", self.kw(Kw::Workday), days_text(days)),
            CalendarLine::Window { name, from, to, .. } => {
                let (from, to) = (moment_text(from), moment_text(to));
                format!("{} {} {from} .. {to}", self.kw(Kw::Window), quote(&name.text))
            }
        }
    }

    fn hours(self, hours: &HoursNode) -> String {
        let whose = |kw, name| format!("{} {} {}", self.kw(kw), self.name(name), self.kw(Kw::Works));
        let head = match &hours.whose {
            WhoseNode::Desk => self.kw(Kw::Workdays).to_owned(),
            WhoseNode::Team(name) => whose(Kw::Team, name),
            WhoseNode::Rep(name) => whose(Kw::Rep, name),
        };
        let mut out = format!("{head} {}", self.days_and_hours(hours));
        if hours.holidays {
            let _ = write!(out, " {}", self.phrase(Phrase::AndHolidays));
        }
        out
    }

    /// What stands behind `workdays`.
    pub(in super::super) fn days_and_hours(self, hours: &HoursNode) -> String {
        let mut out = format!("{} {}", self.weekdays(&hours.days), spans_text(&hours.spans));
        if !hours.except.is_empty() {
            let _ = write!(out, " {} {}", self.kw(Kw::Except), spans_text(&hours.except));
        }
        out
    }

    pub(super) fn promotion(self, line: &PromotionLine) -> String {
        let whom = |whose: &WhoseNode| match whose {
            WhoseNode::Desk => String::new(),
            WhoseNode::Team(name) => {
                format!(" {} {} {}", self.kw(Kw::For), self.kw(Kw::Team), self.name(name))
            }
            WhoseNode::Rep(name) => format!(" {} {} {}", self.kw(Kw::For), self.kw(Kw::Rep), self.name(name)),
        };
        match line {
            PromotionLine::During(window) => format!("{} {}", self.kw(Kw::During), quote(&window.text)),
            PromotionLine::Cap { cap, whose } => format!("{}{}", self.cap(cap), whom(whose)),
            PromotionLine::Weight { milli, whose, .. } => {
                format!("{} {}{}", self.kw(Kw::Weight), literal::decimal_text(*milli), whom(whose))
            }
            PromotionLine::Hours(hours) => self.hours(hours),
            PromotionLine::Watch(watch) => self.watch(watch),
        }
    }

    /// A count with its unit, which Chinese says first.
    fn counted(self, count: u32, unit: &str) -> String {
        match self.lang {
            Lang::En => format!("{count} {unit}"),
            Lang::Zh => format!("{unit} {count}"),
        }
    }

    fn cap(self, cap: &CapNode) -> String {
        let open = cap.open.map(|(n, _)| self.counted(n, self.kw(Kw::Open)));
        let day = cap.day.map(|(n, _)| self.counted(n, &self.phrase(Phrase::PerDay)));
        let both = [open, day].into_iter().flatten().collect::<Vec<_>>().join(", ");
        format!("{} {both}", self.kw(Kw::Cap))
    }

    /// `Mon..Fri, Sun`: runs of three or more are drawn together.
    pub(in super::super) fn weekdays(self, days: &[u8]) -> String {
        let text = |day: u8| literal::weekday_text(day, self.lang);
        let mut parts: Vec<String> = Vec::new();
        let mut rest = days;
        while let Some(first) = rest.first() {
            let run = rest.iter().zip(*first..).take_while(|(day, want)| **day == *want).count();
            let take = if run >= 3 { run } else { 1 };
            let (head, tail) = rest.split_at(take);
            match head {
                [_, .., last] => parts.push(format!("{}..{}", text(*first), text(*last))),
                _ => parts.push(text(*first).to_owned()),
            }
            rest = tail;
        }
        parts.join(", ")
    }

    pub(super) fn duplicate(self, dup: &DupNode) -> String {
        let by = match &dup.by {
            DupByNode::Same(keys) => {
                let same = |k: &ContactKey| {
                    format!("{} {}", self.kw(Kw::Same), word_for(CONTACT_KEYS, *k, self.lang))
                };
                keys.iter().map(same).collect::<Vec<_>>().join(&format!(" {} ", self.kw(Kw::Or)))
            }
            DupByNode::CompanyLike(share, _) => {
                let share = literal::decimal_text(*share);
                format!("{} {} {share}", self.kw(Kw::Company), self.kw(Kw::Like))
            }
        };
        let then = match &dup.then {
            DupThenNode::GiveToOwner => format!("{} {}", self.phrase(Phrase::GiveTo), self.kw(Kw::Owner)),
            DupThenNode::Park(reason) => format!("{} {}", self.kw(Kw::Park), quote(reason)),
        };
        format!("{by} {} {} -> {then}", self.phrase(Phrase::Ago), self.duration(dup.within_ms))
    }

    pub(super) fn ramp(self, ramp: &RampNode) -> String {
        let weeks = |from: u32, to: u32| if from == to { from.to_string() } else { format!("{from}..{to}") };
        let step = |s: &super::super::tree::RampStepNode| {
            let (share, weeks) = (literal::percent_text(s.share_milli), weeks(s.from, s.to));
            let unit = self.kw(if s.from == s.to || self.lang == Lang::Zh { Kw::Week } else { Kw::Weeks });
            match self.lang {
                Lang::En => format!("{share} {} {unit} {weeks}", self.kw(Kw::In)),
                Lang::Zh => format!("{} {weeks} {unit} {share}", self.phrase(Phrase::Nth)),
            }
        };
        let mut parts: Vec<String> = ramp.steps.iter().map(step).collect();
        parts.extend(ramp.at_least.map(|(n, _)| {
            let (least, day) = (self.phrase(Phrase::AtLeast), self.phrase(Phrase::PerDay));
            match self.lang {
                Lang::En => format!("{least} {n} {day}"),
                Lang::Zh => format!("{day} {least} {n}"),
            }
        }));
        let team = ramp.team.as_ref().map_or_else(String::new, |t| {
            format!(" {} {} {}", self.kw(Kw::For), self.kw(Kw::Team), self.name(t))
        });
        format!("{}{team} {}", self.kw(Kw::Ramp), parts.join(", "))
    }

    pub(super) fn pool(self, line: &PoolLine) -> String {
        match line {
            PoolLine::Seen { by, when } => {
                let team = |t| format!("{} {}", self.kw(Kw::Team), self.name(t));
                let who = if by.is_empty() {
                    self.kw(Kw::Everyone).to_owned()
                } else {
                    by.iter().map(team).collect::<Vec<_>>().join(", ")
                };
                let head = format!("{} {who}", self.phrase(Phrase::SeenBy));
                match when {
                    Some(expr) => {
                        let head = format!("{head} {} ", self.kw(Kw::When));
                        format!("{head}{}", self.wrapped(expr, "  ", head.width()))
                    }
                    None => head,
                }
            }
            PoolLine::Claim { day, hand, turn } => {
                let day = day.map(|(n, _)| self.counted(n, &self.phrase(Phrase::PerDay)));
                let hand = hand.map(|(n, _)| self.counted(n, &self.phrase(Phrase::InHand)));
                let turn = turn.then(|| format!("{} {}", self.kw(Kw::Uses), A_TURN.text(self.lang)));
                let all = [day, hand, turn].into_iter().flatten().collect::<Vec<_>>().join(", ");
                format!("{} {all}", self.kw(Kw::Claim))
            }
            PoolLine::Cooldown(ms) => {
                let owner = match self.lang {
                    Lang::En => format!("{} {}", PREVIOUS.text(self.lang), self.kw(Kw::Owner)),
                    Lang::Zh => PREVIOUS_OWNER.to_owned(),
                };
                format!("{} {} {} {owner}", self.kw(Kw::Cooldown), self.duration(*ms), self.kw(Kw::For))
            }
            PoolLine::Hold(ms) => {
                format!("{} {} {}", self.kw(Kw::Hold), NEW_LEADS.text(self.lang), self.duration(*ms))
            }
            PoolLine::Return(days, _) => format!(
                "{} {} {days} {} {}",
                self.kw(Kw::Return),
                self.kw(Kw::After),
                WORKING_DAYS.text(self.lang),
                WITHOUT_CONTACT.text(self.lang)
            ),
        }
    }

    pub(in super::super) fn clause(self, clause: &Clause) -> String {
        match clause {
            Clause::During(window) => format!("{} {}", self.kw(Kw::During), quote(&window.text)),
            Clause::DuringPromotion(name) => {
                format!("{} {}", self.phrase(Phrase::DuringPromotion), quote(&name.text))
            }
            Clause::When(expr) => {
                let when = self.kw(Kw::When);
                format!("{when} {}", self.wrapped(expr, "  ", when.width() + 1))
            }
            Clause::Give(give) => self.give(give),
            Clause::Needs(skills) => format!("{} {}", self.phrase(Phrase::NeedsSkill), self.names(skills)),
            Clause::Cap(cap) => self.cap(cap),
            Clause::Respond(respond) => self.respond(respond),
            Clause::Else(ElseNode::Pass) => format!("{} {}", self.kw(Kw::Else), self.kw(Kw::Pass)),
            Clause::Else(ElseNode::Wait) => format!("{} {}", self.kw(Kw::Else), self.kw(Kw::Wait)),
            Clause::Else(ElseNode::Park(reason)) => {
                format!("{} {} {}", self.kw(Kw::Else), self.kw(Kw::Park), quote(reason))
            }
            Clause::Broken(raw) => raw.to_string(),
        }
    }

    pub(super) fn give(self, give: &GiveNode) -> String {
        let target = |t: &TargetNode| match t {
            TargetNode::Team(name) => format!("{} {}", self.kw(Kw::Team), self.name(name)),
            TargetNode::Rep(name) => format!("{} {}", self.kw(Kw::Rep), self.name(name)),
            TargetNode::Owner => self.kw(Kw::Owner).to_owned(),
        };
        let to = give.to.iter().map(target).collect::<Vec<_>>().join(", ");
        let mut out = format!("{} {to}", self.phrase(Phrase::GiveTo));
        if let Some(by) = &give.by {
            let _ = write!(out, " {} {}", self.kw(Kw::By), self.strategy(by));
        }
        if give.within_team {
            let _ = write!(out, " {}", self.phrase(Phrase::WithinTeam));
        }
        out
    }

    pub(in super::super) fn strategy(self, strategy: &StrategyNode) -> String {
        match strategy {
            StrategyNode::Fair => self.kw(Kw::Fair).to_owned(),
            StrategyNode::RoundRobin => self.kw(Kw::RoundRobin).to_owned(),
            StrategyNode::LeastLoaded => self.kw(Kw::LeastLoaded).to_owned(),
            StrategyNode::Weighted => self.kw(Kw::Weighted).to_owned(),
            StrategyNode::Sticky(None) => self.kw(Kw::Sticky).to_owned(),
            StrategyNode::Sticky(Some(then)) => {
                format!("{} {} {}", self.kw(Kw::Sticky), self.kw(Kw::Then), self.strategy(then))
            }
        }
    }

    fn respond(self, respond: &RespondNode) -> String {
        let head = self.phrase(Phrase::RespondWithin);
        let mut out = format!("{head} {}", self.duration(respond.within_ms));
        for (i, (step, _)) in respond.steps.iter().enumerate() {
            let joint = self.kw(if i == 0 { Kw::Else } else { Kw::Then });
            let _ = write!(out, ", {joint} {}", self.step(step));
        }
        out
    }

    pub(in super::super) fn step(self, step: &StepNode) -> String {
        match step {
            StepNode::Reassign(None) => self.kw(Kw::Reassign).to_owned(),
            StepNode::Reassign(Some(times)) => {
                format!("{} {times} {}", self.kw(Kw::Reassign), self.kw(Kw::Times))
            }
            StepNode::Escalate => self.kw(Kw::Escalate).to_owned(),
            StepNode::Recall => self.kw(Kw::Recall).to_owned(),
            StepNode::RecallToPool => self.phrase(Phrase::RecallToPool),
            StepNode::Park(reason) => format!("{} {}", self.kw(Kw::Park), quote(reason)),
        }
    }

    pub(super) fn notify(self, notify: &NotifyNode) -> String {
        let on: Vec<&str> = notify.on.iter().map(|topic| word_for(TOPICS, *topic, self.lang)).collect();
        let (head, kind) = (self.kw(Kw::Notify), word_for(CHANNELS, notify.kind, self.lang));
        let mut out =
            format!("{head} {kind} {} {} {}", self.name(&notify.name), ON.text(self.lang), on.join(", "));
        if let Some(team) = &notify.team {
            let _ = write!(out, " {} {} {}", self.kw(Kw::To), self.kw(Kw::Team), self.name(team));
        }
        out
    }

    pub(super) fn watch(self, watch: &WatchNode) -> String {
        let mut out = format!("{} {}", self.kw(Kw::Watch), word_for(WATCHES, watch.kind, self.lang));
        for (i, measure) in watch.when.iter().enumerate() {
            let joint = self.kw(if i == 0 { Kw::When } else { Kw::And });
            let _ = write!(out, " {joint} {}", self.measure(measure));
        }
        if let Some(ms) = watch.for_ms {
            let _ = write!(out, " {} {}", self.phrase(Phrase::Lasting), self.duration(ms));
        }
        let _ = write!(out, " {}", word_for(LOUDNESSES, watch.loudness, self.lang));
        if let Some(ms) = watch.page_after_ms {
            let (page, after, ms) = (self.kw(Kw::Page), self.kw(Kw::After), self.duration(ms));
            let _ = match self.lang {
                Lang::En => write!(out, ", {page} {after} {ms}"),
                Lang::Zh => write!(out, ", {after} {ms} {page}"),
            };
        }
        if let Some(relief) = &watch.relief {
            let _ = write!(out, " -> {}", self.relief(relief));
        }
        out
    }

    fn relief(self, relief: &ReliefNode) -> String {
        let what = match &relief.what {
            ReliefWhat::Reassign => self.kw(Kw::Reassign).to_owned(),
            ReliefWhat::Recall => self.kw(Kw::Recall).to_owned(),
            ReliefWhat::Spread(team) => format!("{} {}", SPREAD_OVER.text(self.lang), self.name(team)),
        };
        match relief.most {
            None => what,
            Some((most, _)) => {
                let (at_most, per) = (AT_MOST.text(self.lang), PER_HOUR.text(self.lang));
                format!("{what} {at_most} {most} {per}")
            }
        }
    }

    fn measure(self, measure: &MeasureNode) -> String {
        let against =
            |(op, amount): (Cmp, Amount)| format!("{} {}", sign_of(op), amount_text(amount, self.lang));
        let metric = word_for(METRICS, measure.metric, self.lang);
        let mut out = format!("{metric} {}", against((measure.op, measure.amount)));
        if measure.fair {
            let _ = write!(out, " {}", self.kw(Kw::Fair));
        }
        if let Some(beside) = measure.beside {
            let _ = write!(out, " {} {}", self.kw(Kw::Beside), against(beside));
        }
        if let Some(ms) = measure.over_ms {
            let _ = write!(out, " {} {}", self.kw(Kw::Over), self.duration(ms));
        }
        out
    }

    fn duration(self, ms: i64) -> String {
        literal::duration_text(ms, self.lang)
    }
}

pub(in super::super) fn spans_text(spans: &[TimeSpan]) -> String {
    let clock = |m: u16| format!("{:02}:{:02}", m / 60, m % 60);
    spans.iter().map(|s| format!("{}..{}", clock(s.from), clock(s.to))).collect::<Vec<_>>().join(", ")
}

fn date_text(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}

fn days_text(days: &DaysNode) -> String {
    let mut out = date_text(days.from);
    if let Some(to) = days.to {
        let _ = write!(out, "..{}", date_text(to));
    }
    if let Some(name) = &days.name {
        let _ = write!(out, " {}", quote(name));
    }
    out
}

fn moment_text(moment: &MomentNode) -> String {
    let minute = |m: &NaiveDateTime| m.format("%Y-%m-%d %H:%M").to_string();
    match moment {
        MomentNode::Day(day) => date_text(*day),
        MomentNode::Minute(m) => minute(m),
    }
}

/// A figure of a watch line with its unit.
pub(in super::super) fn amount_text(amount: Amount, lang: Lang) -> SmolStr {
    match amount {
        Amount::Percent(p) => literal::percent_text(p).into(),
        Amount::Times(t) => {
            let unit = if lang == Lang::Zh { "倍" } else { "x" };
            smol_str::format_smolstr!("{}{unit}", literal::decimal_text(t))
        }
        Amount::Duration(ms) => literal::duration_text(ms, lang).into(),
        Amount::Count(n) => n.to_string().into(),
    }
}
