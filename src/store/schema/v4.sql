-- Schema 4.

-- == Out: notices on their way ==
-- Written in the transaction of their cause, sent by the leader. No picture of the log: `check` does not compare them, and a
-- replay writes none.

CREATE TABLE outbox (
  id         BLOB    PRIMARY KEY,
  kind       TEXT    NOT NULL,
  channel    TEXT    NOT NULL,
  topic      TEXT    NOT NULL,
  severity   INTEGER NOT NULL,
  receiver   TEXT    NOT NULL,
  lead       INTEGER,
  news       TEXT    NOT NULL,
  told       TEXT    NOT NULL,
  cause      INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  due_at     INTEGER NOT NULL,
  stage      INTEGER NOT NULL,
  tries      INTEGER NOT NULL,
  last_error TEXT    NOT NULL,
  alone      INTEGER NOT NULL,
  message    BLOB,
  epoch      INTEGER,
  sent_at    INTEGER,
  vendor     TEXT    NOT NULL,
  handled_by TEXT    NOT NULL,
  handled_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX outbox_open ON outbox (kind, channel, severity DESC, cause) WHERE stage < 2;
CREATE INDEX outbox_lead ON outbox (lead, cause) WHERE lead IS NOT NULL;
CREATE INDEX outbox_over ON outbox (created_at) WHERE stage >= 2;

-- What the limits of a channel are counted over: it must outlive restarts.
CREATE TABLE channel_state (
  kind          TEXT    NOT NULL,
  channel       TEXT    NOT NULL,
  recent        TEXT    NOT NULL,
  blocked_until INTEGER NOT NULL,
  failures      INTEGER NOT NULL,
  last_error    TEXT    NOT NULL,
  last_ok_at    INTEGER,
  PRIMARY KEY (kind, channel)
) STRICT, WITHOUT ROWID;
