/** Random events and state rows for property tests, from pools small enough that ids, aliases and times collide often. */

import fc from "fast-check";
import { DAY_MS } from "#base/time.ts";
import {
  type AutomationRef,
  automationFact,
  automationRef,
  type Consent,
  type StateFact,
} from "#contract/automation.ts";
import {
  type AuditEvent,
  auditEvent,
  type Change,
  change,
  machine,
  person,
  TRAITS,
  UNKNOWN_ACTOR,
} from "#contract/event.ts";
import { newObservations, type Observations, observe, observeState } from "./observe.ts";

const START = Date.UTC(2026, 5, 1);
/** Whatever may name an automation or person: the pools overlap so that bots act as people and aliases form rings. */
const IDS = ["A1", "A2", "A3", "U1", "U2", "dana@example.com", "lee@example.com"] as const;
const PLATFORMS = ["slack", "microsoft"] as const;
const SCOPES = ["files:read", "channels:history", "admin"] as const;
const CONSENTS: readonly Consent[] = ["user", "admin", "tenant"];
const KINDS: readonly Change["kind"][] = [
  "granted",
  "revoked",
  "installed",
  "uninstalled",
  "scopes_added",
  "owner_added",
  "enabled",
  "disabled",
  "forwarding_added",
  "export_downloaded",
];

const anyId = fc.constantFrom(...IDS);
const anyTime = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: START, max: START + 4 * DAY_MS - 1 }) },
  { weight: 2, arbitrary: fc.constantFrom(START, START + DAY_MS, START + DAY_MS + 1) },
  { weight: 1, arbitrary: fc.constant(null) },
);

const anyRef: fc.Arbitrary<AutomationRef> = fc
  .record({
    kind: fc.constantFrom("oauth_app", "bot", "service_account"),
    id: anyId,
    name: fc.option(fc.constantFrom("Helper", "Sync", "Bot")),
    aliases: fc.uniqueArray(anyId, { maxLength: 2 }),
    isVerified: fc.option(fc.boolean()),
    domains: fc.uniqueArray(fc.constantFrom("a.example", "b.example"), { maxLength: 2 }),
  })
  .map(({ kind, id, ...known }) => automationRef(kind, id, known));

const anyActor = fc.oneof(
  fc
    .record({ email: fc.option(anyId), native: fc.option(anyId), isAdmin: fc.option(fc.boolean()) })
    .map(({ email, native, isAdmin }) => person(email, native, { isAdmin })),
  anyId.map((id) => machine(id, null)),
  fc.constant(UNKNOWN_ACTOR),
);

const anyChange: fc.Arbitrary<Change> = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    scopes: fc.subarray([...SCOPES]),
    consent: fc.option(fc.constantFrom(...CONSENTS)),
    principal: fc.option(anyId),
    destination: fc.option(fc.constantFrom("x@elsewhere.example", "lee@example.com")),
  })
  .map(({ kind, ...known }) => change(kind, known));

const anyOneEvent = fc
  .record({
    platform: fc.constantFrom(...PLATFORMS),
    at: anyTime,
    class: fc.constantFrom("read", "download", "send", "tool_call", "forward", "export"),
    actor: anyActor,
    automation: fc.option(anyRef),
    subject: fc.option(anyRef),
    target: fc.option(anyId.map((id) => ({ type: "file", id, name: null }))),
    ip: fc.option(fc.constantFrom("192.0.2.1", "192.0.2.2")),
    userAgent: fc.option(fc.integer({ min: 0, max: 40 }).map((n) => `agent/${n}`)),
    outcome: fc.constantFrom("success", "failure", "denied", "throttled", "unknown"),
    session: fc.option(fc.constantFrom("s1", "s2", "s3")),
    traits: fc.subarray([...TRAITS], { maxLength: 3 }),
    count: fc.integer({ min: 1, max: 3 }),
    bytes: fc.integer({ min: 0, max: 1_000 }),
    change: fc.option(anyChange),
  })
  .map(({ platform, ip, userAgent, ...known }) =>
    auditEvent(platform, `${platform}:audit`, "acted", {
      ...known,
      client: { ip, userAgent, asn: null, country: null },
    }),
  );

/** Distinct events, as the duplicate filter lets them through. */
export function anyEvents(maxLength = 40): fc.Arbitrary<AuditEvent[]> {
  return fc
    .array(anyOneEvent, { maxLength, size: "max" })
    .map((events) => events.map((event, index) => ({ ...event, id: `e${index}` })));
}

const anyFact: fc.Arbitrary<StateFact> = fc.oneof(
  fc
    .record({
      platform: fc.constantFrom(...PLATFORMS),
      ref: anyRef,
      grants: fc.array(
        fc.record({
          principal: fc.option(anyId),
          scopes: fc.subarray([...SCOPES]),
          consent: fc.constantFrom(...CONSENTS),
          grantedBy: fc.option(anyId),
          at: anyTime,
        }),
        { maxLength: 3 },
      ),
      credentials: fc.array(
        fc.record({
          id: fc.constantFrom("key-1", "key-2", "key-3"),
          kind: fc.constantFrom("client secret", "certificate"),
          createdAt: anyTime,
          expiresAt: anyTime,
          lastUsedAt: anyTime,
        }),
        { maxLength: 2 },
      ),
      createdAt: anyTime,
      isEnabled: fc.option(fc.boolean()),
    })
    .map(({ platform, ref, ...known }) =>
      automationFact(platform, `${platform}:state`, ref, known),
    ),
  fc.record({
    type: fc.constant("person" as const),
    platform: fc.constantFrom(...PLATFORMS),
    service: fc.constant("state"),
    id: anyId,
    aliases: fc.uniqueArray(anyId, { maxLength: 2 }),
    name: fc.option(fc.constantFrom("Dana", "Lee")),
    isAdmin: fc.option(fc.boolean()),
    isGuest: fc.option(fc.boolean()),
    isActive: fc.option(fc.boolean()),
  }),
);

export type Piece = { readonly event: AuditEvent } | { readonly fact: StateFact };

/** Events and state rows together, in some order. */
export const anyPieces: fc.Arbitrary<Piece[]> = fc
  .tuple(anyEvents(), fc.array(anyFact, { maxLength: 8 }))
  .map(([events, facts]) => [
    ...events.map((event) => ({ event })),
    ...facts.map((fact) => ({ fact })),
  ]);

export function fold(pieces: readonly Piece[]): Observations {
  const seen = newObservations();
  for (const piece of pieces) {
    if ("event" in piece) observe(seen, piece.event);
    else observeState(seen, piece.fact);
  }
  return seen;
}

/** The same content in one form: maps and sets in the order of their keys, so that equal means equal. */
export function plain(value: unknown): unknown {
  if (value instanceof Map) {
    return [...value].map(([key, held]) => [String(key), plain(held)] as const).sort(byKey);
  }
  if (value instanceof Set) return [...value].map(String).sort();
  if (value instanceof Uint8Array || value instanceof Uint32Array) return [...value];
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  return Object.entries(value)
    .map(([key, held]) => [key, plain(held)] as const)
    .sort(byKey);
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
