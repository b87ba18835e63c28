/** What leavers leave behind is told from what was handed over, what rests, and what never had an owner. */

import { MINUTE_MS } from "#base/time.ts";
import { automationFact, type StateFact } from "#contract/automation.ts";
import { type AuditEvent, change, UNKNOWN_ACTOR } from "#contract/event.ts";
import { app, at, dana, event, repeat, testDetector } from "#engine/testing.ts";
import { orphanActing } from "./index.ts";

const job = app("A-job", { name: "Report Mailer", isInternal: true });
const home = { ip: "192.0.2.1", asn: "64500", country: "DE", userAgent: "mailer/1" };
const away = { ip: "203.0.113.9", asn: "64666", country: "NL", userAgent: "curl/8" };

function person(id: string, isActive: boolean): StateFact {
  return {
    type: "person",
    platform: "google",
    service: "google:api:users",
    id,
    aliases: [],
    name: null,
    isAdmin: null,
    isGuest: null,
    isActive,
  };
}

function owned(...owners: string[]): StateFact {
  return automationFact("google", "google:api:apps", job, {
    owners: owners.map((principal) => ({
      principal,
      evidence: "listed as owner",
      confidence: 0.9,
    })),
    grants: [
      {
        principal: null,
        scopes: ["https://www.googleapis.com/auth/gmail.readonly"],
        consent: "admin",
        grantedBy: null,
        at: null,
      },
    ],
  });
}

function work(from: number, to: number, known: Partial<AuditEvent> = {}, times = 20) {
  return Array.from({ length: to - from }, (_, index) => from + index).flatMap((day) =>
    repeat(times, MINUTE_MS, () =>
      event("google", "view", {
        at: at(day, 9),
        class: "read",
        actor: UNKNOWN_ACTOR,
        automation: job,
        client: home,
        ...known,
      }),
    ),
  );
}

/** Kim's own last act is on day 10. */
const kims = [0, 5, 10].map((day) =>
  event("google", "view", { at: at(day, 8), class: "read", actor: dana("kim@example.com") }),
);

testDetector(orphanActing, {
  fires: {
    "a mailer goes on after its owner left": {
      state: [owned("kim@example.com"), person("kim@example.com", false)],
      events: [...kims, ...work(0, 20)],
      severityMin: "low",
      says: ["Report Mailer", "kim@example.com", "acted on 7 of the last 7 days"],
    },
    "it comes from elsewhere since": {
      state: [owned("kim@example.com"), person("kim@example.com", false)],
      events: [...kims, ...work(0, 20), ...work(15, 16, { client: away, class: "export" }, 8)],
      severityMin: "medium",
      says: ["AS64666"],
    },
    "a key of her own before the last day, and far more mail after it": {
      state: [owned("kim@example.com"), person("kim@example.com", false)],
      events: [
        ...kims,
        ...work(0, 20),
        ...work(16, 17, {}, 400),
        event("google", "CreateServiceAccountKey", {
          at: at(9, 9),
          class: "credential",
          actor: dana("kim@example.com"),
          subject: job,
          change: change("credential_added"),
        }),
      ],
      severityMin: "medium",
      says: ["new key"],
    },
  },
  quiet: {
    "one of two owners is still there": {
      state: [
        owned("kim@example.com", "dana@example.com"),
        person("kim@example.com", false),
        person("dana@example.com", true),
      ],
      events: [...kims, ...work(0, 20)],
    },
    "it stopped when she left": {
      state: [owned("kim@example.com"), person("kim@example.com", false)],
      events: [
        ...kims,
        ...work(0, 11),
        event("google", "view", { at: at(25, 9), class: "read", actor: dana() }),
      ],
    },
    "her account is active": {
      state: [owned("kim@example.com"), person("kim@example.com", true)],
      events: [...kims, ...work(0, 20)],
    },
    "nobody is known to own it": {
      state: [owned(), person("kim@example.com", false)],
      events: [...kims, ...work(0, 20)],
    },
  },
  evasions: {
    "she made a friend its owner first": {
      state: [
        owned("kim@example.com", "eve@example.com"),
        person("kim@example.com", false),
        person("eve@example.com", true),
      ],
      events: [...kims, ...work(0, 20, { client: away })],
      isCaught: false,
    },
    "it rests a fortnight and then acts": {
      state: [owned("kim@example.com"), person("kim@example.com", false)],
      events: [...kims, ...work(0, 11), ...work(26, 28)],
      isCaught: true,
    },
  },
});
