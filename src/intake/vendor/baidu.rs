//! 百度营销通 (基木鱼). Form, chat, phone and follow clues carry different fields; a chat's phone may be empty. Success is `{"code": 0}`.
//! Times are China's. Field names: manual of sensorsdata and three public receivers.

use chrono_tz::Tz;

use super::super::field::Target;
use super::super::http::json::Json;
use super::{Adapter, Cells, Found, PLAIN, Payload, items, json, numbered, place};

pub const ADAPTER: Adapter =
    Adapter { name: "baidu", source: "百度营销通", read, wants_code: true, ..PLAIN };

fn read(payload: &Payload) -> Result<Vec<Found>, &'static str> {
    let items = items(json(payload)?, &["data"]);
    numbered(items, "clueId", clue).ok_or("a clue with clueId")
}

fn clue(clue: &Json) -> Found {
    let mut cells =
        Cells { external_id: clue.text("clueId"), zone: Some(Tz::Asia__Shanghai), ..Cells::default() };
    cells.put(Target::ReceivedAt, clue.text("commitTime"));
    cells.put(Target::Phone, clue.text("cluePhoneNumber"));
    cells.put(Target::Wechat, clue.text("wechatAccount"));
    cells.put(Target::Campaign, clue.text("campaignName"));
    for field in clue.get("formDetail").map(Json::items).unwrap_or_default() {
        let (name, value) = (field.text("name").unwrap_or_default(), field.text("value"));
        match field.text("type").as_deref() {
            Some("name") => cells.answer("姓名", value),
            // The number stands at the top already; a second one is told beside it.
            Some("phone") if clue.text("cluePhoneNumber") == value => {}
            Some("phone") => cells.answer("电话", value),
            _ => cells.answer(&name, value),
        }
    }
    place(&mut cells, clue.text("area"));
    cells.answer("姓名", clue.text("imName"));
    for name in ["flowChannelName", "keyword", "unitName", "siteName", "solutionTypeName", "pageId", "ucid"] {
        cells.custom(name, clue.text(name));
    }
    Found::Lead(Box::new(cells))
}
