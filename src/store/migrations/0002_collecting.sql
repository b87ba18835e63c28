-- What comes in: uploads as received, runs, the completeness ledger, quarantine, events, and what is folded out of them.

CREATE TABLE runs (
  org_id text COLLATE "C" NOT NULL REFERENCES organizations ON DELETE CASCADE,
  id text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  priority smallint NOT NULL DEFAULT 1 CHECK (priority BETWEEN 0 AND 2), -- 0 critical, 1 standard, 2 background
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed', 'dead', 'cancelled')),
  -- Ids and settings alone: never a secret, never a record.
  input text NOT NULL DEFAULT '{}',
  -- At most one run that is not over for each key of an organization.
  once_key text,
  attempts integer NOT NULL DEFAULT 0,
  attempts_max integer NOT NULL DEFAULT 8,
  not_before bigint NOT NULL DEFAULT 0,
  lease_owner text,
  lease_until bigint,
  progress text NOT NULL DEFAULT '{}',
  error text,
  created_at bigint NOT NULL,
  started_at bigint,
  finished_at bigint,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX runs_once_idx ON runs (org_id, kind, once_key) WHERE state IN ('queued', 'running'); -- enqueue once
CREATE INDEX runs_created_idx ON runs (org_id, created_at DESC, id); -- list, newest first
CREATE INDEX runs_due_idx ON runs (not_before, priority, created_at) WHERE state = 'queued'; -- sweeper: what waits and is in no queue
CREATE INDEX runs_lease_idx ON runs (lease_until) WHERE state = 'running'; -- sweeper: whose worker is gone
CREATE INDEX runs_dead_idx ON runs (org_id, finished_at DESC, id) WHERE state = 'dead'; -- the dead letters
CALL guard('runs', true);

CREATE TABLE uploads (
  org_id text COLLATE "C" NOT NULL REFERENCES organizations ON DELETE CASCADE,
  id text COLLATE "C" NOT NULL,
  -- The caller's: the same key is the same upload, however often it is sent.
  idempotency_key text,
  name text NOT NULL,
  state text NOT NULL DEFAULT 'receiving' CHECK (state IN ('receiving', 'received', 'collecting', 'collected', 'failed')),
  bytes bigint NOT NULL DEFAULT 0,
  chunks integer NOT NULL DEFAULT 0,
  sha256 text,
  -- Batches that are folded and committed; the next collector goes on from here.
  cursor bigint NOT NULL DEFAULT 0,
  counts text NOT NULL DEFAULT '{}',
  error text,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX uploads_idempotency_idx ON uploads (org_id, idempotency_key); -- the same upload again
CREATE INDEX uploads_created_idx ON uploads (org_id, created_at DESC, id); -- list, newest first
CREATE INDEX uploads_open_idx ON uploads (updated_at) WHERE state IN ('receiving', 'received', 'collecting'); -- sweeper
CALL guard('uploads', true);

CREATE TABLE upload_chunks (
  org_id text COLLATE "C" NOT NULL,
  upload_id text COLLATE "C" NOT NULL,
  seq integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (org_id, upload_id, seq),
  FOREIGN KEY (org_id, upload_id) REFERENCES uploads ON DELETE CASCADE
);
ALTER TABLE upload_chunks ALTER bytes SET STORAGE EXTERNAL; -- mostly packed already
CALL guard('upload_chunks');

-- The completeness ledger: per connection or upload, service and hour.
CREATE TABLE ledger (
  org_id text COLLATE "C" NOT NULL REFERENCES organizations ON DELETE CASCADE,
  source text COLLATE "C" NOT NULL,
  service text COLLATE "C" NOT NULL,
  hour bigint NOT NULL, -- hours since 1970; -1 for records without a time
  fetched bigint NOT NULL DEFAULT 0,
  new bigint NOT NULL DEFAULT 0,
  duplicate bigint NOT NULL DEFAULT 0,
  quarantined bigint NOT NULL DEFAULT 0,
  late bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, source, service, hour)
);
CREATE INDEX ledger_hour_idx ON ledger (org_id, hour, source, service); -- completeness of a span of time
CALL guard('ledger');

CREATE TABLE quarantine (
  org_id text COLLATE "C" NOT NULL REFERENCES organizations ON DELETE CASCADE,
  source text COLLATE "C" NOT NULL,
  batch bigint NOT NULL,
  line bigint NOT NULL,
  nth integer NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (org_id, source, batch, line, nth) -- list of a source, in its order
);
CALL guard('quarantine');

-- Every event once: inserting a key that is there already inserts nothing, and only what was inserted is folded.
CREATE TABLE audit_events (
  org_id text COLLATE "C" NOT NULL,
  day integer NOT NULL, -- UTC days since 1970 of event time; -1 for events without a time
  event_key bytea NOT NULL,
  at bigint,
  platform text NOT NULL,
  service text NOT NULL,
  action text NOT NULL,
  actor text NOT NULL,
  automation_key text COLLATE "C", -- who acted
  subject_key text COLLATE "C", -- whom it is about
  source text NOT NULL,
  line bigint NOT NULL,
  -- The event itself as JSON, for its page.
  body text NOT NULL,
  PRIMARY KEY (org_id, day, event_key)
) PARTITION BY RANGE (day);
CREATE INDEX audit_events_at_idx ON audit_events (org_id, day DESC, coalesce(at, -1) DESC, event_key DESC); -- list, newest first
CREATE INDEX audit_events_automation_idx ON audit_events (org_id, automation_key, day DESC, coalesce(at, -1) DESC, event_key DESC) WHERE automation_key IS NOT NULL; -- what an automation did
CREATE INDEX audit_events_subject_idx ON audit_events (org_id, subject_key, day DESC, coalesce(at, -1) DESC, event_key DESC) WHERE subject_key IS NOT NULL; -- what was done to an automation
CALL guard('audit_events');

-- Which days have a partition. Days near today have one each; a record that claims to be from decades ago or ahead
-- shares one of 512 days, so that nobody can make us keep tens of thousands.
CREATE TABLE event_days (
  from_day integer PRIMARY KEY,
  to_day integer NOT NULL CHECK (to_day > from_day)
);

-- Makes the partition of these days. As the owner alone: ensure_event_days asks for it.
CREATE FUNCTION add_event_days(from_day_ integer, to_day_ integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE name text;
BEGIN
  name := 'audit_events_' || replace(from_day_::text, '-', 'undated_') || '_' || to_day_;
  -- Attaching needs no lock that others' inserts wait for; creating it as a partition would.
  EXECUTE format('CREATE TABLE %I (LIKE audit_events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
  EXECUTE format('ALTER TABLE audit_events ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', name, from_day_, to_day_);
  INSERT INTO event_days VALUES (from_day_, to_day_);
END $$;

CREATE FUNCTION ensure_event_days(days integer[], today integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  wanted integer;
  block integer;
  from_day_ integer;
  to_day_ integer;
  made integer := 0;
BEGIN
  FOR wanted IN
    SELECT DISTINCT d FROM unnest(days) AS d
    WHERE d BETWEEN -1 AND 100000
      AND NOT EXISTS (SELECT FROM event_days e WHERE d >= e.from_day AND d < e.to_day)
    ORDER BY d
  LOOP
    PERFORM pg_advisory_xact_lock(7305117, 1);
    CONTINUE WHEN EXISTS (SELECT FROM event_days e WHERE wanted >= e.from_day AND wanted < e.to_day);
    IF wanted = -1 OR wanted BETWEEN today - 400 AND today + 7 THEN
      from_day_ := wanted;
      to_day_ := wanted + 1;
    ELSE
      block := wanted / 512 * 512;
      SELECT greatest(block, coalesce(max(e.to_day), block)) INTO from_day_ FROM event_days e WHERE e.to_day <= wanted;
      SELECT least(block + 512, coalesce(min(e.from_day), block + 512)) INTO to_day_ FROM event_days e WHERE e.from_day > wanted;
    END IF;
    PERFORM add_event_days(from_day_, to_day_);
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;

-- What is folded out of events, as the engine's own bytes: an actor's day, its changes, and what is known of it.
CREATE TABLE tracks (
  org_id text COLLATE "C" NOT NULL REFERENCES organizations ON DELETE CASCADE,
  key text COLLATE "C" NOT NULL,
  day integer NOT NULL,
  bytes bytea NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (org_id, key, day)
);
CREATE INDEX tracks_day_idx ON tracks (org_id, day, key); -- retention: forgets the oldest days
CALL guard('tracks');

CREATE TABLE timelines (
  org_id text COLLATE "C" NOT NULL REFERENCES organizations ON DELETE CASCADE,
  key text COLLATE "C" NOT NULL,
  bytes bytea NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (org_id, key)
);
CALL guard('timelines');

CREATE TABLE records (
  org_id text COLLATE "C" NOT NULL REFERENCES organizations ON DELETE CASCADE,
  key text COLLATE "C" NOT NULL,
  bytes bytea NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (org_id, key)
);
CALL guard('records');

CREATE TABLE baselines (
  org_id text COLLATE "C" NOT NULL REFERENCES organizations ON DELETE CASCADE,
  key text COLLATE "C" NOT NULL,
  bytes bytea NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (org_id, key)
);
CALL guard('baselines');
