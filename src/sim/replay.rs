//! Leads of a file played into a desk again as time goes by, faster or slower than they once came.

use crate::engine::intent::LEADS_MAX;
use crate::engine::{Intent, NewLead};
use crate::model::lead::ArrivalKind;
use crate::model::time::Millis;

/// A list of leads on its way to the desk.
#[derive(Debug, Clone)]
pub struct Replay {
    /// In order of time, each with the moment at which it comes.
    leads: Vec<(Millis, NewLead)>,
    next: usize,
}

impl Replay {
    /// Plays `leads`, which are sorted by `received_at`, so that the first comes at `as_of` and distances shrink by
    /// `speed_milli` / 1000 (2000 = twice as fast; at least 1). A lead without a time comes with the one before it.
    /// Each is taken as a live arrival of the moment it comes; its external id stays, so playing twice adds nothing.
    #[must_use]
    pub fn new(leads: Vec<NewLead>, as_of: Millis, speed_milli: u64) -> Replay {
        let speed = i128::from(speed_milli.max(1));
        let first = leads.iter().find_map(|l| l.received_at).unwrap_or(as_of);
        let mut at = as_of;
        let leads = leads.into_iter().map(|mut lead| {
            if let Some(received) = lead.received_at {
                let distance = i128::from(received.since(first)) * 1000 / speed;
                let moment = as_of.plus(i64::try_from(distance).unwrap_or(i64::MAX));
                at = at.max(moment);
            }
            lead.received_at = Some(at);
            lead.kind = ArrivalKind::Live;
            (at, lead)
        });
        Replay { leads: leads.collect(), next: 0 }
    }

    /// When the next lead comes; `None` after the last.
    #[must_use]
    pub fn next_at(&self) -> Option<Millis> {
        self.leads.get(self.next).map(|(at, _)| *at)
    }

    /// How many leads have not come yet.
    #[must_use]
    pub fn left(&self) -> usize {
        self.leads.len() - self.next
    }

    /// What has come up to `now`, in as few intents as the desk allows.
    pub fn due(&mut self, now: Millis) -> Vec<Intent> {
        let rest = self.leads.get(self.next..).unwrap_or_default();
        let ready = rest.partition_point(|(at, _)| *at <= now);
        self.next += ready;
        let ready = rest.get(..ready).unwrap_or_default();
        let batch = |chunk: &[(Millis, NewLead)]| Intent::Receive {
            leads: chunk.iter().map(|(_, lead)| lead.clone()).collect(),
            import: None,
        };
        ready.chunks(LEADS_MAX).map(batch).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time::{HOUR_MS, MINUTE_MS};
    use crate::sim::arrivals::{ArrivalOptions, Arrivals};

    fn came(replay: &mut Replay, now: Millis) -> usize {
        let leads = |i: Intent| match i {
            Intent::Receive { leads, .. } => leads.len(),
            _ => 0,
        };
        replay.due(now).into_iter().map(leads).sum()
    }

    #[test]
    fn leads_come_in_order_at_the_speed_asked_for_and_once() {
        let old = Millis(1_700_000_000_000);
        let mut stream = Arrivals::new(3, ArrivalOptions::default(), old);
        let mut leads: Vec<NewLead> = stream.due(old.plus(HOUR_MS)).into_iter().map(|(_, l)| l).collect();
        leads[4].received_at = None;
        let span = leads.last().unwrap().received_at.unwrap().since(leads[0].received_at.unwrap());
        let (as_of, total) = (Millis(1_800_000_000_000), leads.len());
        let mut replay = Replay::new(leads, as_of, 10_000);
        assert_eq!(replay.next_at(), Some(as_of));
        assert_eq!(came(&mut replay, as_of.plus(-1)), 0);
        let half = came(&mut replay, as_of.plus(3 * MINUTE_MS));
        assert!(half > 0 && half < total);
        assert_eq!(came(&mut replay, as_of.plus(3 * MINUTE_MS)), 0);
        assert_eq!(half + came(&mut replay, as_of.plus(span / 10)), total);
        assert_eq!((replay.left(), replay.next_at()), (0, None));
    }

    #[test]
    fn a_pile_comes_in_pieces_the_desk_can_take() {
        let mut stream = Arrivals::new(3, ArrivalOptions::default(), Millis(0));
        let leads: Vec<NewLead> = (0..1_200).map(|_| stream.one_more(Millis(0))).collect();
        let sizes: Vec<usize> = Replay::new(leads, Millis(0), 1000)
            .due(Millis(0))
            .iter()
            .map(|i| if let Intent::Receive { leads, .. } = i { leads.len() } else { 0 })
            .collect();
        assert_eq!(sizes, vec![500, 500, 200]);
    }
}
