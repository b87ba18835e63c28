-- What comes out: automations, grants, findings, verdicts and chains, and statistics that are kept with every change.

CREATE TABLE automations (
  org_id text COLLATE "C" NOT NULL REFERENCES organizations,
  id text COLLATE "C" NOT NULL,
  platform text NOT NULL,
  kind text NOT NULL,
  native_id text NOT NULL,
  name text,
  vendor text,
  ai text, -- the AI's provider; null where it is none
  owner text, -- who most likely answers for it
  risk smallint NOT NULL CHECK (risk BETWEEN 0 AND 100),
  level text NOT NULL,
  classification text NOT NULL,
  first_seen_at bigint,
  last_seen_at bigint,
  event_count bigint NOT NULL DEFAULT 0,
  -- The assessment in full, as in a report.
  body text NOT NULL,
  -- What the organization says: an assessment never touches these.
  state text NOT NULL DEFAULT 'discovered' CHECK (state IN ('discovered', 'approved', 'watched', 'blocked', 'retired')),
  assigned_to text,
  tags text[] NOT NULL DEFAULT '{}',
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX automations_risk_idx ON automations (org_id, risk DESC, id); -- list, riskiest first
CREATE INDEX automations_platform_idx ON automations (org_id, platform, risk DESC, id); -- list of a platform
CREATE INDEX automations_classification_idx ON automations (org_id, classification, risk DESC, id); -- list of a classification
CREATE INDEX automations_high_idx ON automations (org_id, last_seen_at DESC, id) WHERE level IN ('high', 'critical'); -- what needs a look now
CREATE INDEX automations_ai_idx ON automations (org_id, ai, risk DESC, id) WHERE ai IS NOT NULL; -- the AI tools
CREATE INDEX automations_name_idx ON automations (org_id, name, id); -- list by name
CALL guard('automations');

CREATE TABLE grants (
  org_id text COLLATE "C" NOT NULL,
  automation_id text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL, -- consent and principal
  principal text,
  consent text NOT NULL,
  scopes text[] NOT NULL,
  granted_by text,
  at bigint,
  PRIMARY KEY (org_id, automation_id, key),
  FOREIGN KEY (org_id, automation_id) REFERENCES automations ON DELETE CASCADE
);
CREATE INDEX grants_principal_idx ON grants (org_id, principal, automation_id, key); -- what a person let in
CALL guard('grants');

CREATE TABLE findings (
  org_id text COLLATE "C" NOT NULL REFERENCES organizations,
  id text COLLATE "C" NOT NULL,
  detector text NOT NULL,
  techniques text[] NOT NULL,
  attack_type text NOT NULL,
  severity smallint NOT NULL CHECK (severity BETWEEN 0 AND 4), -- info, low, medium, high, critical
  confidence real NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  platform text NOT NULL,
  automation_id text COLLATE "C",
  principal text,
  from_at bigint,
  to_at bigint,
  title text NOT NULL,
  body text NOT NULL, -- in full, as in a report
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'triaged', 'confirmed', 'dismissed', 'resolved')),
  assignee text,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  superseded_at bigint, -- no longer claimed by the last assessment
  PRIMARY KEY (org_id, id)
);
CREATE INDEX findings_worst_idx ON findings (org_id, severity DESC, created_at DESC, id) WHERE superseded_at IS NULL; -- list, worst first
CREATE INDEX findings_created_idx ON findings (org_id, created_at DESC, id); -- list, newest first
CREATE INDEX findings_automation_idx ON findings (org_id, automation_id, created_at DESC, id); -- findings of an automation
CREATE INDEX findings_high_idx ON findings (org_id, created_at DESC, id) WHERE confidence >= 0.8 AND superseded_at IS NULL; -- what is as good as certain
CREATE INDEX findings_status_idx ON findings (org_id, status, severity DESC, created_at DESC, id) WHERE superseded_at IS NULL; -- the queue of an analyst
CALL guard('findings');

CREATE TABLE verdicts (
  org_id text COLLATE "C" NOT NULL,
  finding_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('true_positive', 'false_positive')),
  by text NOT NULL,
  note text NOT NULL DEFAULT '',
  at bigint NOT NULL,
  PRIMARY KEY (org_id, finding_id, id),
  FOREIGN KEY (org_id, finding_id) REFERENCES findings ON DELETE CASCADE
);
CREATE INDEX verdicts_at_idx ON verdicts (org_id, at DESC, finding_id, id); -- quality: the latest verdicts
CALL guard('verdicts');

CREATE TABLE chains (
  org_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL, -- its finding's
  from_at bigint NOT NULL,
  to_at bigint NOT NULL,
  steps text NOT NULL,
  shares text NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, id) REFERENCES findings ON DELETE CASCADE
);
CREATE INDEX chains_to_idx ON chains (org_id, to_at DESC, id); -- list, latest first
CALL guard('chains');

-- Counts for the dashboard, kept by triggers in the transaction of each change: never behind, and read by a few rows.
CREATE TABLE stats (
  org_id text COLLATE "C" NOT NULL REFERENCES organizations ON DELETE CASCADE,
  about text COLLATE "C" NOT NULL, -- automations, findings or trend
  dimension text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (org_id, about, dimension, value)
);
CALL guard('stats');

CREATE FUNCTION count_automations() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE sources text := '';
BEGIN
  IF TG_OP <> 'INSERT' THEN sources := 'SELECT *, -1 AS n FROM before'; END IF;
  IF TG_OP = 'UPDATE' THEN sources := sources || ' UNION ALL '; END IF;
  IF TG_OP <> 'DELETE' THEN sources := sources || 'SELECT *, 1 AS n FROM after'; END IF;
  EXECUTE format($q$
    INSERT INTO stats (org_id, about, dimension, value, count)
    SELECT org_id, 'automations', d.dimension, d.value, sum(n)
    FROM (%s) AS rows,
      LATERAL (VALUES ('all', ''), ('platform', platform), ('kind', kind), ('level', level),
        ('classification', classification), ('state', state), ('ai', coalesce(ai, ''))) AS d (dimension, value)
    GROUP BY org_id, d.dimension, d.value HAVING sum(n) <> 0 ORDER BY 1, 3, 4
    ON CONFLICT (org_id, about, dimension, value) DO UPDATE SET count = stats.count + excluded.count
  $q$, sources);
  RETURN NULL;
END $$;
CREATE TRIGGER count_inserted AFTER INSERT ON automations REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION count_automations();
CREATE TRIGGER count_updated AFTER UPDATE ON automations REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION count_automations();
CREATE TRIGGER count_deleted AFTER DELETE ON automations REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION count_automations();

-- Findings in force by each of their kinds; and, as the trend, all findings by the UTC day on which they were made.
CREATE FUNCTION count_findings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE sources text := '';
BEGIN
  IF TG_OP <> 'INSERT' THEN sources := 'SELECT *, -1 AS n FROM before'; END IF;
  IF TG_OP = 'UPDATE' THEN sources := sources || ' UNION ALL '; END IF;
  IF TG_OP <> 'DELETE' THEN sources := sources || 'SELECT *, 1 AS n FROM after'; END IF;
  EXECUTE format($q$
    INSERT INTO stats (org_id, about, dimension, value, count)
    SELECT org_id, d.about, d.dimension, d.value, sum(n)
    FROM (%s) AS rows,
      LATERAL (VALUES ('findings', 'all', ''), ('findings', 'severity', severity::text),
        ('findings', 'attack_type', attack_type), ('findings', 'platform', platform), ('findings', 'status', status),
        ('findings', 'detector', detector),
        ('trend', severity::text, lpad((created_at / 86400000)::text, 6, '0'))) AS d (about, dimension, value)
    WHERE superseded_at IS NULL OR d.about = 'trend'
    GROUP BY org_id, d.about, d.dimension, d.value HAVING sum(n) <> 0 ORDER BY 1, 2, 3, 4
    ON CONFLICT (org_id, about, dimension, value) DO UPDATE SET count = stats.count + excluded.count
  $q$, sources);
  RETURN NULL;
END $$;
CREATE TRIGGER count_inserted AFTER INSERT ON findings REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION count_findings();
CREATE TRIGGER count_updated AFTER UPDATE ON findings REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION count_findings();
CREATE TRIGGER count_deleted AFTER DELETE ON findings REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION count_findings();
