/** Old, endless and idle credentials are found; those under way, ended or young are not. */

import { automationFact, type Credential } from "#contract/automation.ts";
import { app, at, event, testDetector } from "#engine/testing.ts";
import { staleCredential } from "./index.ts";

const DAY = 86_400_000;
const NOW = at(30);
/** The log reaches until then. */
const today = event("microsoft", "anything", { at: NOW });
const days = (count: number) => NOW + count * DAY;

const secret = (known: Partial<Credential>): Credential => ({
  id: "key-1",
  kind: "client secret",
  createdAt: days(-60),
  expiresAt: days(120),
  lastUsedAt: null,
  ...known,
});
const holding = (credentials: Credential[], scopes: string[] = [], isEnabled = true) =>
  automationFact("microsoft", "graph:applications", app("app-1", { name: "Payroll sync" }), {
    credentials,
    isEnabled,
    grants: [{ principal: null, scopes, consent: "tenant", grantedBy: null, at: null }],
  });

testDetector(staleCredential, {
  fires: {
    "a key from years ago without an end, to everybody's mail": {
      events: [today],
      state: [
        holding(
          [secret({ createdAt: days(-1_300), expiresAt: null, lastUsedAt: days(-200) })],
          ["Mail.Read"],
        ),
      ],
      severityMin: "medium",
      says: ["1,300 days ago", "last used 200 days ago", "Mail.Read"],
    },
    "older than a year": {
      events: [today],
      state: [holding([secret({ createdAt: days(-500) })])],
      severityMin: "low",
    },
    "set to last a century": {
      events: [today],
      state: [holding([secret({ expiresAt: days(36_500) })])],
      says: ["is set to last"],
    },
    "nobody uses it": {
      events: [today],
      state: [holding([secret({ lastUsedAt: days(-100) })])],
    },
    "ends next week": {
      events: [today],
      state: [holding([secret({ expiresAt: days(7) })])],
      says: ["ends in 7 days"],
    },
    "several of one automation are one finding": {
      events: [today],
      state: [
        holding([
          secret({ id: "a", createdAt: days(-500) }),
          secret({ id: "b", createdAt: days(-600) }),
        ]),
      ],
      says: ["1 other credential"],
    },
    "a list alone, without any log": {
      state: [
        automationFact("openai", "openai:openai_apikeys", app("key_1", { kind: "api_key" }), {
          credentials: [secret({ createdAt: at(-800), expiresAt: null, lastUsedAt: at(-500) })],
        }),
        automationFact("openai", "openai:openai_apikeys", app("key_2", { kind: "api_key" }), {
          credentials: [secret({ id: "key-2", createdAt: at(-1), expiresAt: null })],
        }),
      ],
    },
  },
  quiet: {
    "a secret of half a year, renewed in time": { events: [today], state: [holding([secret({})])] },
    "what has ended opens nothing": {
      events: [today],
      state: [holding([secret({ createdAt: days(-900), expiresAt: days(-10) })])],
    },
    "the next one is there already": {
      events: [today],
      state: [
        holding([
          secret({ id: "a", expiresAt: days(5) }),
          secret({ id: "b", createdAt: days(-1) }),
        ]),
      ],
    },
    "an app that is switched off": {
      events: [today],
      state: [holding([secret({ createdAt: days(-900) })], [], false)],
    },
    "two years, as Entra's page offers at most": {
      events: [today],
      state: [holding([secret({ createdAt: days(-10), expiresAt: days(720) })])],
    },
    "a list that gives no times": {
      events: [today],
      state: [holding([secret({ createdAt: null, expiresAt: null })])],
    },
  },
  evasions: {
    "a secret that no list shows": { events: [today], isCaught: false },
    "an old one hidden among fresh ones": {
      events: [today],
      state: [
        holding([secret({ id: "a" }), secret({ id: "b", createdAt: days(-900), expiresAt: null })]),
      ],
      isCaught: true,
    },
  },
});
