//! Scenarios as data: `tests/scenarios/*.txt`, each a book, a roster and steps with what is expected of them.
//!
//! A step is `words => expectation`. Expectations: a login, `waiting`, `parked` or `closed` for where the lead is;
//! `refused CODE`; `proposed LOGIN`, `withheld LOGIN` under a mode; `because LOGIN: reason` for the last explanation; `by RULE` for the rule that gave it.
//!
//! `later 2h` lets time pass without anybody looking; `pass 2h` and `at 10:30` with a leader at work; `gap 2h` without any
//! leader until then. `step 2h` (or `-2h`) sets the wall clock wrong; `agree` sets it right, `confirm` says it is right.
//! `moves`, `reminders` and `clock LEAD` tell what timers did, `promotions` which are on and how long. The page docs/rules.md has such a day too.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use leadyard::engine::assist;
use leadyard::engine::timers::{self, CLOCK_SUSPECT};
use leadyard::engine::{DivertWish, Intent, Outcome, Progress, Refusal, Theirs, To};
use leadyard::model::alert::Finding;
use leadyard::model::event::{Body, Event};
use leadyard::model::id::{BatchId, LeadId};
use leadyard::model::lead::{ArrivalKind, LeadState, ParkReason};
use leadyard::model::mode::{Mode, ModeScope};
use leadyard::model::overlay::{DivertBy, DivertTo};
use leadyard::model::rep::Leave;
use leadyard::model::time::{DAY_MS, DayNo, HOUR_MS, MINUTE_MS, Millis};
use leadyard::model::why::{LeftOut, Verdict};
use leadyard::watch::findings;

use crate::desk::Desk;

struct Play {
    desk: Desk,
    names: BTreeMap<String, LeadId>,
    batch: BatchId,
    last: Option<LeadId>,
    /// What the wall clock showed before it stepped, and by how much it did.
    stepped: Option<(Millis, i64)>,
    refused: Option<Refusal>,
}

fn span(text: &str) -> i64 {
    if let Some(back) = text.strip_prefix('-') {
        return -span(back);
    }
    let (number, unit) = text.split_at(text.len() - 1);
    let unit = match unit {
        "m" => MINUTE_MS,
        "h" => HOUR_MS,
        "d" => DAY_MS,
        _ => panic!("no span: {text}"),
    };
    number.parse::<i64>().unwrap() * unit
}

fn pairs<'a>(words: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    words.iter().map(|w| w.split_once('=').unwrap_or_else(|| panic!("no pair: {w}"))).collect()
}

impl Play {
    fn lead(&self, name: &str) -> LeadId {
        *self.names.get(name).unwrap_or_else(|| panic!("no lead {name}"))
    }

    fn rep(&mut self, login: &str, words: &[&str]) {
        let words = pairs(words);
        let today = self.desk.moment().day;
        self.desk.hire(login, |mut r| {
            for (key, value) in words {
                r = match key {
                    "name" => r.name(value),
                    "team" => r.team(value),
                    "cap" => r.cap(value.parse().unwrap()),
                    "day" => r.day(value.parse().unwrap()),
                    "weight" => r.weight(value.parse().unwrap()),
                    "skill" => r.skill(value),
                    "started" => r.started(DayNo(today.0 - value.parse::<i32>().unwrap())),
                    _ => panic!("no such thing about a rep: {key}"),
                };
            }
            r
        });
    }

    fn arrive(&mut self, name: &str, words: &[&str]) -> Result<Outcome, Refusal> {
        let words = pairs(words);
        let lead = self.desk.new_lead(|mut l| {
            for (key, value) in words {
                l = match key {
                    "source" => l.source(value),
                    "region" => l.region(value),
                    "company" => l.company(value),
                    "score" => l.score(value.parse().unwrap()),
                    "phone" => l.phone(value.parse().unwrap()),
                    "ext" => l.ext(value),
                    "owner" => l.in_hand(value, LeadState::Assigned),
                    "kind" => l.kind(match value {
                        "backlog" => ArrivalKind::Backlog,
                        "history" => ArrivalKind::History,
                        _ => ArrivalKind::Live,
                    }),
                    "left" => l.left(value),
                    _ => panic!("no such thing about a lead: {key}"),
                };
            }
            l
        });
        let done = self.desk.run(Intent::Receive { leads: vec![lead], import: None })?;
        self.names.insert(name.to_owned(), done.taken[0].lead());
        Ok(done)
    }

    fn roster(&mut self, words: &[&str]) -> Option<Result<Outcome, Refusal>> {
        let rep = |login: &str| self.desk.id(login);
        let intent = match words {
            ["duty", who, on] => Intent::Duty { rep: rep(who), on: *on == "on" },
            ["leave", who, from, to] => {
                let (from, to) = (self.desk.now.plus(span(from)), self.desk.now.plus(span(to)));
                Intent::SetLeaves { rep: rep(who), leaves: vec![Leave { from, to, reason: "年假".into() }] }
            }
            ["leaver", who, "to", heir] => {
                let theirs = Theirs::To { rep: rep(heir), uses_turn: true };
                Intent::Deactivate { rep: rep(who), theirs }
            }
            ["leaver", who, how] => {
                let theirs = match *how {
                    "spread" => Theirs::Spread,
                    "keep" => Theirs::Keep,
                    _ => Theirs::Park,
                };
                Intent::Deactivate { rep: rep(who), theirs }
            }
            ["back", who] => Intent::Reactivate { rep: rep(who) },
            ["cap", who, cap] => {
                let mut card = self.desk.state_of(who).card.clone();
                card.cap_open = cap.parse().ok();
                Intent::EditRep { rep: rep(who), card }
            }
            _ => return None,
        };
        Some(self.desk.run(intent))
    }

    fn act(&mut self, words: &[&str]) -> Result<Outcome, Refusal> {
        if let Some(done) = self.roster(words) {
            return done;
        }
        if let Some(name) = words.get(1).filter(|n| self.names.contains_key(**n)) {
            self.last = Some(self.lead(name));
        }
        let reason = words.get(3).copied().unwrap_or("理由").into();
        let one = |name: &str| vec![self.lead(name)];
        let intent = match words {
            ["lead", name, rest @ ..] => {
                let done = self.arrive(name, rest);
                self.last = self.names.get(*name).copied();
                return done;
            }
            ["place", lead, who, ..] => {
                let to = match who.strip_prefix("team:") {
                    Some(team) => To::Team(team.into()),
                    None => To::Rep(self.desk.id(who)),
                };
                Intent::Place { leads: one(lead), to, reason, force: words.len() > 3, turn: true }
            }
            ["recall", lead] => Intent::Recall { leads: one(lead), reason },
            ["return", lead] => Intent::Return { leads: one(lead), reason },
            ["park", lead] => Intent::Park { leads: one(lead), reason },
            ["pool", lead] => Intent::ToPool { leads: one(lead), reason },
            ["claim", lead, who] => {
                let lead = self.lead(lead);
                return self.desk.claim(lead, who);
            }
            ["quiet"] => return self.desk.engine(Intent::TakeQuiet),
            ["free", lead] => Intent::Free { leads: one(lead) },
            ["hold", lead, long] => Intent::Hold { leads: one(lead), until: self.desk.now.plus(span(long)) },
            ["release", lead] => Intent::Release { leads: one(lead) },
            ["edit", lead, region] => {
                let lead = self.lead(lead);
                return self.desk.edit(lead, |x| x.region = (*region).into());
            }
            ["divert", scope, who, long, by @ ..] => Intent::SetDivert(DivertWish {
                scope: (*scope).into(),
                to: vec![match who.strip_prefix("team:") {
                    Some(team) => DivertTo::Team(team.into()),
                    None => DivertTo::Rep(self.desk.id(who)),
                }],
                by: by.first().map_or(DivertBy::Fair, |by| DivertBy::from_word(by).unwrap()),
                until: self.desk.now.plus(span(long)),
                reason: "活动".into(),
            }),
            ["mode", mode] => Intent::SetMode(Mode::from_word(mode).unwrap()),
            ["mode", mode, of, long @ ..] => Intent::SetScopeMode {
                scope: match of.split_once('=') {
                    Some(("team", name)) => ModeScope::Team(name.into()),
                    Some(("rule", name)) => ModeScope::Rule(name.into()),
                    Some(("source", name)) => ModeScope::Source(name.into()),
                    _ => ModeScope::Desk,
                },
                mode: Mode::from_word(mode).unwrap(),
                until: long.first().map(|long| self.desk.now.plus(span(long))),
            },
            ["accept", lead, who] => Intent::Accept { items: vec![(self.lead(lead), self.desk.id(who))] },
            ["promote", name, long] => Intent::StartPromotion {
                promotion: (*name).into(),
                until: self.desk.now.plus(span(long)),
                reason: "活动".into(),
            },
            ["demote", name] => {
                Intent::StopPromotion { promotion: (*name).into(), reason: "提前结束".into() }
            }
            // The same book with one promotion of another name and line.
            ["publish", name, line] => Intent::Publish {
                text: format!(
                    "rule All\n  give to team East\npromotion {name}\n  {} open\n",
                    line.replace('_', " ")
                )
                .into(),
                note: "".into(),
                base: self.desk.world.published().version,
            },
            ["undivert", id] => Intent::EndDivert { divert: id.parse().unwrap() },
            ["merge", lead, into] => Intent::Merge { into: self.lead(into), leads: one(lead) },
            ["unmerge", lead] => Intent::Unmerge { leads: one(lead) },
            ["undo"] => Intent::Undo { batch: self.batch },
            ["pause"] => Intent::SetMode(Mode::Paused),
            ["resume"] => Intent::SetMode(Mode::Auto),
            ["sweep"] => return self.desk.engine(Intent::Sweep),
            ["timers"] => return self.desk.engine(Intent::Timers),
            ["confirm"] => Intent::ConfirmClock,
            [state, lead] => {
                let to = LeadState::from_word(state).unwrap_or_else(|| panic!("no step: {words:?}"));
                let items = vec![Progress { lead: self.lead(lead), to, happened_at: None }];
                Intent::Progress { items, note: "".into() }
            }
            _ => panic!("no step: {words:?}"),
        };
        self.desk.run(intent)
    }

    fn step(&mut self, words: &[&str]) {
        match words {
            ["rep", login, rest @ ..] => return self.rep(login, rest),
            ["later", long] => return self.desk.wait(span(long)),
            ["pass", long] => return self.pass(self.desk.now.plus(span(long))),
            ["at", clock] => {
                let to = self.today(clock);
                return self.pass(to);
            }
            ["gap", long] => {
                let from = self.desk.now;
                self.desk.wait(span(long));
                let _ = self.desk.engine(Intent::ResumeTimers { from });
                return self.pass(self.desk.now);
            }
            ["step", long] => {
                let step = span(long);
                self.stepped = Some((self.desk.now, step));
                self.desk.wait(step);
                let finding =
                    Finding { key: CLOCK_SUSPECT, count: 1, leads: vec![], figure: step, limit: 2_000 };
                self.desk.raise(finding);
                return;
            }
            ["agree"] => {
                let (from, step) = self.stepped.take().expect("a step before");
                self.desk.wait(-step);
                self.desk.clear(CLOCK_SUSPECT);
                let _ = self.desk.engine(Intent::ResumeTimers { from });
                return;
            }
            ["clock", lead] => {
                self.last = Some(self.lead(lead));
                return;
            }
            ["look", lead] => {
                self.last = Some(self.lead(lead));
                return;
            }
            ["load" | "turns" | "alerts" | "moves" | "reminders" | "promotions", ..] => return,
            _ => {}
        }
        let done = self.act(words);
        if let Some(batch) = done.as_ref().ok().and_then(|o| o.batch) {
            self.batch = batch;
        }
        self.refused = done.err();
    }

    /// Lets time pass as a leader would: every timer and every shift is served when it comes.
    fn pass(&mut self, to: Millis) {
        loop {
            let changes = self.desk.world.next_change(&self.desk.moment());
            let next = self.desk.world.next_timer().unwrap_or(to).min(changes).max(self.desk.now).min(to);
            let stuck =
                next == self.desk.now && timers::due(&self.desk.world, &self.desk.moment()).is_empty();
            self.desk.now = if stuck && next < to { changes.min(to) } else { next };
            self.desk.engine(Intent::Sweep).unwrap();
            self.desk.engine(Intent::Timers).unwrap();
            let moved = |e: &Event| matches!(e.body, Body::LeadRecalled { timer: Some(_), .. });
            if let Some(move_) = self.desk.last.iter().find(|e| moved(e)) {
                self.batch = move_.batch;
            }
            if self.desk.now >= to && timers::due(&self.desk.world, &self.desk.moment()).is_empty() {
                return;
            }
            assert!(self.desk.host.events.len() < 10_000, "timers run for ever");
        }
    }

    /// The next moment at which clocks on the wall show `clock`.
    fn today(&self, clock: &str) -> Millis {
        let (hour, minute) = clock.split_once(':').unwrap_or_else(|| panic!("no time: {clock}"));
        let of_day = (hour.parse::<i64>().unwrap() * 60 + minute.parse::<i64>().unwrap()) * MINUTE_MS;
        let midnight = self.desk.moment().day_ends.plus(-DAY_MS);
        let at = midnight.plus(of_day);
        if at >= self.desk.now { at } else { at.plus(DAY_MS) }
    }

    fn clock(&self, lead: LeadId) -> String {
        let Some(story) = timers::story(&self.desk.world, lead, self.desk.now) else { return "none".into() };
        let minutes = |ms: i64| ms / MINUTE_MS;
        match (story.next, story.escalated) {
            (None, true) => "escalated".into(),
            _ => format!("{}m of {}m", minutes(story.worked_ms), minutes(story.within_ms)),
        }
    }

    fn reasons(&self) -> String {
        let Some(why) = self.last.and_then(|lead| self.desk.why(lead)) else { return String::new() };
        let mut out = String::new();
        for (why, reps) in why.rules.iter().flat_map(|r| &r.left_out) {
            let word = match why {
                LeftOut::Inactive => "inactive".to_owned(),
                LeftOut::OffDuty => "off duty".to_owned(),
                LeftOut::OnLeave => "on leave".to_owned(),
                LeftOut::OutOfHours => "out of hours".to_owned(),
                LeftOut::HadIt => "had it".to_owned(),
                LeftOut::LacksSkill(skill) => format!("lacks {skill}"),
                LeftOut::OpenCap { cap } => format!("open cap {cap}"),
                LeftOut::DayCap { cap } => format!("day cap {cap}"),
                LeftOut::PromotionOpenCap { cap, promotion } => format!("open cap {cap} by {promotion}"),
                LeftOut::PromotionDayCap { cap, promotion } => format!("day cap {cap} by {promotion}"),
            };
            for rep in reps {
                let login = &self.desk.world.rep(*rep).unwrap().card.login;
                writeln!(out, "{login}: {word}").unwrap();
            }
        }
        out
    }

    fn found(&self, words: &[&str], want: &str) -> String {
        if let Some(refusal) = &self.refused {
            return format!("refused {}", refusal.code());
        }
        match words {
            ["load", who] => return self.desk.load(who).to_string(),
            ["moves"] => {
                let moved = |e: &&Event| matches!(e.body, Body::LeadRecalled { timer: Some(_), .. });
                return self.desk.host.events.iter().filter(moved).count().to_string();
            }
            ["reminders"] => {
                let reminded = |e: &&Event| matches!(e.body, Body::LeadReminded(_));
                return self.desk.host.events.iter().filter(reminded).count().to_string();
            }
            ["clock", lead] => return self.clock(self.lead(lead)),
            ["promotions"] => {
                let on = self.desk.world.promotions_at(self.desk.now);
                let on: Vec<String> = on
                    .map(|(p, run)| format!("{} {}m", p.name, run.until.since(self.desk.now) / MINUTE_MS))
                    .collect();
                return if on.is_empty() { "none".into() } else { on.join(", ") };
            }
            ["turns", who] => return self.desk.ledger(who).to_string(),
            ["alerts"] => {
                let found = findings(&self.desk.world, &self.desk.moment());
                let kinds: Vec<_> = found.iter().map(|f| f.key.kind.word()).collect();
                return if kinds.is_empty() { "none".into() } else { kinds.join(" ") };
            }
            _ => {}
        }
        let lead = self.last.expect("a step about a lead");
        if let Some(reason) = want.strip_prefix("because ") {
            let all = self.reasons();
            return if all.lines().any(|l| l == reason) { want.to_owned() } else { all };
        }
        if want.starts_with("proposed ") {
            let all = assist::proposals(&self.desk.world, &self.desk.moment(), 500);
            let rep = all.iter().find(|p| p.lead == lead).and_then(|p| self.desk.world.rep(p.gift.rep));
            return format!("proposed {}", rep.map_or("nobody", |r| r.card.login.as_str()));
        }
        if want.starts_with("withheld ") {
            let verdict = self.desk.why(lead).map(|w| &w.verdict);
            let Some(Verdict::Withheld { would, .. }) = verdict else { return format!("{verdict:?}") };
            let rep = would.rep().and_then(|id| self.desk.world.rep(id)).unwrap();
            return format!("withheld {}", rep.card.login);
        }
        if let Some(name) = want.strip_prefix("under ") {
            let rules = self.desk.why(lead).and_then(|w| w.rules.last());
            let text = rules.and_then(|r| r.overlay.as_ref()).map(|over| format!("{over:?}"));
            let named = text.as_ref().is_some_and(|t| t.contains(&format!("name: {name:?}")));
            return if named { want.to_owned() } else { format!("under {text:?}") };
        }
        if want.starts_with("by ") {
            let rules = self.desk.why(lead).and_then(|w| w.rules.last());
            return format!("by {}", rules.map_or("nobody", |r| r.name.as_str()));
        }
        match self.desk.world.lead(lead).and_then(|l| l.park.as_ref()) {
            Some(ParkReason::Rule(text)) if want.starts_with("parked ") => format!("parked {text}"),
            Some(ParkReason::Pool { .. }) if want.starts_with("parked ") => "parked pool".into(),
            Some(ParkReason::Undone { .. }) if want.starts_with("parked ") => "parked undone".into(),
            Some(ParkReason::Duplicate { .. }) if want.starts_with("parked ") => "parked duplicate".into(),
            _ => self.desk.at(lead),
        }
    }
}

fn play(file: &str, text: &str) {
    let (book, steps) = text.split_once("---\n").unwrap_or_else(|| panic!("{file}: no --- after the book"));
    let mut play = Play {
        desk: Desk::new(book),
        names: BTreeMap::new(),
        batch: BatchId(0),
        last: None,
        stepped: None,
        refused: None,
    };
    for (no, line) in steps.lines().enumerate().filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#')) {
        let (words, wants) = line.split_once("=>").unwrap_or((line, ""));
        let words: Vec<&str> = words.split_whitespace().collect();
        play.refused = None;
        play.step(&words);
        for want in wants.split(';').map(str::trim).filter(|w| !w.is_empty()) {
            assert_eq!(play.found(&words, want), want, "{file}, step {}: {line}", no + 1);
        }
        if !wants.contains("refused") {
            assert_eq!(play.refused, None, "{file}, step {}: {line}", no + 1);
        }
    }
}

#[test]
fn every_scenario_comes_out_as_written() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenarios");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "txt"));
    files.sort();
    assert!(files.len() >= 20, "only {} scenarios", files.len());
    for file in files {
        play(&file.file_name().unwrap().to_string_lossy(), &std::fs::read_to_string(&file).unwrap());
    }
}

#[test]
fn the_day_in_the_manual_comes_out_as_written() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules.md")).unwrap();
    let days: Vec<&str> =
        page.split("```day\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default()).collect();
    assert_eq!(days.len(), 1);
    let leads = days[0].lines().filter(|l| l.starts_with("lead ")).count();
    assert_eq!(leads, 12);
    play("docs/rules.md", days[0]);
}
