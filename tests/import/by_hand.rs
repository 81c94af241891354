//! One lead by hand goes through the same door as a file.

use leadyard::model::lead::LeadState;

use crate::room::Room;

#[test]
fn the_same_external_id_adds_nothing_and_without_one_each_is_new() {
    let room = Room::with_desk();
    let args = ["lead", "add", "--name", "王芳", "--phone", "138 0013 8000", "--external-id", "x1"];
    room.run(&args).ok();
    let before = room.events();
    let again = room.run(&args).ok();
    assert!(again.out.contains("known already"), "{again:?}");
    assert_eq!(room.events(), before);
    room.run(&args[..4]).ok();
    room.run(&args[..4]).ok();
    assert_eq!(room.leads().len(), 3);
    assert!(room.leads().iter().all(|l| l.state == LeadState::Assigned));
}

#[test]
fn what_does_not_fit_is_refused_and_nothing_changes() {
    let room = Room::with_desk();
    let before = room.events();
    for (option, value) in
        [("--phone", "12"), ("--email", "nobody"), ("--x", "no name"), ("--country", "XXX")]
    {
        let ran = room.run(&["lead", "add", "--name", "A", option, value]);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains(option), "{ran:?}");
    }
    assert_eq!(room.run(&["lead", "add"]).code, 2);
    assert_eq!(room.events(), before);
}

#[test]
fn a_corrected_region_routes_again_and_the_person_stays_known() {
    let room = Room::with_desk();
    room.write(
        "book.txt",
        "duplicates\n  same phone within 90d -> park \"twin\"\n\nrule \"South\"\n  when region = 广东\n  give to rep li\n\n\
         otherwise give to rep anna\n",
    );
    room.run(&["import", "rules", "book.txt"]).ok();
    let add = [
        "lead",
        "add",
        "--phone",
        "(650) 253-0000",
        "--country",
        "US",
        "--x",
        "budget=10",
        "--external-id",
        "a",
    ];
    room.run(&add).ok();
    assert_eq!(room.owner(&room.lead("a")).as_deref(), Some("anna"));
    // The number is not typed again: it keeps its American key although the country is now China.
    room.run(&["lead", "edit", "L1", "--region", "广东", "--name", "Ann", "--x", "budget="]).ok();
    let lead = room.lead("a");
    assert_eq!(room.owner(&lead).as_deref(), Some("li"));
    assert!(lead.attrs.has_phone && lead.attrs.custom.is_empty(), "{lead:?}");
    let twin = room.run(&["lead", "add", "--phone", "+1 650 253 0000", "--external-id", "b"]).ok();
    assert_eq!(room.lead("b").state, LeadState::Parked, "{twin:?}");
    assert_eq!(room.run(&["lead", "edit", "L99", "--name", "x"]).code, 3);
    let before = room.events();
    assert_eq!(room.run(&["lead", "edit", "L1", "--region", "广东"]).code, 3, "nothing to change is said");
    assert_eq!(room.events(), before);
}
