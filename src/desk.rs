//! The running service: the interlock thread, timers, leader; `DeskHandle` for everyone else.
