//! Any form or Zap: flat names and values, or JSON of them. Names are guessed as those of a file's columns.

use super::super::http::rows;
use super::{Adapter, Found, PLAIN, Payload, items};

pub const ADAPTER: Adapter = Adapter { name: "form", source: "form", read, ..PLAIN };

/// Reads a delivery.
///
/// # Errors
/// Never; what is no lead is refused by the mapper.
pub fn read(payload: &Payload) -> Result<Vec<Found>, &'static str> {
    Ok(match payload {
        Payload::Form(pairs) => vec![Found::Guess(pairs.clone())],
        Payload::Json(json) => {
            items(json, &["leads"]).into_iter().map(|i| Found::Guess(rows::pairs(i))).collect()
        }
    })
}
