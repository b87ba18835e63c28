-- Organizations, who belongs to them, and how a tenant's rows are kept from every other tenant.

-- The organization in whose name the transaction runs; null where it forgot to say, and then nothing is visible.
CREATE FUNCTION current_org() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.org_id', true), '');

-- Whether the transaction may look over all organizations: the scheduler, the sweeper and the look-up of an API key do.
CREATE FUNCTION is_across() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(current_setting('app.across', true), '') = 'on';

-- Row-level security for a table whose rows belong to organizations, for the owner, too. Backup and restore run as the
-- owner and say so; the application's role can never say it. `across` opens the table to transactions over all tenants.
CREATE PROCEDURE guard(name regclass, across boolean DEFAULT false, org text DEFAULT 'org_id') LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', name);
  EXECUTE format(
    'CREATE POLICY tenant ON %s USING (%I = current_org()) WITH CHECK (%I = current_org())', name, org, org);
  IF across THEN
    EXECUTE format('CREATE POLICY across ON %s USING (is_across()) WITH CHECK (is_across())', name);
  END IF;
  EXECUTE format(
    'CREATE POLICY keeper ON %s TO CURRENT_USER USING (current_setting(''app.keeper'', true) = ''on'') WITH CHECK (current_setting(''app.keeper'', true) = ''on'')',
    name);
END $$;

CREATE TABLE organizations (
  id text COLLATE "C" PRIMARY KEY CHECK (id <> ''),
  name text NOT NULL,
  slug text NOT NULL UNIQUE, -- sign-in and links: the organization of a slug
  settings text NOT NULL DEFAULT '{}',
  created_at bigint NOT NULL,
  -- Raised with every change that its pages show, so that caches and ETags know.
  version bigint NOT NULL DEFAULT 1
);
CALL guard('organizations', true, 'id');

CREATE TABLE members (
  org_id text COLLATE "C" NOT NULL REFERENCES organizations ON DELETE CASCADE,
  user_id text COLLATE "C" NOT NULL,
  email text NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'analyst', 'viewer')),
  created_at bigint NOT NULL,
  PRIMARY KEY (org_id, user_id)
);
CREATE INDEX members_user_idx ON members (user_id); -- sign-in: the organizations of a user
CALL guard('members', true);

CREATE TABLE api_keys (
  org_id text COLLATE "C" NOT NULL REFERENCES organizations ON DELETE CASCADE,
  id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  -- SHA-256 of the key; the key itself is shown once and kept nowhere.
  fingerprint text NOT NULL,
  scopes text[] NOT NULL,
  created_by text,
  created_at bigint NOT NULL,
  expires_at bigint,
  last_used_at bigint,
  revoked_at bigint,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX api_keys_fingerprint_idx ON api_keys (fingerprint); -- every request with a key: whose is it
CALL guard('api_keys', true);

CREATE TABLE connections (
  org_id text COLLATE "C" NOT NULL REFERENCES organizations ON DELETE CASCADE,
  id text COLLATE "C" NOT NULL,
  platform text NOT NULL,
  name text NOT NULL,
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'failing', 'removed')),
  -- Sealed under a master key (kit/secret.ts); never in an answer.
  credential text,
  -- Where the next reading goes on, by service.
  cursors text NOT NULL DEFAULT '{}',
  last_error text,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX connections_platform_idx ON connections (org_id, platform, id); -- list by platform
CALL guard('connections');

CREATE TABLE alert_routes (
  org_id text COLLATE "C" NOT NULL REFERENCES organizations ON DELETE CASCADE,
  id text COLLATE "C" NOT NULL,
  channel text NOT NULL,
  severity_min smallint NOT NULL CHECK (severity_min BETWEEN 0 AND 4),
  is_enabled boolean NOT NULL DEFAULT true,
  options text NOT NULL DEFAULT '{}',
  -- Sealed, as in connections.
  secret text,
  created_at bigint NOT NULL,
  PRIMARY KEY (org_id, id)
);
CALL guard('alert_routes');

-- What Singura did in the customer's own systems (revoked a grant, sent an alert …).
CREATE TABLE action_log (
  org_id text COLLATE "C" NOT NULL REFERENCES organizations ON DELETE CASCADE,
  id text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  target text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('planned', 'done', 'failed', 'undone')),
  detail text NOT NULL DEFAULT '{}',
  PRIMARY KEY (org_id, id)
);
CREATE INDEX action_log_at_idx ON action_log (org_id, at DESC, id); -- list, newest first
CALL guard('action_log');

-- What people did in the console: each row carries the hash of the one before, so that none can go or change unseen.
CREATE TABLE console_audit (
  org_id text COLLATE "C" NOT NULL REFERENCES organizations ON DELETE CASCADE,
  seq bigint NOT NULL CHECK (seq > 0),
  at bigint NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  target text NOT NULL,
  detail text NOT NULL,
  previous bytea NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (org_id, seq)
);
CALL guard('console_audit');
