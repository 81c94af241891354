//! The thread that thinks what-if through. Of the questions the latest is answered; a newer one stops the replay in its
//! midst. It keeps one stretch of the log with the published side, and lets it go when nobody looks.

use crate::console::msg::News;
use crate::console::text::{Say, T};
use crate::console::whatif::{Question, Range, Shown, Told, What};
use crate::desk::whatif::{NoStretch, Shelf};
use crate::engine::whatif::{Answer, Study};
use crate::engine::{names, words};
use crate::model::event::Event;
use crate::model::id::BookVersion;
use crate::model::lang::Lang;
use crate::model::time::Millis;
use crate::report::spread::{Part, spread_of};
use crate::rulebook::{compile, has_errors, parse, parse_condition_in};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::time::Instant;
use tokio::sync::mpsc::UnboundedSender;

/// Thinks; holds what it has read.
pub struct Thinker {
    shelf: Box<dyn Shelf + Send>,
    study: Option<(Range, BookVersion, Study)>,
}

/// Takes what is told; answers whether the question still stands.
pub type Tell<'a> = dyn FnMut(Told) -> bool + 'a;

impl Thinker {
    /// A thinker over `shelf`.
    #[must_use]
    pub fn new(shelf: Box<dyn Shelf + Send>) -> Thinker {
        Thinker { shelf, study: None }
    }

    /// Lets go of what was read.
    pub fn forget(&mut self) {
        self.study = None;
    }

    /// Answers `question` as of `now`. `stands` is asked often whether the question still does.
    pub fn think(
        &mut self,
        question: &Question,
        now: Millis,
        tell: &mut dyn FnMut(Told),
        stands: &mut dyn FnMut() -> bool,
    ) {
        let generation = question.generation;
        let mut tell = |what| tell(Told { generation, what });
        if !self.has(question) {
            // Two stretches at once would be too much to hold.
            self.study = None;
            match self.read(question, now, &mut tell, stands) {
                Ok(Some(study)) => self.study = Some((question.range.clone(), question.base, study)),
                Ok(None) => return,
                Err(why) => return tell(What::Failed(why_not(&why))),
            }
        }
        let Some((_, _, study)) = &self.study else { return };
        let parsed = parse(&question.draft);
        let checked = crate::rulebook::check(&parsed.tree, &names(study.roster()));
        if has_errors(&parsed.diagnostics) || has_errors(&checked.diagnostics) {
            return tell(What::Problem);
        }
        let began = instant();
        let mut pulse = |_, _| stands();
        if let Some(lead) = question.why {
            if let Some(told) = study.why(&question.draft, lead, &mut pulse) {
                tell(What::Why(lead, Box::new(told.map(|events| lines(study, &events)))));
            }
            return;
        }
        let mut answered = |answer: Answer, is_partial: bool| {
            let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
            tell(What::Answer(Arc::new(shown(study, question, answer, is_partial, took_ms))));
        };
        for at in 0..study.early_count() {
            match study.early(at, &question.draft, &mut pulse) {
                Some(early) => answered(early, true),
                None => return,
            }
        }
        if let Some(whole) = study.whole(&question.draft, &mut pulse) {
            answered(whole, false);
        }
    }

    fn has(&self, question: &Question) -> bool {
        self.study.as_ref().is_some_and(|(range, base, _)| *range == question.range && *base == question.base)
    }

    fn read(
        &mut self,
        question: &Question,
        now: Millis,
        tell: &mut dyn FnMut(What),
        stands: &mut dyn FnMut() -> bool,
    ) -> Result<Option<Study>, NoStretch> {
        let mut percent = u64::MAX;
        let mut told = |done: u64, all: u64, stands: &mut dyn FnMut() -> bool| {
            let here = done * 100 / all.max(1);
            if here != percent {
                percent = here;
                tell(What::Reading(done, all));
            }
            stands()
        };
        // Two thirds of the way is reading, the last is the published side.
        let stretch = self
            .shelf
            .stretch(&question.range.span, now, &mut |done, all| told(done * 2, all * 3, stands))?;
        let Some(stretch) = stretch else { return Ok(None) };
        let mut pulse = |done: usize, all: usize| {
            let (done, all) = (done as u64, all.max(1) as u64);
            told(all * 2 + done, all * 3, stands)
        };
        // It was read by the filter already; one that no longer can be counts all.
        let when = question.range.when.as_deref();
        let when = when.map(|when| parse_condition_in(when, None, &compile(&stretch.published)).0);
        Ok(Study::open(stretch.tape, stretch.start, stretch.published, when.as_ref(), &mut pulse))
    }
}

#[expect(clippy::disallowed_methods, reason = "the pane says how long an answer took")]
fn instant() -> Instant {
    Instant::now()
}

fn why_not(why: &NoStretch) -> Say {
    match why {
        NoStretch::NoPromotion(_) => T::NoSuchPromotionWord.into(),
        NoStretch::NotYet(_) => T::PromotionNotYet.into(),
        NoStretch::Store(error) => Say::verbatim(error.to_string()),
    }
}

fn shown(study: &Study, question: &Question, answer: Answer, is_partial: bool, took_ms: u64) -> Shown {
    let spread = |draft: bool| {
        spread_of(answer.reps.iter().map(|line| {
            let (received_micro, due_micro) = if draft { line.draft_part } else { line.published_part };
            Part { rep: line.rep, received_micro, due_micro }
        }))
    };
    let tape = study.tape();
    let about = answer.latest.iter().map(|changed| {
        let a = tape.row_of(changed.lead).map(|row| tape.about(row)).unwrap_or_default();
        let texts = [a.source.as_str(), a.region.as_str(), a.product.as_str(), a.company.as_str()];
        texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
    });
    let unknowns = words::whatif::unknowns(&answer, Lang::En).into_iter();
    let unknowns = unknowns.zip(words::whatif::unknowns(&answer, Lang::Zh)).map(|(en, zh)| Say::both(en, zh));
    Shown {
        range: question.range.clone(),
        spread_milli: [spread(false), spread(true)],
        about: about.collect(),
        unknowns: unknowns.collect(),
        names: study.roster().reps().iter().map(|rep| rep.card.name.to_string()).collect(),
        version: question.base,
        is_partial,
        took_ms,
        answer,
    }
}

/// What happened to a lead, with the explanation of each decision below it.
fn lines(study: &Study, events: &[Event]) -> Vec<Say> {
    let world = study.roster();
    let mut out = Vec::new();
    for event in events {
        out.push(Say::both(words::history(world, event, Lang::En), words::history(world, event, Lang::Zh)));
        if let Some(why) = words::whatif::why_of(event) {
            let (en, zh) =
                (words::explanation(world, why, Lang::En), words::explanation(world, why, Lang::Zh));
            out.extend(
                en.into_iter().zip(zh).map(|(en, zh)| Say::both(format!("  {en}"), format!("  {zh}"))),
            );
        }
    }
    out
}

/// A question, or that nobody looks any more.
pub type Asked = Option<Box<Question>>;

/// Starts the thread; it ends when the sender is dropped. `clock` says as of when a stretch is read.
///
/// # Errors
/// When no thread can be started.
pub fn start(
    shelf: Box<dyn Shelf + Send>,
    clock: impl Fn() -> Millis + Send + 'static,
    news: UnboundedSender<News>,
) -> std::io::Result<Sender<Asked>> {
    let (tx, rx) = channel();
    let run = move || think_on(&mut Thinker::new(shelf), &clock, &rx, &news);
    std::thread::Builder::new().name("what-if".into()).spawn(run)?;
    Ok(tx)
}

fn think_on(
    thinker: &mut Thinker,
    clock: &dyn Fn() -> Millis,
    asked: &Receiver<Asked>,
    news: &UnboundedSender<News>,
) {
    let mut next = asked.recv().ok();
    while let Some(question) = next.take() {
        let mut newer: Option<Asked> = None;
        let mut is_open = true;
        let look = |newer: &mut Option<Asked>| loop {
            match asked.try_recv() {
                Ok(latest) => *newer = Some(latest),
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) => return false,
            }
        };
        match question {
            None => thinker.forget(),
            Some(question) => {
                let mut tell = |told| {
                    // A loop that has ended needs no answer.
                    let _ = news.send(News::WhatIf(Box::new(told)));
                };
                thinker.think(&question, clock(), &mut tell, &mut || {
                    is_open = is_open && look(&mut newer);
                    is_open && newer.is_none()
                });
            }
        }
        if !is_open {
            return;
        }
        next = match newer {
            Some(newer) => Some(newer),
            None => asked.recv().ok(),
        };
    }
}

impl std::fmt::Debug for Thinker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Thinker").field("reads", &self.study.is_some()).finish_non_exhaustive()
    }
}
