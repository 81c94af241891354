//! What is wrong with a text and where. The sentences themselves are in `wording`; this file draws nothing.

use smol_str::SmolStr;

use super::book::{Metric, WatchKind};
use super::keyword::{Kw, Phrase, Said};
use crate::model::channel::{ChannelKind, Topic};
use crate::model::field::Field;
use crate::model::lang::Lang;

/// Bytes `start..end` of the text that was parsed; always on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Span { start, end }
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Span) -> Self {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// How bad it is: a text with an `Error` may not be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Info,
    Warning,
    Error,
}

/// An edit that would mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    pub span: Span,
    pub replacement: SmolStr,
}

/// One finding about a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    pub span: Span,
    /// 1-based.
    pub line: u32,
    /// 1-based, counted in characters, not bytes.
    pub column: u32,
    pub code: DiagCode,
    pub suggestion: Option<Fix>,
    /// The language of the text's keywords, in which words of the language are quoted and proposed.
    pub keywords: Lang,
}

impl Diagnostic {
    /// One sentence saying what is wrong.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        super::wording::message(self, lang)
    }

    /// What to do about it, if there is more to say than the message does.
    #[must_use]
    pub fn hint(&self, lang: Lang) -> Option<String> {
        super::wording::hint(self, lang)
    }
}

/// True when a list of findings forbids publishing.
#[must_use]
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}

/// What a name was meant to name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Noun {
    Team,
    Rep,
    Skill,
    Source,
    Define,
    Field,
    Strategy,
    Window,
    Promotion,
    Timezone,
    State,
    Weekday,
    Watch,
    Metric,
    ContactKey,
    Channel,
    Topic,
}

/// What the parser hoped to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Want {
    Name,
    QuotedText,
    Number,
    WholeNumber,
    Duration,
    Date,
    Time,
    Comparison,
    Value,
    Field,
    Target,
    Close,
    Dots,
    Arrow,
    /// What a watch line has done.
    Relief,
    Equals,
    EndOfLine,
    Severity,
    Amount,
    /// One of these keywords.
    Words(OneOf),
    /// Words that mean something only here.
    Said(Spelling),
    /// One of these signs, the same in every language.
    Signs(&'static str),
    Operator,
    Weekday,
}

/// Keywords of which one is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OneOf(&'static [Kw]);

impl From<&'static [Kw]> for OneOf {
    fn from(kws: &'static [Kw]) -> Self {
        OneOf(kws)
    }
}

impl OneOf {
    /// The keywords in a language, with ` / ` between them.
    #[must_use]
    pub fn text(self, lang: Lang) -> String {
        self.words(lang).join(" / ")
    }

    /// The same as part of a sentence: `team, rep or owner`.
    #[must_use]
    pub fn either(self, lang: Lang) -> String {
        either(&self.words(lang))
    }

    /// Words that never stand alone are told with what follows them.
    fn words(self, lang: Lang) -> Vec<String> {
        let word = |kw: &Kw| match kw {
            Kw::Per => Phrase::PerDay.text(lang),
            Kw::Give => Phrase::GiveTo.text(lang),
            kw => kw.word(lang).to_owned(),
        };
        self.0.iter().map(word).collect()
    }
}

/// `a, b or c`
pub(super) fn either(words: &[String]) -> String {
    match words {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => words.concat(),
    }
}

/// Words that are no keywords, English and Chinese.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spelling(&'static [&'static str], &'static str);

impl From<Said> for Spelling {
    fn from(said: Said) -> Self {
        Spelling(said.en, said.zh)
    }
}

impl Spelling {
    /// The words in a language.
    #[must_use]
    pub fn text(self, lang: Lang) -> String {
        Said { en: self.0, zh: self.1 }.text(lang)
    }
}

/// Which limit was passed; the number comes with the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    BookBytes,
    Rules,
    Promotions,
    Nesting,
    DefineValues,
    Diagnostics,
}

/// What a value ought to have been for its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Text,
    Number,
    Duration,
    Hour,
}

/// Everything that can be wrong, with its arguments. Closed, so that each gets a sentence in each language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiagCode {
    /// Something else was expected here; `found` is the text that stands there, empty at the end of a line.
    Expected {
        want: Want,
        found: SmolStr,
    },
    UnclosedQuote,
    UnknownWord {
        word: SmolStr,
    },
    /// A clause or line that belongs elsewhere (`when` outside a rule).
    Misplaced {
        word: SmolStr,
    },
    Unknown {
        noun: Noun,
        name: SmolStr,
    },
    /// Said twice; the second is ignored.
    Repeated {
        what: SmolStr,
    },
    TooMuch {
        limit: Limit,
        max: usize,
    },
    RuleNameTwice {
        name: SmolStr,
    },
    DefineTwice {
        name: SmolStr,
    },
    DefineUnused {
        name: SmolStr,
    },
    /// `region = 华东` although 华东 is a define.
    EqualsDefine {
        name: SmolStr,
    },
    /// `in 上海` although 上海 is no define.
    NotADefine {
        name: SmolStr,
    },
    /// The field cannot be compared in this way.
    WrongComparison {
        field: SmolStr,
        op: SmolStr,
    },
    /// The value does not suit the field.
    WrongValue {
        field: SmolStr,
        want: Kind,
        found: SmolStr,
    },
    /// Only `is empty` / `is not empty` can be asked.
    OnlyEmpty {
        field: SmolStr,
    },
    TooPrecise {
        found: SmolStr,
    },
    NoGive {
        rule: SmolStr,
    },
    EmptyTeam {
        team: SmolStr,
    },
    InactiveRep {
        rep: SmolStr,
    },
    AmbiguousRep {
        rep: SmolStr,
    },
    NobodySkilled {
        rule: SmolStr,
    },
    NoCatchAll,
    NoTimezone,
    Unreachable {
        rule: SmolStr,
        by: SmolStr,
    },
    EndsBeforeStart,
    CapZero,
    /// Late steps that move leads, in a book that declares no recorded replies.
    OnlyEscalates {
        rule: SmolStr,
    },
    OutOfRange {
        found: SmolStr,
        range: &'static str,
    },
    LikeMayOnlyPark,
    /// A step that comes after one that ends the matter.
    StepNeverReached,
    /// `for`, `over`, `beside` or a unit that does not suit what is watched.
    WrongAmount {
        metric: Metric,
    },
    /// A figure that the detector does not read.
    WatchFigure {
        watch: WatchKind,
        metric: Metric,
    },
    /// `share < 2x`, or `beside > 50%`: the wrong way round.
    WatchBackwards {
        metric: Metric,
        beside: bool,
    },
    /// A detector without a limit of its own, and none on the line.
    WatchNeedsFigure {
        watch: WatchKind,
    },
    /// A detector that lives on recorded replies, in a book that declares none.
    WatchBlind {
        watch: WatchKind,
    },
    /// A channel of this kind is never used for that.
    NotifyUnfit {
        kind: ChannelKind,
        topic: Topic,
    },
    /// What stands behind the arrow cannot be done about what the line watches.
    WrongRelief {
        kind: WatchKind,
    },
    WindowTwice {
        name: SmolStr,
    },
    /// Hours of which breaks leave nothing; `whose` is empty for the desk's own.
    NeverWorks {
        whose: SmolStr,
    },
    /// The calendar lists holidays or make-up workdays, but no holiday of this year.
    YearWithoutHolidays {
        year: i32,
    },
    /// The weeks of a ramp do not begin with 1 or leave a gap.
    RampWeeks,
    /// `return after` in a book that declares no recorded replies.
    NeverReturns,
    /// `recall to pool` in a book without a pool.
    NoPoolSection,
    PromotionTwice {
        name: SmolStr,
    },
    /// A promotion that changes nothing and that no rule names.
    PromotionEmpty {
        name: SmolStr,
    },
    /// Two promotions whose windows overlap say something about the same; the one higher up counts.
    PromotionsOverlap {
        name: SmolStr,
        with: SmolStr,
        what: SmolStr,
    },
    /// No lead can meet the condition.
    NeverMatches {
        rule: SmolStr,
    },
    /// Every lead of the rule is taken by rules above; `more` of them are not named.
    Shadowed {
        rule: SmolStr,
        by: Vec<SmolStr>,
        more: usize,
    },
    /// Others work at that time of the week, nobody whom the rule reaches does; `minutes` a week in all.
    PoolEmpty {
        rule: SmolStr,
        day: u8,
        minute: u16,
        minutes: u32,
    },
    /// Nobody at all works at that time of the week.
    NobodyWorks {
        day: u8,
        minute: u16,
        minutes: u32,
    },
    /// At present load, `full` of the `of` reps a rule reaches are at the cap.
    CapsFull {
        rule: SmolStr,
        full: usize,
        of: usize,
    },
    WindowPast {
        name: SmolStr,
    },
    WindowsOverlap {
        name: SmolStr,
        with: SmolStr,
    },
    /// No lead ever had this value; perhaps the near one was meant, which so many have.
    NeverSeen {
        field: Field,
        value: SmolStr,
        near: Option<(SmolStr, u64)>,
    },
    /// A limit that moves leads, on a source whose replies are not declared as recorded, and `more` such sources.
    RepliesUnrecorded {
        rule: SmolStr,
        source: SmolStr,
        more: usize,
    },
    /// Replies are declared as recorded, and of so many leads none ever was.
    RepliesSilent {
        source: SmolStr,
        leads: u64,
    },
}
