//! Every word the language knows, in one place: adding Chinese keywords means adding words to these tables.
//! A keyword is only a keyword where the grammar asks for one; elsewhere it is a name like any other.

use super::book::{Cmp, ContactKey, Loudness, Metric, WatchKind};

macro_rules! keywords {
    ($($name:ident $word:literal $(reserved $reserved:tt)?;)*) => {
        /// A word with a meaning of its own.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(super) enum Kw { $($name),* }

        /// Each keyword with the words that spell it; the first is the canonical one.
        const KEYWORDS: &[(Kw, &[&str])] = &[$((Kw::$name, &[$word])),*];

        impl Kw {
            /// The canonical spelling.
            pub(super) fn word(self) -> &'static str {
                match self { $(Kw::$name => $word),* }
            }

            /// Whether it can never stand for a name without quotes.
            pub(super) fn is_reserved(self) -> bool {
                match self { $(Kw::$name => false $(|| $reserved)?),* }
            }
        }
    };
}

keywords! {
    Calendar "calendar" reserved true; Timezone "timezone"; Workdays "workdays"; Except "except"; Holiday "holiday";
    Workday "workday"; Window "window"; Define "define" reserved true; Score "score"; When "when" reserved true;
    Duplicates "duplicates" reserved true; Same "same"; Company "company"; Like "like"; Within "within" reserved true;
    And "and" reserved true; Or "or" reserved true; Not "not" reserved true; In "in" reserved true;
    Is "is" reserved true; Empty "empty"; Contains "contains" reserved true; Starts "starts" reserved true;
    With "with"; Rule "rule" reserved true; Disabled "disabled"; During "during" reserved true;
    Give "give" reserved true; To "to" reserved true; Team "team"; Rep "rep"; Owner "owner";
    By "by" reserved true; Fair "fair"; RoundRobin "round-robin"; LeastLoaded "least-loaded"; Weighted "weighted";
    Sticky "sticky"; Then "then" reserved true; Needs "needs" reserved true; Skill "skill"; Cap "cap"; Open "open";
    Per "per"; Day "day"; Respond "respond" reserved true; Reassign "reassign"; Times "times"; Escalate "escalate";
    Recall "recall"; Park "park"; Else "else" reserved true; Wait "wait"; Pass "pass";
    Otherwise "otherwise" reserved true; Watch "watch" reserved true; Beside "beside"; Over "over"; For "for";
    Page "page"; After "after"; Replies "replies" reserved true; From "from"; Draw "draw"; Salt "salt"; Works "works";
    Holidays "holidays";
    Ramp "ramp"; Week "week"; Weeks "weeks"; At "at"; Least "least"; Pool "pool"; Seen "seen"; Everyone "everyone";
    Claim "claim"; Hand "hand"; Uses "uses"; Cooldown "cooldown"; Hold "hold"; Return "return";
    Promotion "promotion"; Weight "weight"; Timers "timers";
}

/// The keyword a bare word spells, in either case.
pub(super) fn keyword(word: &str) -> Option<Kw> {
    let spells = |words: &[&str]| words.iter().any(|w| w.eq_ignore_ascii_case(word));
    KEYWORDS.iter().find(|(_, words)| spells(words)).map(|(kw, _)| *kw)
}

/// Statements that stand at the left edge of a book.
pub(super) const ITEMS: [Kw; 13] = [
    Kw::Calendar,
    Kw::Define,
    Kw::Score,
    Kw::Duplicates,
    Kw::Rule,
    Kw::Otherwise,
    Kw::Watch,
    Kw::Replies,
    Kw::Draw,
    Kw::Ramp,
    Kw::Pool,
    Kw::Promotion,
    Kw::Timers,
];
/// Lines of a calendar.
pub(super) const CALENDAR_LINES: [Kw; 7] =
    [Kw::Timezone, Kw::Workdays, Kw::Holiday, Kw::Workday, Kw::Window, Kw::Team, Kw::Rep];
/// Clauses of a rule, in canonical order.
pub(super) const CLAUSES: [Kw; 7] =
    [Kw::During, Kw::When, Kw::Give, Kw::Needs, Kw::Cap, Kw::Respond, Kw::Else];
/// Lines of duplicates.
pub(super) const DUPLICATE_LINES: [Kw; 2] = [Kw::Same, Kw::Company];
/// Lines of the pool, in canonical order.
pub(super) const POOL_LINES: [Kw; 5] = [Kw::Seen, Kw::Claim, Kw::Cooldown, Kw::Hold, Kw::Return];
/// Lines of a promotion, in canonical order. An indented `watch` belongs to it, one at the left edge to the book.
pub(super) const PROMOTION_LINES: [Kw; 7] =
    [Kw::During, Kw::Cap, Kw::Weight, Kw::Workdays, Kw::Team, Kw::Rep, Kw::Watch];

impl Kw {
    /// A word that opens a statement and is no field: inside an open parenthesis it shows that `)` was forgotten.
    pub(super) fn opens_statement(self) -> bool {
        self.is_reserved() && (ITEMS.contains(&self) || CLAUSES.contains(&self))
    }
}

/// A closed list of words and what they mean.
pub(super) type Words<T> = &'static [(T, &'static str)];

/// What `word` means in `table`.
pub(super) fn meaning<T: Copy>(table: Words<T>, word: &str) -> Option<T> {
    table.iter().find(|(_, w)| w.eq_ignore_ascii_case(word)).map(|(t, _)| *t)
}

/// The word for `value`; every table is total, which a test checks where the type allows.
pub(super) fn word_for<T: Copy + PartialEq>(table: Words<T>, value: T) -> &'static str {
    table.iter().find(|(t, _)| *t == value).map_or("", |(_, w)| w)
}

pub(super) const WATCHES: Words<WatchKind> = &[
    (WatchKind::Uneven, "uneven"),
    (WatchKind::LoadUneven, "load-uneven"),
    (WatchKind::Duplicate, "duplicate"),
    (WatchKind::Delayed, "delayed"),
    (WatchKind::Missed, "missed"),
    (WatchKind::AtCap, "at-cap"),
    (WatchKind::Stalled, "stalled"),
    (WatchKind::Unmatched, "unmatched"),
    (WatchKind::Unassigned, "unassigned"),
    (WatchKind::Overdue, "overdue"),
    (WatchKind::Surge, "surge"),
    (WatchKind::Silent, "silent"),
    (WatchKind::Hoarded, "hoarded"),
    (WatchKind::Starved, "starved"),
    (WatchKind::RuleSilent, "rule-silent"),
    (WatchKind::RateShift, "rate-shift"),
    (WatchKind::DirtyFields, "dirty-fields"),
    (WatchKind::Conversion, "conversion"),
];

pub(super) const METRICS: Words<Metric> = &[
    (Metric::Load, "load"),
    (Metric::Share, "share"),
    (Metric::Spread, "spread"),
    (Metric::Waiting, "waiting"),
    (Metric::Unowned, "unowned"),
    (Metric::Untouched, "untouched"),
    (Metric::Queue, "queue"),
    (Metric::Full, "full"),
    (Metric::Unmatched, "unmatched"),
    (Metric::Unassigned, "unassigned"),
    (Metric::Duplicates, "duplicates"),
    (Metric::Overdue, "overdue"),
    (Metric::Arrivals, "arrivals"),
    (Metric::Silence, "silence"),
];

pub(super) const LOUDNESSES: Words<Loudness> =
    &[(Loudness::Off, "off"), (Loudness::Info, "info"), (Loudness::Warn, "warn"), (Loudness::Page, "page")];

pub(super) const CONTACT_KEYS: Words<ContactKey> =
    &[(ContactKey::Phone, "phone"), (ContactKey::Email, "email"), (ContactKey::Wechat, "wechat")];

pub(super) const COMPARISONS: Words<Cmp> =
    &[(Cmp::Eq, "="), (Cmp::Ne, "!="), (Cmp::Lt, "<"), (Cmp::Le, "<="), (Cmp::Gt, ">"), (Cmp::Ge, ">=")];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyword_reads_as_itself_in_either_case() {
        for (kw, words) in KEYWORDS {
            assert_eq!(keyword(kw.word()), Some(*kw));
            for word in *words {
                assert_eq!(keyword(&word.to_uppercase()), Some(*kw), "{word}");
            }
        }
        assert_eq!(keyword("华东"), None);
    }
}
