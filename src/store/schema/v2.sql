-- Schema 2: words beside the numbers, and views a person can read. Times are UTC.

CREATE TABLE word (
  kind    TEXT    NOT NULL,
  code    INTEGER NOT NULL,
  word    TEXT    NOT NULL,
  word_zh TEXT    NOT NULL,
  PRIMARY KEY (kind, code)
) STRICT, WITHOUT ROWID;

CREATE VIEW event_log AS
SELECT e.seq,
       strftime('%Y-%m-%dT%H:%M:%fZ', e.at / 1000.0, 'unixepoch') AS time,
       coalesce((SELECT word FROM word WHERE kind = 'verb' AND code = e.verb), 'verb ' || e.verb) AS verb,
       e.lead,
       e.actor,
       coalesce((SELECT word FROM word WHERE kind = 'role' AND code = e.role), 'role ' || e.role) AS role,
       e.console,
       e.batch,
       e.undoes,
       length(e.payload) AS payload_bytes
FROM event e;

CREATE VIEW lead_list AS
SELECT l.id,
       coalesce((SELECT word FROM word WHERE kind = 'state' AND code = l.state), 'state ' || l.state) AS state,
       r.login AS owner,
       r.name AS owner_name,
       l.source, l.campaign, l.region, l.city, l.product, l.industry, l.language, l.company, l.score,
       l.value / 1000.0 AS value,
       strftime('%Y-%m-%dT%H:%M:%fZ', l.received_at / 1000.0, 'unixepoch') AS received,
       strftime('%Y-%m-%dT%H:%M:%fZ', l.arrived_at / 1000.0, 'unixepoch') AS arrived,
       strftime('%Y-%m-%dT%H:%M:%fZ', l.assigned_at / 1000.0, 'unixepoch') AS assigned,
       strftime('%Y-%m-%dT%H:%M:%fZ', l.contacted_at / 1000.0, 'unixepoch') AS contacted,
       l.pinned,
       l.touched_by
FROM lead l
LEFT JOIN rep r ON r.id = l.owner;

CREATE VIEW assignment_list AS
SELECT a.seq,
       strftime('%Y-%m-%dT%H:%M:%fZ', a.at / 1000.0, 'unixepoch') AS time,
       a.lead,
       r.login AS rep,
       f.login AS from_rep,
       coalesce(a.placed_by, 'engine') AS placed_by,
       a.rule,
       a.book
FROM assignment a
LEFT JOIN rep r ON r.id = a.rep
LEFT JOIN rep f ON f.id = a.from_rep;

CREATE VIEW batch_list AS
SELECT b.id,
       strftime('%Y-%m-%dT%H:%M:%fZ', b.at / 1000.0, 'unixepoch') AS time,
       b.actor,
       coalesce((SELECT word FROM word WHERE kind = 'verb' AND code = b.verb), 'verb ' || b.verb) AS began_with,
       b.events,
       b.leads,
       b.undone_by,
       strftime('%Y-%m-%dT%H:%M:%fZ', b.undone_at / 1000.0, 'unixepoch') AS undone
FROM batch b;
