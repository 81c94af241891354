//! What may come next on a line of a book: its statements and clauses, names of the desk, and conditions where there are some.

use super::{Offer, OfferKind, Vocabulary, complete, pick, slice, values_of, written};
use crate::model::field::Field;
use crate::model::lang::Lang;
use crate::model::time::MINUTE_MS;
use crate::rulebook::diagnostic::Span;
use crate::rulebook::keyword::{
    CALENDAR_LINES, CHANNELS, CLAUSES, CONTACT_KEYS, DUPLICATE_LINES, ITEMS, Kw, LOUDNESSES, METRICS, ON,
    POOL_LINES, PROMOTION_LINES, Phrase, SPREAD_OVER, TOPICS, WATCHES, Words, spelled,
};
use crate::rulebook::literal;
use crate::rulebook::token::{Tok, Token, lex};

/// What may stand at `cursor` (bytes) of `line`, best first, in the keyword language the line shows. `within` is the first
/// word of the statement the line belongs to, empty where it opens one of its own.
#[must_use]
pub fn complete_line(within: &str, line: &str, cursor: usize, words: &Vocabulary) -> Vec<Offer> {
    let Some(head) = line.get(..cursor) else { return Vec::new() };
    let lexed = lex(head);
    if !lexed.comments.is_empty() {
        return Vec::new();
    }
    let mut tokens = lexed.tokens;
    tokens.retain(|t| !matches!(t.tok, Tok::Eof | Tok::Newline));
    if let Some(from) = condition_from(head, &tokens, within) {
        return shifted(complete(line.get(from..).unwrap_or_default(), cursor - from, words), from);
    }
    let is_begun = |t: &Token| t.span.end == head.len() && super::is_word(t.tok, slice(head, t));
    let begun = tokens.last().copied().filter(is_begun).map(|t| t.span);
    if let Some(span) = begun {
        tokens.retain(|t| t.span != span);
    }
    let span = begun.unwrap_or(Span::new(cursor, cursor));
    let typed = literal::normal(head.get(span.start..).unwrap_or_default().trim_start_matches('"'));
    let written = tokens.iter().find_map(|t| super::language(t, slice(head, t)));
    let lang = written.unwrap_or(if typed.is_ascii() { words.keywords } else { Lang::Zh });
    let other = if lang == Lang::En { Lang::Zh } else { Lang::En };
    let kws: Vec<Option<Kw>> = tokens.iter().map(|t| kw_of(t.tok)).collect();
    let begins_item = within.is_empty() && !head.starts_with(char::is_whitespace);
    let offers = |lang| {
        let all = match kws.first() {
            None if begins_item => keywords(&ITEMS, lang),
            None => begins(within, lang),
            Some(first) => after(*first, &kws, tokens.last().map(|t| t.tok), within, words, lang),
        };
        pick(all, &typed, span)
    };
    let found = offers(lang);
    if found.is_empty() && !typed.is_empty() { offers(other) } else { found }
}

/// The keyword a statement's first word spells.
fn kw_named(word: &str) -> Option<Kw> {
    spelled(word).and_then(|spelled| spelled.kws.first().copied())
}

fn kw_of(tok: Tok) -> Option<Kw> {
    match tok {
        Tok::Word(kw) => kw,
        _ => None,
    }
}

/// Where a condition begins on the line, when the cursor is in one: behind `when`, or from the start of a line that goes on
/// with `and` or `or`.
fn condition_from(head: &str, tokens: &[Token], within: &str) -> Option<usize> {
    let is = |t: &Token, kw: Kw| kw_of(t.tok) == Some(kw);
    let first = tokens.first()?;
    let is_watch = is(first, Kw::Watch);
    if let Some(when) = tokens.iter().find(|t| is(t, Kw::When)).filter(|_| !is_watch) {
        // The word itself may still be growing.
        return (when.span.end < head.len()).then_some(when.span.end);
    }
    let goes_on = kw_named(within) == Some(Kw::Rule) && (is(first, Kw::And) || is(first, Kw::Or));
    (goes_on && first.span.end < head.len()).then_some(first.span.end)
}

fn shifted(offers: Vec<Offer>, by: usize) -> Vec<Offer> {
    let shift = |span: Span| Span::new(span.start + by, span.end + by);
    offers.into_iter().map(|offer| Offer { span: shift(offer.span), ..offer }).collect()
}

type Offered = Vec<(OfferKind, String)>;

fn keywords(kws: &[Kw], lang: Lang) -> Offered {
    kws.iter().map(|kw| (OfferKind::Keyword, kw.word(lang).to_owned())).collect()
}

fn table<T: Copy>(words: Words<T>, lang: Lang) -> Offered {
    let word =
        |(_, en, zh): &(T, &str, &str)| if lang == Lang::Zh { (*zh).to_owned() } else { (*en).to_owned() };
    words.iter().map(|row| (OfferKind::Keyword, word(row))).collect()
}

fn phrases(phrases: &[Phrase], lang: Lang) -> Offered {
    phrases.iter().map(|phrase| (OfferKind::Keyword, phrase.text(lang))).collect()
}

/// Lengths of time people set.
fn spans(lang: Lang) -> Offered {
    let text = |minutes: i64| literal::duration_text(minutes * MINUTE_MS, lang);
    [5, 10, 30, 60, 240].map(|minutes| (OfferKind::Value, text(minutes))).to_vec()
}

fn names<'a>(names: impl IntoIterator<Item = &'a smol_str::SmolStr>) -> Offered {
    names.into_iter().map(|name| (OfferKind::Name, written(name))).collect()
}

/// What an indented line of a statement may begin with.
fn begins(within: &str, lang: Lang) -> Offered {
    match kw_named(within) {
        Some(Kw::Rule) => [keywords(&CLAUSES, lang), keywords(&[Kw::And, Kw::Or], lang)].concat(),
        Some(Kw::Calendar) => keywords(&CALENDAR_LINES, lang),
        Some(Kw::Duplicates) => keywords(&DUPLICATE_LINES, lang),
        Some(Kw::Pool) => keywords(&POOL_LINES, lang),
        Some(Kw::Promotion) => keywords(&PROMOTION_LINES, lang),
        _ => Vec::new(),
    }
}

/// What may follow the words of a line that begins with `first`.
fn after(
    first: Option<Kw>,
    kws: &[Option<Kw>],
    last: Option<Tok>,
    within: &str,
    words: &Vocabulary,
    lang: Lang,
) -> Offered {
    let before = kws.last().copied().flatten();
    let of = |field: Field| words.values.get(&field).into_iter().flatten();
    let Some(first) = first else {
        let is_score = kw_named(within) == Some(Kw::Score) && kws.len() == 1;
        return if is_score { keywords(&[Kw::When], lang) } else { Vec::new() };
    };
    match (first, before) {
        (_, Some(Kw::Team)) => names(of(Field::Team)),
        (_, Some(Kw::Rep)) => names(of(Field::Owner)),
        (_, Some(Kw::Promotion)) => names(&words.promotions),
        (_, Some(Kw::Skill)) => names(&words.skills),
        (_, Some(Kw::By)) => {
            keywords(&[Kw::Fair, Kw::RoundRobin, Kw::LeastLoaded, Kw::Weighted, Kw::Sticky], lang)
        }
        (Kw::Give, _) => give(kws, last, lang),
        (Kw::Otherwise, Some(Kw::Otherwise)) => keywords(&[Kw::Park, Kw::Wait, Kw::Give], lang),
        (Kw::Otherwise, _) if kws.get(1) == Some(&Some(Kw::Give)) => {
            give(kws.get(1..).unwrap_or_default(), last, lang)
        }
        (Kw::During, Some(Kw::During)) => [names(&words.windows), keywords(&[Kw::Promotion], lang)].concat(),
        (Kw::Needs, Some(Kw::Needs)) => keywords(&[Kw::Skill], lang),
        (Kw::Needs, _) if last == Some(Tok::Comma) => names(&words.skills),
        (Kw::Replies, Some(Kw::Replies)) => keywords(&[Kw::From], lang),
        (Kw::Replies, _) => names(of(Field::Source)),
        (Kw::Else, Some(Kw::Else)) => keywords(&[Kw::Wait, Kw::Park, Kw::Pass], lang),
        (Kw::Cap, None) if last != Some(Tok::Comma) => {
            [keywords(&[Kw::Open], lang), phrases(&[Phrase::PerDay], lang)].concat()
        }
        (Kw::Respond, Some(Kw::Respond)) => keywords(&[Kw::Within], lang),
        (Kw::Respond, Some(Kw::Within)) => spans(lang),
        (Kw::Respond, Some(Kw::Else | Kw::Then)) => {
            keywords(&[Kw::Reassign, Kw::Escalate, Kw::Recall, Kw::Park], lang)
        }
        (Kw::Respond, Some(Kw::Recall)) => keywords(&[Kw::To], lang),
        (Kw::Respond, None) if kws.contains(&Some(Kw::Reassign)) && !kws.contains(&Some(Kw::Times)) => {
            keywords(&[Kw::Times], lang)
        }
        (Kw::Respond, _) if kws.contains(&Some(Kw::Else)) => keywords(&[Kw::Then], lang),
        (Kw::Respond, None) => keywords(&[Kw::Else], lang),
        (Kw::Rule, None) if kws.len() == 2 => keywords(&[Kw::Disabled], lang),
        (Kw::Watch, _) if last == Some(Tok::Arrow) => {
            let spread = (OfferKind::Keyword, SPREAD_OVER.text(lang));
            [keywords(&[Kw::Reassign, Kw::Recall], lang), vec![spread]].concat()
        }
        (Kw::Watch, Some(Kw::Watch)) => table(WATCHES, lang),
        (Kw::Watch, Some(Kw::When | Kw::And)) => table(METRICS, lang),
        (Kw::Watch, Some(Kw::For)) => spans(lang),
        // A figure is taken over a span, leads are spread over a team.
        (Kw::Watch, Some(Kw::Over)) => [spans(lang), names(of(Field::Team))].concat(),
        (Kw::Watch, _) if kws.len() == 2 => keywords(&[Kw::When], lang),
        (Kw::Watch, _) => [
            keywords(&[Kw::For, Kw::Over, Kw::Beside], lang),
            table(LOUDNESSES, lang),
            keywords(&[Kw::Page], lang),
        ]
        .concat(),
        (Kw::Notify, Some(Kw::Notify)) => table(CHANNELS, lang),
        (Kw::Notify, Some(Kw::To)) => keywords(&[Kw::Team], lang),
        (Kw::Notify, _) if kws.len() == 2 => names(&words.channels),
        (Kw::Notify, _) if kws.len() == 3 => vec![(OfferKind::Keyword, ON.text(lang))],
        (Kw::Notify, _) => [table(TOPICS, lang), keywords(&[Kw::To], lang)].concat(),
        (Kw::Same, Some(Kw::Same)) => table(CONTACT_KEYS, lang),
        (Kw::Same, _) => keywords(&[Kw::Or, Kw::Within], lang),
        (Kw::Define, _) if kws.len() > 2 => {
            let fields = [Field::Region, Field::City, Field::Source, Field::Product];
            fields.iter().flat_map(|field| values_of(field, words)).collect()
        }
        _ => Vec::new(),
    }
}

/// After `give`: to whom, and how.
fn give(kws: &[Option<Kw>], last: Option<Tok>, lang: Lang) -> Offered {
    let whom = [Kw::Team, Kw::Rep, Kw::Owner];
    match kws.last().copied().flatten() {
        Some(Kw::Give) => keywords(&[Kw::To], lang),
        Some(Kw::To) => keywords(&whom, lang),
        Some(Kw::Fair) => phrases(&[Phrase::WithinTeam], lang),
        Some(Kw::Sticky) => keywords(&[Kw::Then], lang),
        Some(Kw::Then) => keywords(&[Kw::Fair, Kw::RoundRobin, Kw::LeastLoaded, Kw::Weighted], lang),
        _ if last == Some(Tok::Comma) => keywords(&whom, lang),
        _ if kws.contains(&Some(Kw::By)) => Vec::new(),
        _ => keywords(&[Kw::By], lang),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Vocabulary {
        let mut words = Vocabulary::default();
        words.values.insert(Field::Source, vec!["抖音".into(), "trade fair".into()]);
        words.values.insert(Field::Team, vec!["East Senior".into(), "Promo".into()]);
        words.values.insert(Field::Owner, vec!["lina".into()]);
        words.windows = vec!["Double 11".into()];
        words.promotions = vec!["11.11".into()];
        words.skills = vec!["German".into()];
        words
    }

    #[test]
    fn each_line_offers_what_the_language_takes_there() {
        for (within, line, first) in [
            ("", "ru", "rule"),
            ("", "oth", "otherwise"),
            ("rule", "  gi", "give"),
            ("rule", "  ", "during"),
            ("calendar", "  hol", "holiday"),
            ("rule", "  when sou", "source"),
            ("rule", "  when source = ", "抖音"),
            ("rule", "  when source = tra", "\"trade fair\""),
            ("rule", "  and sco", "score"),
            ("score", "  +30 wh", "when"),
            ("score", "  +30 when sour", "source"),
            ("rule", "  give ", "to"),
            ("rule", "  give to ", "team"),
            ("rule", "  give to team ", "\"East Senior\""),
            ("rule", "  give to team \"Ea", "\"East Senior\""),
            ("rule", "  give to rep ", "lina"),
            ("rule", "  give to team Promo ", "by"),
            ("rule", "  give to team Promo, ", "team"),
            ("rule", "  give to team Promo by ", "fair"),
            ("rule", "  give to team Promo by fair ", "within team"),
            ("rule", "  during ", "\"Double 11\""),
            ("rule", "  during promotion ", "11.11"),
            ("rule", "  needs ", "skill"),
            ("rule", "  needs skill ", "German"),
            ("rule", "  respond within ", "5m"),
            ("rule", "  respond within 5m ", "else"),
            ("rule", "  respond within 5m else ", "reassign"),
            ("rule", "  else ", "wait"),
            ("", "otherwise ", "park"),
            ("", "watch ", "uneven"),
            ("", "watch delayed when ", "load"),
            ("", "replies from ", "抖音"),
            ("", "规", "规则"),
            ("rule", "  分配给 ", "团队"),
            ("rule", "  分配给 团队 Promo 按 ", "公平"),
            ("", "define 华东 = (", ""),
        ] {
            let offers = complete_line(within, line, line.len(), &words());
            let texts: Vec<&str> = offers.iter().map(|offer| offer.text.as_str()).collect();
            if line.starts_with("define") {
                assert!(texts.contains(&"抖音"), "{texts:?}");
            } else {
                assert_eq!(texts.first().copied().unwrap_or_default(), first, "{line}: {texts:?}");
            }
            for offer in &offers {
                assert!(offer.span.end == line.len() && line.is_char_boundary(offer.span.start), "{line}");
            }
        }
        assert!(complete_line("rule", "  # when ", 9, &words()).is_empty());
    }
}
