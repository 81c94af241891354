-- Schema 3: the first page of the queue, readable before the log is folded. Waiting leads as they are served, parked ones by
-- age; owned and closed leads have no line here and cost nothing.

CREATE INDEX lead_waiting ON lead (score DESC, received_at) WHERE state = 0;
CREATE INDEX lead_parked ON lead (waiting_since) WHERE state = 1;
