//! Promotions: figures in range, nothing said twice, a known window, and a warning where two that overlap say the same.
//! Teams and reps are for `check`.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::super::book::{Calendar, OwnHours, PromoCap, Promotion, Target, WatchLine};
use super::super::diagnostic::{DiagCode, Limit, Noun, Severity, Span};
use super::super::keyword::{Kw, Phrase, WATCHES, word_for};
use super::super::tree::{CapNode, Item, Line, Name, PromotionLine, PromotionNode, Tree, WhoseNode};
use super::super::{WorkTime, literal};
use super::calendar::{never_work, whose};
use super::{Lowering, good};
use crate::model::lang::Lang;
use crate::model::rep::WEIGHT_MAX_MILLI;
use crate::rulebook::PROMOTIONS_MAX;

impl Lowering<'_> {
    /// Names of all promotions, so that a rule may stand above the one it holds during.
    pub(super) fn name_promotions(&mut self, tree: &Tree) {
        for item in &tree.items {
            if let Item::Promotion(node) = &item.node {
                self.promotions.insert(literal::normal(&node.name.text), false);
            }
        }
    }

    pub(super) fn known_promotion(&mut self, name: &Name) -> bool {
        let text = literal::normal(&name.text);
        if let Some(used) = self.promotions.get_mut(&text) {
            *used = true;
            return true;
        }
        let known: Vec<SmolStr> = self.promotions.keys().cloned().collect();
        let known = known.iter().map(SmolStr::as_str);
        self.unknown(Severity::Error, Noun::Promotion, &text, name.at.0, known);
        false
    }

    pub(super) fn promotion(&mut self, node: &PromotionNode, header: Span) {
        let name = literal::normal(&node.name.text);
        // One more than there may be is told of; further ones would only cost time.
        if self.book.promotions.len() > PROMOTIONS_MAX {
            return;
        }
        if self.book.promotion(&name).is_some() {
            return self.error(node.name.at.0, DiagCode::PromotionTwice { name });
        }
        let span = node.lines.iter().fold(header, |span, line| span.to(line.at.0));
        let mut promotion = Promotion { name, span, ..Promotion::default() };
        let mut said: BTreeSet<(&'static str, Option<Target>)> = BTreeSet::new();
        for line in good(&node.lines) {
            self.promotion_line(line.node, line.span, &mut promotion, &mut said);
        }
        self.promotion_never(&promotion, node.name.at.0);
        self.book.promotions.push(promotion);
    }

    fn promotion_line(
        &mut self,
        line: &PromotionLine,
        span: Span,
        promotion: &mut Promotion,
        said: &mut BTreeSet<(&'static str, Option<Target>)>,
    ) {
        let mut first = |what: &'static str, whose: Option<Target>| said.insert((what, whose));
        match line {
            PromotionLine::During(window) => {
                if !first("during", None) {
                    self.twice(span, Kw::During);
                } else if self.known_window(window) {
                    promotion.during = Some(literal::normal(&window.text));
                }
            }
            PromotionLine::Cap { cap, whose: node } => {
                let fresh = (cap.open.is_none() || first("cap … open", whose(node)))
                    & (cap.day.is_none() || first("cap … per day", whose(node)));
                if fresh {
                    promotion.caps.extend(self.promotion_cap(cap, node));
                } else {
                    self.twice(span, Kw::Cap);
                }
            }
            PromotionLine::Weight { milli, whose: node, at } => {
                let Some(target) = whose(node) else { return };
                let Some(milli) = u32::try_from(*milli).ok().filter(|m| (1..=WEIGHT_MAX_MILLI).contains(m))
                else {
                    let found = literal::decimal_text(*milli).into();
                    return self.error(at.0, DiagCode::OutOfRange { found, range: "0.001 .. 100" });
                };
                if first("weight", Some(target.clone())) {
                    promotion.weights.push((target, milli));
                } else {
                    self.twice(span, Kw::Weight);
                }
            }
            PromotionLine::Hours(node) => match self.hours(node) {
                Some((None, hours)) => promotion.hours.push(hours),
                Some((Some(whose), hours)) => promotion.own.push(OwnHours { whose, hours }),
                None => {}
            },
            PromotionLine::Watch(node) => {
                let line: Option<WatchLine> = self.watch(node, span);
                self.add_watch(&mut promotion.watch, line);
            }
        }
    }

    fn promotion_cap(&mut self, cap: &CapNode, node: &WhoseNode) -> Option<PromoCap> {
        let zero = [cap.open, cap.day].into_iter().flatten().find(|(count, _)| *count == 0);
        if let Some((_, at)) = zero {
            self.error(at.0, DiagCode::CapZero);
            return None;
        }
        let (open, day) = (cap.open.map(|(n, _)| n), cap.day.map(|(n, _)| n));
        Some(PromoCap { whose: whose(node), open, day })
    }

    /// Hours of a promotion of which breaks leave nothing.
    fn promotion_never(&mut self, promotion: &Promotion, span: Span) {
        let calendar = Calendar::default();
        let never = |lines: &[&super::super::book::WorkHours]| {
            !lines.is_empty() && WorkTime::of_lines(self.book.zone, lines, &calendar).is_never()
        };
        let mut wrong: BTreeSet<SmolStr> = BTreeSet::new();
        if never(&promotion.hours.iter().collect::<Vec<_>>()) {
            wrong.insert(SmolStr::default());
        }
        wrong.extend(never_work(&promotion.own));
        for whose in wrong {
            self.error(span, DiagCode::NeverWorks { whose });
        }
    }

    /// What can only be said of promotions once all were read.
    pub(super) fn promotion_leftovers(&mut self, tree: &Tree) {
        if let Some(over) = self.book.promotions.get(PROMOTIONS_MAX) {
            let code = DiagCode::TooMuch { limit: Limit::Promotions, max: PROMOTIONS_MAX };
            let span = over.span;
            return self.error(span, code);
        }
        for item in &tree.items {
            let Item::Promotion(node) = &item.node else { continue };
            let name = literal::normal(&node.name.text);
            let Some((place, promotion)) = self.book.promotion(&name) else { continue };
            // Lines that are wrong say what they meant well enough.
            let empty = node.lines.iter().all(|l| matches!(l.node, Line::Good(PromotionLine::During(_))));
            let ruled = self.promotions.get(&name).copied().unwrap_or(false);
            let overlap = self.overlap(place, promotion);
            let span = node.name.at.0;
            if empty && !ruled {
                self.warn(span, DiagCode::PromotionEmpty { name: name.clone() });
            }
            if let Some((with, what)) = overlap {
                self.warn(span, DiagCode::PromotionsOverlap { name, with, what: what.into() });
            }
        }
    }

    /// The first promotion above whose window overlaps and that says something about the same.
    fn overlap(&self, place: usize, promotion: &Promotion) -> Option<(SmolStr, String)> {
        let window = |p: &Promotion| {
            let name = p.during.as_ref()?;
            self.book.calendar.windows.iter().find(|w| w.name == *name)
        };
        let mine = window(promotion)?;
        let all = said_of(promotion, self.lang());
        self.book.promotions.iter().take(place).find_map(|above| {
            window(above).filter(|w| w.from < mine.to && mine.from < w.to)?;
            let same: Vec<String> = said_of(above, self.lang()).intersection(&all).cloned().collect();
            (!same.is_empty()).then(|| (above.name.clone(), same.join(", ")))
        })
    }
}

/// What a promotion says something about, as a text of that language would.
fn said_of(promotion: &Promotion, lang: Lang) -> BTreeSet<String> {
    let word = |kw: Kw| kw.word(lang);
    let whom = |target: &Target| match target {
        Target::Team(name) => format!(" {} {} {name}", word(Kw::For), word(Kw::Team)),
        Target::Rep(name) => format!(" {} {} {name}", word(Kw::For), word(Kw::Rep)),
        Target::Owner => String::new(),
    };
    let caps = promotion.caps.iter().flat_map(|cap| {
        let whose = cap.whose.as_ref().map_or_else(String::new, whom);
        let said = |unit: &str| format!("{} … {unit}{whose}", word(Kw::Cap));
        let open = cap.open.map(|_| said(word(Kw::Open)));
        open.into_iter().chain(cap.day.map(|_| said(&Phrase::PerDay.text(lang)))).collect::<Vec<_>>()
    });
    let weights = promotion.weights.iter().map(|(target, _)| format!("{}{}", word(Kw::Weight), whom(target)));
    let hours = promotion.hours.iter().map(|_| word(Kw::Workdays).to_owned());
    let own = promotion.own.iter().map(|own| format!("{}{}", word(Kw::Works), whom(&own.whose)));
    let kind = |line: &WatchLine| word_for(WATCHES, line.kind, lang);
    let watch = promotion.watch.iter().map(|line| format!("{} {}", word(Kw::Watch), kind(line)));
    caps.chain(weights).chain(hours).chain(own).chain(watch).collect()
}
