//! The languages the desk speaks. Which sentence is shown where is the affair of whoever shows it.

use serde::{Deserialize, Serialize};

/// A language of the screen, the messages and the exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese, 简体中文.
    Zh,
}

impl std::str::FromStr for Lang {
    type Err = String;

    /// Accepts `en`, `en-US`, `en_GB.UTF-8`, `zh`, `zh-CN`, … in any case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lower = text.trim().to_ascii_lowercase();
        match lower.split(['-', '_', '.']).next() {
            Some("en") => Ok(Self::En),
            Some("zh") => Ok(Self::Zh),
            _ => Err(format!("unknown language {text:?}: use en or zh")),
        }
    }
}
