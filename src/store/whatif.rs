//! The log as what-if replays it: a stretch streamed into columns, in reads that each end before the next.

use super::Store;
use super::error::{At, StoreError};
use super::feed::id_of;
use crate::engine::whatif::{Gave, LEADS_MAX, Recorder, Tape};
use crate::model::actor::ENGINE;
use crate::model::event::{Body, IntentId, Placer};
use crate::model::id::Seq;
use crate::model::time::Millis;
use crate::world::World;

/// Events of one read.
const CHUNK: u64 = 20_000;

impl Store {
    /// What follows `start` in the log, up to `to`. `goes_on` gets (read, to read) and may stop it, which gives `None`.
    ///
    /// # Errors
    /// `Damaged`, `NewerEvent`; `TooMuch` when more than [`LEADS_MAX`] leads arrive in the stretch.
    pub fn tape(
        &self,
        start: &World,
        to: Seq,
        goes_on: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<Option<Tape>, StoreError> {
        self.end_stale()?;
        let to = self.last_seq()?.min(to);
        let (mut at, total) = (start.seq(), to.0.saturating_sub(start.seq().0));
        let mut recorder = Recorder::new(start);
        while at < to {
            if !goes_on(at.0 - start.seq().0, total) {
                return Ok(None);
            }
            let next = Seq(to.0.min(at.0 + CHUNK));
            self.record_chunk(&mut recorder, at, next)?;
            at = next;
            if recorder.leads() > LEADS_MAX {
                let (path, what, limit) = (self.path.clone(), "leads of the stretch", LEADS_MAX as u64);
                return Err(StoreError::TooMuch { path, what, limit });
            }
        }
        Ok(Some(recorder.finish()))
    }

    fn record_chunk(&self, recorder: &mut Recorder, after: Seq, to: Seq) -> Result<(), StoreError> {
        let mut want = after.0;
        self.log().each_row(after, to, &mut |log, row| {
            want += 1;
            let seq = id_of(row.get(0).at(&self.path)?);
            if seq != want {
                return Err(StoreError::damaged(
                    &self.path,
                    format!("event #{want} is missing from the log"),
                ));
            }
            let payload = row.get_ref(9).at(&self.path)?.as_blob().unwrap_or_default();
            // Most of a log is placements by a rule, and most of those their explanation, which is not wanted here.
            let code = row.get(7).at(&self.path)?;
            let head = Body::placement_head(code, payload)
                .filter(|(_, _, by)| matches!(by, Placer::Engine { rule: Some(_) } | Placer::Divert { .. }));
            let is_engine = head.is_some() && row.get_ref(2).at(&self.path)?.as_str() == Ok(ENGINE);
            match head.filter(|_| is_engine) {
                Some((lead, rep, by)) => {
                    let rule = if let Placer::Engine { rule } = by { rule } else { None };
                    let intent: Option<[u8; 16]> = row.get(5).at(&self.path)?;
                    let intent = IntentId(intent.map_or(0, u128::from_be_bytes));
                    recorder.push_gave(intent, Millis(row.get(1).at(&self.path)?), Gave { lead, rep, rule });
                }
                None => recorder.push(log.read(row)?),
            }
            Ok(())
        })?;
        if want == to.0 {
            Ok(())
        } else {
            Err(StoreError::damaged(
                &self.path,
                format!("events #{} to #{to} are missing from the log", want + 1),
            ))
        }
    }
}
