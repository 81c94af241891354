//! What goes with an order in its own transaction: the answer its asker will be told when he asks again under the same key.
//! It makes no answer itself, and knows nothing of where the order came from.

use std::sync::Arc;

use crate::engine::{Outcome, Told};
use crate::model::time::Millis;
use crate::store::{Awaited, KeptAnswer, StoreError, Token, Txn};
use crate::world::World;

/// Makes status and body from the world after the order, before COMMIT. Must be quick: nobody else writes meanwhile.
pub type Render = Arc<dyn Fn(&World, &Outcome) -> (u16, String) + Send + Sync>;

/// An answer to be kept with an order.
#[derive(Clone)]
pub struct Keep {
    /// Names the request among all requests: a hash of whose key it is and the key.
    pub key: Option<[u8; 32]>,
    /// Hash of the request: another one under the same key is refused.
    pub request: [u8; 32],
    /// Answers older than this may go.
    pub since: Millis,
    /// Leads of these numbers are awaited no longer.
    pub came: Vec<(smol_str::SmolStr, smol_str::SmolStr)>,
    pub render: Render,
}

impl std::fmt::Debug for Keep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keep").field("since", &self.since).finish_non_exhaustive()
    }
}

impl Keep {
    /// Whether the order was answered before: then it is not carried out.
    ///
    /// # Errors
    /// The file's.
    pub(super) fn before(&self, txn: &Txn<'_>) -> Result<Option<Outcome>, StoreError> {
        let Some(key) = &self.key else { return Ok(None) };
        Ok(txn.kept_answer(key)?.map(|kept| self.told(kept)))
    }

    /// Makes the answer and keeps it.
    ///
    /// # Errors
    /// The file's.
    pub(super) fn after(
        &self,
        txn: &mut Txn<'_>,
        world: &World,
        outcome: &mut Outcome,
        at: Millis,
    ) -> Result<(), StoreError> {
        let (status, body) = (self.render)(world, outcome);
        if let Some(key) = &self.key {
            txn.keep_answer(key, &self.request, (status, &body), at)?;
        }
        for (system, external_id) in &self.came {
            txn.no_longer_await(system, external_id)?;
        }
        outcome.told = Some(Told::Now { status, body });
        Ok(())
    }

    /// What an answer kept earlier tells this request.
    pub(super) fn told(&self, kept: KeptAnswer) -> Outcome {
        let told = if kept.request == self.request {
            Told::Again { status: kept.status, body: kept.body }
        } else {
            Told::OtherRequest
        };
        Outcome { told: Some(told), ..Outcome::default() }
    }
}

/// A change of what the doors keep beside the log, in a transaction of its own.
#[derive(Debug, Clone)]
pub enum Errand {
    AddToken(Box<Token>),
    RevokeToken {
        name: smol_str::SmolStr,
        at: Millis,
        by: smol_str::SmolStr,
    },
    /// Leads announced by number only.
    Await(Vec<Awaited>),
}

impl Errand {
    /// Does it; the number of rows it changed.
    ///
    /// # Errors
    /// The file's.
    pub(super) fn run(&self, txn: &mut Txn<'_>) -> Result<usize, StoreError> {
        match self {
            Errand::AddToken(token) => txn.add_token(token).map(|()| 1),
            Errand::RevokeToken { name, at, by } => txn.revoke_token(name, *at, by).map(usize::from),
            Errand::Await(leads) => txn.await_leads(leads),
        }
    }
}
