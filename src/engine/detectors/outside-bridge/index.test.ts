/** Bridges are everyday work of the people who build them; guests and machines that build them are not. */

import { type AuditEvent, change, person } from "#contract/event.ts";
import { app, at, dana, event, testDetector } from "#engine/testing.ts";
import { outsideBridge } from "./index.ts";

const guest = person("lee@partner.example", null, { name: "lee", isGuest: true });
const admin = { ...dana("it@example.com"), isAdmin: true };
const hook = app("B-hook", { name: "incoming-webhook", kind: "webhook" });
const bot = app("A-bot", { name: "Channel Helper", kind: "bot" });

function connected(day: number, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("slack", "external_shared_channel_connected", {
    at: at(day, 10),
    class: "share",
    target: { type: "channel", id: `C${day}`, name: `deal-${day}` },
    change: change("shared_externally"),
    ...known,
  });
}

function added(day: number, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("slack", "added", {
    at: at(day, 10),
    class: "install",
    subject: hook,
    change: change("installed", { principal: "dana@example.com", consent: "user" }),
    ...known,
  });
}

testDetector(outsideBridge, {
  fires: {
    "a guest adds a webhook": {
      events: [added(1, { actor: guest })],
      severityMin: "medium",
      says: ["guest"],
    },
    "a bot connects a channel with outsiders": {
      events: [connected(1, { automation: bot })],
      severityMin: "medium",
      says: ["a machine", "deal-1"],
    },
    "a person connects one channel": { events: [connected(1)], severityMin: "low" },
  },
  quiet: {
    "an administrator connects a channel": { events: [connected(1, { actor: admin })] },
    "somebody who does it every week": {
      events: [1, 8, 15, 22].map((day) =>
        connected(day, day < 9 ? { outcome: "failure" } : { actor: admin }),
      ),
    },
    "an invitation that was declined": { events: [connected(1, { outcome: "denied" })] },
    "an app that is no webhook": { events: [added(1, { subject: bot })] },
  },
  evasions: {
    "a bridge by an ordinary app with a token": {
      events: [added(1, { subject: bot, actor: guest })],
      isCaught: false,
    },
    "an administrator's account builds five in a day": {
      events: [1, 2, 3, 4, 5].map((n) =>
        connected(1, {
          actor: admin,
          at: at(1, 8 + n),
          target: { type: "channel", id: `C-${n}`, name: `deal-${n}` },
        }),
      ),
      isCaught: true,
    },
  },
});
