/** Stolen access at work elsewhere is told from moved servers, roaming users, deploys and first days. */

import { SECOND_MS } from "#base/time.ts";
import type { AutomationRef } from "#contract/automation.ts";
import { type AuditEvent, UNKNOWN_ACTOR } from "#contract/event.ts";
import { app, at, dana, event, repeat, testDetector } from "#engine/testing.ts";
import { newInfrastructure } from "./index.ts";

const sync = app("A-sync", { name: "Deal Sync" });
const HOME = { ip: "192.0.2.10", asn: "64500", country: "DE", userAgent: "dealsync/2.1" };
const AWAY = { ip: "203.0.113.9", asn: "64666", country: "NL", userAgent: "python-requests/2.32" };

function read(day: number, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("google", "view", {
    at: at(day, 9),
    class: "read",
    actor: UNKNOWN_ACTOR,
    automation: sync,
    client: HOME,
    ...known,
  });
}

const days = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => from + index);

/** Two weeks of 30 reads a day, from home. */
const usual = (to = 14, known: Partial<AuditEvent> = {}) =>
  days(0, to).flatMap((day) => repeat(30, 60 * SECOND_MS, () => read(day, known)));

const raid = (day: number, times: number, known: Partial<AuditEvent> = {}) =>
  repeat(times, SECOND_MS, (index) =>
    read(day, {
      at: at(day, 9, 30),
      client: AWAY,
      target: { type: "file", id: `taken-${day}-${index}`, name: null },
      ...known,
    }),
  );

/** Slack says no providers and no countries. */
const bot: AutomationRef = app("A-bot", { name: "Stand-up Bot", kind: "bot" });
const blind = (ip: string, userAgent = "standup/1") => ({
  ip,
  asn: null,
  country: null,
  userAgent,
});
const post = (day: number, known: Partial<AuditEvent> = {}) =>
  event("slack", "message_sent", {
    at: at(day, 9),
    class: "send",
    actor: UNKNOWN_ACTOR,
    automation: bot,
    client: blind("198.51.100.7"),
    ...known,
  });

const vendors = app("A-crm", { name: "Drifting CRM", isInternal: false, isVerified: true });
const staff = Array.from({ length: 30 }, (_, index) => dana(`p${index}@example.com`));
const crm = (day: number, known: Partial<AuditEvent> = {}) =>
  staff.slice(0, 12).flatMap((actor, index) =>
    repeat(3, 60 * SECOND_MS, (turn) =>
      read(day, {
        automation: vendors,
        actor,
        target: { type: "file", id: `c-${day}-${index}-${turn}`, name: null },
        ...known,
      }),
    ),
  );

testDetector(newInfrastructure, {
  fires: {
    "a weekly job is known before it has five days": {
      events: [
        ...[0, 7, 14].flatMap((day) => repeat(30, 60 * SECOND_MS, () => read(day))),
        ...raid(18, 300),
      ],
      severityMin: "medium",
      says: ["3 earlier active days"],
    },
    "as few calls as ever, but at a dozen things where it has one": {
      events: [
        ...days(0, 14).flatMap((day) =>
          repeat(30, 60 * SECOND_MS, () =>
            read(day, { target: { type: "file", id: "the-list", name: null } }),
          ),
        ),
        ...raid(14, 12),
        read(14, { target: { type: "file", id: "the-list", name: null } }),
      ],
      severityMin: "medium",
      says: ["different things in a day"],
    },
    "the token reads ten times as much from a new provider, by another program": {
      events: [...usual(15), ...raid(14, 400)],
      severityMin: "high",
      confidenceMin: 0.6,
      says: ["Deal Sync", "AS64666", "python-requests", "nobody else here"],
    },
    "a few odd things from a new country": {
      events: [...usual(15), ...raid(14, 20, { class: "export", action: "export" })],
      severityMin: "medium",
      says: ["country NL", "export"],
    },
    "a place alone is worth a line, no more": {
      events: [...usual(15), ...raid(14, 10, { client: { ...AWAY, userAgent: HOME.userAgent } })],
    },
    "a bot's token searches from a new network": {
      events: [
        ...days(0, 15).flatMap((day) => repeat(20, 60 * SECOND_MS, () => post(day))),
        ...repeat(60, SECOND_MS, () =>
          post(14, { client: blind("203.0.113.9", "curl/8"), class: "search", action: "search" }),
        ),
      ],
      severityMin: "high",
      says: ["network 203.0.113.0/24", "curl"],
    },
    "a vendor's app takes thirty people's content from elsewhere": {
      events: [
        ...days(0, 15).flatMap((day) => crm(day)),
        ...staff.flatMap((actor, index) =>
          raid(14, 40, {
            automation: vendors,
            actor,
            at: at(14, 3, index),
          }).map((one, turn) => ({
            ...one,
            target: { type: "file", id: `s-${index}-${turn}`, name: null },
          })),
        ),
      ],
      severityMin: "critical",
      confidenceMin: 0.7,
      says: ["intrusion at the vendor"],
    },
    "a key without a past works in nine countries on one day": {
      events: ["BR", "DE", "GB", "IN", "JP", "NL", "RO", "US", "ZA"].flatMap((country, index) =>
        raid(2, 12, { client: { ...AWAY, ip: `198.18.${index}.1`, country } }).map((one, turn) => ({
          ...one,
          target: { type: "file", id: `w-${country}-${turn}`, name: null },
        })),
      ),
      severityMin: "high",
      says: ["9 countries"],
    },
  },
  quiet: {
    "a product in the hands of people all over the world": {
      events: ["BR", "DE", "GB", "IN", "JP", "NL"].flatMap((country, index) =>
        raid(2, 12, {
          actor: dana(`${country}@example.com`),
          client: { ...AWAY, ip: `198.18.${index}.1`, country },
        }),
      ),
    },
    "the vendor moves its servers for good": {
      events: [
        ...usual(14),
        ...days(14, 20).flatMap((day) =>
          raid(day, 60, { client: { ...AWAY, userAgent: HOME.userAgent } }),
        ),
      ],
    },
    "servers are added elsewhere, for good, and do a part of the work": {
      events: [
        ...usual(25),
        ...days(14, 25).flatMap((day) =>
          raid(day, 40, { client: { ...AWAY, country: "DE", userAgent: HOME.userAgent } }),
        ),
      ],
    },
    "another network of the same provider": {
      events: [...usual(15), ...raid(14, 30, { client: { ...HOME, ip: "198.51.100.1" } })],
    },
    "a new program at the old place": {
      events: [...usual(14), ...raid(14, 30, { client: { ...HOME, userAgent: "axios/1.7" } })],
    },
    "an app in the hands of travellers": {
      events: days(0, 20).flatMap((day) =>
        raid(day, 30, { client: { ...AWAY, asn: String(64_500 + (day % 9)), country: "DE" } }),
      ),
    },
    "the first week of something new": {
      events: [...usual(4), ...raid(4, 400)],
    },
    "a busy day at home": {
      events: [...usual(15), ...raid(14, 400, { client: HOME })],
    },
    "a failing server is replaced, and work goes on as before": {
      events: [
        ...usual(14),
        ...days(14, 18).flatMap((day) =>
          repeat(30, 60 * SECOND_MS, () => read(day, { client: { ...AWAY, country: "DE" } })),
        ),
      ],
    },
  },
  evasions: {
    "a slow thief at the same provider": {
      events: [
        ...usual(15),
        ...raid(14, 30, { client: { ...HOME, ip: "198.51.100.1", userAgent: HOME.userAgent } }),
      ],
      isCaught: false,
    },
    "a thief who keeps below the usual amount is told as a new place only": {
      events: [...usual(15), ...raid(14, 5, { client: { ...AWAY, userAgent: HOME.userAgent } })],
      isCaught: true,
    },
  },
});
