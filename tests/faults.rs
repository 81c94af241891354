//! Faults from outside, numbered as in the fault list the desk was designed against: what is tested, and by which test.
//!
//! | # | fault | test |
//! |---|---|---|
//! | 1 | kill −9 under load | `disk::killed_again_and_again_nothing_is_lost`, kill.rs `what_was_reported_as_taken_survives_kill_9`; thousands by `leadyard sim --kill-cycles` |
//! | 3 | five start at once, 20 rounds | `leading::of_five_that_start_at_once_one_leads` |
//! | 4 | the leader stands still for a minute | `leading::a_leader_that_stood_still_writes_nothing_and_steps_down`; sim.rs, trouble "frozen leader" |
//! | 5 | the leader stands still between fence and commit | `leading::nobody_takes_over_between_fence_and_commit` |
//! | 6 | the wall clock is set, jitters | `time::a_wall_clock_that_is_set_moves_no_lease_no_lead_and_raises_one_alert`, `time::who_takes_over_while_the_clock_is_wrong_moves_nothing_either`, leader_time.rs; sim.rs (`sets_clock`) |
//! | 7 | skipped and repeated hours, year end, 29 Feb, month end, in six zones | `time::limits_end_on_the_minute_a_counter_of_minutes_counts`, `time::a_day_begins_once_for_who_was_full`, `time::a_window_opens_once_and_closes_once`; the sums alone in rulebook/worktime/tests.rs |
//! | 8 | holidays and made-up workdays | `time::a_made_up_sunday_is_a_workday_and_a_friday_off_is_none`, `time::a_year_without_holidays_is_told_before_and_when_the_book_is_published` |
//! | 9 | full disk: commit, checkpoint, import, backup | `disk::a_full_disk_is_said_and_over_by_itself`, `disk::every_write_may_fail`; sim.rs, trouble "full disk" |
//! | 10 | the n-th write or sync fails, once or for ever | `disk::every_write_may_fail`; sim.rs, "failed statement" and "failing file" |
//! | 11 | a crash during recovery | `disk::killed_again_and_again_nothing_is_lost` (kills while opening) |
//! | 12 | unsynced writes lost or reordered | `disk::what_was_not_synced_may_be_lost_or_garbled`, `forgetful::on_a_disk_that_forgets_what_was_not_synced_no_reported_lead_is_lost`, kill.rs `a_lead_is_reported_after_the_log_was_synced` |
//! | 13 | read-only file or folder, another's file | `file::who_may_not_write_is_told`, store/opening.rs `a_file_without_write_permission_can_be_read` |
//! | 14 | damaged, truncated, foreign files | `file::two_hundred_damages_are_found_or_harmless`, store/opening.rs `what_is_not_a_desk_is_named` |
//! | 15 | newer schema, interrupted migration | store/opening.rs `a_newer_schema_is_read_but_not_written_also_while_running`, store/copying.rs `a_file_of_schema_1_is_copied_and_brought_up_to_date`, `file::a_migration_that_was_cut_short_goes_on` |
//! | 16 | network file system, hard link | place.rs `network_file_systems_are_known_by_their_numbers`, `file::a_file_with_two_names_is_refused` |
//! | 17 | a reader that stands still under load | `storm::a_reader_that_stands_still_keeps_nobody_waiting`, processes.rs `a_console_left_with_ctrl_z_holds_up_no_generator_and_comes_back_up_to_date` (ten minutes: see processes/log.rs) |
//! | 18 | 8 writers × 200 | `storm::eight_processes_lose_nothing_and_complain_of_nothing`, `storm::eight_writers_wait_less_than_a_second` |
//! | 19 | the live file is deleted or renamed | `file::a_file_that_is_gone_is_noticed_and_not_written`, store/opening.rs `a_file_replaced_while_open_gets_no_more_writes` |
//! | 20 | backup while writing, restore | store/copying.rs `a_backup_taken_while_others_write_is_whole`, `storm::twenty_backups_under_load_are_each_a_beginning_of_the_log` |
//! | 22 | same id, different body | `file::the_same_id_with_another_body_changes_nothing` |
//! | 30 | an import killed half way | import/leads.rs `killed_in_the_middle_it_goes_on_where_it_stopped` |
//! | 33–37, 43 | channels that fail in every way, 10,000 alerts, six hours down, addresses inside, secrets | notify.rs, which lists them |
//! | 40 | rule change, leaver, capacity 0, nobody there, no rule | scenarios/nobody_is_lost.txt and leaver_*.txt |
//! | 41 | two consoles, one lead, 1,000 times | `storm::of_two_who_want_one_lead_one_wins_and_the_other_is_told` |
//! | 46 | seven days of virtual time, an hour of real time | `storm::seven_days_of_trouble_leave_a_sound_file`, `storm::a_short_soak_comes_out_level`; longer by `leadyard sim --steps` and `leadyard sim --soak 60` |
//! | 47 | upgrade with old consoles open | processes/versions.rs `who_meets_a_newer_schema_reads_on_and_says_so_also_while_running`, `who_meets_checkpoints_of_another_fold_reads_the_log_anew_and_shows_how_far_it_is`; store/opening.rs |
//!
//! Only in part: 16 (a network file system is known by its number, none is mounted), 46 (the seven days of virtual time are
//! in the suite; of the hour of real time it soaks for seconds, `leadyard sim --soak 60` is run by hand). 12 plays the
//! program's real writes on a model of a disk; power is never cut.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

#[path = "faults/disk.rs"]
mod disk;
#[path = "faults/file.rs"]
mod file;
#[path = "faults/forgetful.rs"]
mod forgetful;
#[path = "faults/leading.rs"]
mod leading;
#[path = "faults/site.rs"]
mod site;
#[path = "faults/storm.rs"]
mod storm;
#[path = "faults/time.rs"]
mod time;
