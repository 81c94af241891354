//! 快手 (磁力引擎): items of `crm/clue/list`, posted by whoever pulls them. Enumerations are numbers and are kept as such; no time was
//! seen in the published part, so the moment of arrival counts. Field names checked in part only.

use super::super::field::Target;
use super::super::http::json::Json;
use super::{Adapter, Cells, Found, PLAIN, Payload, items, json, numbered};

pub const ADAPTER: Adapter = Adapter { name: "kuaishou", source: "快手", read, ..PLAIN };

fn read(payload: &Payload) -> Result<Vec<Found>, &'static str> {
    let items = items(json(payload)?, &["data.list", "data", "list", "details"]);
    numbered(items, "id", clue).ok_or("a clue with id, or a list of them")
}

fn clue(clue: &Json) -> Found {
    let mut cells = Cells { external_id: clue.text("id"), ..Cells::default() };
    cells.put(Target::Name, clue.text("user_name"));
    cells.put(Target::Phone, clue.text("phone"));
    for name in
        ["page_name", "page_id", "account_id", "clue_tag", "phone_stat", "intention_id", "source_type"]
    {
        cells.custom(name, clue.text(name));
    }
    Found::Lead(Box::new(cells))
}
