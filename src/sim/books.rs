//! Rule books a simulated desk goes through besides the demo's: other strategies, another zone, other fallbacks.

use super::company;

/// The demo's book at a desk whose replies are recorded: its limits remind and move leads instead of only being told.
pub const RECORDED: &str = concat!(
    include_str!("../../assets/demo/book.rules"),
    "\nreplies from 官网, 抖音, 百度, 转介绍, 微信公众号\n"
);

/// Every strategy, tight caps, lines that ask for time, a catch-all that gives.
const MIXED: &str = "calendar
  timezone America/New_York
  window \"eleven\" 2026-11-10 00:00 .. 2026-11-11 06:00

score
  +10 when waiting > 30m
  +20 when source in (官网, 转介绍)

duplicates
  company like 0.8 within 30d              -> park \"same company?\"
  same email within 30d                    -> park \"same mail\"
  same phone within 90d                    -> give to owner

rule \"eleven\"
  during promotion \"eleven\"
  when source = 抖音
  give to team Promo by weighted

rule \"waited long\"
  when waiting > 20m
  give to team Inside, Promo by least-loaded
  cap 6 open, 9 per day

rule \"turns\"
  when phone is not empty and score >= 20
  give to team East by round-robin
  respond within 30m, else escalate, then recall to pool
  else wait

rule \"known\"
  when company is not empty
  give to owner, team \"East Senior\" by sticky then least-loaded
  respond within 1h, else escalate, then park \"late\"
  else park \"nobody for this company\"

pool
  claim 3 per day

replies from 官网, 抖音

promotion \"eleven\"
  during \"eleven\"
  cap 9 open, 30 per day for team Promo
  cap 1 open for team Inside
  weight 3 for team Promo
  watch delayed when waiting > 15m warn

promotion \"flash\"
  cap 5 open
  weight 0.5 for team East

watch load-uneven when load >= 60% beside <= 50% for 1m warn -> reassign at most 30 per hour
watch at-cap info -> spread over Promo
watch missed when unowned > 20m warn -> spread over Inside at most 10 per hour
watch delayed when waiting > 10m warn -> spread over East

otherwise give to team Inside by weighted
";

/// Little of everything: what it does not name waits.
const PLAIN: &str = "calendar
  timezone Australia/Lord_Howe
  workdays Mon..Sun 06:00..23:30 except 12:00..13:00
  team Inside works Mon..Sun 10:00..04:00 and holidays
  holiday 2026-11-12
  window \"late\" 2026-11-11 20:00 .. 2026-11-12 04:30

duplicates
  same phone or same email within 90d      -> give to owner

rule \"all\"
  when source is not empty
  give to team East, Inside, Promo, 华南 by fair
  cap 3 open
  respond within 4h, else reassign 2 times, then recall

pool
  claim 2 per day, 4 in hand
  return after 1 working day without contact

replies from 官网, 抖音, 百度, 转介绍

promotion \"late\"
  during \"late\"
  workdays Mon..Sun 00:00..24:00
  team Inside works Mon..Sun 22:00..02:00 and holidays
  cap 6 open, 8 per day

promotion \"by hand\"
  team East works Mon..Sun 00:00..12:00 and holidays
  weight 2 for team Promo

otherwise wait
";

/// The books a supervisor publishes in turn.
pub const BOOKS: [&str; 4] = [company::BOOK, RECORDED, MIXED, PLAIN];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::{Severity, check, parse};

    #[test]
    fn every_book_can_be_published() {
        let mut yard = crate::sim::yard::Yard::new();
        for (actor, wish) in crate::sim::crew::opening(true) {
            yard.ask(actor, wish, crate::sim::run::START).unwrap().unwrap();
        }
        for book in BOOKS {
            let found = check(&parse(book).tree, &crate::engine::names(yard.world())).diagnostics;
            let errors: Vec<_> = found.iter().filter(|d| d.severity == Severity::Error).collect();
            assert!(errors.is_empty(), "{errors:?} in\n{book}");
        }
    }
}
