//! `notify` lines: one a channel and team, so that nobody is told the same thing twice. A channel nobody has set up yet is
//! warned of and no more: it is set up outside the book, perhaps later, perhaps on another machine.

use smol_str::format_smolstr;

use super::super::book::Route;
use super::super::diagnostic::{DiagCode, Noun, Severity, Span};
use super::super::keyword::{CHANNELS, Kw, word_for};
use super::super::literal;
use super::super::tree::NotifyNode;
use super::Lowering;
use crate::model::channel::{ChannelKind, Topic};

impl Lowering<'_> {
    pub(super) fn notify(&mut self, node: &NotifyNode, span: Span) {
        let name = literal::normal(&node.name.text);
        let team = node.team.as_ref().map(|t| literal::normal(&t.text));
        let is_same = |r: &Route| r.kind == node.kind && r.name == name && r.team == team;
        if self.book.notify.iter().any(is_same) {
            let (notify, kind) = (Kw::Notify.word(self.lang()), word_for(CHANNELS, node.kind, self.lang()));
            self.error(span, DiagCode::Repeated { what: format_smolstr!("{notify} {kind} {name}") });
            return;
        }
        // What would never be told would be believed to be.
        let only_page = node.kind.is_sms();
        let no_alert = |topic: &Topic| matches!(topic, Topic::Digest | Topic::Assigned);
        let is_unfit = |topic: &&Topic| match node.kind {
            ChannelKind::Terminal => no_alert(topic),
            _ => only_page && **topic != Topic::Page,
        };
        if let Some(topic) = node.on.iter().find(is_unfit) {
            self.error(span, DiagCode::NotifyUnfit { kind: node.kind, topic: *topic });
            return;
        }
        // A terminal is no channel that is set up.
        let listed = if node.kind == ChannelKind::Terminal { None } else { self.names };
        if let Some(known) = listed.and_then(|names| names.channels.as_ref()) {
            let all: Vec<&str> =
                known.iter().filter(|(kind, _)| *kind == node.kind).map(|(_, name)| name.as_str()).collect();
            if !all.contains(&name.as_str()) {
                self.unknown(Severity::Warning, Noun::Channel, &name, node.name.at.0, all);
            }
        }
        self.book.notify.push(Route { kind: node.kind, name, topics: node.on.clone(), team, span });
    }
}
