/** Every table as its queries see it. Times are epoch milliseconds, `day` is UTC days since 1970 with -1 for undated, JSON is text. */

import type { Generated } from "kysely";

export interface Tables {
  organizations: {
    id: string;
    name: string;
    slug: string;
    settings: Generated<string>;
    created_at: number;
    version: Generated<number>;
  };
  members: {
    org_id: string;
    user_id: string;
    email: string;
    role: "owner" | "admin" | "analyst" | "viewer";
    created_at: number;
  };
  api_keys: {
    org_id: string;
    id: string;
    name: string;
    fingerprint: string;
    scopes: string[];
    created_by: string | null;
    created_at: number;
    expires_at: number | null;
    last_used_at: Generated<number | null>;
    revoked_at: Generated<number | null>;
  };
  connections: {
    org_id: string;
    id: string;
    platform: string;
    name: string;
    state: Generated<"active" | "paused" | "failing" | "removed">;
    credential: string | null;
    cursors: Generated<string>;
    last_error: Generated<string | null>;
    created_at: number;
    updated_at: number;
  };
  alert_routes: {
    org_id: string;
    id: string;
    channel: string;
    severity_min: number;
    is_enabled: Generated<boolean>;
    options: Generated<string>;
    secret: string | null;
    created_at: number;
  };
  action_log: {
    org_id: string;
    id: string;
    at: number;
    actor: string;
    action: string;
    target: string;
    outcome: "planned" | "done" | "failed" | "undone";
    detail: Generated<string>;
  };
  console_audit: {
    org_id: string;
    seq: number;
    at: number;
    actor: string;
    action: string;
    target: string;
    detail: string;
    previous: Buffer;
    hash: Buffer;
  };
  runs: {
    org_id: string;
    id: string;
    kind: string;
    priority: Generated<number>;
    state: Generated<RunState>;
    input: Generated<string>;
    once_key: string | null;
    attempts: Generated<number>;
    attempts_max: Generated<number>;
    not_before: Generated<number>;
    lease_owner: Generated<string | null>;
    lease_until: Generated<number | null>;
    progress: Generated<string>;
    error: Generated<string | null>;
    created_at: number;
    started_at: Generated<number | null>;
    finished_at: Generated<number | null>;
  };
  uploads: {
    org_id: string;
    id: string;
    idempotency_key: string | null;
    name: string;
    state: Generated<"receiving" | "received" | "collecting" | "collected" | "failed">;
    bytes: Generated<number>;
    chunks: Generated<number>;
    sha256: Generated<string | null>;
    cursor: Generated<number>;
    counts: Generated<string>;
    error: Generated<string | null>;
    created_at: number;
    updated_at: number;
    number: Generated<number>;
  };
  upload_chunks: { org_id: string; upload_id: string; seq: number; bytes: Buffer };
  ledger: {
    org_id: string;
    source: string;
    service: string;
    hour: number;
    fetched: number;
    new: number;
    duplicate: number;
    quarantined: number;
    late: number;
  };
  quarantine: {
    org_id: string;
    source: string;
    batch: number;
    line: number;
    nth: number;
    reason: string;
  };
  audit_events: {
    org_id: string;
    day: number;
    event_key: Buffer;
    at: number | null;
    platform: string;
    service: string;
    action: string;
    actor: string;
    automation_key: string | null;
    subject_key: string | null;
    source: string;
    line: number;
    body: string;
  };
  event_days: { from_day: number; to_day: number };
  tracks: { org_id: string; key: string; day: number; bytes: Buffer; updated_at: number };
  timelines: { org_id: string; key: string; bytes: Buffer; updated_at: number };
  records: { org_id: string; key: string; bytes: Buffer; updated_at: number };
  state_facts: { org_id: string; fact_key: Buffer };
  matches: { org_id: string; key: string; bytes: Buffer; updated_at: number };
  kept: { org_id: string; key: string; bytes: Buffer; updated_at: number };
  baselines: { org_id: string; key: string; bytes: Buffer; updated_at: number };
  automations: {
    org_id: string;
    id: string;
    platform: string;
    kind: string;
    native_id: string;
    name: string | null;
    vendor: string | null;
    ai: string | null;
    owner: string | null;
    risk: number;
    level: string;
    classification: string;
    first_seen_at: number | null;
    last_seen_at: number | null;
    event_count: Generated<number>;
    body: string;
    state: Generated<AutomationState>;
    assigned_to: Generated<string | null>;
    tags: Generated<string[]>;
    created_at: number;
    updated_at: number;
  };
  grants: {
    org_id: string;
    automation_id: string;
    key: string;
    principal: string | null;
    consent: string;
    scopes: string[];
    granted_by: string | null;
    at: number | null;
  };
  findings: {
    org_id: string;
    id: string;
    detector: string;
    techniques: string[];
    attack_type: string;
    severity: number;
    confidence: number;
    platform: string;
    automation_id: string | null;
    principal: string | null;
    from_at: number | null;
    to_at: number | null;
    title: string;
    body: string;
    status: Generated<FindingStatus>;
    assignee: Generated<string | null>;
    created_at: number;
    updated_at: number;
    superseded_at: Generated<number | null>;
  };
  verdicts: {
    org_id: string;
    finding_id: string;
    id: string;
    verdict: "true_positive" | "false_positive";
    by: string;
    note: Generated<string>;
    at: number;
  };
  chains: {
    org_id: string;
    id: string;
    from_at: number;
    to_at: number;
    steps: string;
    shares: string;
  };
  stats: { org_id: string; about: string; dimension: string; value: string; count: number };
  migrations: { number: number; name: string; checksum: string; applied_at: number };
}

export type RunState = "queued" | "running" | "done" | "failed" | "dead" | "cancelled";
export type AutomationState = "discovered" | "approved" | "watched" | "blocked" | "retired";
export type FindingStatus = "open" | "triaged" | "confirmed" | "dismissed" | "resolved";
