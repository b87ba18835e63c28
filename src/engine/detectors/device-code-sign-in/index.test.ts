/** Device codes for clients that people use at a screen are told; command-line tools and habits are not. */

import { type AuditEvent, change, person } from "#contract/event.ts";
import { app, at, event, testDetector } from "#engine/testing.ts";
import { deviceCodeSignIn } from "./index.ts";

const BROKER = "29d9ed98-a469-4536-ade2-f981bc1d605e";
const CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

function signIn(client: string, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("microsoft", "Sign-in activity (deviceCode)", {
    at: at(2, 9),
    class: "sign_in",
    automation: app(client, { ownerTenantId: MICROSOFT }),
    client: { ip: "198.51.100.9", asn: null, country: "NL", userAgent: "Mozilla/5.0" },
    change: change("device_code_used", { detail: client }),
    ...known,
  });
}

testDetector(deviceCodeSignIn, {
  fires: {
    "the broker, whose token opens further ones": {
      events: [signIn(BROKER)],
      says: ["opens further ones", "198.51.100.9"],
    },
    "an administrator and the broker": {
      events: [signIn(BROKER, { actor: person("root@example.com", null, { isAdmin: true }) })],
      severityMin: "medium",
      says: ["is an administrator"],
    },
    "an app of somebody else": {
      events: [
        signIn("9f1d7a52-0000-4000-8000-000000000001", {
          automation: app("9f1d7a52-0000-4000-8000-000000000001", { name: "Reader" }),
        }),
      ],
      says: ["Reader"],
    },
  },
  quiet: {
    "a developer and the command line": { events: [signIn(CLI)] },
    "the usual sign-in to the broker": {
      events: [event("microsoft", "Sign-in activity", { at: at(2), class: "sign_in" })],
    },
    "a code that nobody typed": { events: [signIn(BROKER, { outcome: "failure" })] },
    "a sign-in that a policy stopped": { events: [signIn(BROKER, { outcome: "denied" })] },
  },
  evasions: {
    "the code is asked for in the name of the command line": {
      events: [signIn(CLI)],
      isCaught: false,
    },
  },
});
