//! Who a file means by an owner: a login, a name in either order, or `R7`. A name two people share means nobody.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::model::contact::fold;
use crate::model::id::RepId;
use crate::world::World;

/// The roster by everything a file may call a rep.
#[derive(Debug, Default)]
pub struct Owners {
    logins: FxHashMap<String, (RepId, SmolStr, bool)>,
    /// `None` = several people.
    names: FxHashMap<String, Option<(RepId, SmolStr, bool)>>,
}

/// A rep a file named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    pub rep: RepId,
    pub login: SmolStr,
    pub active: bool,
}

impl Owners {
    /// Everybody on the roster.
    #[must_use]
    pub fn of(world: &World) -> Owners {
        let mut owners = Owners::default();
        for rep in world.reps() {
            let who = (rep.id, rep.card.login.clone(), rep.active);
            owners.logins.insert(fold(&rep.card.login), who.clone());
            let name = in_any_order(&rep.card.name);
            owners.names.entry(name).and_modify(|known| *known = None).or_insert(Some(who));
        }
        owners
    }

    /// The rep `text` means.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Owner> {
        let by_login = self.logins.get(&fold(text)).cloned();
        let found = by_login.or_else(|| self.names.get(&in_any_order(text)).cloned().flatten());
        found.map(|(rep, login, active)| Owner { rep, login, active })
    }
}

/// "Diego Rozario" and "Rozario Diego" are one name; a Chinese name has no spaces and stays as it is.
fn in_any_order(name: &str) -> String {
    let folded = fold(name);
    let mut words: Vec<&str> = folded.split([' ', ',']).filter(|w| !w.is_empty()).collect();
    words.sort_unstable();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::actor::Role;
    use crate::model::event::{Body, Event, IntentId};
    use crate::model::id::{BatchId, Seq};
    use crate::model::rep::RepCard;
    use crate::model::time::Millis;

    #[test]
    fn login_wins_over_name_and_a_shared_name_means_nobody() {
        let mut world = World::new();
        let cards = [("anna", "Anna Snelling"), ("li1", "李娜"), ("li2", "李娜"), ("snelling", "anna")];
        for (at, (login, name)) in (1u32..).zip(cards) {
            world.apply(&Event {
                seq: Seq(u64::from(at)),
                at: Millis(0),
                actor: "a".into(),
                role: Role::Admin,
                console: 0,
                intent: IntentId(0),
                batch: BatchId(1),
                undoes: None,
                body: Body::RepAdded { rep: RepId(at), card: RepCard::new(login, name) },
            });
        }
        let owners = Owners::of(&world);
        let login = |text: &str| owners.find(text).map(|o| o.login.to_string());
        assert_eq!(login("ANNA").as_deref(), Some("anna"));
        assert_eq!(login("snelling, anna").as_deref(), Some("anna"));
        assert_eq!(login("李娜"), None);
        assert_eq!(login("LI2").as_deref(), Some("li2"));
    }
}
