//! When a promotion really was on, from the log: books changed what its window was, people switched it, and what the book in
//! force says today says nothing of that. No figures: those are the report's.

use smol_str::SmolStr;

use super::{Run, runs_of};
use crate::model::event::{Body, Event, Verb};
use crate::model::overlay::PromotionSwitch;
use crate::model::time::Millis;
use crate::rulebook::{Book, compile};

/// The runs of one promotion, added up from events given in the order of the log. Only those of [`History::VERBS`] matter.
#[derive(Debug, Clone)]
pub struct History {
    name: SmolStr,
    book: Book,
    switch: Option<PromotionSwitch>,
    /// Up to here the runs are known.
    since: Millis,
    runs: Vec<Run>,
}

impl History {
    /// What can begin or end a run, besides time.
    pub const VERBS: [Verb; 3] = [Verb::BookPublished, Verb::PromotionStarted, Verb::PromotionStopped];

    /// Before the first event the promotion called `name` never was on.
    #[must_use]
    pub fn of(name: &str) -> History {
        let (since, runs) = (Millis(i64::MIN), Vec::new());
        History { name: name.into(), book: Book::default(), switch: None, since, runs }
    }

    /// Takes the next event in.
    pub fn see(&mut self, event: &Event) {
        match &event.body {
            Body::BookPublished { text, .. } => {
                self.go_on(event.at);
                self.book = compile(text);
            }
            Body::PromotionStarted { promotion, after, .. }
            | Body::PromotionStopped { promotion, after, .. }
                if *promotion == self.name =>
            {
                self.go_on(event.at);
                self.switch = after.as_deref().cloned();
            }
            _ => {}
        }
    }

    /// The runs that have begun at `now`, the oldest first; only the last may end later.
    #[must_use]
    pub fn runs(mut self, now: Millis) -> Vec<Run> {
        self.go_on(Millis(i64::MAX));
        self.runs.retain(|run| run.from <= now);
        self.runs
    }

    /// What book and switch as they stand made of the time until `at`. The wall clock may have been set back: no time counts
    /// twice.
    fn go_on(&mut self, at: Millis) {
        let promotion = self.book.promotion(&self.name).map(|(_, promotion)| promotion);
        let runs = promotion.map_or_else(Vec::new, |p| runs_of(&self.book, p, self.switch.as_ref()));
        for run in runs {
            let (from, until) = (run.from.max(self.since), run.until.min(at));
            match self.runs.last_mut() {
                _ if from >= until => {}
                Some(last) if from <= last.until => last.until = last.until.max(until),
                _ => self.runs.push(Run { from, until }),
            }
        }
        self.since = self.since.max(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id::{BatchId, BookVersion, Seq};
    use crate::model::time::{HOUR_MS, MINUTE_MS};

    /// 2026-11-10 00:00 UTC.
    const DAY: i64 = 1_794_268_800_000;

    fn at(hours: i64) -> Millis {
        Millis(DAY + hours * HOUR_MS)
    }

    fn event(at: Millis, body: Body) -> Event {
        Event {
            seq: Seq(1),
            at,
            actor: "王芳".into(),
            role: crate::model::actor::Role::Supervisor,
            console: 1,
            intent: crate::model::event::IntentId(1),
            batch: BatchId(1),
            undoes: None,
            body,
        }
    }

    fn book(at: Millis, window: &str) -> Event {
        let text = format!("calendar\n  window w {window}\npromotion P\n  during w\n  cap 9 open\n");
        event(at, Body::BookPublished { version: BookVersion(1), text: text.into(), note: "".into() })
    }

    fn switched(at: Millis, until: Millis, quiet_until: Millis) -> Event {
        let switch = PromotionSwitch {
            from: at,
            until,
            quiet_until,
            reason: "".into(),
            set_by: "王芳".into(),
            set_at: at,
        };
        let after = Some(Box::new(switch));
        event(at, Body::PromotionStarted { promotion: "P".into(), before: None, after })
    }

    fn hours(events: &[Event], now: Millis) -> Vec<(i64, i64)> {
        let mut history = History::of("P");
        events.iter().for_each(|event| history.see(event));
        let hour = |at: Millis| (at.0 - DAY) / HOUR_MS;
        history.runs(now).into_iter().map(|run| (hour(run.from), hour(run.until))).collect()
    }

    #[test]
    fn a_run_is_what_was_on_and_not_what_the_book_says_now() {
        let first = "2026-11-10 02:00 .. 2026-11-10 06:00";
        let second = "2026-11-10 20:00 .. 2026-11-10 23:00";
        // Published in the midst of its window; by hand once; then a book with another window, shortened while it is open.
        let log = [
            book(at(3), first),
            switched(at(8), at(10), at(10)),
            book(at(12), second),
            switched(at(21), at(22), at(23)),
        ];
        assert_eq!(hours(&log, at(30)), [(3, 6), (8, 10), (20, 22)]);
        assert_eq!(hours(&log, at(9)), [(3, 6), (8, 10)], "what has not begun is no run");
        assert_eq!(hours(&log[..1], at(2)), []);
    }

    #[test]
    fn a_book_published_in_the_midst_neither_ends_nor_doubles_a_run() {
        let window = "2026-11-10 02:00 .. 2026-11-10 06:00";
        let mut back = book(at(4), window);
        back.at = back.at.plus(-30 * MINUTE_MS);
        let log = [book(at(1), window), book(at(4), window), back];
        assert_eq!(hours(&log, at(30)), [(2, 6)]);
        // One without the promotion does.
        let none = Body::BookPublished { version: BookVersion(3), text: "".into(), note: "".into() };
        assert_eq!(hours(&[book(at(1), window), event(at(4), none)], at(30)), [(2, 4)]);
    }
}
