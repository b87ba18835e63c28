/** A stolen key of a forgotten integration is told from rare jobs, new installs and re-opened accounts. */

import { SECOND_MS } from "#base/time.ts";
import { automationFact } from "#contract/automation.ts";
import { type AuditEvent, change, UNKNOWN_ACTOR } from "#contract/event.ts";
import { app, at, dana, event, repeat, testDetector } from "#engine/testing.ts";
import { dormantRevived } from "./index.ts";

const DRIVE = "https://www.googleapis.com/auth/drive";
const old = app("A-old", { name: "Old Importer" });

/** The list of apps knows it, and it was made in spring. */
const listed = [
  automationFact("google", "google:api:tokens", old, {
    createdAt: at(-90),
    grants: [
      {
        principal: "dana@example.com",
        scopes: [DRIVE],
        consent: "user",
        grantedBy: null,
        at: null,
      },
    ],
  }),
];

function read(day: number, times: number, known: Partial<AuditEvent> = {}): AuditEvent[] {
  return repeat(times, SECOND_MS, (index) =>
    event("google", "view", {
      at: at(day, 9),
      class: "read",
      actor: UNKNOWN_ACTOR,
      automation: old,
      target: { type: "file", id: `f-${day}-${index}`, name: null },
      client: { ip: "203.0.113.9", asn: "64666", country: "NL", userAgent: "python-requests/2" },
      ...known,
    }),
  );
}

/** Somebody else's everyday work, from the first day on: the records begin there. */
const others = Array.from({ length: 40 }, (_, day) =>
  event("google", "view", { at: at(day, 8), class: "read" }),
);

/** Two dozen apps at work from a provider that everybody knows. */
const colleagues = Array.from({ length: 24 }, (_, index) =>
  event("google", "view", {
    at: at(1, 8, index),
    class: "read",
    actor: UNKNOWN_ACTOR,
    automation: app(`A-colleague-${index}`),
    client: { ip: `192.0.2.${index + 1}`, asn: "64500", country: "DE", userAgent: "sync/1" },
  }),
);

/** What a job leaves behind: a report for every few files it read. */
function reports(day: number, times: number): AuditEvent[] {
  return read(day, times, { class: "create" });
}

const home = { ip: "192.0.2.1", asn: "64500", country: "DE", userAgent: "importer/1" };

testDetector(dormantRevived, {
  fires: {
    "an app that no record shows for five weeks takes a drive": {
      state: listed,
      events: [...others, ...read(35, 700, { class: "download" })],
      severityMin: "high",
      says: ["Old Importer", "35 days", "700 items"],
    },
    "three quiet weeks, then 400 files": {
      state: listed,
      events: [...others, ...read(23, 400)],
      severityMin: "medium",
      says: ["400 items"],
    },
    "a short silence ends with a new key": {
      state: listed,
      events: [
        ...others,
        ...read(2, 5, { client: home }),
        event("google", "CreateServiceAccountKey", {
          at: at(24, 8),
          class: "credential",
          actor: dana("eve@example.com"),
          subject: old,
          change: change("credential_added"),
        }),
        ...read(25, 30),
      ],
      severityMin: "medium",
      says: ["a new key"],
    },
    "a little on each of three days, and nothing made of it": {
      state: listed,
      events: [...others, ...[24, 25, 26].flatMap((day) => read(day, 25))],
      severityMin: "high",
      says: ["on 3 days it only took"],
    },
    "calls without content from a provider where nobody here works": {
      state: listed,
      events: [...others, ...colleagues, ...read(24, 90, { class: "enumerate" })],
      severityMin: "high",
      says: ["nobody here was seen", "90 calls in a day"],
    },
  },
  quiet: {
    "listings without content from everybody's provider": {
      state: listed,
      events: [
        ...others,
        ...colleagues,
        ...read(24, 40, { class: "enumerate", client: { ...home, ip: "192.0.2.99" } }),
      ],
    },
    "a monthly job keeps its rhythm": {
      state: listed,
      events: [...others, ...[14, 31].flatMap((day) => read(day, 40, { client: home }))],
    },
    "an app that somebody let in that week": {
      events: [
        ...others,
        event("google", "authorize", {
          at: at(30, 8),
          class: "consent",
          subject: old,
          change: change("granted", {
            scopes: [DRIVE],
            consent: "user",
            principal: "dana@example.com",
          }),
        }),
        ...read(30, 300),
      ],
    },
    "a job of every other week": {
      state: listed,
      events: [...others, ...read(3, 80), ...read(17, 80), ...read(31, 80)],
    },
    "an app of which nothing is known": { events: [...others, ...read(30, 40)] },
  },
  evasions: {
    "it makes a report of what it reads, as a job would": {
      state: listed,
      events: [...others, ...[24, 25].flatMap((day) => [...read(day, 25), ...reports(day, 10)])],
      isCaught: false,
    },
    "a little work every week keeps it awake": {
      state: listed,
      events: [...others, ...[0, 7, 14, 21, 28].flatMap((day) => read(day, 5)), ...read(34, 500)],
      isCaught: false,
    },
    "a few files after five weeks": {
      state: listed,
      events: [...others, ...read(35, 6)],
      isCaught: true,
    },
  },
});
