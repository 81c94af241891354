//! When to try again and when to give up: full jitter below a bound that doubles, and the table of classes. Pure: the same
//! seed, notice and try give the same wait.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;
use smol_str::SmolStr;

use super::verdict::Verdict;
use crate::model::outbox::{ChannelState, NoticeId};
use crate::model::time::{DAY_MS, MINUTE_MS, Millis, SECOND_MS};
use crate::store::Settled;

/// The bound of the first wait, in milliseconds; doubles with each try.
pub const BASE_MS: i64 = 2 * SECOND_MS;
/// The bound of the longest wait, in milliseconds.
pub const CAP_MS: i64 = 15 * MINUTE_MS;
/// Tries of one notice at a channel that takes others.
pub const TRIES_MAX: u32 = 8;
/// Age past which a notice is news no more, in milliseconds.
pub const AGE_MAX_MS: i64 = DAY_MS;
/// Failures in a row past which the channel itself is taken to be down.
pub const OUTAGE_FAILURES: u32 = 3;
/// How long a channel whose key or address is refused rests, in milliseconds, so that a queue is not given up one by one.
pub const MISCONFIGURED_MS: i64 = 5 * MINUTE_MS;

/// A wait before try number `tries` (from 1), in milliseconds: anything up to the bound.
#[must_use]
pub fn wait_ms(seed: u64, id: NoticeId, tries: u32) -> i64 {
    let bound = BASE_MS.saturating_mul(1 << tries.saturating_sub(1).min(20)).min(CAP_MS);
    let mut hasher = SipHasher13::new_with_keys(seed, u64::from(tries));
    hasher.write_u128(id.0);
    let draw = i64::try_from(hasher.finish() % u64::try_from(bound).unwrap_or(1)).unwrap_or(0);
    draw.max(1)
}

/// One notice of the message that came back.
#[derive(Debug, Clone, Copy)]
pub struct Tried {
    pub id: NoticeId,
    /// Tries that failed before.
    pub tries: u32,
    pub created_at: Millis,
}

/// How a message was sent.
#[derive(Debug, Clone, Copy)]
pub struct Sending {
    pub message: NoticeId,
    pub now: Millis,
    pub seed: u64,
    /// The channel knows a repeat by its id.
    pub is_idempotent: bool,
    /// Each try is paid for, so none is made in doubt.
    pub is_paid: bool,
    /// Notices in the message.
    pub merged: usize,
    /// It went out before and may have arrived: it stays the message it is.
    pub is_repeat: bool,
}

/// What becomes of a notice after `verdict`.
#[must_use]
pub fn settled(verdict: &Verdict, notice: Tried, state: &ChannelState, sending: &Sending) -> Settled {
    let now = sending.now;
    // Of what goes again as one message all falls due at one moment.
    let due = now.plus(wait_ms(sending.seed, sending.message, notice.tries + 1));
    let dead = |error: &SmolStr| Settled::Dead { error: error.clone() };
    let again = |error: &SmolStr, due: Millis, counts: bool, keep: bool| Settled::Again {
        due,
        error: error.clone(),
        counts,
        alone: false,
        keep: keep || sending.is_repeat,
    };
    let too_old = now.since(notice.created_at) >= AGE_MAX_MS;
    match verdict {
        Verdict::Delivered { vendor } => Settled::Sent { at: now, vendor: vendor.clone() },
        Verdict::Throttled { why, .. } if too_old => dead(why),
        Verdict::Throttled { why, .. } => again(why, now, false, false),
        Verdict::Transient { why, written } => {
            // A channel that takes nobody's messages is down; one that takes all but this refuses this.
            let works = state.last_ok_at.is_some_and(|at| at > notice.created_at);
            if too_old || (works && notice.tries + 1 >= TRIES_MAX) {
                return dead(why);
            }
            again(why, due, true, *written)
        }
        Verdict::Unknown { why } if sending.is_idempotent => {
            let works = state.last_ok_at.is_some_and(|at| at > notice.created_at);
            let spent = works && notice.tries + 1 >= TRIES_MAX;
            if too_old || spent { dead(why) } else { again(why, due, true, true) }
        }
        // Once more and not again: twice the same is bad, silence is worse.
        Verdict::Unknown { why } if sending.is_paid || notice.tries >= 1 => dead(why),
        Verdict::Unknown { why } => again(why, due, true, true),
        Verdict::Permanent { why, channel: false } if sending.merged > 1 => {
            Settled::Again { due: now, error: why.clone(), counts: false, alone: true, keep: false }
        }
        Verdict::Permanent { why, .. } => dead(why),
    }
}

/// How the channel stands after `verdict`.
pub fn note(verdict: &Verdict, state: &mut ChannelState, sending: &Sending) {
    let now = sending.now;
    match verdict {
        Verdict::Delivered { .. } => {
            state.failures = 0;
            state.last_error = SmolStr::default();
            state.last_ok_at = Some(now);
            return;
        }
        Verdict::Throttled { wait_ms, .. } => state.blocked_until = now.plus(*wait_ms),
        Verdict::Transient { .. } | Verdict::Unknown { .. } => {
            state.failures = state.failures.saturating_add(1);
            if state.failures >= OUTAGE_FAILURES {
                let tries = state.failures - OUTAGE_FAILURES + 1;
                state.blocked_until = now.plus(wait_ms(sending.seed, sending.message, tries));
            }
        }
        Verdict::Permanent { channel: true, .. } => {
            state.failures = state.failures.saturating_add(1);
            state.blocked_until = now.plus(MISCONFIGURED_MS);
        }
        Verdict::Permanent { channel: false, .. } => {}
    }
    if let Some(why) = verdict.why() {
        state.last_error = why.clone();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_wait_lies_below_a_bound_that_doubles(seed: u64, id: u128, tries in 1u32..40) {
            let wait = wait_ms(seed, NoticeId(id), tries);
            let bound = (BASE_MS << tries.min(12).saturating_sub(1)).min(CAP_MS);
            prop_assert!((1..=bound).contains(&wait), "{wait} of {bound}");
            prop_assert_eq!(wait, wait_ms(seed, NoticeId(id), tries));
        }
    }
}
