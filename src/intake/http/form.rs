//! `application/x-www-form-urlencoded`, for bodies of forms and for query strings: names and values, percent signs undone, UTF-8
//! or nothing. It knows nothing of what the names mean.

/// Most fields of one form.
pub const FIELDS_MAX: usize = 500;

/// Why a form is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormFault {
    NotUtf8,
    BadPercent,
    TooManyFields,
}

impl FormFault {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NotUtf8 => "the form is not UTF-8",
            Self::BadPercent => "a percent sign is not followed by two hexadecimal digits",
            Self::TooManyFields => "the form has more than 500 fields",
        }
    }
}

/// Names and values in the order sent; a name may stand several times.
///
/// # Errors
/// See [`FormFault`].
pub fn parse(bytes: &[u8]) -> Result<Vec<(String, String)>, FormFault> {
    let mut fields = Vec::new();
    for pair in bytes.split(|b| *b == b'&').filter(|pair| !pair.is_empty()) {
        if fields.len() == FIELDS_MAX {
            return Err(FormFault::TooManyFields);
        }
        let mut parts = pair.splitn(2, |b| *b == b'=');
        let (name, value) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        fields.push((plain(name)?, plain(value)?));
    }
    Ok(fields)
}

/// The first value of a name in a query string; nothing when the string is none.
#[must_use]
pub fn first(query: Option<&str>, name: &str) -> Option<String> {
    let fields = parse(query?.as_bytes()).ok()?;
    fields.into_iter().find(|(n, _)| n == name).map(|(_, value)| value)
}

fn plain(part: &[u8]) -> Result<String, FormFault> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || rest.next().and_then(|b| char::from(*b).to_digit(16));
                let (high, low) =
                    (digit().ok_or(FormFault::BadPercent)?, digit().ok_or(FormFault::BadPercent)?);
                u8::try_from(high * 16 + low).map_err(|_| FormFault::BadPercent)?
            }
            other => *other,
        });
    }
    String::from_utf8(bytes).map_err(|_| FormFault::NotUtf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_and_plus_are_undone_and_nothing_is_guessed() {
        let fields = parse(b"a=Concei%C3%A7%C3%A3o&b=1+2&c&&d=x%3Dy").unwrap();
        let expected = [("a", "Conceição"), ("b", "1 2"), ("c", ""), ("d", "x=y")];
        assert_eq!(fields, expected.map(|(n, v)| (n.to_owned(), v.to_owned())));
        assert_eq!(parse(b"a=%C3"), Err(FormFault::NotUtf8));
        assert_eq!(parse(b"a=%g1"), Err(FormFault::BadPercent));
        assert_eq!(parse(b"a=%4"), Err(FormFault::BadPercent));
        assert_eq!(first(Some("x=1&token=a%2Bb"), "token").as_deref(), Some("a+b"));
    }
}
