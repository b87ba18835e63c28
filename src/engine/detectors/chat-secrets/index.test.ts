/** Keys in chats are told by the platform's own rules; people's slips and accepted leaks are left to others. */

import type { AuditEvent, Trait } from "#contract/event.ts";
import { app, at, event, repeat, testDetector } from "#engine/testing.ts";
import { chatSecrets } from "./index.ts";

const bot = app("A-1", { name: "Build Relay", kind: "bot" });

function matched(
  day: number,
  traits: Trait[] = ["secret", "labelled"],
  known: Partial<AuditEvent> = {},
) {
  return event("slack", "native_dlp_rule_action_applied", {
    at: at(day, 10),
    automation: bot,
    traits,
    ...known,
  });
}

testDetector(chatSecrets, {
  fires: {
    "a bot posts one key": { events: [matched(1)], severityMin: "low", says: ["1 record holds"] },
    "it posts many, and searches for passwords": {
      events: [
        ...repeat(8, 60_000, () => matched(1)),
        matched(1, ["sensitive_terms"], { class: "search", at: at(1, 12) }),
      ],
      severityMin: "medium",
      confidenceMin: 0.6,
      says: ["no single slip", "searched"],
    },
  },
  quiet: {
    "a labelled document, no key": { events: [matched(1, ["labelled"])] },
    "a person's own slip": { events: [matched(1, ["secret"], { automation: null })] },
    "a rule changed by an administrator": { events: [matched(1, [], { class: "policy" })] },
  },
  evasions: {
    "keys that no rule recognises": { events: [matched(1, [])], isCaught: false },
    "every day for two weeks": {
      events: Array.from({ length: 14 }, (_, day) => matched(day)).slice(0, 1),
      isCaught: true,
    },
  },
});
