-- Schema 1: the log, what hangs on it, and the readable tables kept in step with it. Described in docs/store.md.

CREATE TABLE event (
  seq     INTEGER PRIMARY KEY,
  at      INTEGER NOT NULL,
  actor   TEXT    NOT NULL,
  role    INTEGER NOT NULL,
  console INTEGER NOT NULL,
  intent  BLOB,
  batch   INTEGER NOT NULL,
  verb    INTEGER NOT NULL,
  version INTEGER NOT NULL,
  lead    INTEGER,
  payload BLOB    NOT NULL,
  undoes  INTEGER
) STRICT;

CREATE INDEX event_lead ON event (lead) WHERE lead IS NOT NULL;

CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'the log is append-only: events are never changed'); END;

CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'the log is append-only: events are never deleted'); END;

CREATE TABLE contact (
  lead   INTEGER PRIMARY KEY,
  name   TEXT NOT NULL,
  phone  TEXT NOT NULL,
  email  TEXT NOT NULL,
  wechat TEXT NOT NULL,
  note   TEXT NOT NULL,
  raw    TEXT NOT NULL
) STRICT;

-- Written from events, never from the world.

CREATE TABLE lead_key   (key INTEGER NOT NULL, lead INTEGER NOT NULL, PRIMARY KEY (key, lead)) STRICT, WITHOUT ROWID;
CREATE TABLE lead_ref   (hash INTEGER NOT NULL, lead INTEGER NOT NULL, PRIMARY KEY (hash, lead)) STRICT, WITHOUT ROWID;
CREATE TABLE company    (block INTEGER NOT NULL, lead INTEGER NOT NULL, PRIMARY KEY (block, lead)) STRICT, WITHOUT ROWID;

CREATE TABLE intent (
  id        BLOB    NOT NULL PRIMARY KEY,
  first_seq INTEGER NOT NULL,
  last_seq  INTEGER NOT NULL,
  batch     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE batch (
  id          INTEGER PRIMARY KEY,
  at          INTEGER NOT NULL,
  actor       TEXT    NOT NULL,
  console     INTEGER NOT NULL,
  verb        INTEGER NOT NULL,
  last_seq    INTEGER NOT NULL,
  events      INTEGER NOT NULL,
  leads       INTEGER NOT NULL,
  undone_by   TEXT,
  undone_at   INTEGER,
  undone_seq  INTEGER
) STRICT;

CREATE TABLE assignment (
  seq      INTEGER PRIMARY KEY,
  lead     INTEGER NOT NULL,
  rep      INTEGER NOT NULL,
  from_rep INTEGER,
  at       INTEGER NOT NULL,
  placed_by TEXT,
  rule     TEXT,
  book     INTEGER NOT NULL
) STRICT;

CREATE TABLE book (
  version INTEGER PRIMARY KEY,
  seq     INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  published_by TEXT NOT NULL,
  note    TEXT    NOT NULL,
  text    TEXT    NOT NULL
) STRICT;

CREATE TABLE ledger (
  rep           INTEGER NOT NULL REFERENCES rep (id) DEFERRABLE INITIALLY DEFERRED,
  team          TEXT    NOT NULL,
  day           INTEGER NOT NULL,
  turns_milli   INTEGER NOT NULL,
  entries_milli INTEGER NOT NULL,
  placements    INTEGER NOT NULL,
  PRIMARY KEY (rep, team, day)
) STRICT, WITHOUT ROWID;

-- Written from the world, once a transaction, for what it touched.

CREATE TABLE lead (
  id             INTEGER PRIMARY KEY,
  state          INTEGER NOT NULL,
  owner          INTEGER,
  source         TEXT,
  campaign       TEXT,
  region         TEXT,
  city           TEXT,
  product        TEXT,
  industry       TEXT,
  language       TEXT,
  company        TEXT,
  custom         TEXT,
  base_score     INTEGER NOT NULL,
  score          INTEGER NOT NULL,
  value          INTEGER,
  has_phone      INTEGER NOT NULL,
  has_email      INTEGER NOT NULL,
  received_at    INTEGER NOT NULL,
  arrived_at     INTEGER NOT NULL,
  kind           INTEGER NOT NULL,
  pinned         INTEGER NOT NULL,
  hold_by        TEXT,
  hold_until     INTEGER,
  park           TEXT,
  not_to         TEXT,
  known_owner    INTEGER,
  twin           INTEGER,
  waiting_since  INTEGER NOT NULL,
  assigned_at    INTEGER,
  contacted_at   INTEGER,
  do_not_contact INTEGER NOT NULL,
  rev            INTEGER NOT NULL,
  touched_at     INTEGER NOT NULL,
  touched_by     TEXT    NOT NULL
) STRICT;

-- Closed leads, the one touched last first. Open ones are in memory; an index on them would be paid for nothing.
CREATE INDEX lead_closed ON lead (rev) WHERE state >= 4;

CREATE TABLE rep (
  id             INTEGER PRIMARY KEY,
  login          TEXT    NOT NULL,
  name           TEXT    NOT NULL,
  teams          TEXT    NOT NULL,
  weight_milli   INTEGER NOT NULL,
  cap_open       INTEGER,
  cap_day        INTEGER,
  skills         TEXT    NOT NULL,
  active         INTEGER NOT NULL,
  duty           INTEGER NOT NULL,
  leaves         TEXT    NOT NULL,
  joined_at      INTEGER NOT NULL,
  load           INTEGER NOT NULL,
  lifetime_milli INTEGER NOT NULL,
  last_turn      INTEGER NOT NULL,
  away_since     INTEGER
) STRICT;

CREATE TABLE alert (
  kind      TEXT    NOT NULL,
  about     TEXT    NOT NULL,
  count     INTEGER NOT NULL,
  figure    INTEGER NOT NULL,
  bound     INTEGER NOT NULL,
  leads     TEXT    NOT NULL,
  fired_at  INTEGER NOT NULL,
  fired_seq INTEGER NOT NULL,
  PRIMARY KEY (kind, about)
) STRICT, WITHOUT ROWID;

-- Housekeeping; nothing here is truth.

CREATE TABLE checkpoint (
  seq          INTEGER PRIMARY KEY,
  fold_version INTEGER NOT NULL,
  at           INTEGER NOT NULL,
  sum          INTEGER NOT NULL,
  blob         BLOB    NOT NULL
) STRICT;

CREATE TABLE lease (
  id              INTEGER PRIMARY KEY CHECK (id = 1),
  holder          TEXT    NOT NULL,
  epoch           INTEGER NOT NULL,
  boot_id         TEXT    NOT NULL,
  renewed_boot_ms INTEGER NOT NULL,
  expires_boot_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
