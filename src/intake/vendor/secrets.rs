//! What vendors sign with, by name. Never shown: not by `Debug`, not in a log, not in the database. Reading the file and the
//! environment is the command line's affair; this reads text.

use std::collections::BTreeMap;

/// The names there are, as the environment has them behind `LEADYARD_`.
pub const NAMES: [&str; 7] = [
    "META_APP_SECRET",
    "META_VERIFY_TOKEN",
    "GOOGLE_KEY",
    "LINKEDIN_CLIENT_SECRET",
    "HUBSPOT_CLIENT_SECRET",
    "TYPEFORM_SECRET",
    "CALENDLY_SIGNING_KEY",
];

/// Secrets by name.
#[derive(Clone, Default)]
pub struct Secrets(BTreeMap<&'static str, String>);

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Secrets {
    /// The secret of a name; an empty one is none.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|secret| !secret.is_empty())
    }

    /// Adds one; `false` when there is no such name.
    pub fn put(&mut self, name: &str, secret: &str) -> bool {
        let Some(known) = NAMES.iter().find(|known| **known == name.trim_start_matches("LEADYARD_")) else {
            return false;
        };
        self.0.insert(known, secret.to_owned());
        true
    }

    /// Adds the lines `NAME=secret` of a file; blank lines and those behind `#` are none.
    ///
    /// # Errors
    /// The first line that cannot be read, from 1.
    pub fn put_lines(&mut self, text: &str) -> Result<(), usize> {
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let put = line
                .split_once('=')
                .is_some_and(|(name, secret)| self.put(name.trim(), secret.trim().trim_matches('"')));
            if !put {
                return Err(at + 1);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_never_shown() {
        let mut secrets = Secrets::default();
        secrets.put_lines("# ours\n\nLEADYARD_META_APP_SECRET = \"s3cr3t\"\nGOOGLE_KEY=\n").unwrap();
        assert_eq!(secrets.get("META_APP_SECRET"), Some("s3cr3t"));
        assert_eq!(secrets.get("GOOGLE_KEY"), None);
        assert!(!format!("{secrets:?}").contains("s3cr3t"));
        assert_eq!(secrets.put_lines("GOOGLE_KEY=1\nNO_SUCH=1"), Err(2));
    }
}
