-- What lists say, each fact once; what Sigma rules matched; and by which number evidence names the upload that it came with.

-- A list that is sent again, or in two parts that overlap, weighs no more than it did.
CREATE TABLE state_facts (
  org_id text COLLATE "C" NOT NULL REFERENCES organizations ON DELETE CASCADE,
  fact_key bytea NOT NULL,
  PRIMARY KEY (org_id, fact_key)
);
CALL guard('state_facts');

-- By the automation or person that the matches are about.
CREATE TABLE matches (
  org_id text COLLATE "C" NOT NULL REFERENCES organizations ON DELETE CASCADE,
  key text COLLATE "C" NOT NULL,
  bytes bytea NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (org_id, key)
);
CALL guard('matches');

-- By the rule that matched: what correlations wait for.
CREATE TABLE kept (
  org_id text COLLATE "C" NOT NULL REFERENCES organizations ON DELETE CASCADE,
  key text COLLATE "C" NOT NULL,
  bytes bytea NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (org_id, key)
);
CALL guard('kept');

ALTER TABLE uploads ADD COLUMN number bigint NOT NULL DEFAULT 0;
CREATE INDEX uploads_number_idx ON uploads (org_id, number); -- evidence: the upload that a record came with
CREATE INDEX ledger_service_idx ON ledger (org_id, service, hour DESC); -- collecting: how far a service has come
