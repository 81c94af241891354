//! Whether the wall clock can be trusted: it must run beside the boot clock, which nobody can set. Reads no clock itself.

use crate::model::time::{Millis, SECOND_MS};

/// A wall-clock step against the boot clock of more than this, in milliseconds, makes it suspect.
pub const STEP_MAX_MS: i64 = 2 * SECOND_MS;

/// What a look at both clocks says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// They run side by side.
    Sound,
    /// The wall clock is off by this many milliseconds since `trusted`, the last moment it was not.
    Suspect { step_ms: i64, trusted: Millis },
    /// They agree again; what lies after `trusted` was not to be trusted.
    AgreesAgain { trusted: Millis },
}

/// Both clocks as they were when they last agreed.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    base: Option<(Millis, i64)>,
    suspect: bool,
}

impl Trust {
    /// Compares the clocks with the last look. A slow slew is no step: only what happens between two looks counts.
    pub fn look(&mut self, now: Millis, boot_ms: i64) -> Look {
        let (wall, boot) = *self.base.get_or_insert((now, boot_ms));
        let step_ms = now.0.saturating_sub(wall.0).saturating_sub(boot_ms.saturating_sub(boot));
        let sound = step_ms.abs() <= STEP_MAX_MS;
        if sound {
            self.base = Some((now, boot_ms));
        }
        match (sound, std::mem::replace(&mut self.suspect, !sound)) {
            (true, false) => Look::Sound,
            (true, true) => Look::AgreesAgain { trusted: wall },
            (false, _) => Look::Suspect { step_ms, trusted: wall },
        }
    }

    /// A person says that the wall clock is right as it is.
    pub fn confirm(&mut self, now: Millis, boot_ms: i64) {
        *self = Trust { base: Some((now, boot_ms)), suspect: false };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_suspect_until_the_clocks_agree_or_a_person_says_so() {
        let mut trust = Trust::default();
        assert_eq!(trust.look(Millis(1_000_000), 5_000), Look::Sound);
        // A second of jitter in either direction, and a slew over days, are nothing.
        assert_eq!(trust.look(Millis(1_006_000), 10_000), Look::Sound);
        assert_eq!(trust.look(Millis(1_010_000), 15_000), Look::Sound);
        let two_hours = 7_200_000;
        let trusted = Millis(1_010_000);
        assert_eq!(
            trust.look(Millis(1_015_000 + two_hours), 20_000),
            Look::Suspect { step_ms: two_hours, trusted }
        );
        assert_eq!(
            trust.look(Millis(1_020_000 + two_hours), 25_000),
            Look::Suspect { step_ms: two_hours, trusted }
        );
        assert_eq!(trust.look(Millis(1_025_000), 30_000), Look::AgreesAgain { trusted });
        assert_eq!(trust.look(Millis(1_030_000), 35_000), Look::Sound);
        let back = trust.look(Millis(1_035_000 - two_hours), 40_000);
        assert_eq!(back, Look::Suspect { step_ms: -two_hours, trusted: Millis(1_030_000) });
        trust.confirm(Millis(1_035_000 - two_hours), 40_000);
        assert_eq!(trust.look(Millis(1_040_000 - two_hours), 45_000), Look::Sound);
    }
}
