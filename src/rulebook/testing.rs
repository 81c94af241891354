//! Texts for the tests of this room. Not part of the program.

use proptest::prelude::*;

/// The sketch of the design, word for word.
pub(super) const SKETCH: &str = r#"calendar
  timezone Asia/Shanghai
  workdays Mon..Fri 09:00..18:00 except 12:00..13:00
  holiday 2026-10-01..2026-10-07 "国庆节"
  workday 2026-10-10                       # 调休
  window "Double 11" 2026-11-01 00:00 .. 2026-11-12 00:00

define 华东 = (上海, 江苏, 浙江, 安徽)

score
  +30 when source in (官网, 转介绍)
  -40 when phone is empty

duplicates
  same phone or same email within 90d   -> give to owner
  company like 0.9 within 30d           -> park "possible duplicate"

rule "East China, hot"
  when region in 华东 and score >= 80
  give to team "East Senior" by least-loaded
  cap 40 open, 12 per day
  respond within 10m, else reassign 2 times, then escalate

rule "Double 11 · Douyin"
  during "Double 11"
  when source = 抖音
  give to team Promo by weighted
  else wait

otherwise park "nobody matched"

watch load-uneven when load >= 90% beside <= 50% for 10m     warn
watch uneven      when share > 1.8x fair over 4h for 10m     warn
watch delayed     when waiting > 5m                          warn, page after 15m
"#;

/// Stands before the catch-all.
const PROMOTED: &str = r#"
rule "late"
  during promotion "Double 11"
  give to team Promo

promotion "Double 11"  # the big one
  during "Double 11"
  cap 60 open, 20 per day for team Promo
  weight 2.5 for rep li
  workdays Mon..Sun 09:00..22:00
  watch delayed when waiting > 15m warn

otherwise"#;

/// The sketch with a promotion behind it, some of its characters or lines removed, doubled, swapped or replaced.
pub(super) fn mutated_book() -> impl Strategy<Value = String> {
    let edit = (any::<prop::sample::Index>(), 0..7u8, "[()\"#\n a-z上,.=>-]{1,3}");
    prop::collection::vec(edit, 1..8).prop_map(|edits| {
        let mut text = SKETCH.replace("\notherwise", PROMOTED);
        for (index, how, insert) in edits {
            text = mutate(&text, index, how, &insert);
        }
        text
    })
}

fn mutate(text: &str, index: prop::sample::Index, how: u8, insert: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let mut lines: Vec<&str> = text.lines().collect();
    if chars.is_empty() || lines.is_empty() {
        return insert.to_owned();
    }
    let (c, l) = (index.index(chars.len()), index.index(lines.len()));
    match how {
        0 => {
            chars.remove(c);
        }
        1 => {
            chars.splice(c..c, insert.chars());
        }
        2 => chars.truncate(c),
        3 => {
            let end = (c + 12).min(chars.len());
            chars.drain(c..end);
        }
        4 => {
            lines.remove(l);
            return lines.join("\n");
        }
        5 => {
            lines.insert(index.index(l + 1), lines[l]);
            return lines.join("\n");
        }
        _ => {
            let other = (l * 7 + 3) % lines.len();
            lines.swap(l, other);
            return lines.join("\n");
        }
    }
    chars.into_iter().collect()
}
