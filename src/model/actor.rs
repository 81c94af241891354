//! Who asks for something and what their role lets them do. Guards our own doors, not raw access to the file.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// Ordered: each role may do what the ones before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    Viewer,
    Rep,
    Coordinator,
    Supervisor,
    Admin,
    /// The engine itself; never granted to a person.
    Engine,
}

impl Role {
    /// The word used in the database, on the command line and on screen.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Rep => "rep",
            Self::Coordinator => "coordinator",
            Self::Supervisor => "supervisor",
            Self::Admin => "admin",
            Self::Engine => "engine",
        }
    }

    /// The Chinese word.
    #[must_use]
    pub fn word_zh(self) -> &'static str {
        match self {
            Self::Viewer => "查看者",
            Self::Rep => "销售",
            Self::Coordinator => "销售协调",
            Self::Supervisor => "主管",
            Self::Admin => "管理员",
            Self::Engine => "引擎",
        }
    }

    /// Reads a role a person can hold.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Role> {
        [Self::Viewer, Self::Rep, Self::Coordinator, Self::Supervisor, Self::Admin]
            .into_iter()
            .find(|r| r.word().eq_ignore_ascii_case(word) || r.word_zh() == word)
    }
}

/// Name under which the engine's own events stand in the log.
pub const ENGINE: &str = "engine";

/// Who speaks, in what role, from which console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub name: SmolStr,
    /// The role asked for; the world's grant may be lower and then wins.
    pub role: Role,
    /// A number per running process, so that `u` undoes this console's own last batch.
    pub console: u32,
}
