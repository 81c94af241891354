//! The languages a person can read the desk in. Which sentence is said in them is the console's and the command line's affair.

use serde::{Deserialize, Serialize};

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    En,
    Zh,
}

impl std::str::FromStr for Lang {
    type Err = String;

    /// Accepts `en`, `zh` and what locales make of them: `zh-CN`, `en_GB.UTF-8`, in any case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let head = text.trim().split(['-', '_', '.']).next().unwrap_or_default();
        if head.eq_ignore_ascii_case("en") {
            Ok(Self::En)
        } else if head.eq_ignore_ascii_case("zh") {
            Ok(Self::Zh)
        } else {
            Err(format!("unknown language {text:?}: use en or zh"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_name_a_language() {
        for (text, want) in [
            ("en", Some(Lang::En)),
            ("en_GB.UTF-8", Some(Lang::En)),
            ("zh-CN", Some(Lang::Zh)),
            ("ZH", Some(Lang::Zh)),
            ("zhuang", None),
            ("", None),
        ] {
            assert_eq!(text.parse::<Lang>().ok(), want, "{text}");
        }
    }
}
