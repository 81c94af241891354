//! The outbox: what waits, what was given up and why, sending it again and giving it up.

use crate::support::{NOW, TestConsole};
use leadyard::model::alert::{AlertKey, AlertKind, AlertSubject, Detail, Finding, NoticeWhy, Severity};
use leadyard::model::channel::{ChannelKind, Topic};
use leadyard::model::id::{LeadId, RepId, Seq};
use leadyard::model::lang::Lang;
use leadyard::model::outbox::{AlertItem, AlertNews, LeadNews, LeadWhy, NoticeId, OutboxRow, Stage, Told};

fn row(id: u128, stage: Stage, told: Told, error: &str) -> OutboxRow {
    OutboxRow {
        id: NoticeId(id),
        kind: ChannelKind::Wecom,
        channel: "sales-leads".into(),
        topic: Topic::Warn,
        severity: told.severity(),
        receiver: "".into(),
        told,
        cause: Seq(7),
        created_at: NOW,
        due_at: NOW.plus(120_000),
        stage,
        tries: 3,
        last_error: error.into(),
        alone: false,
        message: None,
        sent_at: None,
        handled_by: "".into(),
    }
}

fn alert() -> Told {
    let key = AlertKey { kind: AlertKind::Missed, subject: AlertSubject::Desk };
    let finding = Finding { key, count: 3, leads: vec![LeadId(1)], figure: 60_000, limit: 1_000 };
    let items = vec![AlertItem { episode: Seq(120), finding, detail: Detail::default() }];
    let (why, severity) = (NoticeWhy::Fired, Severity::Page);
    Told::Alerts(AlertNews { why, severity, firing: 1, resolved: 0, items })
}

fn lead() -> Told {
    Told::Lead(LeadNews { lead: LeadId(2), rep: RepId(1), why: LeadWhy::Given, within_ms: None })
}

fn console(lang: Lang) -> TestConsole {
    let mut console = TestConsole::new(120, 32, lang);
    console.rig.outbox = vec![
        row(3, Stage::Dead, alert(), "HTTP 404"),
        row(2, Stage::Queued, lead(), "errcode -1"),
        row(1, Stage::Sent, lead(), ""),
    ];
    console
}

#[test]
fn what_waits_and_what_was_given_up_is_said_with_its_reason() {
    let mut english = console(Lang::En);
    english.press("outbox.list").shows("╭ Outbox ").shows("wecom sales-leads").shows("given up");
    english.shows("missed #120").shows("tried 3×: HTTP 404").shows("L2 → 李娜");
    english.press("list.down").shows("errcode -1").shows("next try");
    english.press("outbox.all").shows("Outbox ─ sent too").shows("sent");
    let mut chinese = console(Lang::Zh);
    chinese.press("outbox.list").shows("通知队列").shows("线索遗漏 #120").shows("已试 3 次：HTTP 404");
}

#[test]
fn a_notice_is_sent_again_or_given_up_and_one_that_is_out_is_not() {
    let mut console = console(Lang::En);
    console.press("outbox.list").press("outbox.retry").shows("by 王芳");
    assert_eq!(console.rig.outbox[0].stage, Stage::Queued);
    console.press("list.down").press("outbox.drop");
    assert_eq!(console.rig.outbox[1].stage, Stage::Dropped);
    console.press("outbox.all").press("list.end").keys("r");
    console.shows("it is on its way or past that");
    assert_eq!(console.rig.outbox[2].stage, Stage::Sent);
}

#[test]
fn an_empty_outbox_says_so() {
    let mut console = TestConsole::new(80, 24, Lang::En);
    console.press("outbox.list").shows("Nothing waits to be sent.").keys("r");
    console.shows("no notice is selected");
}
