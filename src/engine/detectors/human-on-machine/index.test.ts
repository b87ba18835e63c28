/** A person at a machine's key is told from libraries, deploys and people's own apps. */

import { MINUTE_MS, SECOND_MS } from "#base/time.ts";
import { type AuditEvent, UNKNOWN_ACTOR } from "#contract/event.ts";
import { app, at, dana, event, repeat, testDetector } from "#engine/testing.ts";
import { humanOnMachine } from "./index.ts";

const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36";
const account = app("job@p.iam.gserviceaccount.com", {
  name: "Report Job",
  kind: "service_account",
});
const home = { ip: "192.0.2.1", asn: "64500", country: "DE", userAgent: "report-job/3.1" };
const desk = { ...home, userAgent: CHROME };
const away = { ip: "203.0.113.9", asn: "64666", country: "NL", userAgent: CHROME };

function read(day: number, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("google", "view", {
    at: at(day, 9),
    class: "read",
    actor: UNKNOWN_ACTOR,
    automation: account,
    client: home,
    ...known,
  });
}

const usual = (known: Partial<AuditEvent> = {}) =>
  Array.from({ length: 12 }, (_, day) => repeat(20, MINUTE_MS, () => read(day, known))).flat();
const later = (times: number, known: Partial<AuditEvent>) =>
  repeat(times, SECOND_MS, () => read(12, { at: at(12, 9, 40), ...known }));

testDetector(humanOnMachine, {
  fires: {
    "a browser from elsewhere searches with the service account": {
      events: [...usual(), ...later(12, { client: away, class: "search", action: "search" })],
      severityMin: "high",
      says: ["Report Job", "chrome", "new for it", "only programs"],
    },
    "a browser at the usual place is a shortcut of somebody": {
      events: [...usual(), ...later(4, { client: desk })],
    },
    "a sign-in at a screen from a new country": {
      events: [
        ...usual(),
        ...later(3, {
          client: { ...away, userAgent: home.userAgent },
          class: "sign_in",
          traits: ["interactive"],
        }),
      ],
      severityMin: "medium",
      says: ["at a screen"],
    },
  },
  quiet: {
    "a library that calls itself Mozilla": {
      events: [
        ...usual(),
        ...later(30, { client: { ...home, userAgent: "Mozilla/5.0 (compatible; Fetcher/2.0)" } }),
      ],
    },
    "a new version of its program": {
      events: [...usual(), ...later(30, { client: { ...home, userAgent: "report-job/4.0" } })],
    },
    "a key that people have always used by browser": {
      events: [...usual({ client: desk }), ...later(30, { client: away })],
    },
    "a person's app in a person's browser": {
      events: [
        ...usual({ automation: app("A-note", { name: "Notes" }), actor: dana() }),
        ...later(5, { automation: app("A-note", { name: "Notes" }), actor: dana(), client: desk }),
      ],
    },
    "its first days": { events: [read(0), read(1), ...later(5, { client: desk })] },
  },
  evasions: {
    "a person with a script of her own": {
      events: [...usual(), ...later(5, { client: { ...away, userAgent: "curl/8" } })],
      isCaught: false,
    },
    "a browser on three days is one claim": {
      events: [
        ...usual(),
        ...[12, 13, 14].flatMap((day) => repeat(5, SECOND_MS, () => read(day, { client: away }))),
      ],
      isCaught: true,
    },
  },
});
