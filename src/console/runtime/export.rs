//! Writes a list to a CSV file for spreadsheets: with a byte-order mark, for Chinese, and every text guarded against running
//! as a formula. A file that exists is never written over.

use super::reader::Library;
use crate::console::msg::{Export, News};
use crate::console::text::Say;
use crate::model::contact::mask_phone;
use crate::model::contact_card::ContactCard;
use crate::model::id::LeadId;
use crate::model::sheet::safe_cell;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Contacts asked of the library at once.
const CONTACTS_MAX: usize = 400;

/// Writes the file and says where it is, or why not.
pub(super) fn export(library: &mut dyn Library, export: &Export) -> News {
    let path = typed_path(&export.path);
    let shown = path.display().to_string();
    let file = OpenOptions::new().write(true).create_new(true).open(&path);
    let written = file.and_then(|file| write(io::BufWriter::new(file), library, export));
    match written {
        Ok(()) => News::Notice(Say::DidExport(export.rows.len(), &shown)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => News::Wrong(Say::FileThere(&shown)),
        Err(error) => {
            // Half a list would be taken for the whole.
            let why = error.to_string();
            if error.kind() != io::ErrorKind::NotFound && path.is_file() {
                let _ = std::fs::remove_file(&path);
            }
            News::Wrong(Say::FileBad(&shown, &why))
        }
    }
}

/// `~/` is the home folder, as a shell would have it.
fn typed_path(text: &str) -> PathBuf {
    match (text.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => Path::new(text).to_path_buf(),
    }
}

fn write(mut to: impl Write, library: &mut dyn Library, export: &Export) -> io::Result<()> {
    to.write_all("\u{FEFF}".as_bytes())?;
    let mut out = csv::Writer::from_writer(to);
    out.write_record(&export.head)?;
    for (at, rows) in export.rows.chunks(CONTACTS_MAX).enumerate() {
        let from = at * CONTACTS_MAX;
        let leads = export.leads.get(from..(from + rows.len()).min(export.leads.len())).unwrap_or_default();
        let contacts = if leads.is_empty() { Vec::new() } else { library.contacts(leads) };
        for (row, lead) in rows.iter().zip(leads.iter().map(Some).chain(std::iter::repeat(None))) {
            let mut cells: Vec<String> = row.iter().map(|cell| guarded(cell)).collect();
            if let Some(lead) = lead {
                cells.extend(person(&contacts, *lead));
            }
            out.write_record(&cells)?;
        }
    }
    out.flush()
}

/// A figure stays one; any other text that would run gets its quote.
fn guarded(cell: &str) -> String {
    if cell.parse::<f64>().is_ok() { cell.to_owned() } else { safe_cell(cell) }
}

fn person(contacts: &[(LeadId, ContactCard)], lead: LeadId) -> [String; 2] {
    let card = contacts.iter().find(|(id, _)| *id == lead).map(|(_, card)| card);
    card.map_or_else(Default::default, |card| {
        let phone = if card.phone.is_empty() { String::new() } else { mask_phone(&card.phone) };
        [safe_cell(&card.name), safe_cell(&phone)]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::desk::Leadership;
    use crate::console::handwork::form::Entry;
    use crate::console::handwork::handover::Handover;
    use crate::console::handwork::sheet::BatchLine;
    use crate::engine::{Intent, Papers};
    use crate::model::event::Event;
    use crate::model::id::BatchId;
    use crate::model::lang::Lang;

    struct One;

    impl Library for One {
        fn contacts(&mut self, _: &[LeadId]) -> Vec<(LeadId, ContactCard)> {
            let card = ContactCard {
                name: "=HYPERLINK(\"x\")".into(),
                phone: "+8613800001234".into(),
                ..ContactCard::default()
            };
            vec![(LeadId(7), card)]
        }
        fn story(&mut self, _: LeadId, _: usize) -> Vec<Event> {
            Vec::new()
        }
        fn find(&mut self, _: &str, _: usize) -> Vec<LeadId> {
            Vec::new()
        }
        fn last_batch(&mut self) -> Option<BatchId> {
            None
        }
        fn leadership(&mut self) -> Leadership {
            Leadership::Here
        }
        fn batches(&mut self, _: usize, _: bool) -> Vec<BatchLine> {
            Vec::new()
        }
        fn papers(&mut self, _: BatchId) -> Option<Papers> {
            None
        }
        fn since(&mut self) -> Option<Handover> {
            None
        }
        fn entry(&mut self, _: &Entry) -> Result<Intent, Say> {
            Err(Say::both("none here", "这里没有"))
        }
    }

    fn list(path: &Path) -> Export {
        let row = |cells: &[&str]| cells.iter().map(|c| (*c).into()).collect();
        Export {
            path: path.display().to_string(),
            lang: Lang::En,
            head: vec!["lead", "score", "source", "name", "phone"],
            rows: vec![row(&["L7", "-3", "@cmd|'/c calc'!A1"]), row(&["L8", "+x", "抖音, \"live\""])],
            leads: vec![LeadId(7), LeadId(8)],
        }
    }

    #[test]
    fn no_cell_runs_as_a_formula_phones_stay_masked_and_files_stay_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out.csv");
        let told = export(&mut One, &list(&path));
        assert!(matches!(told, News::Notice(_)), "{told:?}");
        let text = std::fs::read_to_string(&path).unwrap();
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 2);
        assert_eq!(&rows[0][1], "-3", "a figure stays a figure");
        assert_eq!(&rows[0][2], "'@cmd|'/c calc'!A1");
        assert_eq!(&rows[0][3], "'=HYPERLINK(\"x\")");
        assert!(!text.contains("13800001234"), "{text}");
        assert_eq!(&rows[1][1], "'+x");
        assert!(matches!(export(&mut One, &list(&path)), News::Wrong(_)), "never written over");
        let nowhere = dir.path().join("no/such/folder.csv");
        assert!(matches!(export(&mut One, &list(&nowhere)), News::Wrong(_)));
    }
}
