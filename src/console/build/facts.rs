//! What the form offers from the desk: teams, reps, values leads had, windows of the draft. Taken when the form is opened.

use crate::model::field::Field;
use crate::model::lang::Lang;
use crate::model::values::{Counting, Values};
use crate::rulebook::tree::{CalendarLine, Item, Line, Tree};
use crate::rulebook::{self, Book, form};
use crate::world::World;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Open leads whose figures are looked at.
const FIGURES_MAX: usize = 20_000;
/// Open leads whose values are counted until the file has answered.
const OPEN_MAX: usize = 20_000;

/// A rep who can be named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// As a rule would call them: by name where that is clear, else by login.
    pub called: SmolStr,
    pub login: SmolStr,
    pub team: SmolStr,
}

/// What there is to choose from.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Teams with how many active members each has.
    pub teams: Vec<(SmolStr, usize)>,
    pub reps: Vec<Person>,
    pub skills: Vec<SmolStr>,
    /// Lists of the draft, with what they list.
    pub lists: Vec<(SmolStr, String)>,
    /// Their names.
    pub defines: Vec<SmolStr>,
    pub windows: Vec<SmolStr>,
    pub promotions: Vec<SmolStr>,
    pub has_pool: bool,
    pub has_zone: bool,
    pub has_otherwise: bool,
    /// Values with their counts: of open leads at first, of all leads once the file has answered.
    pub values: Values,
    /// Whether `values` are those of all leads.
    pub is_all: bool,
    /// Figures of open leads by field, in ascending order, in whole units.
    pub figures: BTreeMap<Field, Vec<i64>>,
    /// The draft as it was when the form was opened, for its lists.
    pub book: Arc<Book>,
    /// The language of names and reasons the form gives by itself.
    pub lang: Lang,
}

impl Facts {
    /// What the desk and the draft offer.
    #[must_use]
    pub fn of(world: &World, draft: &Tree, lang: Lang) -> Facts {
        let mut facts = Facts { lang, ..Facts::default() };
        facts.book = Arc::new(rulebook::compile(&draft.source.text));
        facts.people(world);
        facts.draft(draft);
        facts.leads(world);
        facts
    }

    fn people(&mut self, world: &World) {
        let names = crate::engine::names(world);
        let active = |login: &SmolStr| names.reps.iter().any(|rep| rep.active && rep.login == *login);
        let count = |members: &Vec<SmolStr>| members.iter().filter(|login| active(login)).count();
        self.teams = names.teams.iter().map(|(team, members)| (team.clone(), count(members))).collect();
        for rep in names.reps.iter().filter(|rep| rep.active) {
            let others = names.reps.iter().filter(|other| other.login != rep.login);
            let is_clear = !rep.name.is_empty()
                && others.clone().all(|other| other.name != rep.name && other.login != rep.name);
            let called = if is_clear { rep.name.clone() } else { rep.login.clone() };
            let team = names.teams.iter().find(|(_, members)| members.contains(&rep.login));
            let team = team.map_or_else(SmolStr::default, |(team, _)| team.clone());
            self.reps.push(Person { called, login: rep.login.clone(), team });
            self.skills.extend(rep.skills.iter().cloned());
        }
        self.skills.sort();
        self.skills.dedup();
    }

    fn draft(&mut self, draft: &Tree) {
        for item in &draft.items {
            match &item.node {
                Item::Define(define) => {
                    let values: Vec<&str> = define.values.iter().map(|value| value.text.as_str()).collect();
                    self.lists.push((define.name.text.clone(), values.join(", ")));
                    self.defines.push(define.name.text.clone());
                }
                Item::Calendar(lines) => {
                    for line in lines {
                        match &line.node {
                            Line::Good(CalendarLine::Window { name, .. }) => {
                                self.windows.push(name.text.clone());
                            }
                            Line::Good(CalendarLine::Timezone(_)) => self.has_zone = true,
                            Line::Good(_) | Line::Broken(_) => {}
                        }
                    }
                }
                Item::Promotion(promotion) => self.promotions.push(promotion.name.text.clone()),
                Item::Pool(_) => self.has_pool = true,
                Item::Otherwise(_) => self.has_otherwise = true,
                Item::Score(_)
                | Item::Duplicates(_)
                | Item::Rule(_)
                | Item::Watch(_)
                | Item::Replies(_)
                | Item::Salt(_)
                | Item::Timers(_)
                | Item::Ramp(_)
                | Item::Notify(_)
                | Item::Broken(_) => {}
            }
        }
    }

    fn leads(&mut self, world: &World) {
        let mut counting = Counting::default();
        for lead in world.leads().take(OPEN_MAX) {
            let a = &lead.attrs;
            counting.lead();
            let texts = [
                (Field::Source, &a.source),
                (Field::Campaign, &a.campaign),
                (Field::Region, &a.region),
                (Field::City, &a.city),
                (Field::Product, &a.product),
                (Field::Industry, &a.industry),
                (Field::Language, &a.language),
                (Field::Company, &a.company),
            ];
            texts.iter().for_each(|(field, value)| counting.value(field, value));
            for (name, value) in &a.custom {
                counting.value(&Field::Custom(name.clone()), value);
            }
        }
        self.values = counting.finish();
        for lead in world.leads().take(FIGURES_MAX) {
            self.figures.entry(Field::Score).or_default().push(i64::from(lead.score));
            if let Some(value) = lead.attrs.value {
                self.figures.entry(Field::Value).or_default().push(value / 1000);
            }
        }
        self.figures.values_mut().for_each(|figures| figures.sort_unstable());
    }

    /// The fields a condition can be made of: those leads have something in, the most telling first, then the others.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        let known = [
            Field::Source,
            Field::Region,
            Field::Product,
            Field::Score,
            Field::Campaign,
            Field::City,
            Field::Value,
            Field::Language,
            Field::Industry,
            Field::Company,
            Field::Phone,
            Field::Email,
            Field::Hour,
            Field::Weekday,
        ];
        let custom = self.values.fields.keys().filter(|field| matches!(field, Field::Custom(_))).cloned();
        let mut all: Vec<Field> = known.into_iter().chain(custom).collect();
        let is_dry = |field: &Field| {
            form::field_kind(field) == Some(form::FieldKind::Text) && self.values.of(field).is_empty()
        };
        all.sort_by_key(is_dry);
        all
    }
}
