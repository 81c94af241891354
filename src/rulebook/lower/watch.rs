//! Watch lines: each figure in a unit that suits what is watched, and only such figures as the detector reads. What no
//! detector would look at is an error: a line that does nothing would be believed.

use smol_str::SmolStr;

use super::super::book::{
    Amount, Cmp, LineRelief, Loudness, Measure, Metric, ReliefKind, WatchKind, WatchLine,
};
use super::super::diagnostic::{DiagCode, Span};
use super::super::keyword::{Kw, METRICS, WATCHES, word_for};
use super::super::literal;
use super::super::print::amount_text;
use super::super::tree::{MeasureNode, ReliefNode, ReliefWhat, WatchNode};
use super::Lowering;
use crate::model::lang::Lang;
use crate::model::time::DAY_MS;

/// The longest stretch arrivals and answers are remembered one by one, and shares, in milliseconds.
const OVER_MAX_MS: i64 = DAY_MS;
const SHARES_MAX_MS: i64 = 21 * DAY_MS;

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
    /// The longest stretch it may be taken over, in milliseconds; 0 = it is not taken over any.
    over: i64,
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
    over: 0,
    said: ("", ""),
};

fn takes(metric: Metric) -> Takes {
    match metric {
        Metric::Load => Takes { percent: true, part: true, beside: true, said: ("90%", "90%"), ..NOTHING },
        Metric::Share => {
            Takes { times: true, over: SHARES_MAX_MS, said: ("1.8x fair", "1.8倍 公平"), ..NOTHING }
        }
        Metric::Spread => Takes { percent: true, over: SHARES_MAX_MS, said: ("30%", "30%"), ..NOTHING },
        Metric::Waiting | Metric::Unowned | Metric::Untouched | Metric::Silence => {
            Takes { duration: true, said: ("5m", "5分钟"), ..NOTHING }
        }
        Metric::Queue | Metric::Overdue => Takes { count: true, said: ("20", "20"), ..NOTHING },
        Metric::Full => {
            Takes { percent: true, count: true, part: true, said: ("80% / 5", "80% / 5"), ..NOTHING }
        }
        Metric::Unmatched | Metric::Unassigned => Takes {
            percent: true,
            count: true,
            part: true,
            over: OVER_MAX_MS,
            said: ("5% / 3", "5% / 3"),
            ..NOTHING
        },
        Metric::Duplicates => Takes { count: true, over: i64::MAX, said: ("3", "3"), ..NOTHING },
        Metric::Arrivals => Takes { times: true, over: OVER_MAX_MS, said: ("3x", "3倍"), ..NOTHING },
    }
}

impl Lowering<'_> {
    pub(super) fn watch(&mut self, node: &WatchNode, span: Span) -> Option<WatchLine> {
        let lowered: Vec<Option<Measure>> = node.when.iter().map(|m| self.measure(m)).collect();
        let when = lowered.into_iter().collect::<Option<Vec<Measure>>>()?;
        self.fits(node, &when)?;
        if node.kind.needs_figure() && when.is_empty() && node.loudness != Loudness::Off {
            self.error(span, DiagCode::WatchNeedsFigure { watch: node.kind });
            return None;
        }
        self.warn_of_blindness(node, &when, span);
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

    /// Whether the detector reads each figure of the line, once, and together with the others.
    fn fits(&mut self, node: &WatchNode, when: &[Measure]) -> Option<()> {
        let known = node.kind.figures();
        for (at, (measure, here)) in when.iter().zip(&node.when).enumerate() {
            let metric = measure.metric;
            // Who lets leads lie and an engine that stands still are two alerts, each with a line of its own.
            let apart = node.kind == WatchKind::Stalled && at > 0;
            let twice = when.iter().take(at).any(|earlier| earlier.metric == metric);
            let beside = measure.beside.is_some() && node.kind != WatchKind::LoadUneven;
            if twice {
                let what = SmolStr::new_static(word_for(METRICS, metric, self.lang()));
                self.error(here.at.0, DiagCode::Repeated { what });
                return None;
            }
            if beside {
                self.error(here.at.0, DiagCode::WrongAmount { metric });
                return None;
            }
            if apart || !known.contains(&metric) {
                self.error(here.at.0, DiagCode::WatchFigure { watch: node.kind, metric });
                return None;
            }
        }
        Some(())
    }

    /// A detector that lives on recorded replies, in a book that declares none.
    fn warn_of_blindness(&mut self, node: &WatchNode, when: &[Measure], span: Span) {
        let lives_on_replies = match node.kind {
            WatchKind::Hoarded => true,
            WatchKind::Stalled => when.iter().any(|m| m.metric == Metric::Untouched),
            _ => false,
        };
        if lives_on_replies && !self.replies_declared && node.loudness != Loudness::Off {
            self.warn(span, DiagCode::WatchBlind { watch: node.kind });
        }
    }

    /// Adds a line unless another speaks of the same alert already.
    pub(super) fn add_watch(&mut self, lines: &mut Vec<WatchLine>, line: Option<WatchLine>) {
        let Some(line) = line else { return };
        if lines.iter().any(|known| known.kind == line.kind && known.figure() == line.figure()) {
            let kind = word_for(WATCHES, line.kind, self.lang());
            let what = smol_str::format_smolstr!("{} {kind}", Kw::Watch.word(self.lang()));
            self.error(line.span, DiagCode::Repeated { what });
            return;
        }
        lines.push(line);
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
        let over_suits = node.over_ms.is_none_or(|ms| takes.over > 0 && ms > 0);
        if !suits(node.amount) || !beside_suits || !over_suits || (node.fair && node.metric != Metric::Share)
        {
            self.error(node.at.0, DiagCode::WrongAmount { metric: node.metric });
            return None;
        }
        let compared = [Some((node.op, node.amount)), node.beside];
        if let Some(ms) = node.over_ms.filter(|ms| *ms > takes.over) {
            let range = if takes.over == OVER_MAX_MS { ".. 1d" } else { ".. 21d" };
            let found = super::super::literal::duration_text(ms, self.lang()).into();
            self.error(node.at.0, DiagCode::OutOfRange { found, range });
            return None;
        }
        for (place, (op, amount)) in compared.into_iter().flatten().enumerate() {
            // What is watched is too much of something, beside too little of it with somebody else.
            let right =
                if place == 0 { matches!(op, Cmp::Gt | Cmp::Ge) } else { matches!(op, Cmp::Lt | Cmp::Le) };
            if !right {
                let code = DiagCode::WatchBackwards { metric: node.metric, beside: place > 0 };
                self.error(node.at.0, code);
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
