//! temporary stub
mod book;
pub use book::*;
pub use cond::Cond;
pub mod cond {
    use crate::model::field::*;
    #[derive(Debug, Clone, PartialEq)]
    pub enum Cond {
        Always,
        IsRegion(String),
    }
    impl Cond {
        pub fn fields(&self) -> Vec<Field> {
            vec![]
        }
        pub fn holds_for<S: Subject + ?Sized>(&self, s: &S) -> bool {
            match self {
                Cond::Always => true,
                Cond::IsRegion(r) => s.value(&Field::Region) == Value::Text(r),
            }
        }
        pub fn explain(&self, _s: &dyn Subject) -> Vec<()> {
            vec![]
        }
    }
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}
pub fn compile(_: &str) -> Book {
    Book::default()
}
