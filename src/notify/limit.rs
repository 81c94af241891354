//! Our own limits, below the vendors': how many messages in which spans, and how far apart. Counted over what was handed over
//! lately, which the outbox keeps, so that a restart changes nothing. Pure.

use crate::model::outbox::ChannelState;
use crate::model::time::{DAY_MS, HOUR_MS, MINUTE_MS, Millis, SECOND_MS};

/// Handed-over messages that are remembered at most.
pub const RECENT_MAX: usize = 2_000;

/// At most `most` messages in any span of `span_ms` milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub span_ms: i64,
    pub most: usize,
}

/// What a channel allows itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    pub windows: Vec<Window>,
    /// Least time between two messages, in milliseconds.
    pub spacing_ms: i64,
}

impl Limits {
    /// So many a minute, so far apart.
    #[must_use]
    pub fn per_minute(most: usize, spacing_ms: i64) -> Limits {
        Limits { windows: vec![Window { span_ms: MINUTE_MS, most }], spacing_ms }
    }

    /// And so many in another span.
    #[must_use]
    pub fn and(mut self, span_ms: i64, most: usize) -> Limits {
        self.windows.push(Window { span_ms, most });
        self
    }

    /// With at most `most` a minute, where that is less.
    #[must_use]
    pub fn lowered(mut self, most: usize) -> Limits {
        self.windows.push(Window { span_ms: MINUTE_MS, most: most.max(1) });
        self
    }

    /// How long to wait before the next message may go, in milliseconds; 0 = it may go now.
    #[must_use]
    pub fn wait_ms(&self, state: &ChannelState, now: Millis) -> i64 {
        let blocked = state.blocked_until.since(now);
        let spaced = state.recent.last().map_or(0, |last| self.spacing_ms - now.since(*last));
        let full = self.windows.iter().map(|window| {
            let since = now.plus(-window.span_ms);
            let inside = state.recent.iter().filter(|at| **at > since).count();
            // The one whose leaving makes room.
            let leaves = inside
                .checked_sub(window.most)
                .and_then(|over| state.recent.iter().filter(|at| **at > since).nth(over));
            leaves.map_or(0, |at| at.plus(window.span_ms).since(now))
        });
        full.chain([blocked, spaced]).max().unwrap_or(0).max(0)
    }

    /// Notes a message that is handed over at `now`.
    pub fn note(&self, state: &mut ChannelState, now: Millis) {
        let longest = self.windows.iter().map(|w| w.span_ms).max().unwrap_or(0).max(self.spacing_ms);
        state.recent.retain(|at| *at > now.plus(-longest));
        state.recent.push(now);
        let over = state.recent.len().saturating_sub(RECENT_MAX);
        state.recent.drain(..over);
    }

    /// Sets right what a clock that was set back left in the future, so that nothing waits for a time that was never true.
    pub fn heal(state: &mut ChannelState, now: Millis, wait_max_ms: i64) {
        for at in &mut state.recent {
            *at = (*at).min(now);
        }
        state.blocked_until = state.blocked_until.min(now.plus(wait_max_ms));
    }
}

/// WeCom and DingTalk robots: 20 a minute, and DingTalk is silent for ten minutes after the 21st.
#[must_use]
pub fn robot() -> Limits {
    Limits::per_minute(18, 3 * SECOND_MS)
}

/// Feishu: 100 a minute and 5 a second.
#[must_use]
pub fn feishu() -> Limits {
    Limits::per_minute(90, 0).and(SECOND_MS, 4)
}

/// One a second: Slack, and whoever says nothing.
#[must_use]
pub fn one_a_second() -> Limits {
    Limits::per_minute(60, SECOND_MS)
}

/// Text messages cost money.
#[must_use]
pub fn sms(per_day: usize) -> Limits {
    Limits::per_minute(10, SECOND_MS).and(DAY_MS, per_day)
}

/// WeCom's app: beyond 30 a minute or 1000 an hour for one member it drops them without a word.
#[must_use]
pub fn wecom_app() -> Limits {
    Limits::per_minute(25, SECOND_MS).and(HOUR_MS, 900)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nobody_who_waits_as_told_exceeds_a_limit(
            asks in prop::collection::vec(0..20_000i64, 1..120),
            most in 1usize..20, spacing in 0..4_000i64,
        ) {
            let limits = Limits::per_minute(most, spacing).and(SECOND_MS, 3);
            let mut state = ChannelState::default();
            let (mut now, mut sent) = (Millis(1_000_000), Vec::new());
            for gap in asks {
                now = now.plus(gap);
                now = now.plus(limits.wait_ms(&state, now));
                prop_assert_eq!(limits.wait_ms(&state, now), 0);
                limits.note(&mut state, now);
                sent.push(now);
            }
            for (i, at) in sent.iter().enumerate() {
                let within = |span: i64| sent[..=i].iter().filter(|s| at.since(**s) < span).count();
                prop_assert!(within(MINUTE_MS) <= most);
                prop_assert!(within(SECOND_MS) <= 3);
                prop_assert!(i == 0 || at.since(sent[i - 1]) >= spacing);
            }
        }
    }

    #[test]
    fn a_clock_that_was_set_back_blocks_nobody_for_hours() {
        let limits = robot();
        let mut state = ChannelState { recent: vec![Millis(7_200_000); 18], ..ChannelState::default() };
        state.blocked_until = Millis(9_000_000);
        Limits::heal(&mut state, Millis(1_000), 600_000);
        assert!(limits.wait_ms(&state, Millis(1_000)) <= 600_000);
        limits.note(&mut state, Millis(700_000));
        assert_eq!(state.recent, [Millis(700_000)]);
    }
}
