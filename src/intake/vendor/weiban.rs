//! SCRM of the 微伴 and 微盛 kind (field names of 卫瓴's documents): lead events. Only a lead nobody has there yet is taken: `status` 0 公海
//! and 4 未分配; 1 已领取 and 3 已转化 are somebody's. What happened to a lead there (`clue_history`) is no lead.

use super::super::field::Target;
use super::{Adapter, Cells, Found, PLAIN, Payload, json, place};

pub const ADAPTER: Adapter = Adapter { name: "weiban", source: "SCRM", read, ..PLAIN };

fn read(payload: &Payload) -> Result<Vec<Found>, &'static str> {
    let body = json(payload)?;
    let event = body.get("event").ok_or("header and event")?;
    let external_id = event.text("clue_id").ok_or("an event with clue_id")?;
    let ignored = |why| Ok(vec![Found::Ignored { external_id: external_id.clone(), why }]);
    if event.get("history").is_some() {
        return ignored("what happened to a lead there, not a lead");
    }
    if !matches!(event.whole("status"), None | Some(0 | 4)) {
        return ignored("somebody has it there already");
    }
    if event.is_true("is_useless") {
        return ignored("marked useless there");
    }
    let mut cells = Cells { external_id: Some(external_id.clone()), ..Cells::default() };
    cells.put(Target::ReceivedAt, event.text("create_time"));
    cells.put(Target::Name, event.text("user_name"));
    cells.put(Target::Phone, event.text("mobile"));
    cells.put(Target::Company, event.text("corp_name"));
    cells.put(Target::Campaign, event.text("plan_name"));
    place(&mut cells, event.text("region"));
    for name in ["from_channel_name", "level", "keyword", "searchword", "clue_source"] {
        cells.custom(name, event.text(name));
    }
    Ok(vec![Found::Lead(Box::new(cells))])
}
