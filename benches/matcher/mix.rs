//! The mix of rules and leads that benches route: three clauses a rule, 60 % equality, 25 % sets of three to six, 15 % ranges,
//! over eight texts and two numbers with values as frequent as first names are: few often, many seldom.

/// Draws without a clock: splitmix64.
pub struct Draw(pub u64);

impl Draw {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % end as u64).unwrap()
    }

    /// Few values often, many seldom.
    pub fn skewed(&mut self, end: usize) -> usize {
        let (a, b) = (self.below(end), self.below(end));
        a * b / end
    }
}

/// Text fields and how many values each has.
pub const TEXTS: [(&str, usize); 8] = [
    ("source", 40),
    ("campaign", 200),
    ("region", 34),
    ("city", 300),
    ("product", 25),
    ("industry", 30),
    ("language", 6),
    ("company", 300_000),
];

/// A lead; numbers are whole.
pub struct Lead {
    pub texts: [String; TEXTS.len()],
    pub score: i64,
    pub value: i64,
    pub budget: String,
}

/// A clause of a rule.
pub enum Clause {
    Equals(&'static str, String),
    In(&'static str, Vec<String>),
    /// At least the first number and below the second.
    Between(&'static str, i64, i64),
}

impl Lead {
    pub fn draw(draw: &mut Draw) -> Lead {
        Lead {
            texts: TEXTS.map(|(name, many)| format!("{name}-{}", draw.skewed(many))),
            score: draw.below(120) as i64,
            value: draw.below(100_000) as i64 * 10,
            budget: format!("{}", draw.below(2_000) * 500),
        }
    }
}

impl Clause {
    pub fn draw(draw: &mut Draw) -> Clause {
        let (name, many) = TEXTS[draw.below(TEXTS.len())];
        match draw.below(100) {
            0..60 => Clause::Equals(name, format!("{name}-{}", draw.skewed(many))),
            60..85 => {
                let values = (0..3 + draw.below(4)).map(|_| format!("{name}-{}", draw.skewed(many)));
                Clause::In(name, values.collect())
            }
            _ if draw.below(2) == 0 => {
                let from = draw.below(100) as i64;
                Clause::Between("score", from, from + 20)
            }
            _ => {
                let from = draw.below(800_000) as i64;
                Clause::Between("value", from, from + 200_000)
            }
        }
    }

    /// In the language of the rule book.
    pub fn text(&self) -> String {
        match self {
            Clause::Equals(name, value) => format!("{name} = {value}"),
            Clause::In(name, values) => format!("{name} in ({})", values.join(", ")),
            Clause::Between(name, from, to) => format!("{name} >= {from} and {name} < {to}"),
        }
    }
}
