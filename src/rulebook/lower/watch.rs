//! Watch lines: each figure in a unit that suits what is watched.

use smol_str::SmolStr;

use super::super::book::{Amount, Cmp, LineRelief, Loudness, Measure, Metric, ReliefKind, WatchLine};
use super::super::diagnostic::{DiagCode, Span};
use super::super::keyword::{METRICS, sign_of, word_for};
use super::super::literal;
use super::super::print::amount_text;
use super::super::tree::{MeasureNode, ReliefNode, ReliefWhat, WatchNode};
use super::Lowering;
use crate::model::lang::Lang;

/// Most leads a line may have moved in an hour.
pub(in super::super) const RELIEF_MAX: u32 = 500;

/// What a figure may be compared with, and what may be said beside it.
struct Takes {
    percent: bool,
    times: bool,
    duration: bool,
    count: bool,
    /// Percentages lie in 0..100.
    part: bool,
    beside: bool,
    over: bool,
    said: Figures,
}

/// An example of what may be written, English and Chinese.
type Figures = (&'static str, &'static str);

/// How a figure to watch may be compared, by example.
pub(in super::super) fn example(metric: Metric, lang: Lang) -> &'static str {
    let (en, zh) = takes(metric).said;
    if lang == Lang::Zh { zh } else { en }
}

const NOTHING: Takes = Takes {
    percent: false,
    times: false,
    duration: false,
    count: false,
    part: false,
    beside: false,
    over: false,
    said: ("", ""),
};

fn takes(metric: Metric) -> Takes {
    match metric {
        Metric::Load => Takes { percent: true, part: true, beside: true, said: ("90%", "90%"), ..NOTHING },
        Metric::Share => {
            Takes { times: true, beside: true, over: true, said: ("1.8x fair", "1.8倍 公平"), ..NOTHING }
        }
        Metric::Spread => Takes { percent: true, over: true, said: ("30%", "30%"), ..NOTHING },
        Metric::Waiting | Metric::Unowned | Metric::Untouched | Metric::Silence => {
            Takes { duration: true, said: ("5m", "5分钟"), ..NOTHING }
        }
        Metric::Queue => Takes { count: true, said: ("20", "20"), ..NOTHING },
        Metric::Full => {
            Takes { percent: true, count: true, part: true, said: ("80% / 5", "80% / 5"), ..NOTHING }
        }
        Metric::Unmatched | Metric::Unassigned | Metric::Duplicates | Metric::Overdue => Takes {
            percent: true,
            count: true,
            part: true,
            over: true,
            said: ("5% / 3", "5% / 3"),
            ..NOTHING
        },
        Metric::Arrivals => Takes { times: true, over: true, said: ("3x", "3倍"), ..NOTHING },
    }
}

impl Lowering<'_> {
    pub(super) fn watch(&mut self, node: &WatchNode, span: Span) -> Option<WatchLine> {
        let lowered: Vec<Option<Measure>> = node.when.iter().map(|m| self.measure(m)).collect();
        let when = lowered.into_iter().collect::<Option<Vec<Measure>>>()?;
        Some(WatchLine {
            kind: node.kind,
            when,
            for_ms: node.for_ms.unwrap_or(0),
            loudness: node.loudness,
            page_after_ms: node.page_after_ms,
            relief: node.relief.as_ref().and_then(|relief| self.relief(node, relief)),
            span,
        })
    }

    /// What the line has done about it; none, and said so, where it cannot be done.
    fn relief(&mut self, watch: &WatchNode, node: &ReliefNode) -> Option<LineRelief> {
        let what = match &node.what {
            ReliefWhat::Reassign => ReliefKind::Reassign,
            ReliefWhat::Recall => ReliefKind::Recall,
            ReliefWhat::Spread(team) => ReliefKind::Spread(literal::normal(&team.text)),
        };
        if !what.suits(watch.kind) || watch.loudness == Loudness::Off {
            self.error(node.at.0, DiagCode::WrongRelief { kind: watch.kind });
            return None;
        }
        if let Some((most, at)) = node.most
            && !(1..=RELIEF_MAX).contains(&most)
        {
            let found = SmolStr::new(most.to_string());
            self.error(at.0, DiagCode::OutOfRange { found, range: "1 .. 500" });
            return None;
        }
        Some(LineRelief { what, per_hour: node.most.map(|(most, _)| most) })
    }

    fn measure(&mut self, node: &MeasureNode) -> Option<Measure> {
        let takes = takes(node.metric);
        let suits = |amount: Amount| match amount {
            Amount::Percent(_) => takes.percent,
            Amount::Times(_) => takes.times,
            Amount::Duration(_) => takes.duration,
            Amount::Count(_) => takes.count,
        };
        let beside_suits = node.beside.is_none_or(|(_, amount)| takes.beside && suits(amount));
        let over_suits = node.over_ms.is_none_or(|ms| takes.over && ms > 0);
        if !suits(node.amount) || !beside_suits || !over_suits || (node.fair && node.metric != Metric::Share)
        {
            self.error(node.at.0, DiagCode::WrongAmount { metric: node.metric });
            return None;
        }
        let compared = [Some((node.op, node.amount)), node.beside];
        for (op, amount) in compared.into_iter().flatten() {
            if matches!(op, Cmp::Eq | Cmp::Ne) {
                let field = SmolStr::new_static(word_for(METRICS, node.metric, self.lang()));
                self.error(node.at.0, DiagCode::WrongComparison { field, op: sign_of(op).into() });
                return None;
            }
            let range = match amount {
                Amount::Percent(p) if takes.part && !(0..=1000).contains(&p) => Some("0% .. 100%"),
                Amount::Percent(p) if p < 0 => Some("0% .."),
                Amount::Times(t) if t <= 0 => Some("0.001x .."),
                Amount::Percent(_) | Amount::Times(_) | Amount::Duration(_) | Amount::Count(_) => None,
            };
            if let Some(range) = range {
                self.error(
                    node.at.0,
                    DiagCode::OutOfRange { found: amount_text(amount, self.lang()), range },
                );
                return None;
            }
        }
        Some(Measure {
            metric: node.metric,
            op: node.op,
            amount: node.amount,
            beside: node.beside,
            over_ms: node.over_ms,
        })
    }
}
