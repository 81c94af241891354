//! Tables and properties of the intake. Whole real files are in `tests/intake_data.rs`.

mod dates;
mod files;
mod meaning;
mod text;
