//! Templates: what is asked once and becomes several statements. Each plan says which, `write` puts them into the book.

use smol_str::SmolStr;

use super::super::book::TimeSpan;
use super::super::literal;
use super::super::tree::{
    CalendarLine, CapNode, FieldNode, HoursNode, Line, Lit, MomentNode, OtherwiseNode, Place, PromotionLine,
    PromotionNode, RampNode, RampStepNode, StrategyNode, TargetNode, WhoseNode,
};
use super::write::{Addition, Spot};
use super::{Asked, During, Row, RuleForm, bare, name, one_of};

/// Values named in a rule's name; more are only counted on.
const NAMED_MAX: usize = 3;
/// Until when a name is told from another by a number behind it.
const SAME_NAMES_MAX: usize = 10_000;

/// Leads of some values of a field go to somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub values: Vec<Lit>,
    pub to: Vec<TargetNode>,
}

/// One rule for each part; with a zone, hours and a catch-all it is a book from nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    pub field: FieldNode,
    pub parts: Vec<Part>,
    pub by: Option<StrategyNode>,
    pub zone: Option<SmolStr>,
    pub hours: Option<HoursNode>,
    pub rest: Option<OtherwiseNode>,
}

/// Shares of the first weeks, and perhaps a minimum a day.
#[derive(Debug, Clone, PartialEq)]
pub struct NewHires {
    pub team: Option<SmolStr>,
    /// Thousandths, one a week, from the first.
    pub weeks_milli: Vec<i64>,
    pub at_least: Option<u32>,
}

/// A team with hours of its own, and a last rule for what comes in them.
#[derive(Debug, Clone, PartialEq)]
pub struct Night {
    pub name: SmolStr,
    pub teams: Vec<SmolStr>,
    pub days: Vec<u8>,
    pub hours: TimeSpan,
    pub by: Option<StrategyNode>,
}

/// A window with caps of its own and a first rule while it lasts.
#[derive(Debug, Clone, PartialEq)]
pub struct Promo {
    pub name: SmolStr,
    pub from: MomentNode,
    pub to: MomentNode,
    pub rows: Vec<Row>,
    pub targets: Vec<TargetNode>,
    pub by: Option<StrategyNode>,
    pub open_cap: Option<u32>,
    pub day_cap: Option<u32>,
}

/// A template filled in.
#[derive(Debug, Clone, PartialEq)]
pub enum Plan {
    Split(Split),
    NewHires(NewHires),
    Night(Night),
    Promotion(Promo),
}

impl Plan {
    /// The statements of the plan. `taken` are the names rules have already.
    #[must_use]
    pub fn additions(&self, taken: &[SmolStr]) -> Vec<Addition> {
        match self {
            Plan::Split(split) => split.additions(taken),
            Plan::NewHires(hires) => vec![Addition::Ramp(hires.ramp())],
            Plan::Night(night) => night.additions(taken),
            Plan::Promotion(promo) => promo.additions(taken),
        }
    }
}

impl Split {
    fn additions(&self, taken: &[SmolStr]) -> Vec<Addition> {
        let mut all = Vec::new();
        let zone = self.zone.as_ref().map(|zone| CalendarLine::Timezone(name(zone)));
        let hours = self.hours.clone().map(CalendarLine::Hours);
        all.extend(zone.into_iter().chain(hours).map(Addition::Calendar));
        let mut names = taken.to_vec();
        let mut rules = Vec::new();
        for part in self.joined() {
            let mut asked = Asked {
                rows: vec![Row::Test(one_of(self.field.clone(), part.values, false))],
                to: part.to,
                by: self.by.clone(),
                ..Asked::default()
            };
            asked.name = rule_name(&asked, &names);
            names.push(asked.name.clone());
            rules.push(RuleForm { asked, lines: Vec::new() }.rule());
        }
        all.push(Addition::Rules(rules, Spot::Bottom));
        all.extend(self.rest.clone().map(Addition::Otherwise));
        all
    }

    /// Parts that go to the same people are one rule, in the place of the first.
    fn joined(&self) -> Vec<Part> {
        let mut all: Vec<Part> = Vec::new();
        for part in &self.parts {
            match all.iter_mut().find(|p| p.to == part.to) {
                Some(same) => same.values.extend(part.values.iter().cloned()),
                None => all.push(part.clone()),
            }
        }
        all
    }
}

impl NewHires {
    fn ramp(&self) -> RampNode {
        let step = |(week, share): (usize, &i64)| {
            let week = u32::try_from(week + 1).unwrap_or(u32::MAX);
            RampStepNode { share_milli: *share, from: week, to: week, at: Place::default() }
        };
        let mut steps: Vec<RampStepNode> = Vec::new();
        for step in self.weeks_milli.iter().enumerate().map(step) {
            match steps.last_mut() {
                // Weeks of one share are told together.
                Some(last) if last.share_milli == step.share_milli => last.to = step.to,
                _ => steps.push(step),
            }
        }
        RampNode {
            team: self.team.as_ref().map(name),
            steps,
            at_least: self.at_least.map(|count| (count, Place::default())),
        }
    }
}

impl Night {
    fn additions(&self, taken: &[SmolStr]) -> Vec<Addition> {
        let hours = |team: &SmolStr| HoursNode {
            whose: WhoseNode::Team(name(team)),
            days: self.days.clone(),
            spans: vec![self.hours],
            except: Vec::new(),
            holidays: false,
            at: Place::default(),
        };
        let mut all: Vec<Addition> =
            self.teams.iter().map(|t| Addition::Calendar(CalendarLine::Hours(hours(t)))).collect();
        let asked = Asked {
            name: unique(&self.name, taken),
            to: self.teams.iter().map(|team| TargetNode::Team(name(team))).collect(),
            by: self.by.clone(),
            ..Asked::default()
        };
        all.push(Addition::Rules(vec![RuleForm { asked, lines: Vec::new() }.rule()], Spot::Bottom));
        all
    }
}

impl Promo {
    fn additions(&self, taken: &[SmolStr]) -> Vec<Addition> {
        let window = CalendarLine::Window {
            name: name(&self.name),
            from: self.from.clone(),
            to: self.to.clone(),
            at: Place::default(),
        };
        let at = |count: u32| (count, Place::default());
        let cap = CapNode { open: self.open_cap.map(at), day: self.day_cap.map(at) };
        let teams: Vec<&TargetNode> = self.targets.iter().filter(|t| **t != TargetNode::Owner).collect();
        let whose = |target: &&TargetNode| match target {
            TargetNode::Team(team) => WhoseNode::Team(team.clone()),
            TargetNode::Rep(rep) => WhoseNode::Rep(rep.clone()),
            TargetNode::Owner => WhoseNode::Desk,
        };
        let mut lines = vec![bare(Line::Good(PromotionLine::During(name(&self.name))))];
        if cap.open.is_some() || cap.day.is_some() {
            let cap_of = |t| PromotionLine::Cap { cap: cap.clone(), whose: whose(t) };
            lines.extend(teams.iter().map(|t| bare(Line::Good(cap_of(t)))));
        }
        let asked = Asked {
            name: unique(&self.name, taken),
            during: Some(During::Promotion(self.name.clone())),
            rows: self.rows.clone(),
            to: self.targets.clone(),
            by: self.by.clone(),
            ..Asked::default()
        };
        vec![
            Addition::Calendar(window),
            Addition::Promotion(PromotionNode { name: name(&self.name), lines }),
            Addition::Rules(vec![RuleForm { asked, lines: Vec::new() }.rule()], Spot::Top),
        ]
    }
}

/// A name that says what the rule does, unlike those that are taken: `抖音, 官网 → Promo`.
#[must_use]
pub fn rule_name(asked: &Asked, taken: &[SmolStr]) -> SmolStr {
    use super::super::tree::{OpNode, SetNode};
    let literal = |lit: &Lit| lit.text.to_string();
    let words = |row: &Row| match row {
        Row::Test(test) => match &test.op {
            OpNode::Is(super::super::book::Cmp::Eq, value) => literal(value),
            OpNode::In { negated: false, set: SetNode::List(values) } => {
                let mut words: Vec<String> = values.iter().take(NAMED_MAX).map(literal).collect();
                if values.len() > NAMED_MAX {
                    words.push(format!("+{}", values.len() - NAMED_MAX));
                }
                words.join(", ")
            }
            OpNode::In { negated: false, set: SetNode::Define(list) } => list.text.to_string(),
            _ => row.text(crate::model::lang::Lang::En),
        },
        Row::Kept(_) => row.text(crate::model::lang::Lang::En),
    };
    let target = |target: &TargetNode| match target {
        TargetNode::Team(name) | TargetNode::Rep(name) => Some(name.text.to_string()),
        TargetNode::Owner => None,
    };
    let which = asked.rows.iter().map(words).collect::<Vec<_>>().join(" · ");
    let whom = asked.to.iter().filter_map(target).take(NAMED_MAX).collect::<Vec<_>>().join(", ");
    let text = match (which.is_empty(), whom.is_empty()) {
        (false, false) => format!("{which} → {whom}"),
        (false, true) => which,
        (true, false) => format!("→ {whom}"),
        (true, true) => String::new(),
    };
    unique(&text.chars().take(60).collect::<String>().into(), taken)
}

/// The name, with a number behind it where it is taken.
fn unique(text: &SmolStr, taken: &[SmolStr]) -> SmolStr {
    let is_free = |name: &SmolStr| !taken.iter().any(|t| literal::normal(t) == literal::normal(name));
    let numbered = (2..SAME_NAMES_MAX).map(|n| SmolStr::new(format!("{text} {n}")));
    std::iter::once(text.clone()).chain(numbered).find(is_free).unwrap_or_else(|| text.clone())
}

/// The desk's hours on these days, with or without a break.
#[must_use]
pub fn hours(days: &[u8], span: TimeSpan, except: Option<TimeSpan>) -> HoursNode {
    HoursNode {
        whose: WhoseNode::Desk,
        days: days.to_vec(),
        spans: vec![span],
        except: except.into_iter().collect(),
        holidays: false,
        at: Place::default(),
    }
}

/// `2026-11-01` or `2026-11-01 09:00`.
#[must_use]
pub fn moment(text: &str) -> Option<MomentNode> {
    let text = literal::normal(text);
    match text.split_once(char::is_whitespace) {
        None => literal::date(&text).map(MomentNode::Day),
        Some((day, time)) => {
            let (day, minute) = (literal::date(day)?, literal::minute(time.trim())?);
            Some(MomentNode::Minute(day.and_time(literal::time_of(minute)?)))
        }
    }
}
