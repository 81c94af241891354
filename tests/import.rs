//! Files into the desk through the real program: what is refused leaves nothing behind, what is taken stays, and the same
//! file again adds nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "import/bad_input.rs"]
mod bad_input;
#[path = "import/by_hand.rs"]
mod by_hand;
#[path = "import/forms.rs"]
mod forms;
#[path = "import/leads.rs"]
mod leads;
#[path = "import/other_files.rs"]
mod other_files;
#[path = "import/real_data.rs"]
mod real_data;
#[path = "import/room.rs"]
mod room;
