//! Newtypes for the numbers that name things. Ids are handed out by decisions in log order, never by SQLite.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($inner:ty), $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;

            /// Accepts the number with or without its prefix, in either case.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let text = text.trim();
                let bare = match text.get(..$prefix.len()) {
                    Some(head) if head.eq_ignore_ascii_case($prefix) => &text[$prefix.len()..],
                    _ => text,
                };
                bare.parse().map(Self)
            }
        }
    };
}

id!(
    /// A lead; shown as `L1024`. Counted from 1 in order of arrival.
    LeadId(u64), "L"
);
id!(
    /// A rep; shown as `R7`. People are named by login or name; the number is for the log.
    RepId(u32), "R"
);
id!(
    /// A place in the log, counted from 1. 0 is "before everything".
    Seq(u64), "#"
);
id!(
    /// A batch: the seq of its first event, so it needs no counter of its own.
    BatchId(u64), "B"
);
id!(
    /// A divert; shown as `D3`. Counted from 1 in order of setting.
    DivertId(u32), "D"
);
id!(
    /// A silence over alerts; shown as `S2`. Counted from 1 in order of setting.
    SilenceId(u32), "S"
);
id!(
    /// A complaint about where a lead went; shown as `C4`. Counted from 1 in order of making.
    ComplaintId(u32), "C"
);
id!(
    /// A published version of the rule book; 0 is "no book yet".
    BookVersion(u32), "v"
);
