//! What is offered for each question, with counts from real leads, and which of it is taken already.

use super::offers::is_same;
use super::steps::field_words;
use super::{Building, How, Kind, RowEdit, Step};
use crate::console::text::{Say, T};
use crate::model::field::Field;
use crate::model::lang::Lang;
use crate::model::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use crate::rulebook::form::{self, During, FieldKind, Row, Spot};
use crate::rulebook::tree::{
    ElseNode, Item, Lit, Name, OtherwiseNode, Place, StepNode, StrategyNode, TargetNode,
};
use smol_str::SmolStr;

/// Rules of the draft the menu names.
const RULES_MAX: usize = 500;

/// What a choice stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Pick {
    Kind(Kind),
    /// These leads; on to the next question.
    Next,
    /// A row of the rule's condition.
    Row(usize),
    Field(Field),
    /// A value of the field at hand.
    Value(Lit),
    Target(TargetNode),
    Skill(SmolStr),
    By(Option<StrategyNode>, bool),
    Count(Option<u32>),
    Limit(Option<i64>),
    Late(Vec<StepNode>),
    When(Option<During>),
    Nobody(Option<ElseNode>),
    Zone(Option<SmolStr>),
    /// Days and hours as text; none = no hours.
    Hours(Option<SmolStr>),
    Days(Vec<u8>),
    Span(SmolStr),
    Rest(OtherwiseNode),
    Team(Option<SmolStr>),
    Shares(Vec<i64>),
}

/// One thing offered.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    pub pick: Pick,
    pub label: Say,
    /// Leads that have it.
    pub count: Option<u64>,
    pub note: Option<Say>,
}

pub(super) fn choice(pick: Pick, label: impl Into<Say>) -> Choice {
    Choice { pick, label: label.into(), count: None, note: None }
}

impl Choice {
    pub(super) fn note(mut self, note: impl Into<Say>) -> Self {
        self.note = Some(note.into());
        self
    }

    fn count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }
}

/// Everything offered for the question at hand.
#[must_use]
pub fn of(b: &Building) -> Vec<Choice> {
    match b.step {
        Step::Menu => menu(b),
        Step::Which => which(b),
        Step::Values => b.row.as_ref().map_or_else(Vec::new, |row| values(b, row)),
        Step::Who => who(b),
        Step::PartTo(_) => who(b),
        Step::How => how(b),
        Step::Skills => {
            b.facts.skills.iter().map(|s| choice(Pick::Skill(s.clone()), Say::verbatim(s.as_str()))).collect()
        }
        Step::OpenCap => counts(&[5, 10, 20, 30, 40, 60, 100], T::NotLimited),
        Step::DayCap => counts(&[3, 5, 8, 10, 12, 20, 30], T::NotLimited),
        Step::AtLeast => counts(&[1, 2, 3], T::NoMinimum),
        Step::Limit => limits(b.keywords()),
        Step::Late => late(b),
        Step::When => when(b),
        Step::Nobody => nobody(b),
        Step::Zone => zones(),
        Step::Hours => hours(),
        Step::SplitBy => split_by(b),
        Step::Parts => b.extra.field.as_ref().map_or_else(Vec::new, |field| parts(b, field)),
        Step::Rest => rest(b),
        Step::Days => days(b.keywords()),
        Step::Span => spans(),
        Step::RampFor => teams(b),
        Step::Shares => shares(),
        Step::Reason | Step::Name | Step::From | Step::Until => Vec::new(),
    }
}

fn menu(b: &Building) -> Vec<Choice> {
    let mut all = Vec::new();
    let change = |index: usize| {
        let Item::Rule(rule) = &b.draft.items.get(index)?.node else { return None };
        Some(choice(Pick::Kind(Kind::Change(index)), Say::BuildChange(&rule.name.text)))
    };
    let rules: Vec<usize> = (0..b.draft.items.len()).filter(|index| change(*index).is_some()).collect();
    all.extend(b.here.and_then(change).map(|choice| choice.note(T::BuildHereNote)));
    if rules.is_empty() {
        all.push(choice(Pick::Kind(Kind::Start), T::BuildStart).note(T::BuildStartNote));
    }
    if let Some(here) = b.here {
        all.push(
            choice(Pick::Kind(Kind::New(Spot::After(here))), T::BuildNewBelow).note(T::BuildNewBelowNote),
        );
    }
    let end = if b.here.is_some() { T::BuildNewLast } else { T::BuildNew };
    all.push(choice(Pick::Kind(Kind::New(Spot::Bottom)), end).note(T::BuildNewNote));
    let templates = [
        (Kind::Split(Field::Region), T::BuildByRegion, T::BuildSplitNote),
        (Kind::Split(Field::Product), T::BuildByProduct, T::BuildSplitNote),
        (Kind::Split(Field::Source), T::BuildBySource, T::BuildSplitNote),
        (Kind::Vip, T::BuildVip, T::BuildVipNote),
        (Kind::NewHires, T::BuildNewHires, T::BuildNewHiresNote),
        (Kind::Overflow, T::BuildOverflow, T::BuildOverflowNote),
        (Kind::Night, T::BuildNight, T::BuildNightNote),
        (Kind::Promotion, T::BuildPromotion, T::BuildPromotionNote),
    ];
    all.extend(templates.map(|(kind, title, note)| choice(Pick::Kind(kind), title).note(note)));
    let others = rules.into_iter().filter(|index| b.here != Some(*index)).take(RULES_MAX);
    all.extend(others.filter_map(change));
    all
}

fn which(b: &Building) -> Vec<Choice> {
    let row = |(index, row): (usize, &Row)| {
        let choice = choice(Pick::Row(index), Say::verbatim(row.text(b.keywords())));
        match RowEdit::of(index, row) {
            Some(_) => choice,
            None => choice.note(T::KeptAsWritten),
        }
    };
    let is_every = b.asked().rows.is_empty();
    let on = if is_every { T::WhichEvery } else { T::WhichThese };
    let mut all = vec![choice(Pick::Next, on).note(T::WhichNote)];
    all.extend(b.asked().rows.iter().enumerate().map(row));
    let field = |field: Field| {
        let seen = b.facts.values.of(&field);
        let is_text = matches!(form::field_kind(&field), Some(FieldKind::Text | FieldKind::Either));
        let words = field_words(&field);
        let choice = choice(Pick::Field(field), words);
        match seen {
            [] if is_text => choice.note(T::NoLeadHas),
            [] => choice,
            [(first, _), ..] => choice.note(Say::ValuesSeen(seen.len(), first)),
        }
    };
    all.extend(b.facts.fields().into_iter().map(field));
    all
}

fn values(b: &Building, row: &RowEdit) -> Vec<Choice> {
    if row.how.takes_nothing() {
        return Vec::new();
    }
    let plain = |text: &str| Lit { text: text.into(), quoted: false, at: Place::default() };
    let mut all: Vec<Choice> = Vec::new();
    match row.kind {
        FieldKind::Weekday => {
            all.extend((1..=7u8).map(|day| {
                let text = form::days_text(&[day], b.keywords());
                choice(Pick::Value(plain(&text)), weekday_words(day))
            }));
        }
        FieldKind::Number => all.extend(figures(b, row)),
        FieldKind::Flag => {}
        FieldKind::Text | FieldKind::Either => {
            if row.how.takes_many() {
                let list = |(name, values): &(SmolStr, String)| {
                    choice(Pick::Value(plain(name)), Say::ListOf(name)).note(Say::verbatim(values.as_str()))
                };
                all.extend(b.facts.lists.iter().map(list));
            }
            all.extend(b.facts.values.of(&row.field).iter().map(|(value, count)| {
                let lit = form::value(&row.field, value, &b.facts.defines);
                choice(Pick::Value(lit), Say::verbatim(value.as_str())).count(*count)
            }));
        }
    }
    // What is taken already and no lead has stands first, so that it can be taken back.
    let lost = row.values.iter().filter(|lit| !all.iter().any(|c| is_value(&c.pick, lit)));
    let lost: Vec<Choice> = lost
        .map(|lit| choice(Pick::Value(lit.clone()), Say::verbatim(lit.text.as_str())))
        .map(|c| if row.kind == FieldKind::Text { c.note(T::NoLeadHas) } else { c })
        .collect();
    all.splice(0..0, lost);
    all
}

/// Figures that cut the open leads into parts worth telling apart, with how many leads are on the asked side.
fn figures(b: &Building, row: &RowEdit) -> Vec<Choice> {
    let plain = |n: i64| Lit { text: n.to_string().into(), quoted: false, at: Place::default() };
    if row.field == Field::Hour {
        let hours = [0, 6, 8, 9, 12, 13, 17, 18, 19, 20, 21, 22];
        return hours
            .into_iter()
            .map(|h| choice(Pick::Value(plain(h)), Say::verbatim(format!("{h}:00"))))
            .collect();
    }
    let Some(seen) = b.facts.figures.get(&row.field).filter(|seen| !seen.is_empty()) else {
        return Vec::new();
    };
    let at = |part: usize| seen.get((seen.len().saturating_sub(1)) * part / 20).copied();
    let mut marks: Vec<i64> = (1..20).rev().filter_map(at).collect();
    marks.dedup();
    let holds = |mark: i64| {
        let below = |limit: i64| seen.partition_point(|n| *n < limit);
        let count = match row.how {
            How::AtLeast => seen.len() - below(mark),
            How::Above => seen.len() - below(mark.saturating_add(1)),
            How::AtMost => below(mark.saturating_add(1)),
            How::Below => below(mark),
            _ => below(mark.saturating_add(1)) - below(mark),
        };
        u64::try_from(count).unwrap_or(0)
    };
    let label = |mark: i64| Say::verbatim(mark.to_string());
    marks.into_iter().map(|mark| choice(Pick::Value(plain(mark)), label(mark)).count(holds(mark))).collect()
}

fn name(text: &SmolStr) -> Name {
    Name { text: text.clone(), at: Place::default() }
}

fn who(b: &Building) -> Vec<Choice> {
    let team = |(team, members): &(SmolStr, usize)| {
        let label = Say::TeamIs(team);
        choice(Pick::Target(TargetNode::Team(name(team))), label).note(Say::MembersAre(*members))
    };
    let mut all: Vec<Choice> = b.facts.teams.iter().map(team).collect();
    if b.kind == Some(Kind::Night) {
        return all;
    }
    all.push(choice(Pick::Target(TargetNode::Owner), T::OwnerIs).note(T::OwnerNote));
    all.extend(b.facts.reps.iter().map(|rep| {
        let label = Say::verbatim(rep.called.as_str());
        let choice = choice(Pick::Target(TargetNode::Rep(name(&rep.called))), label);
        if rep.team.is_empty() { choice } else { choice.note(Say::verbatim(rep.team.as_str())) }
    }));
    // Somebody the rule names in other words, or who left.
    let lost =
        b.targets().iter().filter(|to| !all.iter().any(|c| matches!(&c.pick, Pick::Target(t) if t == *to)));
    let lost: Vec<Choice> = lost
        .map(|to| choice(Pick::Target(to.clone()), super::steps::targets_words(std::slice::from_ref(to))))
        .map(|c| c.note(T::KeptAsWritten))
        .collect();
    all.splice(0..0, lost);
    all
}

/// The words for a way of choosing; none for one only the text can say.
#[must_use]
pub fn how_title(by: &Option<StrategyNode>) -> Option<T> {
    Some(match by {
        None | Some(StrategyNode::Fair) => T::ByFair,
        Some(StrategyNode::RoundRobin) => T::ByTurn,
        Some(StrategyNode::LeastLoaded) => T::ByLoad,
        Some(StrategyNode::Weighted) => T::ByWeight,
        Some(StrategyNode::Sticky(None)) => T::BySticky,
        Some(StrategyNode::Sticky(Some(_))) => return None,
    })
}

fn how(b: &Building) -> Vec<Choice> {
    use StrategyNode::{LeastLoaded, RoundRobin, Sticky, Weighted};
    let mut all = vec![
        choice(Pick::By(None, false), T::ByFair).note(T::ByFairNote),
        choice(Pick::By(None, true), Say::WithinTeam(&T::ByFair.into())).note(T::ByFairTeamNote),
        choice(Pick::By(Some(RoundRobin), false), T::ByTurn).note(T::ByTurnNote),
        choice(Pick::By(Some(LeastLoaded), false), T::ByLoad).note(T::ByLoadNote),
        choice(Pick::By(Some(Weighted), false), T::ByWeight).note(T::ByWeightNote),
        choice(Pick::By(Some(Sticky(None)), false), T::BySticky).note(T::ByStickyNote),
    ];
    let now = Pick::By(b.asked().by.clone(), b.asked().is_within_team);
    if !all.iter().any(|c| is_same(&c.pick, &now)) {
        all.insert(0, choice(now, b.summary(Step::How)).note(T::KeptAsWritten));
    }
    all
}

fn counts(marks: &[u32], none: T) -> Vec<Choice> {
    let mut all = vec![choice(Pick::Count(None), none)];
    all.extend(marks.iter().map(|n| choice(Pick::Count(Some(*n)), Say::verbatim(n.to_string()))));
    all
}

fn limits(keywords: Lang) -> Vec<Choice> {
    let marks = [
        5 * MINUTE_MS,
        10 * MINUTE_MS,
        15 * MINUTE_MS,
        30 * MINUTE_MS,
        HOUR_MS,
        2 * HOUR_MS,
        4 * HOUR_MS,
        DAY_MS,
    ];
    let mut all = vec![choice(Pick::Limit(None), T::NoLimitSet)];
    all.extend(
        marks
            .into_iter()
            .map(|ms| choice(Pick::Limit(Some(ms)), Say::verbatim(form::duration_text(ms, keywords)))),
    );
    all
}

fn late(b: &Building) -> Vec<Choice> {
    let mut all = vec![
        choice(Pick::Late(Vec::new()), T::LateTell).note(T::LateTellNote),
        choice(Pick::Late(vec![StepNode::Reassign(Some(1)), StepNode::Escalate]), T::LateOnce),
        choice(Pick::Late(vec![StepNode::Reassign(Some(2)), StepNode::Escalate]), T::LateTwice),
        choice(Pick::Late(vec![StepNode::Recall]), T::LateRecall),
    ];
    if b.facts.has_pool {
        all.push(choice(Pick::Late(vec![StepNode::RecallToPool]), T::LatePool));
    }
    let steps = b.asked().respond.as_ref().map_or_else(Vec::new, |respond| respond.steps.clone());
    let now = Pick::Late(steps);
    if !all.iter().any(|c| c.pick == now) {
        all.insert(0, choice(now, b.summary(Step::Late)).note(T::KeptAsWritten));
    }
    all
}

fn when(b: &Building) -> Vec<Choice> {
    let mut all = vec![choice(Pick::When(None), T::WhenAlways)];
    let window = |name: &SmolStr| {
        choice(Pick::When(Some(During::Window(name.clone()))), Say::verbatim(name.as_str()))
            .note(T::WindowNote)
    };
    let promotion = |name: &SmolStr| {
        choice(Pick::When(Some(During::Promotion(name.clone()))), Say::verbatim(name.as_str()))
            .note(T::PromotionNote)
    };
    all.extend(b.facts.promotions.iter().map(promotion));
    all.extend(b.facts.windows.iter().map(window));
    let now = Pick::When(b.asked().during.clone());
    if !all.iter().any(|c| c.pick == now) {
        all.insert(0, choice(now, b.summary(Step::When)).note(T::KeptAsWritten));
    }
    all
}

fn nobody(b: &Building) -> Vec<Choice> {
    let reason = match &b.asked().nobody {
        Some(ElseNode::Park(reason)) => reason.clone(),
        _ => T::NobodyReason.get(b.facts.lang).into(),
    };
    vec![
        choice(Pick::Nobody(None), T::NobodyPass).note(T::NobodyPassNote),
        choice(Pick::Nobody(Some(ElseNode::Wait)), T::NobodyWait).note(T::NobodyWaitNote),
        choice(Pick::Nobody(Some(ElseNode::Park(reason))), T::NobodyPark).note(T::NobodyParkNote),
    ]
}

fn zones() -> Vec<Choice> {
    let near = [
        "Asia/Shanghai",
        "Asia/Hong_Kong",
        "Asia/Singapore",
        "Europe/London",
        "Europe/Berlin",
        "America/New_York",
        "America/Chicago",
        "America/Los_Angeles",
        "America/Sao_Paulo",
        "UTC",
    ];
    let zone = |zone: &str| choice(Pick::Zone(Some(zone.into())), Say::verbatim(zone));
    let others = chrono_tz::TZ_VARIANTS.iter().map(|tz| tz.name()).filter(|name| !near.contains(name));
    near.into_iter().chain(others).map(zone).collect()
}

fn hours() -> Vec<Choice> {
    let offered = [
        "Mon..Fri 09:00..18:00",
        "Mon..Fri 09:00..18:00 except 12:00..13:00",
        "Mon..Sat 09:00..18:00",
        "Mon..Sun 09:00..18:00",
        "Mon..Sun 09:00..21:00",
    ];
    let mut all = vec![choice(Pick::Hours(None), T::AllHours).note(T::AllHoursNote)];
    all.extend(offered.map(|text| choice(Pick::Hours(Some(text.into())), Say::verbatim(text))));
    all
}

fn days(keywords: Lang) -> Vec<Choice> {
    let offered: [&[u8]; 4] = [&[1, 2, 3, 4, 5, 6, 7], &[1, 2, 3, 4, 5], &[6, 7], &[1, 2, 3, 4, 5, 6]];
    offered
        .map(|days| choice(Pick::Days(days.to_vec()), Say::verbatim(form::days_text(days, keywords))))
        .into()
}

fn spans() -> Vec<Choice> {
    let offered =
        ["18:00..02:00", "18:00..09:00", "18:00..24:00", "20:00..08:00", "22:00..06:00", "00:00..08:00"];
    offered.map(|text| choice(Pick::Span(text.into()), Say::verbatim(text))).into()
}

fn split_by(b: &Building) -> Vec<Choice> {
    let field = |field: Field| {
        let is_text = matches!(form::field_kind(&field)?, FieldKind::Text | FieldKind::Either);
        let choice = choice(Pick::Field(field.clone()), field_words(&field));
        let noted = match b.facts.values.of(&field) {
            [] => choice.note(T::NoLeadHas),
            seen @ [(first, _), ..] => choice.note(Say::ValuesSeen(seen.len(), first)),
        };
        is_text.then_some(noted)
    };
    b.facts.fields().into_iter().filter_map(field).collect()
}

fn parts(b: &Building, field: &Field) -> Vec<Choice> {
    let part = |value: &SmolStr, count: Option<u64>| {
        let lit = form::value(field, value, &b.facts.defines);
        let choice = choice(Pick::Value(lit), Say::verbatim(value.as_str()));
        count.map_or_else(|| choice.clone().note(T::NoLeadHas), |count| choice.clone().count(count))
    };
    let seen = b.facts.values.of(field);
    let typed = b.extra.parts.iter().map(|(value, _)| value).filter(|v| !seen.iter().any(|(s, _)| s == *v));
    let typed: Vec<Choice> = typed.map(|value| part(value, None)).collect();
    typed.into_iter().chain(seen.iter().map(|(value, count)| part(value, Some(*count)))).collect()
}

fn rest(b: &Building) -> Vec<Choice> {
    let give = |to: Vec<TargetNode>| {
        OtherwiseNode::Give(crate::rulebook::tree::GiveNode {
            to,
            by: b.asked().by.clone(),
            within_team: false,
        })
    };
    let team = |text: &SmolStr| TargetNode::Team(name(text));
    let mut all = Vec::new();
    if b.facts.teams.len() > 1 {
        let everybody = b.facts.teams.iter().map(|(text, _)| team(text)).collect();
        all.push(choice(Pick::Rest(give(everybody)), T::RestAll).note(T::RestAllNote));
    }
    all.extend(b.facts.teams.iter().map(|(text, members)| {
        choice(Pick::Rest(give(vec![team(text)])), Say::TeamIs(text)).note(Say::MembersAre(*members))
    }));
    all.push(choice(Pick::Rest(OtherwiseNode::Wait), T::RestWait).note(T::RestWaitNote));
    let reason = T::UnmatchedReason.get(b.facts.lang).into();
    all.push(choice(Pick::Rest(OtherwiseNode::Park(reason)), T::RestPark).note(T::RestParkNote));
    all
}

fn teams(b: &Building) -> Vec<Choice> {
    let mut all = vec![choice(Pick::Team(None), T::RampEverybody)];
    all.extend(b.facts.teams.iter().map(|(team, members)| {
        choice(Pick::Team(Some(team.clone())), Say::TeamIs(team)).note(Say::MembersAre(*members))
    }));
    all
}

fn shares() -> Vec<Choice> {
    let offered: [(&[i64], T); 4] = [
        (&[250, 500, 500, 750], T::SharesUsual),
        (&[500, 500], T::SharesShort),
        (&[250, 250, 500, 500, 750, 750], T::SharesLong),
        (&[500, 750], T::SharesSteep),
    ];
    let share = |(weeks, note): (&[i64], T)| {
        choice(Pick::Shares(weeks.to_vec()), Say::verbatim(super::steps::shares_text(weeks))).note(note)
    };
    offered.map(share).into()
}

fn weekday_words(day: u8) -> T {
    [T::DayMon, T::DayTue, T::DayWed, T::DayThu, T::DayFri, T::DaySat, T::DaySun]
        .get(usize::from(day).saturating_sub(1))
        .copied()
        .unwrap_or(T::DayMon)
}

/// Whether a choice is this value.
fn is_value(pick: &Pick, lit: &Lit) -> bool {
    matches!(pick, Pick::Value(own) if own == lit || (own.text == lit.text && own.quoted == lit.quoted))
}
