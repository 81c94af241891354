//! Bytes to text, in chunks: which encoding a file has, and a reader that gives it as UTF-8 or says where it breaks.
//! It never replaces what it cannot read; a file that fits no encoding is refused with the place of the first bad byte.

use encoding_rs::{
    BIG5, DecoderResult, EUC_JP, EUC_KR, Encoding, GB18030, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE,
};
use encoding_rs::{WINDOWS_1250, WINDOWS_1251, WINDOWS_1252};
use siphasher::sip128::{Hasher128, SipHasher24};
use std::hash::Hasher;
use std::io::{self, Read};

/// Bytes read at a time.
pub const CHUNK: usize = 64 * 1024;

/// Names `--encoding` takes, and what they mean. GBK and GB2312 are read as their superset GB18030.
const NAMES: &[(&str, &Encoding)] = &[
    ("utf-8", UTF_8),
    ("utf-16le", UTF_16LE),
    ("utf-16be", UTF_16BE),
    ("gb18030", GB18030),
    ("gbk", GB18030),
    ("gb2312", GB18030),
    ("big5", BIG5),
    ("shift_jis", SHIFT_JIS),
    ("euc-jp", EUC_JP),
    ("euc-kr", EUC_KR),
    ("windows-1250", WINDOWS_1250),
    ("windows-1251", WINDOWS_1251),
    ("windows-1252", WINDOWS_1252),
    ("latin1", WINDOWS_1252),
];

/// The names a person may give, for messages.
#[must_use]
pub fn known_names() -> String {
    NAMES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// A named encoding; `None` when the name is not one of ours. Case, spaces, `_` and `-` do not matter.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Encoding> {
    let plain =
        |t: &str| t.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let wanted = plain(name);
    NAMES.iter().find(|(known, _)| plain(known) == wanted).map(|(_, encoding)| *encoding)
}

/// A place in a file: byte from 0, line and column (characters) from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub offset: u64,
    pub line: u64,
    pub column: u64,
}

/// What one pass over the bytes found.
#[derive(Debug)]
pub struct Survey {
    pub bytes: u64,
    /// Hash of the content: the same file has the same one wherever it lies.
    pub fingerprint: u128,
    /// The encoding that fits, or the one that fits best and where it stops fitting.
    pub verdict: Result<&'static Encoding, Misfit>,
}

/// No encoding fits without doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    pub encoding: &'static Encoding,
    pub forced: bool,
    pub place: Place,
    /// What the bytes look like, for the person to confirm.
    pub hint: Option<&'static str>,
}

/// Reads everything once: length, fingerprint, and which encoding it is. `forced` skips guessing but is checked too.
///
/// # Errors
/// Only when reading fails.
pub fn survey(mut from: impl Read, forced: Option<&'static Encoding>) -> io::Result<Survey> {
    let mut hasher = SipHasher24::new();
    let mut chunk = vec![0; CHUNK];
    let mut bytes = 0;
    let mut guesser = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    let mut trials: Vec<Trial> = Vec::new();
    let mut gb = GbCount::default();
    loop {
        let size = read_some(&mut from, &mut chunk)?;
        let part = chunk.get(..size).unwrap_or_default();
        let first = bytes == 0;
        if first {
            trials = trials_for(part.get(..part.len().min(4096)).unwrap_or_default(), forced);
        }
        bytes += part.len() as u64;
        hasher.write(part);
        let last = size == 0;
        for trial in &mut trials {
            trial.feed(part, last);
        }
        if forced.is_none() {
            guesser.feed(part, last);
            gb.feed(part);
        }
        if last {
            break;
        }
    }
    let fingerprint = hasher.finish128().as_u128();
    let guess = guesser.guess(None, chardetng::Utf8Detection::Deny);
    Ok(Survey { bytes, fingerprint, verdict: judge(trials, forced, guess, &gb) })
}

fn judge(
    trials: Vec<Trial>,
    forced: Option<&'static Encoding>,
    guess: &'static Encoding,
    gb: &GbCount,
) -> Result<&'static Encoding, Misfit> {
    let misfit = |encoding, place, hint| Err(Misfit { encoding, forced: forced.is_some(), place, hint });
    let mut trials = trials.into_iter();
    let Some(first) = trials.next() else { return Ok(forced.unwrap_or(UTF_8)) };
    let Some(place) = first.broke else { return Ok(first.encoding) };
    for trial in trials {
        let asian = guess == EUC_KR || guess == EUC_JP;
        let chinese = !asian && gb.looks_chinese(guess == encoding_rs::GBK);
        if trial.broke.is_none() && trial.encoding == GB18030 && chinese {
            return Ok(GB18030);
        }
    }
    let hint =
        NAMES.iter().find(|(_, e)| *e == guess && *e != first.encoding && forced.is_none()).map(|(n, _)| *n);
    misfit(first.encoding, place, hint)
}

/// A byte-order mark or zero bytes settle it; otherwise UTF-8, then GB18030.
fn trials_for(head: &[u8], forced: Option<&'static Encoding>) -> Vec<Trial> {
    if let Some(encoding) = forced {
        return vec![Trial::new(encoding)];
    }
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return vec![Trial::new(encoding)];
    }
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    if half >= 2 && odd * 10 >= half * 3 && even * 10 < half {
        return vec![Trial::new(UTF_16LE)];
    }
    if half >= 2 && even * 10 >= half * 3 && odd * 10 < half {
        return vec![Trial::new(UTF_16BE)];
    }
    vec![Trial::new(UTF_8), Trial::new(GB18030)]
}

/// How much of the text above ASCII is in the everyday rows of GB2312: what tells Chinese from Latin-1 by chance.
#[derive(Debug, Default)]
struct GbCount {
    lead: Option<u8>,
    common: u64,
    other: u64,
}

impl GbCount {
    fn feed(&mut self, part: &[u8]) {
        for &byte in part {
            match self.lead.take() {
                Some(lead) => {
                    let everyday = matches!(lead, 0xA1..=0xA3 | 0xB0..=0xF7) && byte >= 0xA1;
                    if everyday { self.common += 1 } else { self.other += 1 }
                }
                None if byte >= 0x81 => self.lead = Some(byte),
                None => {}
            }
        }
    }

    fn looks_chinese(&self, guessed: bool) -> bool {
        let share = if guessed { 50 } else { 85 };
        self.common * 100 >= (self.common + self.other) * share
    }
}

/// One encoding tried over the whole stream, with the place where it stopped fitting.
struct Trial {
    encoding: &'static Encoding,
    decoder: encoding_rs::Decoder,
    at: Place,
    broke: Option<Place>,
    scratch: String,
}

impl Trial {
    fn new(encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        let scratch = String::with_capacity(CHUNK * 3 + 16);
        Self { encoding, decoder, at: Place { offset: 0, line: 1, column: 1 }, broke: None, scratch }
    }

    fn feed(&mut self, part: &[u8], last: bool) {
        if self.broke.is_some() {
            return;
        }
        let mut rest = part;
        loop {
            self.scratch.clear();
            let (result, read) =
                self.decoder.decode_to_string_without_replacement(rest, &mut self.scratch, last);
            advance(&mut self.at, &self.scratch, read);
            rest = rest.get(read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(bad, past) => {
                    let back = u64::from(bad) + u64::from(past);
                    self.broke = Some(Place { offset: self.at.offset.saturating_sub(back), ..self.at });
                    return;
                }
            }
        }
    }
}

fn advance(at: &mut Place, text: &str, read: usize) {
    at.offset += read as u64;
    for c in text.chars() {
        if c == '\n' {
            at.line += 1;
            at.column = 1;
        } else {
            at.column += 1;
        }
    }
}

fn read_some(from: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match from.read(into) {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// Gives a byte stream as UTF-8 without its byte-order mark, a chunk at a time. A bad byte ends it with an error that
/// names the place.
pub struct Utf8Reader<R> {
    from: R,
    encoding: &'static Encoding,
    decoder: encoding_rs::Decoder,
    raw: Vec<u8>,
    raw_at: usize,
    raw_end: usize,
    out: Vec<u8>,
    out_at: usize,
    out_end: usize,
    ended: bool,
    consumed: u64,
}

impl<R: Read> Utf8Reader<R> {
    pub fn new(from: R, encoding: &'static Encoding) -> Self {
        Self {
            from,
            encoding,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; CHUNK],
            raw_at: 0,
            raw_end: 0,
            out: vec![0; CHUNK * 3 + 16],
            out_at: 0,
            out_end: 0,
            ended: false,
            consumed: 0,
        }
    }

    /// Bytes taken from the source so far.
    pub fn consumed(&self) -> u64 {
        self.consumed
    }

    fn refill(&mut self) -> io::Result<()> {
        while self.out_at == self.out_end && !self.ended {
            if self.raw_at == self.raw_end {
                self.raw_end = read_some(&mut self.from, &mut self.raw)?;
                self.raw_at = 0;
                self.consumed += self.raw_end as u64;
                self.ended = self.raw_end == 0;
            }
            let part = self.raw.get(self.raw_at..self.raw_end).unwrap_or_default();
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(part, &mut self.out, self.ended);
            self.raw_at += read;
            self.out_at = 0;
            self.out_end = written;
            match result {
                DecoderResult::Malformed(..) => return Err(self.bad_byte()),
                DecoderResult::OutputFull => self.ended = false,
                DecoderResult::InputEmpty => {}
            }
        }
        Ok(())
    }

    fn bad_byte(&self) -> io::Error {
        let near = self.consumed - (self.raw_end - self.raw_at) as u64;
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!("not valid {} near byte {near}", self.encoding.name()),
        )
    }
}

impl<R: Read> Read for Utf8Reader<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.refill()?;
        let ready = self.out.get(self.out_at..self.out_end).unwrap_or_default();
        let size = ready.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..size), ready.get(..size)) {
            to.copy_from_slice(from);
        }
        self.out_at += size;
        Ok(size)
    }
}

/// `text` in `encoding`, for tests and exports; `None` when a character does not exist there. UTF-16 is not written.
#[must_use]
pub fn encode(text: &str, encoding: &'static Encoding) -> Option<Vec<u8>> {
    let mut encoder = encoding.new_encoder();
    let size = encoder.max_buffer_length_from_utf8_without_replacement(text.len())?;
    let mut out = vec![0; size];
    let (result, _, written) = encoder.encode_from_utf8_without_replacement(text, &mut out, true);
    out.truncate(written);
    matches!(result, encoding_rs::EncoderResult::InputEmpty).then_some(out)
}
