//! What arrives: encodings, CSV, column mapping, dates; a reason for each rejected row.
