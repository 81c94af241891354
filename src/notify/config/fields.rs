//! Taking the keys of one section: each once, of its type, secrets from the environment where they say so. What is left over
//! at the end is unknown. No value ever comes into an error.

use super::Wrong;
use crate::notify::secret::Secret;

/// What introduces the name of an environment variable.
const ENV: &str = "env:";

pub(super) struct Fields<'a> {
    table: toml::Table,
    env: &'a dyn Fn(&str) -> Option<String>,
}

impl<'a> Fields<'a> {
    pub fn new(table: toml::Table, env: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Fields { table, env }
    }

    fn resolved(&self, key: &str, text: String) -> Result<String, Wrong> {
        match text.strip_prefix(ENV) {
            Some(name) => {
                let found = (self.env)(name).filter(|value| !value.is_empty());
                found.ok_or_else(|| Wrong::NoVariable(key.to_owned()))
            }
            None => Ok(text),
        }
    }

    pub fn text(&mut self, key: &str) -> Result<Option<String>, Wrong> {
        match self.table.remove(key) {
            None => Ok(None),
            Some(toml::Value::String(text)) => self.resolved(key, text).map(Some),
            Some(_) => Err(Wrong::Type(key.to_owned(), ("a text in quotes", "加引号的文本"))),
        }
    }

    pub fn needed(&mut self, key: &'static str) -> Result<String, Wrong> {
        self.text(key)?.filter(|text| !text.is_empty()).ok_or(Wrong::Missing(key))
    }

    pub fn secret(&mut self, key: &'static str) -> Result<Secret, Wrong> {
        self.needed(key).map(Secret::new)
    }

    pub fn secret_or_none(&mut self, key: &'static str) -> Result<Option<Secret>, Wrong> {
        match self.text(key)? {
            // Signed with nothing it would be refused, and nobody would know why.
            Some(text) if text.is_empty() => Err(Wrong::Missing(key)),
            text => Ok(text.map(Secret::new)),
        }
    }

    /// The vendor's address, or another: a test's, an own server's.
    pub fn base(&mut self, vendor: &str) -> Result<String, Wrong> {
        let base = self.text("url")?.unwrap_or_else(|| vendor.to_owned());
        Ok(base.trim_end_matches('/').to_owned())
    }

    pub fn needed_base(&mut self) -> Result<String, Wrong> {
        Ok(self.needed("url")?.trim_end_matches('/').to_owned())
    }

    pub fn number(&mut self, key: &str) -> Result<Option<u64>, Wrong> {
        let wrong = || Wrong::Type(key.to_owned(), ("a whole number", "整数"));
        match self.table.remove(key) {
            None => Ok(None),
            Some(toml::Value::Integer(n)) => u64::try_from(n).map(Some).map_err(|_| wrong()),
            Some(_) => Err(wrong()),
        }
    }

    pub fn flag(&mut self, key: &str) -> Result<bool, Wrong> {
        match self.table.remove(key) {
            None => Ok(false),
            Some(toml::Value::Boolean(flag)) => Ok(flag),
            Some(_) => Err(Wrong::Type(key.to_owned(), ("true or false", " true 或 false"))),
        }
    }

    pub fn texts(&mut self, key: &str) -> Result<Vec<String>, Wrong> {
        let wrong = || Wrong::Type(key.to_owned(), ("a list of texts in quotes", "加引号的文本列表"));
        let Some(value) = self.table.remove(key) else { return Ok(Vec::new()) };
        let toml::Value::Array(all) = value else { return Err(wrong()) };
        let text = |value| match value {
            toml::Value::String(text) => self.resolved(key, text),
            _ => Err(wrong()),
        };
        all.into_iter().map(text).collect()
    }

    /// Whatever was not asked for is unknown.
    pub fn end(&mut self) -> Result<(), Wrong> {
        match self.table.keys().next() {
            Some(key) => Err(Wrong::Unknown(key.clone())),
            None => Ok(()),
        }
    }
}
