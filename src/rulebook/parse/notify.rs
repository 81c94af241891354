//! `notify` lines: through which channel, about what, for whom. Whether there is such a channel is not known here.

use super::super::diagnostic::{Noun, Want};
use super::super::keyword::{CHANNELS, Kw, ON, TOPICS, meaning, words_of};
use super::super::tree::NotifyNode;
use super::{Parser, Read};
use crate::model::channel::Topic;

impl Parser<'_> {
    /// `notify wecom "sales-leads" on page, digest to team Promo`
    pub(super) fn notify(&mut self) -> Read<NotifyNode> {
        self.next();
        let token = self.peek();
        let Some(kind) = meaning(CHANNELS, self.slice(self.whole_span())) else {
            if self.at_line_end() {
                return Err(self.expected(Want::Name));
            }
            return Err(self.unknown(Noun::Channel, token, words_of(CHANNELS)));
        };
        self.next_whole();
        let name = self.name()?;
        self.said(ON)?;
        let mut on = Vec::new();
        for topic in self.list(Self::topic)? {
            if !on.contains(&topic) {
                on.push(topic);
            }
        }
        let team = if self.eat_kw(Kw::To) {
            self.expect_kw(Kw::Team)?;
            Some(self.name()?)
        } else {
            None
        };
        Ok(NotifyNode { kind, name, on, team })
    }

    fn topic(&mut self) -> Read<Topic> {
        let token = self.peek();
        let Some(topic) = meaning(TOPICS, self.slice(token.span)) else {
            if self.at_line_end() {
                return Err(self.expected(Want::Name));
            }
            return Err(self.unknown(Noun::Topic, token, words_of(TOPICS)));
        };
        self.next_whole();
        Ok(topic)
    }
}
