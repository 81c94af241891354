//! Every sentence a person reads in the console, one row a message, both languages side by side.
//!
//! `messages!` turns a table into `T::Name` (plain, `Copy`, usable in const tables) and `Say::Name(args)` (with arguments).
//! The compiler requires both languages and that each of them uses every argument. A `Say` keeps both renderings, so a
//! notice already on screen follows a language switch. No layout here: widths are the widgets' affair.

use crate::model::lang::Lang;
use std::borrow::Cow;
use std::fmt::Display;

/// A message without arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct T {
    en: &'static str,
    zh: &'static str,
}

impl T {
    /// The words in `lang`.
    #[must_use]
    pub const fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }
}

/// A message with its arguments filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Say {
    en: Cow<'static, str>,
    zh: Cow<'static, str>,
}

impl Say {
    /// Text that is the same in every language: a name, a file, what an outside program said.
    #[must_use]
    pub fn verbatim(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { en: Cow::Owned(text.clone()), zh: Cow::Owned(text) }
    }

    /// A sentence composed elsewhere, one text per language.
    #[must_use]
    pub fn both(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: Cow::Owned(en.into()), zh: Cow::Owned(zh.into()) }
    }

    /// The words in `lang`.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

impl From<T> for Say {
    fn from(text: T) -> Self {
        Self { en: Cow::Borrowed(text.en), zh: Cow::Borrowed(text.zh) }
    }
}

/// What may stand in a message: numbers and names read the same everywhere, a message reads in the language around it.
pub trait Arg {
    /// The argument as `lang` writes it.
    fn show(&self, lang: Lang) -> impl Display;
}

macro_rules! plain_arg {
    ($($ty:ty),*) => { $(impl Arg for $ty {
        fn show(&self, _: Lang) -> impl Display { self }
    })* };
}
plain_arg!(&str, String, &String, char, u8, u16, u32, u64, usize, i32, i64);

impl Arg for T {
    fn show(&self, lang: Lang) -> impl Display {
        self.get(lang)
    }
}

impl Arg for &Say {
    fn show(&self, lang: Lang) -> impl Display {
        self.get(lang)
    }
}

/// A row as written, for tests and generated pages.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    pub name: &'static str,
    pub en: &'static str,
    pub zh: &'static str,
}

/// A table of messages. `Name: en "…", zh "…";` or `Name(arg: type): en "… {arg}", zh "{arg} …";`.
macro_rules! messages {
    ($( $name:ident $(( $($arg:ident : $ty:ty),+ ))? : en $en:literal, zh $zh:literal ; )*) => {
        $( $crate::console::text::message_row!($name $(( $($arg : $ty),+ ))? $en $zh); )*

        /// The rows of this table as written.
        pub const ROWS: &[$crate::console::text::Row] =
            &[$( $crate::console::text::Row { name: stringify!($name), en: $en, zh: $zh } ),*];
    };
}

macro_rules! message_row {
    ($name:ident $en:literal $zh:literal) => {
        impl $crate::console::text::T {
            #[allow(non_upper_case_globals, reason = "reads as an enum variant where it is used")]
            pub const $name: Self = Self { en: $en, zh: $zh };
        }
    };
    ($name:ident ( $($arg:ident : $ty:ty),+ ) $en:literal $zh:literal) => {
        impl $crate::console::text::Say {
            #[allow(non_snake_case, reason = "reads as an enum variant where it is used")]
            #[must_use]
            pub fn $name($($arg: $ty),+) -> Self {
                use $crate::console::text::Arg;
                use $crate::model::lang::Lang;
                Self {
                    en: std::borrow::Cow::Owned(format!($en, $($arg = Arg::show(&$arg, Lang::En)),+)),
                    zh: std::borrow::Cow::Owned(format!($zh, $($arg = Arg::show(&$arg, Lang::Zh)),+)),
                }
            }
        }
    };
}

pub(crate) use {message_row, messages};

pub mod build;
pub mod command;
pub mod config;
pub mod find;
pub mod handwork;
pub mod notice;
pub mod plain;
pub mod promotion;
pub mod rules;
pub mod screen;
pub mod see;
pub mod trial;
pub mod watching;
pub mod whatif;
pub mod word;

/// Every table, for tests.
#[must_use]
pub fn rows() -> Vec<Row> {
    [
        word::ROWS,
        build::ROWS,
        screen::ROWS,
        command::ROWS,
        notice::ROWS,
        handwork::ROWS,
        find::ROWS,
        see::ROWS,
        whatif::ROWS,
        config::ROWS,
        plain::ROWS,
        promotion::ROWS,
        trial::ROWS,
        rules::ROWS,
        watching::ROWS,
    ]
    .concat()
}

#[cfg(test)]
mod tests;
