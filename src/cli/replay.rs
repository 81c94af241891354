//! `replay`: timestamped leads from a file, played into the desk by a virtual clock. Each lead comes in as live at its own
//! time; between two leads the clock is turned in small steps, so that timers and alerts see the time pass.

use std::hash::Hasher;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;
use siphasher::sip::SipHasher24;

use super::args::ReplayArgs;
use super::context::{CliError, Context, Done, clock};
use super::import::{options, system_of};
use super::take::Taking;
use crate::desk::{Clock, Desk, DeskHandle, DeskOptions};
use crate::engine::{Intent, Taken};
use crate::intake::dates::{DateEvidence, from_local, parse};
use crate::intake::file::LeadFile;
use crate::intake::row::LeadDraft;
use crate::model::lang::Lang;
use crate::model::lead::{ArrivalKind, LeadState};
use crate::model::time::{DAY_MS, HOUR_MS, Millis};
use crate::store::Store;

/// Real time between two looks at the virtual clock.
const STEP: Duration = Duration::from_millis(50);
/// Leads of one moment taken together.
const TOGETHER_MAX: usize = 100;
/// A file longer than this is told by days, a shorter one by hours.
const BY_DAY_OVER_MS: i64 = 3 * DAY_MS;
/// Where leads with only a day are spread: 9:00 to 21:00.
const OPENS_MS: i64 = 9 * HOUR_MS;
const OPEN_MS: i64 = 12 * HOUR_MS;

/// What was played.
#[derive(Debug, Default)]
struct Played {
    taken: u64,
    known: u64,
    /// Since the last line.
    lately: u64,
}

/// Plays a file.
///
/// # Errors
/// See [`super::context::CliError`].
pub fn replay(ctx: &Context, args: &ReplayArgs) -> Done {
    let zone = if ctx.db.exists() {
        ctx.read()?.load_world(&mut |_, _| {})?.book().zone
    } else {
        crate::world::World::new().book().zone
    };
    let options = options(ctx, &args.mapping, zone)?;
    let zone = options.zone;
    let from = args.as_of.as_deref().map(|text| moment(ctx, text, zone)).transpose()?;
    let file = LeadFile::open(&args.file, &options).map_err(|e| CliError::Input(e.message(ctx.lang)))?;
    let Timeline { leads, spread, left_out } = timeline(ctx, &file, args, zone, from)?;
    let (Some((first, _)), Some((last, _))) = (leads.first(), leads.last()) else {
        return Err(CliError::Input(
            ctx.say(
                "no lead of this file has a time to play it at; map one with --map \"Column=received-at\", or try an earlier --as-of",
                "文件中没有可回放的时间；请用 --map \"列名=received-at\" 指定时间列，或提前 --as-of",
            )
            .to_owned(),
        ));
    };
    let (start, by_day) = (from.unwrap_or(*first), last.since(*first) > BY_DAY_OVER_MS);
    describe(ctx, leads.len(), spread, left_out);
    // Founds the file and checks the signature by the machine's clock; the desk that plays has its own hands.
    drop(ctx.desk(true)?);
    let hands = Clock::hands(start);
    let desk = Desk::start(
        Store::open(&ctx.db)?,
        DeskOptions { clock: hands.clone(), may_lead: true, console: ctx.actor.console },
        &mut |_, _| {},
    )?;
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    let system = system_of(&args.mapping, &args.file);
    let taking = Taking {
        secret: desk.handle().secret(),
        system: system.into(),
        kind: Some(ArrivalKind::Live),
        now: start,
    };
    let stage = Stage { ctx, handle: desk.handle(), hands, stop, speed: args.speed, zone, by_day, taking };
    let played = stage.play(leads)?;
    stage.tell_end(&played)
}

fn moment(ctx: &Context, text: &str, zone: Tz) -> Done<Millis> {
    let mut evidence = DateEvidence::default();
    evidence.observe(text);
    parse(text, evidence.reading(None), zone).ok().flatten().ok_or_else(|| {
        let why = ctx.say(
            "is no time; write it like 2026-11-01 or \"2026-11-01 09:30\"",
            "不是时间；请写成 2026-11-01 或 \"2026-11-01 09:30\"",
        );
        CliError::Usage(format!("--as-of {text:?} {why}"))
    })
}

/// What there is to play.
#[derive(Default)]
struct Timeline {
    /// By time.
    leads: Vec<(Millis, LeadDraft)>,
    /// How many of them had only a day.
    spread: u64,
    /// Without a time, unreadable, or before the start.
    left_out: u64,
}

fn timeline(
    ctx: &Context,
    file: &LeadFile,
    args: &ReplayArgs,
    zone: Tz,
    from: Option<Millis>,
) -> Done<Timeline> {
    let mut line = Timeline::default();
    for (_, row) in file.rows().map_err(|e| CliError::Input(e.message(ctx.lang)))? {
        let Ok(mut draft) = row else {
            line.left_out += 1;
            continue;
        };
        let Some(at) = draft.received_at else {
            line.left_out += 1;
            continue;
        };
        let (at, was_day) = spread_over_day(at, &draft.key(), zone);
        if from.is_some_and(|from| at < from) {
            line.left_out += 1;
            continue;
        }
        line.spread += u64::from(was_day);
        draft.received_at = Some(at);
        // As the lead was when it came: what became of it later is not played.
        draft.state = draft.state.filter(|_| draft.do_not_contact);
        draft.owner = None;
        line.leads.push((at, draft));
    }
    line.leads.sort_by_key(|(at, draft)| (*at, draft.line));
    line.leads.truncate(args.limit.unwrap_or(usize::MAX));
    Ok(line)
}

/// Exactly midnight means that the file knows only the day: the same id always gets the same time of it.
fn spread_over_day(at: Millis, id: &str, zone: Tz) -> (Millis, bool) {
    let Some(local) = chrono::DateTime::from_timestamp_millis(at.0).map(|t| t.with_timezone(&zone)) else {
        return (at, false);
    };
    if local.time() != NaiveTime::MIN {
        return (at, false);
    }
    let mut hasher = SipHasher24::new();
    hasher.write(id.as_bytes());
    let within = i64::try_from(hasher.finish() % OPEN_MS.unsigned_abs()).unwrap_or(0);
    let time = chrono::Duration::milliseconds(OPENS_MS + within);
    let local: NaiveDateTime = local.naive_local() + time;
    (from_local(local, zone), true)
}

fn describe(ctx: &Context, leads: usize, spread: u64, left_out: u64) {
    if ctx.json {
        return;
    }
    match ctx.lang {
        Lang::En => {
            eprintln!("{leads} leads to play, {left_out} left out (no time, unreadable or before --as-of)")
        }
        Lang::Zh => eprintln!("待回放 {leads} 条，略过 {left_out} 条（无时间、无法读取或早于 --as-of）"),
    }
    if spread > 0 {
        match ctx.lang {
            Lang::En => eprintln!(
                "{spread} of them tell only a day: spread over 9:00 to 21:00 of it by their id, the same in every run"
            ),
            Lang::Zh => eprintln!("其中 {spread} 条只有日期：按编号分散到当天 9:00–21:00，每次回放相同"),
        }
    }
}

/// A desk with hands to turn.
struct Stage<'a> {
    ctx: &'a Context,
    handle: &'a DeskHandle,
    hands: Clock,
    stop: Arc<AtomicBool>,
    speed: u32,
    zone: Tz,
    by_day: bool,
    taking: Taking,
}

impl Stage<'_> {
    fn play(&self, leads: Vec<(Millis, LeadDraft)>) -> Done<Played> {
        let mut played = Played::default();
        let mut period = self.period(self.hands.now());
        let mut together: Vec<(Millis, LeadDraft)> = Vec::new();
        for (at, draft) in leads {
            let (full, other) =
                (together.len() >= TOGETHER_MAX, together.first().is_some_and(|(t, _)| *t != at));
            if full || other {
                self.take(std::mem::take(&mut together), &mut played)?;
            }
            let next = self.period(at);
            if next != period {
                if !together.is_empty() {
                    self.take(std::mem::take(&mut together), &mut played)?;
                }
                self.line(&period, &mut played)?;
                period = next;
            }
            if !self.wait_until(at) {
                return Ok(played);
            }
            together.push((at, draft));
        }
        self.take(together, &mut played)?;
        self.line(&period, &mut played)?;
        Ok(played)
    }

    /// Turns the hands to `at`, at the speed asked for. `false` = told to stop.
    fn wait_until(&self, at: Millis) -> bool {
        let step = i64::from(self.speed).saturating_mul(i64::try_from(STEP.as_millis()).unwrap_or(50));
        while self.speed > 0 && self.hands.now().plus(step) < at {
            if self.stop.load(Ordering::SeqCst) {
                return false;
            }
            std::thread::park_timeout(STEP);
            self.hands.turn_to(self.hands.now().plus(step));
        }
        self.hands.turn_to(at.max(self.hands.now()));
        !self.stop.load(Ordering::SeqCst)
    }

    fn take(&self, leads: Vec<(Millis, LeadDraft)>, played: &mut Played) -> Done {
        if leads.is_empty() {
            return Ok(());
        }
        let leads = leads.into_iter().map(|(_, draft)| self.taking.lead(draft, None)).collect();
        let outcome = self.ctx.run(self.handle, Intent::Receive { leads, import: None })?;
        for taken in &outcome.taken {
            match taken {
                Taken::New(_) => played.taken += 1,
                Taken::Known(_) => played.known += 1,
            }
            played.lately += 1;
        }
        Ok(())
    }

    /// The virtual hour or day a moment lies in, as it is printed.
    fn period(&self, at: Millis) -> String {
        let format = if self.by_day { "%Y-%m-%d" } else { "%Y-%m-%d %H:00" };
        let time = chrono::DateTime::from_timestamp_millis(at.0).unwrap_or_default();
        self.zone.from_utc_datetime(&time.naive_utc()).format(format).to_string()
    }

    fn line(&self, period: &str, played: &mut Played) -> Done {
        let lately = std::mem::take(&mut played.lately);
        if lately == 0 || self.ctx.json {
            return Ok(());
        }
        let world = self.handle.snapshot().map_err(|d| self.ctx.denied(d, None))?;
        let (waiting, parked) = (world.count(LeadState::Waiting), world.count(LeadState::Parked));
        let alerts = world.alerts().len();
        match self.ctx.lang {
            Lang::En => {
                println!("{period}  leads {lately} · waiting {waiting} · parked {parked} · alerts {alerts}");
            }
            Lang::Zh => {
                println!("{period}  线索 {lately} · 待分配 {waiting} · 待人工 {parked} · 提醒 {alerts}")
            }
        }
        Ok(())
    }

    fn tell_end(&self, played: &Played) -> Done {
        let world = self.handle.snapshot().map_err(|d| self.ctx.denied(d, None))?;
        let Played { taken, known, .. } = played;
        let until = self.hands.now();
        let stopped = self.stop.load(Ordering::SeqCst);
        if self.ctx.json {
            let counts: serde_json::Map<_, _> =
                LeadState::ALL.into_iter().map(|s| (s.word().to_owned(), world.count(s).into())).collect();
            println!(
                "{}",
                serde_json::json!({"taken": taken, "known": known, "until": until.to_rfc3339(), "stopped": stopped, "leads": counts})
            );
            return Ok(());
        }
        let until = clock(until, self.zone);
        let how = if stopped { self.ctx.say("stopped", "已停止") } else { self.ctx.say("done", "完成") };
        match self.ctx.lang {
            Lang::En => println!("{how} at {until}: taken {taken} · known already {known}"),
            Lang::Zh => println!("{how}，至 {until}：收录 {taken} · 已存在 {known}"),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_day_is_spread_within_opening_hours_and_the_same_each_time() {
        let zone = Tz::Asia__Shanghai;
        let midnight = Millis(1_525_104_000_000);
        for id in ["a", "b", "dac32acd4db4c29c230538b72f8dd87d"] {
            let (at, was_day) = spread_over_day(midnight, id, zone);
            assert!(was_day);
            assert!((OPENS_MS..OPENS_MS + OPEN_MS).contains(&at.since(midnight)), "{id}: {at:?}");
            assert_eq!(spread_over_day(midnight, id, zone).0, at);
        }
        let noon = midnight.plus(12 * HOUR_MS);
        assert_eq!(spread_over_day(noon, "a", zone), (noon, false));
    }
}
