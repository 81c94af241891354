//! 巨量引擎 飞鱼: a pushed clue, or items pulled from `/crm/v2/openapi/pull-clues/`. Numbers come as numbers or as text; the same clue
//! comes again some ten minutes later with more filled in, which the desk knows by its id. `clue_source` 4 is an ad preview (a test),
//! 3 one the platform calls abnormal. Times are China's. Field names: bububa/oceanengine, clue.go.

use chrono_tz::Tz;

use super::super::field::Target;
use super::super::http::json::Json;
use super::super::http::rows;
use super::{Adapter, Cells, Found, PLAIN, Payload, items, json, numbered};

pub const ADAPTER: Adapter = Adapter { name: "feiyu", source: "飞鱼", read, ..PLAIN };

/// What stands where a value is still being worked out.
const PENDING: &str = "数据获取中";

fn read(payload: &Payload) -> Result<Vec<Found>, &'static str> {
    let items = items(json(payload)?, &["data.list", "data", "list", "clues"]);
    numbered(items, "clue_id", clue).ok_or("a clue with clue_id, or a list of them")
}

fn clue(clue: &Json) -> Found {
    let mut cells =
        Cells { external_id: clue.text("clue_id"), zone: Some(Tz::Asia__Shanghai), ..Cells::default() };
    for (path, target) in [
        ("name", Target::Name),
        ("telephone", Target::Phone),
        ("weixin", Target::Wechat),
        ("email", Target::Email),
        ("province_name", Target::Region),
        ("city_name", Target::City),
    ] {
        cells.put(target, clue.text(path));
    }
    cells.put(Target::ReceivedAt, clue.text("create_time_detail").or_else(|| clue.text("create_time")));
    cells.put(Target::Campaign, clue.text("ad_name").or_else(|| clue.text("promotion_name")));
    cells.put(Target::Note, clue.text("remark").or_else(|| clue.text("form_remark")));
    let answers = match clue.get("remark_dict") {
        Some(Json::Text(text)) => super::super::http::json::parse(text.as_bytes()).ok(),
        other => other.cloned(),
    };
    for (question, answer) in answers.iter().flat_map(Json::pairs) {
        cells.answer(question, Some(rows::text(answer)));
    }
    for name in
        ["qq", "address", "module_name", "site_name", "app_name", "convert_status", "intention_estimation"]
    {
        cells.custom(name, clue.text(name).filter(|text| text != PENDING));
    }
    match clue.whole("clue_source") {
        Some(4) => cells.is_test = true,
        Some(3) => cells.custom("clue_source", Some("异常".to_owned())),
        _ => {}
    }
    Found::Lead(Box::new(cells))
}
