//! The questions, in the order they are asked for what is built, and what was answered in few words.

use super::{Building, Kind};
use crate::console::text::{Say, T};
use crate::model::field::Field;
use crate::model::lang::Lang;
use crate::rulebook::form::{self, During};
use crate::rulebook::tree::{ElseNode, OtherwiseNode, TargetNode};

/// One question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// What to build.
    Menu,
    /// Which leads: the comparisons, and fields for more.
    Which,
    /// One comparison's values.
    Values,
    Who,
    How,
    Skills,
    OpenCap,
    DayCap,
    Limit,
    Late,
    When,
    Nobody,
    /// Why leads are parked when nobody is free.
    Reason,
    Name,
    Zone,
    Hours,
    SplitBy,
    Parts,
    /// Who gets the leads of the part with this number.
    PartTo(usize),
    Rest,
    Days,
    Span,
    From,
    Until,
    RampFor,
    Shares,
    AtLeast,
}

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// One of the choices, or something typed where that makes sense.
    One,
    /// Any number of choices.
    Many,
    /// A line of text.
    Text,
}

impl Step {
    /// The label of the question in the list of answers.
    #[must_use]
    pub const fn title(self) -> T {
        match self {
            Step::Menu => T::StepMenu,
            Step::Which | Step::Values => T::StepWhich,
            Step::Who => T::StepWho,
            Step::How => T::StepHow,
            Step::Skills => T::StepSkills,
            Step::OpenCap => T::StepOpenCap,
            Step::DayCap => T::StepDayCap,
            Step::Limit => T::StepLimit,
            Step::Late => T::StepLate,
            Step::When => T::StepWhen,
            Step::Nobody => T::StepNobody,
            Step::Reason => T::StepReason,
            Step::Name => T::StepName,
            Step::Zone => T::StepZone,
            Step::Hours => T::StepHours,
            Step::SplitBy => T::StepSplitBy,
            Step::Parts => T::StepParts,
            Step::PartTo(_) => T::StepWho,
            Step::Rest => T::StepRest,
            Step::Days => T::StepDays,
            Step::Span => T::StepSpan,
            Step::From => T::StepFrom,
            Step::Until => T::StepUntil,
            Step::RampFor => T::StepRampFor,
            Step::Shares => T::StepShares,
            Step::AtLeast => T::StepAtLeast,
        }
    }

    /// The question itself.
    #[must_use]
    pub const fn question(self) -> T {
        match self {
            Step::Menu => T::AskMenu,
            Step::Which => T::AskWhich,
            Step::Values => T::AskValues,
            Step::Who => T::AskWho,
            Step::How => T::AskHow,
            Step::Skills => T::AskSkills,
            Step::OpenCap => T::AskOpenCap,
            Step::DayCap => T::AskDayCap,
            Step::Limit => T::AskLimit,
            Step::Late => T::AskLate,
            Step::When => T::AskWhen,
            Step::Nobody => T::AskNobody,
            Step::Reason => T::AskParkReason,
            Step::Name => T::AskRuleName,
            Step::Zone => T::AskZone,
            Step::Hours => T::AskHours,
            Step::SplitBy => T::AskSplitBy,
            Step::Parts => T::AskParts,
            Step::PartTo(_) => T::AskPartTo,
            Step::Rest => T::AskRest,
            Step::Days => T::AskDays,
            Step::Span => T::AskSpan,
            Step::From => T::AskFrom,
            Step::Until => T::AskUntil,
            Step::RampFor => T::AskRampFor,
            Step::Shares => T::AskShares,
            Step::AtLeast => T::AskAtLeast,
        }
    }
}

impl Building {
    /// The questions of what is built, in their order; it grows and shrinks with the answers.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        let asked = self.asked();
        let mut steps = vec![Step::Menu];
        let Some(kind) = &self.kind else { return steps };
        match kind {
            Kind::Change(_) | Kind::New(_) | Kind::Vip | Kind::Overflow => {
                let is_template = matches!(kind, Kind::Vip | Kind::Overflow);
                let has_skills = !self.facts.skills.is_empty() || !asked.skills.is_empty();
                let has_windows = !(self.facts.windows.is_empty() && self.facts.promotions.is_empty());
                steps.extend([Step::Which, Step::Who, Step::How]);
                steps.extend((has_skills && !is_template).then_some(Step::Skills));
                steps.extend([Step::OpenCap, Step::DayCap, Step::Limit]);
                steps.extend(asked.respond.is_some().then_some(Step::Late));
                steps.extend(((has_windows || asked.during.is_some()) && !is_template).then_some(Step::When));
                steps.push(Step::Nobody);
                steps.extend(matches!(asked.nobody, Some(ElseNode::Park(_))).then_some(Step::Reason));
                steps.push(Step::Name);
            }
            Kind::Start | Kind::Split(_) => {
                let is_start = *kind == Kind::Start;
                if is_start {
                    steps.extend((!self.facts.has_zone).then_some(Step::Zone));
                    steps.extend([Step::Hours, Step::SplitBy]);
                }
                steps.push(Step::Parts);
                steps.extend((0..self.extra.parts.len()).map(Step::PartTo));
                steps.push(Step::How);
                steps.extend((is_start && !self.facts.has_otherwise).then_some(Step::Rest));
            }
            Kind::NewHires => steps.extend([Step::RampFor, Step::Shares, Step::AtLeast]),
            Kind::Night => steps.extend([Step::Who, Step::Days, Step::Span, Step::How, Step::Name]),
            Kind::Promotion => steps.extend([
                Step::Name,
                Step::From,
                Step::Until,
                Step::Which,
                Step::Who,
                Step::How,
                Step::OpenCap,
                Step::DayCap,
            ]),
        }
        steps
    }

    /// Where the step stands among the questions; one comparison belongs to its list.
    #[must_use]
    pub fn place(&self) -> usize {
        let here = if self.step == Step::Values { Step::Which } else { self.step };
        self.steps().iter().position(|step| *step == here).unwrap_or(0)
    }

    /// How the question at hand is answered.
    #[must_use]
    pub fn asks(&self) -> Asks {
        match self.step {
            Step::Who | Step::Skills | Step::Parts | Step::PartTo(_) => Asks::Many,
            Step::Values if self.row.as_ref().is_some_and(|row| row.how.takes_many()) => Asks::Many,
            Step::Reason | Step::Name | Step::From | Step::Until => Asks::Text,
            Step::Menu
            | Step::Which
            | Step::Values
            | Step::How
            | Step::OpenCap
            | Step::DayCap
            | Step::Limit
            | Step::Late
            | Step::When
            | Step::Nobody
            | Step::Zone
            | Step::Hours
            | Step::SplitBy
            | Step::Rest
            | Step::Days
            | Step::Span
            | Step::RampFor
            | Step::Shares
            | Step::AtLeast => Asks::One,
        }
    }

    /// The label of a question: of a part its value.
    #[must_use]
    pub fn label(&self, step: Step) -> Say {
        match step {
            Step::PartTo(index) => {
                let part = self.extra.parts.get(index);
                Say::verbatim(part.map_or("", |(value, _)| value.as_str()))
            }
            _ => step.title().into(),
        }
    }

    /// What was answered, in few words.
    #[must_use]
    pub fn summary(&self, step: Step) -> Say {
        let (asked, extra, keywords) = (self.asked(), &self.extra, self.keywords());
        let plain = |text: String| Say::verbatim(text);
        let count = |n: Option<u32>| n.map_or_else(|| Say::from(T::NotLimited), |n| plain(n.to_string()));
        match step {
            Step::Menu => self.kind_words(),
            Step::Which | Step::Values if asked.rows.is_empty() => T::EveryLead.into(),
            Step::Which | Step::Values => {
                plain(asked.rows.iter().map(|row| row.text(keywords)).collect::<Vec<_>>().join(", "))
            }
            Step::Who => targets_words(&asked.to),
            Step::How => self.how_words(),
            Step::Skills if asked.skills.is_empty() => T::NoneNeeded.into(),
            Step::Skills => plain(asked.skills.join(", ")),
            Step::OpenCap => count(asked.open_cap),
            Step::DayCap => count(asked.day_cap),
            Step::Limit => match &asked.respond {
                None => T::NoLimitSet.into(),
                Some(respond) => plain(form::duration_text(respond.within_ms, keywords)),
            },
            Step::Late => {
                let steps = asked.respond.as_ref().map_or(&[][..], |respond| respond.steps.as_slice());
                if steps.is_empty() { T::LateTell.into() } else { plain(form::steps_text(steps, keywords)) }
            }
            Step::When => match &asked.during {
                None => T::WhenAlways.into(),
                Some(During::Window(name) | During::Promotion(name)) => plain(name.to_string()),
            },
            Step::Nobody => match &asked.nobody {
                None | Some(ElseNode::Pass) => T::NobodyPass.into(),
                Some(ElseNode::Wait) => T::NobodyWait.into(),
                Some(ElseNode::Park(_)) => T::NobodyPark.into(),
            },
            Step::Reason => match &asked.nobody {
                Some(ElseNode::Park(reason)) => plain(reason.to_string()),
                _ => plain(String::new()),
            },
            Step::Name => plain(self.name().to_string()),
            Step::Zone => {
                extra.zone.as_ref().map_or_else(|| T::NotSaid.into(), |zone| plain(zone.to_string()))
            }
            Step::Hours => extra
                .hours
                .as_ref()
                .map_or_else(|| T::AllHours.into(), |hours| plain(form::hours_text(hours, keywords))),
            Step::SplitBy => extra.field.as_ref().map_or_else(|| T::NotSaid.into(), field_words),
            Step::Parts => Say::PartsChosen(extra.parts.len()),
            Step::PartTo(index) => {
                extra.parts.get(index).map_or_else(|| T::NotSaid.into(), |(_, to)| targets_words(to))
            }
            Step::Rest => match &extra.rest {
                None => T::NotSaid.into(),
                Some(OtherwiseNode::Wait) => T::RestWait.into(),
                Some(OtherwiseNode::Park(_)) => T::RestPark.into(),
                Some(OtherwiseNode::Give(give)) => targets_words(&give.to),
            },
            Step::Days => plain(if extra.days.is_empty() {
                String::new()
            } else {
                form::days_text(&extra.days, keywords)
            }),
            Step::Span => plain(extra.span.map_or_else(String::new, form::span_text)),
            Step::From => plain(extra.from.clone()),
            Step::Until => plain(extra.to.clone()),
            Step::RampFor => {
                extra.team.as_ref().map_or_else(|| T::RampEverybody.into(), |t| plain(t.to_string()))
            }
            Step::Shares => plain(shares_text(&extra.weeks_milli)),
            Step::AtLeast => count(extra.at_least),
        }
    }

    fn how_words(&self) -> Say {
        let asked = self.asked();
        let by = asked
            .by
            .as_ref()
            .map_or_else(|| "fair".to_owned(), |by| form::strategy_text(by, self.keywords()));
        let words = super::choices::how_title(&asked.by);
        let say = words.map_or_else(|| Say::verbatim(by), Say::from);
        if asked.is_within_team { Say::WithinTeam(&say) } else { say }
    }

    /// What is being built.
    #[must_use]
    pub fn kind_words(&self) -> Say {
        match &self.kind {
            None => T::NotSaid.into(),
            Some(Kind::Change(_)) => Say::verbatim(self.asked().name.to_string()),
            Some(Kind::New(_)) => T::BuildNew.into(),
            Some(Kind::Vip) => T::BuildVip.into(),
            Some(Kind::Overflow) => T::BuildOverflow.into(),
            Some(Kind::Start) => T::BuildStart.into(),
            Some(Kind::Split(field)) => split_title(field).into(),
            Some(Kind::NewHires) => T::BuildNewHires.into(),
            Some(Kind::Night) => T::BuildNight.into(),
            Some(Kind::Promotion) => T::BuildPromotion.into(),
        }
    }
}

/// The template that splits by a field.
#[must_use]
pub fn split_title(field: &Field) -> T {
    match field {
        Field::Region => T::BuildByRegion,
        Field::Product => T::BuildByProduct,
        _ => T::BuildBySource,
    }
}

/// A field by its name on screen.
#[must_use]
pub fn field_words(field: &Field) -> Say {
    match field {
        Field::Source => T::Source.into(),
        Field::Campaign => T::FieldCampaign.into(),
        Field::Region => T::Region.into(),
        Field::City => T::FieldCity.into(),
        Field::Product => T::Product.into(),
        Field::Industry => T::FieldIndustry.into(),
        Field::Language => T::FieldLanguage.into(),
        Field::Company => T::FieldCompany.into(),
        Field::Score => T::Score.into(),
        Field::Value => T::FieldValue.into(),
        Field::Phone => T::Phone.into(),
        Field::Email => T::FieldEmail.into(),
        Field::State => T::FieldState.into(),
        Field::Owner => T::Owner.into(),
        Field::Team => T::Team.into(),
        Field::Hour => T::FieldHour.into(),
        Field::Weekday => T::FieldWeekday.into(),
        Field::Waiting => T::Age.into(),
        Field::Custom(name) => Say::verbatim(format!("x.{name}")),
    }
}

/// `25% → 50% → 75%`
#[must_use]
pub fn shares_text(weeks_milli: &[i64]) -> String {
    weeks_milli.iter().map(|milli| format!("{}%", milli / 10)).collect::<Vec<_>>().join(" · ")
}

/// Who gets leads, in few words.
#[must_use]
pub fn targets_words(to: &[TargetNode]) -> Say {
    if to.is_empty() {
        return T::NotSaid.into();
    }
    let word = |target: &TargetNode, lang: Lang| match target {
        TargetNode::Team(name) | TargetNode::Rep(name) => name.text.to_string(),
        TargetNode::Owner => T::Owner.get(lang).to_owned(),
    };
    let words = |lang| to.iter().map(|target| word(target, lang)).collect::<Vec<_>>().join(", ");
    Say::both(words(Lang::En), words(Lang::Zh))
}
