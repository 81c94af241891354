-- Schema 4: the doors. None of it follows from the log, so `check` has nothing to compare here.

-- == In: who may post, what was answered under a key, what was announced by number only.

CREATE TABLE token (
  name         TEXT    PRIMARY KEY,
  prefix       TEXT    NOT NULL UNIQUE,
  hash         BLOB    NOT NULL,
  source       TEXT    NOT NULL,
  scopes       INTEGER NOT NULL,
  rate_per_min INTEGER NOT NULL,
  created_at   INTEGER NOT NULL,
  created_by   TEXT    NOT NULL,
  expires_at   INTEGER,
  revoked_at   INTEGER,
  revoked_by   TEXT
) STRICT;

CREATE TABLE kept_answer (
  key     BLOB    PRIMARY KEY,
  request BLOB    NOT NULL,
  at      INTEGER NOT NULL,
  status  INTEGER NOT NULL,
  body    TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX kept_answer_at ON kept_answer (at);

CREATE TABLE awaited (
  system      TEXT    NOT NULL,
  external_id TEXT    NOT NULL,
  at          INTEGER NOT NULL,
  about       TEXT    NOT NULL,
  PRIMARY KEY (system, external_id)
) STRICT, WITHOUT ROWID;

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
CREATE INDEX outbox_dead ON outbox (created_at) WHERE stage = 3;
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
