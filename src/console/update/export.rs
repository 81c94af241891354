//! The list of a pane as cells for a file: what is shown, all of it, in the order shown. Phones stay masked. No IO.

use crate::console::desk::lines::{alert_word, state_word};
use crate::console::desk::{Presence, RepLine};
use crate::console::model::{Model, Pane};
use crate::console::msg::Export;
use crate::console::text::T;
use crate::model::id::LeadId;
use crate::model::time::Millis;
use crate::world::Moment;
use smol_str::{SmolStr, ToSmolStr, format_smolstr};

/// A name for the file: the pane and the minute, in the folder the console was started in.
#[must_use]
pub fn file_name(model: &Model) -> String {
    let pane = match model.focus {
        Pane::Queue | Pane::Lead => "queue",
        Pane::Loads => "load",
        Pane::Alerts => "alerts",
    };
    format!("leadyard-{pane}-{}.csv", stamp(model.now, model.desk.moment(), "%Y%m%d-%H%M%S"))
}

fn stamp(at: Millis, moment: &Moment, format: &str) -> String {
    let here = chrono::DateTime::from_timestamp_millis(at.0).map(|t| t.with_timezone(&moment.zone));
    here.map_or_else(String::new, |t| t.format(format).to_string())
}

/// How many rows the list of `pane` has.
#[must_use]
pub fn rows(model: &Model, pane: Pane) -> usize {
    match pane {
        Pane::Queue | Pane::Lead => model.desk.queue().len(),
        Pane::Loads => model.desk.reps().len(),
        Pane::Alerts => model.desk.alerts().len(),
    }
}

/// The list of `pane` as it stands now.
#[must_use]
pub fn table(model: &Model, pane: Pane, path: &str) -> Export {
    let (head, rows, leads): (Vec<T>, Vec<Vec<SmolStr>>, Vec<LeadId>) = match pane {
        Pane::Queue | Pane::Lead => queue(model),
        Pane::Loads => loads(model),
        Pane::Alerts => alerts(model),
    };
    let head = head.into_iter().map(|title| title.get(model.lang)).collect();
    Export { path: path.to_owned(), lang: model.lang, head, rows, leads }
}

type Table = (Vec<T>, Vec<Vec<SmolStr>>, Vec<LeadId>);

fn time(at: Millis, moment: &Moment) -> SmolStr {
    stamp(at, moment, "%Y-%m-%d %H:%M:%S").into()
}

fn queue(model: &Model) -> Table {
    let head = vec![
        T::ColId,
        T::ColState,
        T::ColReceived,
        T::ColArrived,
        T::Score,
        T::Source,
        T::ColCampaign,
        T::Region,
        T::ColCity,
        T::Product,
        T::ColCompany,
        T::Owner,
        T::ColName,
        T::ColPhone,
    ];
    let (world, moment) = (model.desk.world(), model.desk.moment());
    let mut rows = Vec::with_capacity(model.desk.queue().len());
    let mut leads = Vec::with_capacity(rows.capacity());
    for lead in model.desk.queue().iter().filter_map(|id| world.lead(*id)) {
        let a = &lead.attrs;
        let owner = lead.owner.and_then(|id| world.rep(id)).map(|rep| rep.card.name.clone());
        rows.push(vec![
            lead.id.to_smolstr(),
            SmolStr::new_static(state_word(lead.state).get(model.lang)),
            time(lead.received_at, moment),
            time(lead.arrived_at, moment),
            lead.score.to_smolstr(),
            a.source.clone(),
            a.campaign.clone(),
            a.region.clone(),
            a.city.clone(),
            a.product.clone(),
            a.company.clone(),
            owner.unwrap_or_default(),
        ]);
        leads.push(lead.id);
    }
    (head, rows, leads)
}

fn loads(model: &Model) -> Table {
    let head = vec![
        T::ColLogin,
        T::ColName,
        T::ColTeams,
        T::ColDuty,
        T::ColLoad,
        T::ColCap,
        T::ColToday,
        T::ColDayCap,
        T::ColLedger,
    ];
    let row = |line: &RepLine| {
        let rep = model.desk.world().rep(line.id);
        let limit = |cap: Option<u32>| cap.map_or_else(SmolStr::default, |cap| cap.to_smolstr());
        let turns = rep.map_or(0, |rep| rep.ledger_sum(None, model.desk.moment().day));
        vec![
            rep.map_or_else(SmolStr::default, |rep| rep.card.login.clone()),
            line.name.clone(),
            rep.map_or_else(SmolStr::default, |rep| rep.card.teams.join("; ").into()),
            presence(&line.presence, model),
            line.load.to_smolstr(),
            limit(line.cap),
            line.today.to_smolstr(),
            limit(line.day_cap),
            // A spreadsheet knows the hyphen only as a minus.
            crate::engine::words::milli(turns).replace('−', "-").into(),
        ]
    };
    (head, model.desk.reps().iter().map(row).collect(), Vec::new())
}

fn presence(presence: &Presence, model: &Model) -> SmolStr {
    let word = |t: T| SmolStr::new_static(t.get(model.lang));
    match presence {
        Presence::OnDuty => word(T::OnDuty),
        Presence::OffDuty => word(T::OffDuty),
        Presence::OutOfHours => word(T::OutOfHours),
        Presence::OnLeave(until) => format_smolstr!("{} {until}", T::OnLeave.get(model.lang)),
    }
}

fn alerts(model: &Model) -> Table {
    let moment = model.desk.moment();
    let rows = model.desk.alerts().iter().map(|alert| {
        vec![
            SmolStr::new_static(alert_word(alert.id.kind).get(model.lang)),
            time(alert.since, moment),
            alert.sentence.get(model.lang).into(),
        ]
    });
    (vec![T::ColAlert, T::ColSince, T::ColWhat], rows.collect(), Vec::new())
}
