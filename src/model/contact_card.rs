//! What identifies a person, as it travels from the door to the `contact` table. Never part of an event.

/// Contact texts of one lead; empty = not known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContactCard {
    pub name: String,
    pub phone: String,
    pub email: String,
    pub wechat: String,
    pub note: String,
    /// The row as it came, for whoever must look again; JSON or empty.
    pub raw: String,
}

impl ContactCard {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self == &ContactCard::default()
    }
}
