//! A stretch that is looked at again and again, draft after draft: the published book's side is replayed once and kept, and
//! so is the desk as it stood before the latest arrivals, for a first answer that need not wait for the whole.

use std::sync::Arc;

use smol_str::SmolStr;

use super::answer::{Answer, answer, counted};
use super::player::Replay;
use super::tape::Tape;
use super::{Rules, Side, Tell};
use crate::model::event::Event;
use crate::model::id::LeadId;
use crate::rulebook::{Book, Cond};
use crate::world::World;

/// Leads of the first answer.
pub const FIRST_LEADS: usize = 100_000;

/// Told how far a replay is, as events done and in all; answers whether to go on.
pub type Pulse<'a> = dyn FnMut(usize, usize) -> bool + 'a;

/// A stretch with the published book's side.
pub struct Study {
    tape: Arc<Tape>,
    start: World,
    text: SmolStr,
    book: Arc<Book>,
    published: Side,
    /// The published side before the latest arrivals, and the row of the first of them.
    mark: Option<(Replay, usize)>,
    counts: Vec<bool>,
    reps: World,
}

impl Study {
    /// Replays `tape` from `start` under the published book `text`; only arrivals on which `when` holds are counted. `None`
    /// when told to stop.
    #[must_use]
    pub fn open(
        tape: Arc<Tape>,
        start: World,
        text: SmolStr,
        when: Option<&Cond>,
        pulse: &mut Pulse<'_>,
    ) -> Option<Study> {
        let mut replay = Replay::new(&tape, &start, &Rules::Text(text.clone()), Tell::Nothing);
        let all = tape.events();
        let first = tape.leads().checked_sub(FIRST_LEADS).filter(|first| *first > 0);
        let mut mark = None;
        if let Some(first) = first {
            let until = tape.step_of_arrival(first);
            if !replay.play(until, &mut |done| pulse(done, all)) {
                return None;
            }
            mark = Some((replay.clone(), first));
        }
        if !replay.play(all, &mut |done| pulse(done, all)) {
            return None;
        }
        let counts = counted(&tape, replay.world(), when);
        let reps = replay.world().without_leads();
        let book = Arc::clone(&replay.world().published().book);
        Some(Study { tape, start, text, book, published: replay.finish(), mark, counts, reps })
    }

    /// The published text it holds drafts against.
    #[must_use]
    pub fn text(&self) -> &SmolStr {
        &self.text
    }

    /// The stretch.
    #[must_use]
    pub fn tape(&self) -> &Tape {
        &self.tape
    }

    /// The roster at the end of the stretch, without leads: for names.
    #[must_use]
    pub fn roster(&self) -> &World {
        &self.reps
    }

    /// Whether [`Study::first`] has something to say before the whole.
    #[must_use]
    pub fn has_first(&self) -> bool {
        self.mark.is_some()
    }

    /// What `draft` does to the latest [`FIRST_LEADS`] leads, from the desk as the published book had made it till then.
    /// `None` when told to stop or when the stretch is no longer than that.
    #[must_use]
    pub fn first(&self, draft: &str, pulse: &mut Pulse<'_>) -> Option<Answer> {
        let (mark, row) = self.mark.as_ref()?;
        let before = mark.side();
        let mut replay = mark.clone();
        replay.publish(&SmolStr::new(draft));
        self.held_beside(replay, Some((&before, *row)), pulse)
    }

    /// What `draft` does to the whole stretch. `None` when told to stop.
    #[must_use]
    pub fn whole(&self, draft: &str, pulse: &mut Pulse<'_>) -> Option<Answer> {
        let rules = Rules::Text(SmolStr::new(draft));
        let replay = Replay::new(&self.tape, &self.start, &rules, Tell::Nothing);
        self.held_beside(replay, None, pulse)
    }

    fn held_beside(
        &self,
        mut replay: Replay,
        from: Option<(&Side, usize)>,
        pulse: &mut Pulse<'_>,
    ) -> Option<Answer> {
        let all = self.tape.events();
        if !replay.play(all, &mut |done| pulse(done, all)) {
            return None;
        }
        let book = Arc::clone(&replay.world().published().book);
        let side = replay.finish();
        let (before, row) = from.map_or((None, 0), |(before, row)| (Some(before), row));
        Some(answer(&self.tape, (&self.published, &side), (&self.book, &book), before, row, &self.counts))
    }

    /// What happens to `lead` under the published book and under `draft`: its events of both replays, with whole explanations.
    /// `None` when told to stop.
    #[must_use]
    pub fn why(&self, draft: &str, lead: LeadId, pulse: &mut Pulse<'_>) -> Option<[Vec<Event>; 2]> {
        let all = self.tape.events();
        let mut told = |text: &str| {
            let rules = Rules::Text(SmolStr::new(text));
            let mut replay = Replay::new(&self.tape, &self.start, &rules, Tell::Lead(lead));
            replay.play(all, &mut |done| pulse(done, all)).then(|| replay.finish().told)
        };
        Some([told(&self.text)?, told(draft)?])
    }

    /// Bytes it takes, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let fates = self.published.fates.capacity() * size_of::<super::Fate>();
        let mark = self.mark.as_ref().map_or(0, |(replay, _)| replay.bytes());
        self.tape.bytes() + fates + mark + self.counts.capacity()
    }
}
