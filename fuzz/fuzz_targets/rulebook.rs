//! Any bytes as a rule book: nothing panics, places lie within the text, and what is printed in either keyword language reads
//! back as the same tree.

#![no_main]

use leadyard::model::lang::Lang;
use leadyard::rulebook::{LintFacts, Vocabulary, complete, explain, lint, parse, parse_condition, print_in};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let parsed = parse(&text);
    for lang in [Lang::En, Lang::Zh] {
        let printed = print_in(&parsed.tree, lang);
        assert_eq!(parse(&printed).tree, parsed.tree, "{printed}");
        let _ = explain(&parsed.tree, &LintFacts::default().names, None, lang);
    }
    for finding in lint(&parsed.tree, &LintFacts::default()) {
        assert!(text.get(finding.span.start..finding.span.end).is_some());
        let _ = (finding.message(Lang::En), finding.hint(Lang::Zh));
    }
    let _ = parse_condition(&text, None);
    let _ = complete(&text, text.len(), &Vocabulary::default());
});
