//! Vendors' deliveries from the socket to the lead: the shared fixtures come to what their README says; signatures, handshakes,
//! tests, numbers without leads.

use leadyard::intake::http::auth::{hex, hmac_sha256};
use leadyard::intake::vendor::map_file::MapFile;
use leadyard::model::contact_card::ContactCard;
use leadyard::model::id::LeadId;
use leadyard::model::lead::{ArrivalKind, Lead, LeadState};
use leadyard::model::time::Millis;
use serde_json::{Value, json};

use crate::rig::{NOW, Rig, data};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

fn lead(rig: &Rig, id: u64) -> (Lead, ContactCard) {
    let store = rig.store();
    let row = store.lead(LeadId(id)).unwrap().unwrap();
    let card = store.contacts(&[LeadId(id)]).unwrap().remove(0).1;
    (row, card)
}

fn custom<'l>(row: &'l Lead, name: &str) -> Option<&'l str> {
    row.attrs.custom.iter().find(|(n, _)| n == name).map(|(_, text)| text.as_str())
}

/// Posts a shared fixture; `None` when it is absent.
fn deliver(rig: &Rig, adapter: &str, file: &str) -> Option<Value> {
    let body = std::fs::read(data(&format!("payloads/{file}"))?).unwrap();
    let kind = if file.ends_with(".form") { FORM } else { ("Content-Type", "application/json") };
    // A file may end in a line break a form would not.
    let body = if file.ends_with(".form") { body.trim_ascii_end() } else { &body };
    Some(rig.send("POST", &format!("/v1/in/{adapter}"), &[kind], body).is(200).json())
}

fn counts(receipt: &Value) -> [u64; 5] {
    ["taken", "known", "test", "rejected", "awaited"].map(|name| receipt[name].as_u64().unwrap())
}

#[test]
fn meta_fixtures_come_to_their_leads() {
    let rig = Rig::new();
    let Some(receipt) = deliver(&rig, "meta", "meta_leadgen_webhook.json") else { return };
    assert_eq!(counts(&receipt), [0, 0, 0, 0, 1]);
    assert!(receipt["needs"].as_str().unwrap().contains("/v1/awaited"));
    deliver(&rig, "meta", "meta_leadgen_webhook_batch.json").unwrap();
    let awaited = rig.get("/v1/awaited").is(200).json();
    let mut ids: Vec<&str> =
        awaited["awaited"].as_array().unwrap().iter().map(|a| a["external_id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["123123123123", "123123123124"]);
    assert_eq!(rig.leads(), 0);

    assert_eq!(counts(&deliver(&rig, "meta", "meta_lead_detail.json").unwrap()), [1, 0, 0, 0, 0]);
    let (row, card) = lead(&rig, 1);
    // The number of the fixture is of no numbering plan: kept, not trusted.
    assert_eq!((card.name.as_str(), card.email.as_str()), ("Joe Example", "joe@example.com"));
    assert!(card.note.contains("+15550100001"), "{card:?}");
    assert_eq!((row.attrs.city.as_str(), row.attrs.campaign.as_str()), ("São Paulo", "Campaign 1"));
    assert_eq!(row.received_at.to_rfc3339(), "2018-02-28T08:49:14.000Z");
    assert_eq!(custom(&row, "which_product_are_you_interested_in"), Some("k1; k3"));
    // What has come is awaited no longer, and announcing it again does not bring it back.
    deliver(&rig, "meta", "meta_leadgen_webhook.json").unwrap();
    assert_eq!(rig.get("/v1/awaited").json()["awaited"].as_array().unwrap().len(), 1);
    assert_eq!(counts(&deliver(&rig, "meta", "meta_lead_detail.json").unwrap()), [0, 1, 0, 0, 0]);

    let receipt = deliver(&rig, "meta", "meta_test_lead_detail.json").unwrap();
    assert_eq!(counts(&receipt), [1, 0, 1, 0, 0]);
    let (row, _) = lead(&rig, 2);
    assert_eq!((row.state, row.kind, row.owner), (LeadState::Invalid, ArrivalKind::History, None));
    assert_eq!(custom(&row, "test"), Some("yes"));
}

#[test]
fn chinese_fixtures_come_to_their_leads() {
    let rig = Rig::new();
    let Some(receipt) = deliver(&rig, "feiyu", "oceanengine_feiyu_clue.json") else { return };
    assert_eq!(counts(&receipt), [1, 0, 0, 0, 0]);
    let (row, card) = lead(&rig, 1);
    assert_eq!((card.name.as_str(), card.phone.as_str()), ("张三", "13800138000"));
    assert_eq!((row.attrs.source.as_str(), row.attrs.region.as_str()), ("飞鱼", "江苏"));
    // China's midnight, not ours.
    assert_eq!(row.received_at.to_rfc3339(), "2020-04-28T16:00:05.000Z");
    assert_eq!(custom(&row, "预算"), Some("10-20万"));
    // Ten minutes later it comes again with more filled in.
    assert_eq!(counts(&deliver(&rig, "feiyu", "oceanengine_feiyu_clue.json").unwrap()), [0, 1, 0, 0, 0]);

    let receipt = deliver(&rig, "baidu", "baidu_yingxiaotong_push.json").unwrap();
    assert_eq!((counts(&receipt), &receipt["code"]), ([1, 0, 0, 0, 0], &json!(0)));
    let (row, card) = lead(&rig, 2);
    assert_eq!((card.name.as_str(), row.attrs.city.as_str()), ("小红", "南京"));
    assert!(card.note.contains("想了解报价"), "{card:?}");
    assert_eq!((row.attrs.campaign.as_str(), custom(&row, "keyword")), ("计划A", Some("crm 报价")));

    // The push as JSON, as a form and the pulled item are one lead.
    assert_eq!(counts(&deliver(&rig, "tencent", "tencent_ads_lead_push.json").unwrap()), [1, 0, 0, 0, 0]);
    assert_eq!(counts(&deliver(&rig, "tencent", "tencent_ads_lead_push.form").unwrap()), [0, 1, 0, 0, 0]);
    assert_eq!(counts(&deliver(&rig, "tencent", "tencent_lead_clues_item.json").unwrap()), [0, 1, 0, 0, 0]);
    let (row, card) = lead(&rig, 3);
    assert_eq!((card.name.as_str(), custom(&row, "预算")), ("李四", Some("10-20万")));

    // Of the item's two times the submitted one is when the lead came to be.
    let pulled = Rig::new();
    deliver(&pulled, "tencent", "tencent_lead_clues_item.json").unwrap();
    assert_eq!(lead(&pulled, 1).0.received_at.to_rfc3339(), "2021-06-04T06:09:58.000Z");

    assert_eq!(counts(&deliver(&rig, "kuaishou", "kuaishou_clue_item.json").unwrap()), [1, 0, 0, 0, 0]);
    let (row, card) = lead(&rig, 4);
    assert_eq!((card.name.as_str(), row.received_at), ("王五", NOW));
    assert_eq!(counts(&deliver(&rig, "weiban", "weiling_clue_event.json").unwrap()), [1, 0, 0, 0, 0]);
    let (row, card) = lead(&rig, 5);
    assert_eq!((card.name.as_str(), row.attrs.company.as_str()), ("赵六", "示例公司"));
    assert_eq!(row.received_at, Millis(1_745_797_456_000));
    let receipt = deliver(&rig, "weiban", "weiling_clue_history.json").unwrap();
    assert_eq!((counts(&receipt), receipt["ignored"].as_array().unwrap().len()), ([0; 5], 1));
    assert_eq!(rig.leads(), 5);
}

#[test]
fn other_fixtures_come_to_their_leads() {
    let rig = Rig::new();
    let Some(receipt) = deliver(&rig, "google", "google_ads_lead_form_webhook.json") else { return };
    assert_eq!(counts(&receipt), [1, 0, 1, 0, 0]);
    let (row, card) = lead(&rig, 1);
    assert_eq!((row.state, card.name.as_str()), (LeadState::Invalid, "FirstName LastName"));
    assert_eq!(
        custom(&row, "What_is_your_preferred_dealership")
            .or(custom(&row, "what_is_your_preferred_dealership")),
        Some("Dealer A")
    );
    assert_eq!(
        counts(&deliver(&rig, "linkedin", "linkedin_lead_form_response.json").unwrap()),
        [1, 0, 0, 0, 0]
    );
    let (row, card) = lead(&rig, 2);
    assert_eq!((card.email.as_str(), row.attrs.campaign.as_str()), ("lead@example.com", "100000"));
    assert_eq!(row.received_at, Millis(1_686_873_110_371));
    assert_eq!(counts(&deliver(&rig, "hubspot", "hubspot_webhook_batch.json").unwrap()), [0, 0, 0, 0, 1]);
    assert_eq!(counts(&deliver(&rig, "typeform", "typeform_webhook.json").unwrap()), [1, 0, 0, 0, 0]);
    let (row, card) = lead(&rig, 3);
    assert_eq!((card.name.as_str(), card.email.as_str()), ("Example", "lead@example.com"));
    assert!(card.note.contains("+15550100004"), "{card:?}");
    assert_eq!((custom(&row, "team_size"), custom(&row, "utm_source")), (Some("11-50"), Some("newsletter")));
    assert_eq!(row.received_at.to_rfc3339(), "2020-09-26T08:23:49.000Z");
    assert_eq!(counts(&deliver(&rig, "calendly", "calendly_invitee_created.json").unwrap()), [1, 0, 0, 0, 0]);
    let (row, card) = lead(&rig, 4);
    assert_eq!((card.name.as_str(), row.attrs.company.as_str()), ("Example Prospect", "Example & Co LLP"));
    assert_eq!((row.owner, custom(&row, "booked_with")), (None, Some("rep@example.com")));
    assert_eq!(counts(&deliver(&rig, "salesforce", "salesforce_web_to_lead.form").unwrap()), [1, 0, 0, 0, 0]);
    let (row, card) = lead(&rig, 5);
    assert_eq!((card.name.as_str(), row.attrs.city.as_str()), ("Ana Conceição", "São Paulo"));
    assert_eq!((row.attrs.region.as_str(), row.received_at), ("SP", NOW));
    assert_eq!(counts(&deliver(&rig, "form", "generic_zapier_post.json").unwrap()), [1, 0, 0, 0, 0]);
    let (row, card) = lead(&rig, 6);
    assert_eq!((card.name.as_str(), card.email.to_lowercase()), ("Example Lead", "lead@example.com".into()));
    assert_eq!((row.score, row.attrs.campaign.as_str()), (87, "Spring \"Sale\""));
    assert_eq!(custom(&row, "form_source"), Some("facebook"));
}

#[test]
fn of_many_none_is_passed_over_in_silence() {
    let rig = Rig::new();
    for (adapter, id, name) in
        [("feiyu", "clue_id", "name"), ("tencent", "leads_id", "leads_name"), ("kuaishou", "id", "user_name")]
    {
        // One without its number is known by its content; one without anything is told.
        let body = json!([{id: "1", name: "Ann"}, {name: "Ben"}, {}]);
        let receipt = rig.post(&format!("/v1/in/{adapter}"), &body.to_string()).is(200).json();
        assert_eq!(counts(&receipt), [2, 0, 0, 1, 0], "{adapter}");
        assert_eq!(receipt["leads"][2]["code"], "nothing-to-keep", "{adapter}");
        let again = rig.post(&format!("/v1/in/{adapter}"), &body.to_string()).is(200).json();
        assert_eq!(counts(&again), [0, 2, 0, 1, 0], "{adapter}");
        rig.post(&format!("/v1/in/{adapter}"), r#"[{"x":"Ben"}]"#).is(422);
    }
    // A moment that is none costs nobody the lead.
    let body = r#"{"event":{"clue_id":"t","user_name":"A","create_time":9223372036854775807}}"#;
    let receipt = rig.post("/v1/in/weiban", body).is(200).json();
    assert_eq!(counts(&receipt), [1, 0, 0, 0, 0]);
    assert!(receipt["leads"][0]["warnings"][0].as_str().unwrap().contains("not a date"), "{receipt}");
    assert_eq!(lead(&rig, receipt["leads"][0]["id"].as_u64().unwrap()).0.received_at, NOW);
}

#[test]
fn a_vendors_signature_lets_it_in_and_nobody_else() {
    let rig = Rig::with(|options| {
        options.secrets.put("META_APP_SECRET", "app");
        options.secrets.put("META_VERIFY_TOKEN", "verify");
        options.secrets.put("HUBSPOT_CLIENT_SECRET", "hub");
        options.public_url = Some("https://leads.example.com".into());
    });
    let body = r#"{"id":"77","field_data":[{"name":"full_name","values":["Ann"]}]}"#;
    let mac = format!("sha256={}", hex(&hmac_sha256(b"app", &[body.as_bytes()])));
    let send = |mac: &str, body: &str| {
        rig.send("POST", "/v1/in/meta", &[("X-Hub-Signature-256", mac)], body.as_bytes())
    };
    send(&mac, &body.replace("Ann", "Eve")).is(401);
    send("sha256=00", body).is(401);
    // With a secret at hand an unsigned delivery is refused although no token exists.
    rig.post("/v1/in/meta", body).is(401);
    assert_eq!(rig.leads(), 0);
    send(&mac, body).is(200);
    assert_eq!(rig.leads(), 1);
    assert_eq!(lead(&rig, 1).0.attrs.source.as_str(), "Meta");

    let shake = |token: &str| {
        rig.get(&format!("/v1/in/meta?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}"))
    };
    let answer = shake("verify").is(200);
    assert_eq!(
        (answer.body.as_str(), answer.header("content-type")),
        ("1158201444", Some("text/plain; charset=utf-8"))
    );
    shake("other").is(403);
    rig.get("/v1/in/feiyu").is(403);
    rig.get("/v1/in/nobody").is(404);

    // HubSpot dates its signature: old and repeated ones are refused.
    let events = r#"[{"objectId":5,"subscriptionType":"contact.creation"}]"#;
    let hub = |at: i64| {
        use base64::Engine;
        let at = at.to_string();
        let text = format!("POSThttps://leads.example.com/v1/in/hubspot{events}{at}");
        let mac = base64::engine::general_purpose::STANDARD.encode(hmac_sha256(b"hub", &[text.as_bytes()]));
        let headers = [("X-HubSpot-Signature-v3", mac.as_str()), ("X-HubSpot-Request-Timestamp", &at)];
        rig.send("POST", "/v1/in/hubspot", &headers, events.as_bytes()).status
    };
    assert_eq!([hub(NOW.0), hub(NOW.0), hub(NOW.0 - 600_000)], [200, 401, 401]);
}

#[test]
fn a_token_in_the_address_serves_vendors_and_names_their_source() {
    let rig = Rig::new();
    let secret = rig.token("feiyu", "抖音", "leads");
    let body = r#"{"clue_id":"1","name":"A","telephone":"13800138000"}"#;
    rig.post("/v1/in/feiyu", body).is(401);
    rig.post("/v1/in/feiyu?token=ly_wrongwrongwrong", body).is(401);
    rig.post(&format!("/v1/in/feiyu?x=1&token={secret}"), body).is(200);
    assert_eq!(lead(&rig, 1).0.attrs.source.as_str(), "抖音");
    let reader = rig.token("reader", "抖音", "read");
    rig.post(&format!("/v1/in/feiyu?token={reader}"), body).is(403);
    assert_eq!(rig.leads(), 1);
}

#[test]
fn anything_else_is_described_by_a_mapping_file() {
    let text = "@leads = data.items\n@source = 问卷\n@test = mode = trial\nno = id\ntel = phone\nnoise = ignore\nbudget = x.budget\n";
    let rig = Rig::with(|options| options.maps = vec![MapFile::parse("quiz", text).unwrap()]);
    let body = r#"{"mode":"live","data":{"items":[{"no":7,"tel":"13800138000","noise":"n","budget":"9"},{"no":8,"mode":"trial"}]}}"#;
    let receipt = rig.post("/v1/in/quiz", body).is(200).json();
    assert_eq!(counts(&receipt), [2, 0, 1, 0, 0]);
    let (row, card) = lead(&rig, 1);
    assert_eq!((row.attrs.source.as_str(), card.phone.as_str()), ("问卷", "13800138000"));
    assert_eq!((custom(&row, "budget"), custom(&row, "noise")), (Some("9"), None));
    assert_eq!(lead(&rig, 2).0.state, LeadState::Invalid);
    rig.post("/v1/in/quiz", r#"{"data":{}}"#).is(422);
    rig.post("/v1/in/quiz", r#"{"data":{"items":3}}"#).is(422);
}

#[test]
fn a_form_may_be_posted_as_a_form() {
    let rig = Rig::new();
    let body = "%E5%A7%93%E5%90%8D=%E6%9D%8E%E9%9B%B7&phone=138+0013+8000&interest=a&interest=b&owner=li.na";
    rig.send("POST", "/v1/in/form", &[FORM], body.as_bytes()).is(200);
    let (row, card) = lead(&rig, 1);
    assert_eq!((card.name.as_str(), row.attrs.product.as_str(), row.owner), ("李雷", "a; b", None));
    rig.send("POST", "/v1/in/form", &[FORM], b"a=%zz").is(400);
    rig.send("POST", "/v1/in/form", &[FORM], b"").is(422);
    rig.send("POST", "/v1/in/salesforce", &[], b"{}").is(422);
    assert_eq!(rig.leads(), 1);
}
