-- Schema 4: the doors. None of it follows from the log, so `check` has nothing to compare here.

-- In: who may post, what was answered under a key, what was announced by number only.

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
