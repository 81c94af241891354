//! Notices on their way out: written with their cause, sent once or more under one id, below every limit, given up visibly.
//! Vendors are stood in for by fakes on the loopback; time is the test's to turn. The faults of the design's list:
//!
//! | # | fault | test |
//! |---|---|---|
//! | 33 | every answer a vendor can give | `table::*`, `vendors::*`, `tls::*` |
//! | 34 | the receiver resets after reading | `vendors::a_reset_after_reading_is_one_repeat_under_the_same_id` |
//! | 35 | 10,000 alerts at once, 20 a minute, five restarts | `storms::ten_thousand_alerts_stay_below_the_limit_across_restarts` |
//! | 36 | everything down for six hours | `storms::six_hours_down_lose_nothing_and_flood_nobody` |
//! | 37 | addresses inside | `inside::*` and src/notify/guard.rs |
//! | 43 | secrets | `secrets::*` |

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

#[path = "notify/desktop.rs"]
mod desktop;
#[path = "notify/fake.rs"]
mod fake;
#[path = "notify/inside.rs"]
mod inside;
#[path = "notify/secrets.rs"]
mod secrets;
#[path = "notify/sending.rs"]
mod sending;
#[path = "notify/site.rs"]
mod site;
#[path = "notify/smtp.rs"]
mod smtp;
#[path = "notify/storms.rs"]
mod storms;
#[path = "notify/table.rs"]
mod table;
#[path = "notify/tls.rs"]
mod tls;
#[path = "notify/vendors.rs"]
mod vendors;
#[path = "notify/whole.rs"]
mod whole;
