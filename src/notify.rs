//! What leaves: the outbox worker and its channels.
