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

/// Leads of the answers that come before the whole one, the quickest first.
pub const FIRST_LEADS: [usize; 2] = [20_000, 100_000];

/// Told how far a replay is, as events done and in all; answers whether to go on.
pub type Pulse<'a> = dyn FnMut(usize, usize) -> bool + 'a;

/// A stretch with the published book's side.
pub struct Study {
    tape: Arc<Tape>,
    start: World,
    text: SmolStr,
    book: Arc<Book>,
    published: Side,
    /// The published side before the latest arrivals, and the row of the first of them; for the fewest leads first.
    marks: Vec<(Replay, usize)>,
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
        let mut marks = Vec::new();
        for latest in FIRST_LEADS.into_iter().rev() {
            let Some(first) = tape.leads().checked_sub(latest).filter(|first| *first > 0) else { continue };
            let until = tape.step_of_arrival(first);
            if !replay.play(until, &mut |done| pulse(done, all)) {
                return None;
            }
            marks.insert(0, (replay.clone(), first));
        }
        if !replay.play(all, &mut |done| pulse(done, all)) {
            return None;
        }
        let counts = counted(&tape, replay.world(), when);
        let reps = replay.world().without_leads();
        let book = Arc::clone(&replay.world().published().book);
        Some(Study { tape, start, text, book, published: replay.finish(), marks, counts, reps })
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

    /// How many answers [`Study::early`] has before the whole.
    #[must_use]
    pub fn early_count(&self) -> usize {
        self.marks.len()
    }

    /// What `draft` does to the latest leads, from the desk as the published book had made it till then: answer `at` of
    /// those before the whole, each over more leads ([`FIRST_LEADS`]). `None` when told to stop or when there is none such.
    #[must_use]
    pub fn early(&self, at: usize, draft: &str, pulse: &mut Pulse<'_>) -> Option<Answer> {
        let (mark, row) = self.marks.get(at)?;
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

    /// Bytes it takes while a draft is replayed beside it, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let draft = self.tape.leads() * super::player::BYTES_A_LEAD;
        let earlier = self.marks.iter().skip(1).map(|(replay, _)| Some(replay)).chain([None]);
        let each = self.marks.iter().zip(earlier);
        let marks: usize = each.map(|((replay, _), earlier)| replay.bytes(&self.published, earlier)).sum();
        self.tape.bytes() + self.published.fates.bytes() + marks + draft + self.counts.capacity()
    }
}
