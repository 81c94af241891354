//! The words the desk's open leads use, for completing conditions: values by field, custom columns, lists of the book.

use crate::model::field::Field;
use crate::model::lead::Attrs;
use crate::rulebook::Vocabulary;
use crate::world::World;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// Values kept of one field; who sees more types on.
const VALUES_MAX: usize = 200;
/// Custom columns kept.
const CUSTOM_MAX: usize = 200;

type Read = fn(&Attrs) -> &SmolStr;

const TEXTS: [(Field, Read); 8] = [
    (Field::Source, |a| &a.source),
    (Field::Campaign, |a| &a.campaign),
    (Field::Region, |a| &a.region),
    (Field::City, |a| &a.city),
    (Field::Product, |a| &a.product),
    (Field::Industry, |a| &a.industry),
    (Field::Language, |a| &a.language),
    (Field::Company, |a| &a.company),
];

/// Reads every open lead once: for when a person begins to write, not for every key.
#[must_use]
pub fn vocabulary(world: &World) -> Vocabulary {
    let mut counts: [FxHashMap<&SmolStr, u32>; TEXTS.len()] = std::array::from_fn(|_| FxHashMap::default());
    let mut custom: BTreeSet<SmolStr> = BTreeSet::new();
    for lead in world.leads() {
        for ((_, read), count) in TEXTS.iter().zip(&mut counts) {
            let value = read(&lead.attrs);
            if !value.is_empty() {
                *count.entry(value).or_default() += 1;
            }
        }
        for (name, _) in &lead.attrs.custom {
            if custom.len() < CUSTOM_MAX && !custom.contains(name) {
                custom.insert(name.clone());
            }
        }
    }
    let mut values: BTreeMap<Field, Vec<SmolStr>> = BTreeMap::new();
    for ((field, _), count) in TEXTS.into_iter().zip(counts) {
        let mut all: Vec<(&SmolStr, u32)> = count.into_iter().collect();
        all.sort_by(|(a, n), (b, m)| m.cmp(n).then(a.cmp(b)));
        values.insert(field, all.into_iter().take(VALUES_MAX).map(|(value, _)| value.clone()).collect());
    }
    let active = world.reps().iter().filter(|rep| rep.active);
    values.insert(Field::Owner, active.map(|rep| rep.card.login.clone()).collect());
    values.insert(Field::Team, world.teams().keys().cloned().collect());
    let defines = world.book().defines.keys().cloned().collect();
    let calendar = &world.book().calendar;
    let skills: BTreeSet<SmolStr> = world.reps().iter().flat_map(|rep| rep.card.skills.clone()).collect();
    Vocabulary {
        values,
        custom: custom.into_iter().collect(),
        defines,
        windows: calendar.windows.iter().map(|window| window.name.clone()).collect(),
        promotions: world.book().promotions.iter().map(|promotion| promotion.name.clone()).collect(),
        skills: skills.into_iter().collect(),
        channels: world.book().notify.iter().map(|route| route.name.clone()).collect(),
        ..Vocabulary::default()
    }
}
