/** Sessions in two hands are told from journeys, private networks, vendors' servers and television sets. */

import { MINUTE_MS } from "#base/time.ts";
import type { AuditEvent } from "#contract/event.ts";
import { UNKNOWN_ACTOR } from "#contract/event.ts";
import { app, at, dana, event, repeat, testDetector } from "#engine/testing.ts";
import { stolenSession } from "./index.ts";

const bot = app("A-bot", { name: "Incident Bot", kind: "bot" });
const place = (ip: string, asn: string | null = null, country: string | null = null) => ({
  ip,
  asn,
  country,
  userAgent: "UA/1",
});
const office = place("192.0.2.1", "64500", "DE");
const phone = place("198.51.100.7", "64501", "DE");
const away = place("203.0.113.9", "64666", "NL");

/** A person's own sign-ins and reads, through the vendor's own client. */
function mine(day: number, session: string, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("microsoft", "FileAccessed", {
    at: at(day, 9),
    class: "read",
    client: office,
    session: `${session}-${day}`,
    ...known,
  });
}

/** A working day: a browser at the office, mail on the phone, a chat client. */
const workday = (day: number) => [
  ...repeat(12, 20 * MINUTE_MS, () => mine(day, "browser")),
  ...repeat(4, 60 * MINUTE_MS, () => mine(day, "mail", { client: phone })),
  ...repeat(4, 60 * MINUTE_MS, () => mine(day, "chat")),
];
const weeks = Array.from({ length: 12 }, (_, day) => workday(day)).flat();

/** A bot's token is one session for ever; Slack tells no providers. */
function post(day: number, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("slack", "message_sent", {
    at: at(day, 9),
    class: "send",
    actor: UNKNOWN_ACTOR,
    automation: bot,
    client: place("192.0.2.9"),
    session: "token",
    ...known,
  });
}
const posts = (to: number) =>
  Array.from({ length: to }, (_, day) => repeat(15, 20 * MINUTE_MS, () => post(day))).flat();

testDetector(stolenSession, {
  fires: {
    "a session is copied and empties a drive from two other networks": {
      events: [
        ...weeks,
        ...workday(12),
        ...["203.0.113.9", "198.18.7.7"].flatMap((ip, index) =>
          repeat(80, MINUTE_MS, (turn) =>
            mine(12, "browser", {
              at: at(12, 11),
              class: "download",
              client: place(ip, String(64_666 + index), "NL"),
              target: { type: "file", id: `f-${index}-${turn}`, name: null },
            }),
          ),
        ),
      ],
      severityMin: "high",
      says: ["AS64666", "different countries"],
    },
    "an authorization code is used by somebody else": {
      events: [
        ...weeks,
        ...workday(12),
        mine(12, "cli", { class: "sign_in", traits: ["auth_code", "interactive"] }),
        ...repeat(6, 10 * MINUTE_MS, () => mine(12, "cli", { client: away })),
      ],
      severityMin: "medium",
      says: ["authorization code", "stayed at home"],
    },
    "a bot's token is sold": {
      events: [
        ...posts(13),
        ...["203.0.113.9", "198.51.100.3", "198.18.1.1", "198.18.2.2"].flatMap((ip) =>
          repeat(10, MINUTE_MS, () => post(12, { client: place(ip) })),
        ),
      ],
      severityMin: "medium",
      says: ["Incident Bot", "4 different networks"],
    },
    "a device code leads to another country": {
      events: [
        ...weeks,
        ...workday(12),
        mine(12, "code", {
          class: "sign_in",
          traits: ["device_code", "unmanaged"],
          client: away,
        }),
        ...repeat(20, MINUTE_MS, () => mine(12, "code", { client: away })),
      ],
      severityMin: "medium",
      says: ["typed on another device", "NL"],
    },
  },
  quiet: {
    "a phone changes its network": {
      events: [
        ...weeks,
        ...workday(12),
        ...repeat(5, MINUTE_MS, () =>
          mine(12, "mail", { client: place("198.51.100.99", "64501", "DE") }),
        ),
      ],
    },
    "a private network that colleagues use": {
      events: [
        ...weeks,
        ...["ada", "bo", "cy", "di"].map((name) =>
          mine(0, name, { actor: dana(`${name}@example.com`), client: away }),
        ),
        ...workday(12),
        mine(12, "browser", { client: away }),
      ],
    },
    "an app whose servers and users share every session": {
      events: Array.from({ length: 15 }, (_, day) =>
        [place("192.0.2.9"), place(`198.18.${day}.1`)].flatMap((client) =>
          repeat(5, MINUTE_MS, () => post(day, { client })),
        ),
      ).flat(),
    },
    "a television set at the usual place": {
      events: [
        ...weeks,
        ...workday(12),
        mine(12, "tv", { class: "sign_in", traits: ["device_code"] }),
      ],
    },
    "the first week of somebody new": {
      events: [...workday(0), ...workday(1), mine(1, "browser", { client: away })],
    },
  },
  evasions: {
    "a traveller's day and a thief of one session look alike, and are told as low": {
      events: [...weeks, ...workday(12), mine(12, "browser", { client: away })],
      isCaught: true,
    },
    "a thief in the same provider's network": {
      events: [
        ...weeks,
        ...workday(12),
        ...repeat(50, MINUTE_MS, () =>
          mine(12, "browser", { client: place("192.0.2.77", "64500", "DE") }),
        ),
      ],
      isCaught: false,
    },
  },
});
