/** What is needed, what is not, and what nobody can tell; and that more scopes never look like less. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { narrowerScope } from "#catalog/narrower.ts";
import { knownScopes, rank, summarizeScopes } from "#catalog/scopes.ts";
import { automationFact, automationRef, type Consent } from "#contract/automation.ts";
import { type AuditEvent, change, machine } from "#contract/event.ts";
import { assess } from "#engine/assess.ts";
import { newObservations, observe, observeState } from "#engine/observe.ts";
import { app, at, dana, event } from "#engine/testing.ts";

const ME = app("app-1", { name: "Ticket sync", isVerified: false });

/** The one automation of a story that is asked about, as the report would have it. */
function assessed(
  scopes: readonly string[],
  events: readonly AuditEvent[] = [],
  consent: Consent = "tenant",
) {
  const seen = newObservations();
  for (const [index, one] of events.entries()) observe(seen, { ...one, id: `e${index}` });
  const principal = consent === "user" ? "dana@example.com" : null;
  const grants = [{ principal, scopes: [...scopes], consent, grantedBy: null, at: null }];
  observeState(seen, automationFact("microsoft", "graph:servicePrincipals", ME, { grants }));
  const { automations } = assess(seen, { orgId: "o", now: at(40), timeZone: "UTC" });
  const found = automations.find(({ nativeId }) => nativeId === ME.nativeId);
  if (found === undefined) throw new Error("the automation is gone");
  return found;
}

function calls(action: string, who = ME, days = 20): AuditEvent[] {
  return Array.from({ length: days }, (_, index) =>
    event("microsoft", action, {
      at: at(index),
      class: "read",
      actor: machine(who.nativeId, who.name),
      automation: who,
    }),
  );
}

describe("granted minus used", () => {
  it("reading alone needs no right to write", () => {
    const { permissions } = assessed(["Mail.ReadWrite"], calls("GET messages"));
    expect(permissions.scopes).toEqual([
      {
        scope: "Mail.ReadWrite",
        tier: "critical",
        use: "reads",
        observedDays: 20,
        instead: "Mail.Read",
      },
    ]);
  });

  it("what is not used is named with the days in which it would have shown", () => {
    const { permissions } = assessed(["Files.Read.All", "Mail.Read"], calls("GET mailfolders"));
    expect(permissions.scopes).toMatchObject([
      { scope: "Files.Read.All", use: "unused", observedDays: 20, instead: null },
      { scope: "Mail.Read", use: "both", observedDays: 20, instead: null },
    ]);
  });

  it("without the log nothing is claimed", () => {
    const { permissions } = assessed(["Mail.ReadWrite"], calls("Add member to group."));
    expect(permissions.scopes).toMatchObject([{ use: "unseen", observedDays: 0, instead: null }]);
  });

  it("a log that shows up on two days of forty is none", () => {
    const rare = [...calls("GET users", ME, 1), ...calls("GET users", ME, 1)];
    const [first, last] = rare;
    if (first === undefined || last === undefined) throw new Error("two calls");
    const events = [first, { ...last, at: at(39) }];
    expect(assessed(["Mail.Read"], events).permissions.scopes).toMatchObject([{ use: "unseen" }]);
  });

  it("what came after the first grant is drift", () => {
    const consents = [
      { scopes: ["Mail.Read"], day: 0 },
      { scopes: ["Files.Read.All", "Mail.Read"], day: 9 },
    ].map(({ scopes, day }) =>
      event("microsoft", "Consent to application.", {
        at: at(day),
        class: "consent",
        subject: ME,
        actor: dana(),
        change: change("granted", { scopes, consent: "user", principal: "dana@example.com" }),
      }),
    );
    const { permissions } = assessed([], consents);
    expect(permissions).toMatchObject({ approvedAt: at(0), addedSince: ["Files.Read.All"] });
  });
});

describe("blast radius", () => {
  it.each([
    [["Mail.Read"], "tenant", { reach: "everybody", people: null, data: ["mail"] }],
    [["Mail.Read"], "user", { reach: "people", people: 1, data: ["mail"] }],
    [["openid", "User.Read"], "user", { reach: "none", people: null, data: [] }],
    [[], "tenant", { reach: "none", people: null, data: [] }],
    [
      ["Files.Read.All", "Chat.Read"],
      "user",
      { reach: "people", people: 1, data: ["chat", "files"] },
    ],
  ] as const)("%j for %s", (scopes, consent, expected) => {
    expect(assessed(scopes, [], consent).blastRadius).toEqual(expected);
  });
});

describe("smaller scopes", () => {
  it.each([
    ["microsoft", "Mail.ReadWrite", "reads", "Mail.Read"],
    ["microsoft", "https://graph.microsoft.com/Mail.ReadWrite", "writes", "Mail.Send"],
    ["microsoft", "Calendars.ReadWrite", "reads", "Calendars.Read"],
    ["microsoft", "Sites.Read.All", "both", "Sites.Selected"],
    ["google", "https://www.googleapis.com/auth/drive", "reads", "drive.readonly"],
    ["google", "https://www.googleapis.com/auth/drive", "both", "drive.file"],
    ["google", "https://mail.google.com/", "writes", "gmail.send"],
    ["slack", "files:write", "reads", null],
    ["okta", "okta.users.manage", "reads", "okta.users.read"],
    ["github", "admin:org", "reads", "read:org"],
    ["microsoft", "Mail.Read", "reads", null],
    ["slack", "whatever", "reads", null],
  ] as const)("%s %s, %s: %s", (platform, scope, use, expected) => {
    expect(narrowerScope(platform, scope, use)).toBe(expected);
  });

  it("never suggests what opens more", () => {
    const known = new Set(
      knownScopes().map(({ platform, scope, how }) => `${platform} ${scope} ${how}`),
    );
    for (const { platform, scope, how } of knownScopes()) {
      const { tier } = summarizeScopes(platform, [scope], how ?? undefined);
      for (const use of ["reads", "writes", "both"] as const) {
        const instead = narrowerScope(platform, scope, use);
        // What exists as the other type only is rated as that.
        if (instead === null || !known.has(`${platform} ${instead} ${how}`)) continue;
        const smaller = summarizeScopes(platform, [instead], how ?? undefined);
        const message = `${platform} ${scope} → ${instead}`;
        expect(rank(smaller.tier), message).toBeLessThanOrEqual(rank(tier));
      }
    }
  });
});

describe("asking for more never looks like less", () => {
  const HARMLESS = ["openid", "profile", "email", "offline_access", "User.Read", "made.up"];
  const names = knownScopes()
    .filter(({ platform }) => platform === "microsoft")
    .map(({ scope }) => scope);
  const anyScopes = fc.uniqueArray(fc.constantFrom(...names), { maxLength: 6 });
  const consents = fc.constantFrom<Consent>("user", "tenant");

  it("a harmless scope more never lowers a risk", () => {
    fc.assert(
      fc.property(
        anyScopes,
        fc.subarray(HARMLESS, { minLength: 1 }),
        consents,
        (scopes, more, consent) => {
          const before = assessed(scopes, [], consent).risk.score;
          expect(assessed([...scopes, ...more], [], consent).risk.score).toBeGreaterThanOrEqual(
            before,
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it("any scope more never lowers the reach", () => {
    fc.assert(
      fc.property(anyScopes, fc.constantFrom(...names), (scopes, more) => {
        const before = summarizeScopes("microsoft", scopes);
        const after = summarizeScopes("microsoft", [...scopes, more]);
        expect(rank(after.tier)).toBeGreaterThanOrEqual(rank(before.tier));
        expect(after.areas).toEqual(expect.arrayContaining([...before.areas]));
        expect(after.broad || !before.broad).toBe(true);
      }),
    );
  });

  it("the order of scopes says nothing", () => {
    fc.assert(
      fc.property(
        anyScopes.chain((scopes) =>
          fc.tuple(
            fc.constant(scopes),
            fc.shuffledSubarray(scopes, { minLength: scopes.length, maxLength: scopes.length }),
          ),
        ),
        consents,
        ([scopes, shuffled], consent) => {
          expect(assessed(shuffled, [], consent)).toEqual(assessed(scopes, [], consent));
        },
      ),
      { numRuns: 60 },
    );
  });
});

it("two lists of one credential are one, with the most telling dates of both", () => {
  const key = { id: "k", kind: "client secret", createdAt: 5, expiresAt: null, lastUsedAt: 7 };
  const other = { ...key, createdAt: 3, expiresAt: 9, lastUsedAt: null };
  const facts = [key, other].map((one) =>
    automationFact("microsoft", "graph:applications", automationRef("oauth_app", "A"), {
      credentials: [one],
    }),
  );
  for (const order of [facts, [...facts].reverse()]) {
    const seen = newObservations();
    for (const fact of order) observeState(seen, fact);
    const [found] = assess(seen, { orgId: "o", now: 1, timeZone: "UTC" }).automations;
    expect(found?.credentials).toEqual([{ ...key, createdAt: 3, expiresAt: 9 }]);
  }
});
