//! A folder with a desk and the program to run on it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use leadyard::model::event::{Body, Event, Received};
use leadyard::model::id::{LeadId, Seq};
use leadyard::model::lead::{Lead, LeadState};
use leadyard::store::{LeadPage, Store, check};

/// What a run of the program came to.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// The answer of a run that should succeed.
    pub fn ok(self) -> Ran {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// The last line as JSON.
    pub fn json(self) -> serde_json::Value {
        let ran = self.ok();
        serde_json::from_str(ran.out.lines().last().expect("an answer")).expect("JSON")
    }
}

/// A folder of its own; the desk in it is checked when the test is over.
pub struct Room {
    dir: tempfile::TempDir,
}

impl Drop for Room {
    fn drop(&mut self) {
        if self.db().exists() && !std::thread::panicking() {
            let report = check(&self.db(), &mut |_, _| {}).unwrap();
            let findings: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
            assert!(findings.is_empty(), "{findings:#?}");
        }
    }
}

impl Room {
    pub fn new() -> Room {
        Room { dir: tempfile::tempdir().unwrap() }
    }

    /// A desk with three reps in one team and a book that gives by fair share.
    pub fn with_desk() -> Room {
        let room = Room::new();
        room.write(
            "reps.csv",
            "login,name,team\nanna,Anna Snelling,Sales\nben,Ben Ho,Sales\nli,李娜,Sales\n",
        );
        room.write("book.txt", "otherwise give to team Sales by fair\n");
        room.run(&["import", "reps", "reps.csv"]).ok();
        room.run(&["import", "rules", "book.txt"]).ok();
        room
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn db(&self) -> PathBuf {
        self.path("desk.db")
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        std::fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leadyard"));
        command.current_dir(self.dir.path()).args(args);
        command.env("LEADYARD_DB", self.db()).env("LEADYARD_LANG", "en").env("USER", "tester");
        command.env_remove("LEADYARD_ACTOR").stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        let output = self.command(args).output().unwrap();
        Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    pub fn store(&self) -> Store {
        Store::open_readonly(&self.db()).unwrap()
    }

    /// How many events the log has.
    pub fn events(&self) -> u64 {
        self.store().last_seq().unwrap().0
    }

    fn log(&self) -> Vec<Event> {
        let store = self.store();
        let (mut all, mut from) = (Vec::new(), 1);
        loop {
            let events: Vec<Event> = store.events(Seq(from), Seq(u64::MAX >> 1), 10_000).unwrap();
            let Some(last) = events.last() else { return all };
            from = last.seq.0 + 1;
            all.extend(events);
        }
    }

    /// The arrivals in the log.
    pub fn arrivals(&self) -> Vec<Received> {
        let arrival = |e: Event| match e.body {
            Body::LeadReceived(r) => Some(*r),
            _ => None,
        };
        self.log().into_iter().filter_map(arrival).collect()
    }

    /// Leads that were given to somebody here, not by their file.
    pub fn given(&self) -> BTreeSet<LeadId> {
        let given = |e: &Event| match &e.body {
            Body::LeadAssigned(a) => Some(a.lead),
            _ => None,
        };
        self.log().iter().filter_map(given).collect()
    }

    /// Every lead of the desk, by id.
    pub fn leads(&self) -> Vec<Lead> {
        let store = self.store();
        let (mut all, mut below) = (Vec::new(), None);
        loop {
            let page = LeadPage { below, limit: 1_000, ..LeadPage::default() };
            let rows = store.leads(&page).unwrap();
            let Some(last) = rows.last() else { break };
            below = Some(last.id.0);
            all.extend(rows);
        }
        all.reverse();
        all
    }

    /// The lead with this external id.
    pub fn lead(&self, external_id: &str) -> Lead {
        let arrivals = self.arrivals();
        let id = arrivals.iter().find(|r| r.external_id == external_id).expect(external_id).lead;
        self.store().lead(id).unwrap().unwrap()
    }

    pub fn owner(&self, lead: &Lead) -> Option<String> {
        let world = self.store().load_world(&mut |_, _| {}).unwrap();
        lead.owner.and_then(|rep| world.rep(rep)).map(|r| r.card.login.to_string())
    }

    pub fn count(&self, state: LeadState) -> usize {
        self.leads().iter().filter(|l| l.state == state).count()
    }
}

/// The folder of real data; says so and gives nothing where it is absent.
pub fn data(relative: &str) -> Option<String> {
    let root = std::env::var_os("LEADYARD_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let path = root.join(relative);
    if !path.exists() {
        println!("skipped: {} is absent", path.display());
        return None;
    }
    Some(path.to_string_lossy().into_owned())
}
