//! Small made-up deliveries of each vendor, and what they must come to.

use super::*;
use crate::intake::http::auth::{hex, hmac_sha256};
use crate::intake::http::json::parse;

fn read(name: &str, text: &str) -> Vec<Found> {
    (adapter(name).unwrap().read)(&Payload::Json(parse(text.as_bytes()).unwrap())).unwrap()
}

fn lead(found: &Found) -> &Cells {
    match found {
        Found::Lead(cells) => cells,
        other => panic!("{other:?}"),
    }
}

fn text(cells: &Cells, target: Target) -> Option<&str> {
    cells.cells.iter().find(|(t, _)| *t == target).map(|(_, text)| text.as_str())
}

fn custom<'c>(cells: &'c Cells, name: &str) -> Option<&'c str> {
    text(cells, Target::Custom(SmolStr::new(name)))
}

#[derive(Debug)]
struct Given(Vec<(&'static str, String)>);

impl Headers for Given {
    fn header(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, text)| text.as_str())
    }
}

fn verdict(name: &str, secret: (&str, &str), headers: Given, body: &[u8], json: &str) -> Verdict {
    let mut secrets = Secrets::default();
    assert!(secrets.put(secret.0, secret.1));
    let payload = Payload::Json(parse(json.as_bytes()).unwrap());
    let url = "https://leads.example.com/v1/in/x";
    let signed = Signed { method: "POST", url, headers: &headers, body, payload: &payload };
    adapter(name).unwrap().verify.unwrap()(&secrets, &signed)
}

#[test]
fn every_name_is_there_once() {
    for (at, one) in ADAPTERS.iter().enumerate() {
        assert!(!one.name.is_empty() && !one.source.is_empty());
        assert!(ADAPTERS[..at].iter().all(|other| other.name != one.name && other.source != one.source));
        assert_eq!(one.verify.is_some(), one.secret.is_some(), "{}", one.name);
        assert!(one.secret.is_none_or(|name| secrets::NAMES.contains(&name)));
    }
}

#[test]
fn meta_notices_are_awaited_and_details_are_leads() {
    let notices = read(
        "meta",
        r#"{"object":"page","entry":[{"changes":[{"field":"leadgen","value":{"leadgen_id":7,"form_id":"f"}},{"field":"feed","value":{}}]}]}"#,
    );
    assert!(
        matches!(&notices[0], Found::Awaited { external_id, about } if external_id == "7" && about["form_id"] == "f")
    );
    assert!(matches!(&notices[1], Found::Ignored { .. }));
    let details = read(
        "meta",
        r#"{"id":"7","created_time":"2026-01-02T03:04:05+0000","field_data":[{"name":"full_name","values":["Ann"]},{"name":"state","values":["SP"]},{"name":"which?","values":["a","b"]}]}"#,
    );
    let cells = lead(&details[0]);
    assert_eq!((text(cells, Target::Name), text(cells, Target::Region)), (Some("Ann"), Some("SP")));
    assert_eq!((custom(cells, "which"), cells.is_test), (Some("a; b"), false));
    let test = read("meta", r#"{"id":"8","field_data":[{"name":"email","values":["test@meta.com"]}]}"#);
    assert!(lead(&test[0]).is_test);
}

#[test]
fn meta_signatures_and_handshakes_need_the_secret() {
    let mac = hex(&hmac_sha256(b"app", &[b"{}"]));
    let good = Given(vec![("x-hub-signature-256", format!("sha256={mac}"))]);
    assert_eq!(verdict("meta", ("META_APP_SECRET", "app"), good, b"{}", "{}"), Verdict::Good);
    let other = Given(vec![("x-hub-signature-256", format!("sha256={mac}"))]);
    assert_eq!(verdict("meta", ("META_APP_SECRET", "app"), other, b"{ }", "{}"), Verdict::Bad);
    assert_eq!(verdict("meta", ("META_APP_SECRET", "app"), Given(vec![]), b"{}", "{}"), Verdict::Bad);
    let mut secrets = Secrets::default();
    secrets.put("META_VERIFY_TOKEN", "v");
    let query = |token: &str| {
        [("hub.mode", "subscribe"), ("hub.verify_token", token), ("hub.challenge", "42")]
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .to_vec()
    };
    let shake = adapter("meta").unwrap().handshake.unwrap();
    assert_eq!(shake(&secrets, &query("v")).as_deref(), Some("42"));
    assert_eq!(shake(&secrets, &query("w")), None);
    assert_eq!(shake(&Secrets::default(), &query("")), None);
}

#[test]
fn feiyu_knows_previews_and_questions() {
    let found = read(
        "feiyu",
        r#"{"data":{"list":[{"clue_id":1,"name":"张三","telephone":"13800138000","clue_source":4},
            {"clue_id":"2","weixin":"wx_abc12","convert_status":"数据获取中","remark_dict":{"预算":"10万","公司":"甲"}}]}}"#,
    );
    assert!(lead(&found[0]).is_test);
    let second = lead(&found[1]);
    assert_eq!(second.external_id.as_deref(), Some("2"));
    assert_eq!((custom(second, "预算"), text(second, Target::Company)), (Some("10万"), Some("甲")));
    assert_eq!(custom(second, "convert_status"), None);
    assert_eq!(second.zone, Some(Tz::Asia__Shanghai));
}

#[test]
fn google_carries_its_secret_in_the_body() {
    let body = r#"{"lead_id":"g1","is_test":true,"google_key":"k","user_column_data":[{"column_id":"EMAIL","string_value":"a@b.co"},{"column_id":"WORK_EMAIL","string_value":"c@d.co"}]}"#;
    let found = read("google", body);
    let cells = lead(&found[0]);
    assert_eq!((text(cells, Target::Email), custom(cells, "work_email")), (Some("a@b.co"), Some("c@d.co")));
    assert!(cells.is_test);
    assert_eq!(verdict("google", ("GOOGLE_KEY", "k"), Given(vec![]), b"", body), Verdict::Good);
    assert_eq!(verdict("google", ("GOOGLE_KEY", "x"), Given(vec![]), b"", body), Verdict::Bad);
}

#[test]
fn linkedin_answers_are_known_by_their_looks_or_by_the_form() {
    let found = read(
        "linkedin",
        r#"{"id":"1","testLead":false,"submittedAt":1686873110371,"questions":{"3":"Full name"},"formResponse":{"answers":[
            {"questionId":1,"answerDetails":{"textQuestionAnswer":{"answer":"a@b.co"}}},
            {"questionId":3,"answerDetails":{"textQuestionAnswer":{"answer":"Ann"}}},
            {"questionId":4,"answerDetails":{"multipleChoiceAnswer":{"options":[2,3]}}}]}}"#,
    );
    let cells = lead(&found[0]);
    assert_eq!((text(cells, Target::Email), text(cells, Target::Name)), (Some("a@b.co"), Some("Ann")));
    assert_eq!(
        (custom(cells, "question_4"), text(cells, Target::ReceivedAt)),
        (Some("2; 3"), Some("1686873110371"))
    );
    let notice = read(
        "linkedin",
        r#"{"leadGenFormResponse":"urn:li:leadGenFormResponse:a-1","leadAction":"CREATED"}"#,
    );
    assert!(matches!(&notice[0], Found::Awaited { external_id, .. } if external_id == "a-1"));
    let mac = hex(&hmac_sha256(b"s", &[b"hmacsha256=", b"{}"]));
    let headers = Given(vec![("x-li-signature", format!("hmacsha256={mac}"))]);
    assert_eq!(verdict("linkedin", ("LINKEDIN_CLIENT_SECRET", "s"), headers, b"{}", "{}"), Verdict::Good);
}

#[test]
fn hubspot_awaits_each_object_once_and_dates_its_signature() {
    use base64::Engine;
    let body = r#"[{"objectId":5,"subscriptionType":"contact.creation"},{"objectId":5,"subscriptionType":"contact.propertyChange"},{"objectId":6,"subscriptionType":"deal.creation"}]"#;
    let found = read("hubspot", body);
    assert!(matches!(&found[0], Found::Awaited { external_id, .. } if external_id == "5"));
    assert!(found[1..].iter().all(|f| matches!(f, Found::Ignored { .. })));
    let mac = hmac_sha256(b"s", &[b"POSThttps://leads.example.com/v1/in/x", body.as_bytes(), b"1700"]);
    let mac = base64::engine::general_purpose::STANDARD.encode(mac);
    let headers =
        Given(vec![("x-hubspot-signature-v3", mac), ("x-hubspot-request-timestamp", "1700".into())]);
    let verdict = verdict("hubspot", ("HUBSPOT_CLIENT_SECRET", "s"), headers, body.as_bytes(), body);
    assert_eq!(verdict, Verdict::GoodAt(Millis(1700)));
}

#[test]
fn typeform_types_say_where_the_answer_is() {
    let found = read(
        "typeform",
        r#"{"form_response":{"token":"t","submitted_at":"2026-01-02T03:04:05Z","hidden":{"utm_source":"news"},
            "definition":{"title":"F","fields":[{"id":"a","title":"Team size","ref":"r1"}]},"answers":[
            {"type":"choices","choices":{"labels":["x","y"]},"field":{"id":"a","ref":"r1"}},
            {"type":"boolean","boolean":true,"field":{"id":"b","ref":"agree"}},
            {"type":"phone_number","phone_number":"+15550100004","field":{"id":"c","ref":"p"}}]}}"#,
    );
    let cells = lead(&found[0]);
    assert_eq!((custom(cells, "Team_size"), custom(cells, "agree")), (Some("x; y"), Some("true")));
    assert_eq!(
        (text(cells, Target::Phone), custom(cells, "utm_source")),
        (Some("+15550100004"), Some("news"))
    );
}

#[test]
fn calendly_takes_new_bookings_only() {
    let booking = |kind: &str, old: &str| {
        read(
            "calendly",
            &format!(r#"{{"event":"{kind}","payload":{{"uri":"u","name":"Ann","old_invitee":{old}}}}}"#),
        )
    };
    assert_eq!(text(lead(&booking("invitee.created", "null")[0]), Target::Name), Some("Ann"));
    assert!(matches!(booking("invitee.created", "\"v\"")[0], Found::Ignored { .. }));
    assert!(matches!(booking("invitee.canceled", "null")[0], Found::Ignored { .. }));
    let mac = hex(&hmac_sha256(b"s", &[b"17.", b"{}"]));
    let headers = Given(vec![("calendly-webhook-signature", format!("t=17,v1={mac}"))]);
    let verdict = verdict("calendly", ("CALENDLY_SIGNING_KEY", "s"), headers, b"{}", "{}");
    assert_eq!(verdict, Verdict::GoodAt(Millis(17_000)));
}

#[test]
fn chinese_platforms_keep_their_fields() {
    let found = read(
        "baidu",
        r#"{"clueId":"b,1","cluePhoneNumber":"13800138000","area":"江苏-南京","formDetail":[{"name":"电话","type":"phone","value":"13800138000"},{"name":"留言","type":"text","value":"你好"}]}"#,
    );
    let cells = lead(&found[0]);
    assert_eq!((text(cells, Target::City), text(cells, Target::Note)), (Some("南京"), Some("你好")));
    let found = read(
        "tencent",
        r#"{"leads_id":9,"leads_telephone":"13800138001","leads_action_time":"2021-06-04 14:09:58","leads_create_time":"2021-06-04 14:10:02","bundle":"{\"城市\":\"南京\"}","leads_gender":"GENDER_TYPE_UNKNOWN"}"#,
    );
    let cells = lead(&found[0]);
    assert_eq!((text(cells, Target::City), custom(cells, "leads_gender")), (Some("南京"), None));
    assert_eq!(text(cells, Target::ReceivedAt), Some("2021-06-04 14:09:58"));
    let found = read("kuaishou", r#"{"data":{"list":[{"id":3,"user_name":"王五","clue_tag":1}]}}"#);
    assert_eq!(
        (lead(&found[0]).external_id.as_deref(), custom(lead(&found[0]), "clue_tag")),
        (Some("3"), Some("1"))
    );
}

#[test]
fn an_scrm_lead_that_is_somebodys_is_not_taken() {
    let event = |status: u8| {
        read(
            "weiban",
            &format!(r#"{{"header":{{}},"event":{{"clue_id":"c","user_name":"赵六","status":{status}}}}}"#),
        )
    };
    assert_eq!(text(lead(&event(4)[0]), Target::Name), Some("赵六"));
    assert!(matches!(event(1)[0], Found::Ignored { .. }));
    let history = read("weiban", r#"{"event":{"clue_id":"c","history":{"history_type":"501"}}}"#);
    assert!(matches!(history[0], Found::Ignored { .. }));
}

#[test]
fn web_to_lead_takes_forms_only() {
    let pairs = [("oid", "00D"), ("first_name", "Ana"), ("last_name", "Sá"), ("00N1", "x"), ("state", "SP")];
    let form = Payload::Form(pairs.map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec());
    let found = (adapter("salesforce").unwrap().read)(&form).unwrap();
    let cells = lead(&found[0]);
    assert_eq!((text(cells, Target::FirstName), text(cells, Target::Region)), (Some("Ana"), Some("SP")));
    assert_eq!((custom(cells, "00N1"), custom(cells, "oid")), (Some("x"), None));
    assert!((adapter("salesforce").unwrap().read)(&Payload::Json(Json::Null)).is_err());
}

#[test]
fn what_is_no_delivery_says_what_is() {
    for adapter in ADAPTERS.iter().filter(|adapter| adapter.name != "form") {
        let said = (adapter.read)(&Payload::Json(Json::Object(Vec::new())));
        assert!(said.is_err_and(|why| !why.is_empty()), "{}", adapter.name);
    }
}

/// Names that mean something to one adapter or another.
const NAMES: [&str; 24] = [
    "entry",
    "changes",
    "value",
    "field",
    "leadgen_id",
    "field_data",
    "values",
    "clue_id",
    "data",
    "list",
    "lead_id",
    "user_column_data",
    "column_id",
    "formResponse",
    "answers",
    "questionId",
    "objectId",
    "form_response",
    "payload",
    "uri",
    "event",
    "leads_id",
    "bundle",
    "id",
];

fn any_json() -> impl proptest::strategy::Strategy<Value = Json> {
    use proptest::prelude::*;
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<i64>().prop_map(|n| Json::Number(n.into())),
        "\\PC{0,12}|leadgen|\\{\"a\":1\\}|invitee.created".prop_map(Json::Text),
    ];
    leaf.prop_recursive(5, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::List),
            prop::collection::vec((prop::sample::select(&NAMES[..]), inner), 0..6)
                .prop_map(|pairs| Json::Object(pairs.into_iter().map(|(n, v)| (n.to_owned(), v)).collect())),
        ]
    })
}

proptest::proptest! {
    #[test]
    fn no_delivery_makes_an_adapter_fall_over(json in any_json()) {
        let payload = Payload::Json(json);
        for adapter in ADAPTERS {
            if let Ok(found) = (adapter.read)(&payload) {
                for lead in found.iter().filter_map(|f| if let Found::Lead(cells) = f { Some(cells) } else { None }) {
                    // What was read is taken or refused with a reason.
                    let _ = crate::intake::http::rows::known(
                        &lead.cells,
                        Tz::UTC,
                        crate::model::contact::CountryCode::CN,
                    );
                }
            }
        }
    }
}
