//! Arrivals for the watch's bench: clumped ones from a seed, and recorded ones from the data folder.

use std::path::{Path, PathBuf};

use leadyard::model::time::{DAY_MS, HOUR_MS, Millis, SECOND_MS};

/// A small generator that is the same everywhere (xorshift64*).
#[derive(Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..8 {
            dice.next();
        }
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 { 0 } else { (self.next() >> 16) % n }
    }

    fn unit(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// A Poisson number, by counting exponential waits.
    fn poisson(&mut self, mean: f64) -> u64 {
        let (mut n, mut at) = (0, 0.0);
        loop {
            at -= self.unit().ln();
            if at > mean {
                return n;
            }
            n += 1;
        }
    }

    /// A gamma number of shape 3 and mean 1.
    pub fn gamma3(&mut self) -> f64 {
        -(self.unit() * self.unit() * self.unit()).ln() / 3.0
    }
}

/// Leads in order: when, of which source, and the number a clump's rep is drawn from.
pub struct Arrivals {
    pub start: Millis,
    pub leads: Vec<(Millis, u16, Option<u64>)>,
}

impl Arrivals {
    /// Weekdays from nine to six, eight leads a rep and day over four sources, the rate of each hour drawn from a gamma (k = 3),
    /// one arrival in eight a clump of about five within two minutes.
    pub fn clumped(start: Millis, reps: u32, days: i64, seed: u64) -> Arrivals {
        let mut dice = Dice::new(seed.wrapping_add(1) * 7919);
        let mut leads = Vec::new();
        let an_hour = f64::from(reps) * 8.0 / 9.0 / 1.5;
        for day in (0..days).filter(|day| day % 7 < 5) {
            for hour in 9..18 {
                let from = start.plus(day * DAY_MS + hour * HOUR_MS);
                let rate = an_hour * dice.gamma3();
                for _ in 0..dice.poisson(rate) {
                    let at = from.plus(i64::try_from(dice.below(HOUR_MS.unsigned_abs())).unwrap_or(0));
                    // Half from the first source, the rest from three others.
                    let source = [0, 0, 0, 1, 2, 3][dice.below(6) as usize];
                    let clump = dice.below(8) == 0;
                    let rep = clump.then(|| dice.below(1 << 40));
                    let n = if clump { 2 + dice.below(7) } else { 1 };
                    for k in 0..n {
                        let apart = i64::try_from(k * (5 + dice.below(20))).unwrap_or(0);
                        leads.push((at.plus(apart * SECOND_MS), source, rep));
                    }
                }
            }
        }
        leads.sort_unstable();
        Arrivals { start, leads }
    }

    /// Leads a clumped stream brings for each that is no mere follower of the one before: one in eight brings five.
    pub const LEADS_A_CLUMP: f64 = 1.5;

    /// Half way, on a weekday's morning.
    pub fn middle(&self) -> Millis {
        let weeks = self.end().since(self.start) / (7 * DAY_MS);
        self.start.plus(weeks / 2 * 7 * DAY_MS + DAY_MS + 10 * HOUR_MS)
    }

    /// Whole weeks it spans.
    pub fn weeks(&self) -> i64 {
        self.end().since(self.start) / (7 * DAY_MS)
    }

    /// The end of the last whole week.
    pub fn end(&self) -> Millis {
        let last = self.leads.last().map_or(self.start, |(at, ..)| *at);
        let week = 7 * DAY_MS;
        self.start.plus((last.since(self.start) / week + 1) * week)
    }
}

/// The recorded arrivals there are, each shifted so that it begins at `start`'s hour.
pub fn recorded(start: Millis) -> Vec<(&'static str, Arrivals)> {
    let root = std::env::var_os("LEADYARD_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let read = |file: &str| std::fs::read_to_string(root.join(file)).ok();
    let mut all = Vec::new();
    if let Some(text) = read("bpic2012/bpic2012_submissions.csv") {
        let times = text.lines().skip(1).filter_map(|line| {
            let at = chrono::DateTime::parse_from_rfc3339(line.split(',').nth(2)?).ok()?;
            Some((Millis(at.timestamp_millis()), "web".to_owned()))
        });
        all.push(("BPI 2012", from(start, times.collect(), 0)));
    }
    let dated = |text: &str, day: usize, source: usize, format: &str| -> Vec<(Millis, String)> {
        let rows = text.lines().skip(1).filter_map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let date = chrono::NaiveDate::parse_from_str(cells.get(day)?, format).ok()?;
            let at = date.and_hms_opt(9, 0, 0)?.and_utc().timestamp_millis();
            Some((Millis(at), (*cells.get(source)?).to_owned()))
        });
        rows.collect()
    };
    if let Some(text) = read("olist/olist_marketing_qualified_leads_dataset.csv") {
        all.push(("Olist, spread over the day", from(start, dated(&text, 1, 3, "%Y-%m-%d"), 9 * HOUR_MS)));
    }
    if let Some(text) = read("marketstar/Leads.csv") {
        all.push(("MarketStar, spread over the day", from(start, dated(&text, 6, 9, "%Y%m%d"), 9 * HOUR_MS)));
    }
    all
}

/// Shifts by whole weeks, spreads what has only a day over `spread` milliseconds, numbers sources by size. The last 26 weeks.
fn from(start: Millis, mut rows: Vec<(Millis, String)>, spread: i64) -> Arrivals {
    rows.sort();
    let week = 7 * DAY_MS;
    let last = rows.last().map_or(0, |(at, _)| at.0);
    rows.retain(|(at, _)| at.0 > last - 26 * week);
    let mut sizes: Vec<(usize, String)> = Vec::new();
    for (_, source) in &rows {
        match sizes.iter_mut().find(|(_, name)| name == source) {
            Some((n, _)) => *n += 1,
            None => sizes.push((1, source.clone())),
        }
    }
    sizes.sort_by(|a, b| b.cmp(a));
    let first = rows.first().map_or(0, |(at, _)| at.0);
    let shift = (start.0 - first).div_euclid(week) * week + week;
    let mut dice = Dice::new(11);
    let mut leads: Vec<(Millis, u16, Option<u64>)> = rows
        .iter()
        .map(|(at, source)| {
            let no = sizes.iter().position(|(_, name)| name == source).unwrap_or(0);
            let within = i64::try_from(dice.below(spread.unsigned_abs())).unwrap_or(0);
            (at.plus(shift + within), u16::try_from(no).unwrap_or(u16::MAX), None)
        })
        .collect();
    leads.sort_unstable();
    Arrivals { start, leads }
}
