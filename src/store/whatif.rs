//! The log as what-if replays it: pieces of a stretch, each read by itself, which a recorder then puts into columns in order.
//! Whether pieces are read one after another or side by side is the caller's affair.

use super::Store;
use super::error::{At, StoreError};
use super::feed::id_of;
use crate::engine::whatif::{Gave, LEADS_MAX, Recorder};
use crate::model::actor::ENGINE;
use crate::model::event::{Body, Event, IntentId, Placer};
use crate::model::id::Seq;
use crate::model::time::Millis;

/// Events of one piece: a few megabytes.
pub const PIECE: usize = 10_000;

/// Events that follow each other in the log.
pub struct Piece(Vec<Item>);

enum Item {
    Gave(IntentId, Millis, Gave),
    Whole(Box<Event>),
}

impl Piece {
    /// Hands the events to `recorder`.
    pub fn record(self, recorder: &mut Recorder) {
        for item in self.0 {
            match item {
                Item::Gave(intent, at, gave) => recorder.push_gave(intent, at, gave),
                Item::Whole(event) => recorder.push(*event),
            }
        }
    }
}

impl Store {
    /// The events behind `after`, up to `to`.
    ///
    /// # Errors
    /// `Damaged`, also when one is missing; `NewerEvent`.
    pub fn piece(&self, after: Seq, to: Seq) -> Result<Piece, StoreError> {
        let mut want = after.0;
        let mut items = Vec::with_capacity(usize::try_from(to.0.saturating_sub(after.0)).unwrap_or(0));
        self.log().each_row(after, to, &mut |log, row| {
            want += 1;
            let seq = id_of(row.get(0).at(&self.path)?);
            if seq != want {
                return Err(StoreError::damaged(
                    &self.path,
                    format!("event #{want} is missing from the log"),
                ));
            }
            // Most of a log is placements by a rule, and most of those their explanation, which is not wanted here.
            let code = row.get(7).at(&self.path)?;
            let payload = row.get_ref(9).at(&self.path)?.as_blob().unwrap_or_default();
            let head = Body::placement_head(code, payload)
                .filter(|(_, _, by)| matches!(by, Placer::Engine { rule: Some(_) } | Placer::Divert { .. }));
            let is_engine = head.is_some() && row.get_ref(2).at(&self.path)?.as_str() == Ok(ENGINE);
            items.push(match head.filter(|_| is_engine) {
                Some((lead, rep, by)) => {
                    let rule = if let Placer::Engine { rule } = by { rule } else { None };
                    let intent: Option<[u8; 16]> = row.get(5).at(&self.path)?;
                    let intent = IntentId(intent.map_or(0, u128::from_be_bytes));
                    Item::Gave(intent, Millis(row.get(1).at(&self.path)?), Gave { lead, rep, rule })
                }
                None => Item::Whole(Box::new(log.read(row)?)),
            });
            Ok(())
        })?;
        if want == to.0 {
            Ok(Piece(items))
        } else {
            Err(StoreError::damaged(
                &self.path,
                format!("events #{} to #{to} are missing from the log", want + 1),
            ))
        }
    }

    /// The refusal of a stretch in which more than [`LEADS_MAX`] leads arrive.
    #[must_use]
    pub fn too_many_leads(&self) -> StoreError {
        StoreError::TooMuch { path: self.path.clone(), what: "leads of the stretch", limit: LEADS_MAX as u64 }
    }
}
