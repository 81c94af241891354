//! 腾讯广告: pushed leads, as JSON or as a form (which of the two is not documented), and items of `lead_clues/get`. `bundle` is JSON
//! inside a string. Of two times the submitted one (`leads_action_time`) counts before the stored one. Times are China's.
//! Field names: developers.e.qq.com; a public receiver for the push.

use chrono_tz::Tz;

use super::super::field::Target;
use super::super::http::json::{Json, parse};
use super::super::http::rows;
use super::{Adapter, Cells, Found, PLAIN, Payload, items, numbered};

pub const ADAPTER: Adapter = Adapter { name: "tencent", source: "腾讯广告", read, ..PLAIN };

/// Values that stand for "not said".
const UNSAID: [&str; 2] = ["GENDER_TYPE_UNKNOWN", "LEADS_FOLLOW_TAG_DEFAULT"];

fn read(payload: &Payload) -> Result<Vec<Found>, &'static str> {
    let whole;
    let json = match payload {
        Payload::Json(json) => json,
        Payload::Form(pairs) => {
            whole = Json::Object(pairs.iter().map(|(n, v)| (n.clone(), Json::Text(v.clone()))).collect());
            &whole
        }
    };
    let items = items(json, &["data.leads_info", "data.list", "data", "list"]);
    numbered(items, "leads_id", lead).ok_or("a lead with leads_id")
}

fn lead(lead: &Json) -> Found {
    let mut cells =
        Cells { external_id: lead.text("leads_id"), zone: Some(Tz::Asia__Shanghai), ..Cells::default() };
    let time = lead.text("leads_action_time").or_else(|| lead.text("leads_create_time"));
    cells.put(Target::ReceivedAt, time);
    cells.put(Target::Name, lead.text("leads_name"));
    cells.put(Target::Phone, lead.text("leads_tel").or_else(|| lead.text("leads_telephone")));
    cells.put(Target::Email, lead.text("leads_email"));
    cells.put(Target::Wechat, lead.text("leads_wechat"));
    cells.put(Target::Campaign, lead.text("campaign_name"));
    let bundle = lead.text("bundle").and_then(|text| parse(text.as_bytes()).ok());
    for (question, answer) in bundle.iter().flat_map(Json::pairs) {
        cells.answer(question, Some(rows::text(answer)));
    }
    for name in [
        "leads_type",
        "leads_qq",
        "leads_area",
        "leads_gender",
        "leads_follow_tag",
        "leads_tags",
        "adgroup_name",
        "page_name",
        "shop_name",
        "account_id",
    ] {
        cells.custom(name, lead.text(name).filter(|text| !UNSAID.contains(&text.as_str())));
    }
    cells.custom("tel_location", lead.text("tel_location").or_else(|| lead.text("telephone_location")));
    Found::Lead(Box::new(cells))
}
