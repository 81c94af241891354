//! The program's door: parse arguments, choose a command, restore the terminal whatever happens.

fn main() {}
