//! From what a door read to what the engine takes: drafts and command-line fields to `NewLead`, `Attrs`, `ContactCard`.
