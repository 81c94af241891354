//! The languages Leadyard speaks. Only the choice lives here; the texts live with whoever says them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language of the user interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    En,
    Zh,
}

/// The text named no language we speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownLang;

impl fmt::Display for UnknownLang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the language must be en or zh")
    }
}

impl std::error::Error for UnknownLang {}

impl FromStr for Lang {
    type Err = UnknownLang;

    /// Accepts `en`, `zh` and their regional forms (`en-GB`, `zh_CN.UTF-8`), in either case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let head = text.trim().split(['-', '_', '.']).next().unwrap_or_default();
        if head.eq_ignore_ascii_case("en") {
            Ok(Lang::En)
        } else if head.eq_ignore_ascii_case("zh") {
            Ok(Lang::Zh)
        } else {
            Err(UnknownLang)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regional_forms_are_accepted() {
        for (text, lang) in
            [("en", Lang::En), ("EN-gb", Lang::En), ("zh", Lang::Zh), ("zh_CN.UTF-8", Lang::Zh)]
        {
            assert_eq!(text.parse(), Ok(lang), "{text}");
        }
        assert_eq!("fr".parse::<Lang>(), Err(UnknownLang));
        assert_eq!("".parse::<Lang>(), Err(UnknownLang));
    }
}
