-- A file as schema 1 left it: two reps, one lead received and assigned. Frozen: never regenerate it from newer code.
PRAGMA foreign_keys = OFF;

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


INSERT INTO event (seq, at, actor, role, console, intent, batch, verb, version, lead, payload, undoes) VALUES (1, 1794369601000, '王芳', 2, 7, X'00000010000000000000000000000001', 1, 20, 1, NULL, X'0D01087A68616E6777656906E5BCA0E4BC9F00E80700000000', NULL);
INSERT INTO event (seq, at, actor, role, console, intent, batch, verb, version, lead, payload, undoes) VALUES (2, 1794369602000, '王芳', 2, 7, X'00000010000000000000000000000001', 1, 20, 1, NULL, X'0D02066F627269656E074F27427269656E00E80700000000', NULL);
INSERT INTO event (seq, at, actor, role, console, intent, batch, verb, version, lead, payload, undoes) VALUES (3, 1794369603000, '王芳', 2, 7, X'00000010000000000000000000000002', 3, 1, 1, 1, X'000106E68A96E99FB310E58F8CE58D81E4B88020E9A284E783AD06E4B88AE6B5B706E6B5A6E4B89C0743524D2050726F06E69599E882B2027A6813E6988EE5BEB7E69599E882B2E592A8E8AFA231500180D30E010101066275646765740335306BF099998CB9680006E5AE98E7BD910A6578742D3030303030310200FC8DB1F7BB83DB80AF0100FCBA9991E8CDDEC4DF010000000000', NULL);
INSERT INTO event (seq, at, actor, role, console, intent, batch, verb, version, lead, payload, undoes) VALUES (4, 1794369604000, '王芳', 2, 7, X'00000010000000000000000000000002', 3, 3, 1, 1, X'0201010000010F45617374204368696E612C20686F7401AE0101010B456173742053656E696F72C0C402D00F0200000000', NULL);
INSERT INTO contact (lead, name, phone, email, wechat, note, raw) VALUES (1, '李雷1', '+8613800000001', 'lilei1@example.com', '', '', '');
INSERT INTO lead_key (key, lead) VALUES (-5836264775672379652, 1);
INSERT INTO lead_key (key, lead) VALUES (-2339203916393718404, 1);
INSERT INTO lead_ref (hash, lead) VALUES (5417792093343335018, 1);
INSERT INTO company (block, lead) VALUES (54790217655, 1);
INSERT INTO intent (id, first_seq, last_seq, batch) VALUES (X'00000010000000000000000000000001', 1, 2, 1);
INSERT INTO intent (id, first_seq, last_seq, batch) VALUES (X'00000010000000000000000000000002', 3, 4, 3);
INSERT INTO batch (id, at, actor, console, verb, last_seq, events, leads, undone_by, undone_at, undone_seq) VALUES (1, 1794369601000, '王芳', 7, 20, 2, 2, 0, NULL, NULL, NULL);
INSERT INTO batch (id, at, actor, console, verb, last_seq, events, leads, undone_by, undone_at, undone_seq) VALUES (3, 1794369603000, '王芳', 7, 1, 4, 2, 1, NULL, NULL, NULL);
INSERT INTO assignment (seq, lead, rep, from_rep, at, placed_by, rule, book) VALUES (4, 1, 1, NULL, 1794369604000, NULL, 'East China, hot', 1);
INSERT INTO ledger (rep, team, day, turns_milli, entries_milli, placements) VALUES (1, '', 20768, 1000, 0, 1);
INSERT INTO ledger (rep, team, day, turns_milli, entries_milli, placements) VALUES (1, 'East Senior', 20768, 1000, 0, 1);
INSERT INTO lead (id, state, owner, source, campaign, region, city, product, industry, language, company, custom, base_score, score, value, has_phone, has_email, received_at, arrived_at, kind, pinned, hold_by, hold_until, park, not_to, known_owner, twin, waiting_since, assigned_at, contacted_at, do_not_contact, rev, touched_at, touched_by) VALUES (1, 2, 1, '抖音', '双十一 预热', '上海', '浦东', 'CRM Pro', '教育', 'zh', '明德教育咨询1', '[["budget","50k"]]', 40, 87, 120000, 1, 1, 1794369595000, 1794369603000, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, 1794369603000, 1794369604000, NULL, 0, 4, 1794369604000, '王芳');
INSERT INTO rep (id, login, name, teams, weight_milli, cap_open, cap_day, skills, active, duty, leaves, joined_at, load, lifetime_milli, last_turn, away_since) VALUES (1, 'zhangwei', '张伟', '[]', 1000, NULL, NULL, '[]', 1, 1, '[]', 1794369601000, 1, 1000, 4, NULL);
INSERT INTO rep (id, login, name, teams, weight_milli, cap_open, cap_day, skills, active, duty, leaves, joined_at, load, lifetime_milli, last_turn, away_since) VALUES (2, 'obrien', 'O''Brien', '[]', 1000, NULL, NULL, '[]', 1, 1, '[]', 1794369602000, 0, 0, 0, NULL);
INSERT INTO meta (key, value) VALUES ('created_at', 1794369600000);
INSERT INTO meta (key, value) VALUES ('desk', 'a6969739d3ff845fbfa8474fd899a05b');
INSERT INTO meta (key, value) VALUES ('secret', X'4A91121B234B4208041CF04038E0539C');
PRAGMA application_id = 1281712484;
PRAGMA user_version = 1;
