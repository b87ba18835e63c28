/** The organization's own domains and people, as the records show them. */

import { describe, expect, it } from "vitest";
import type { StateFact } from "#contract/automation.ts";
import { usualCalendar } from "#engine/calendar.ts";
import type { Org } from "#engine/detectors/detector.ts";
import { newObservations, observeState } from "#engine/observe.ts";
import { isOutside, orgFrom } from "./org.ts";
import { resolveAliases } from "./resolve.ts";

function human(
  id: string,
  known: { isGuest?: boolean; aliases?: string[]; isAdmin?: boolean } = {},
) {
  return {
    type: "person",
    platform: "slack",
    service: "state",
    id,
    aliases: known.aliases ?? [],
    name: null,
    isAdmin: known.isAdmin ?? null,
    isGuest: known.isGuest ?? null,
    isActive: null,
  } satisfies StateFact;
}

function orgOf(facts: readonly StateFact[]): Org {
  const seen = newObservations();
  for (const fact of facts) observeState(seen, fact);
  return orgFrom(resolveAliases(seen), { id: "o", calendar: usualCalendar("UTC") });
}

const staff = Array.from({ length: 12 }, (_, index) => human(`p${index}@example.com`));

describe("own domains", () => {
  it("are those of enough people who are no guests", () => {
    const { domains } = orgOf([
      ...staff,
      human("one@elsewhere.example"),
      human("guest@partner.example", { isGuest: true }),
      human("lee_partner.example#ext#@tenant.example"),
    ]);
    expect([...domains]).toEqual(["example.com"]);
  });

  it("of a small organization are those of anybody", () => {
    expect([...orgOf([human("dana@example.org")]).domains]).toEqual(["example.org"]);
  });

  it.each([
    ["dana@example.com", false],
    ["dana@mail.example.com", false],
    ["example.com", false],
    ["EXAMPLE.COM", false],
    ["dana@example.com.elsewhere.example", true],
    ["elsewhere.example", true],
    ["otherexample.com", true],
  ])("%s is outside: %s", (address, expected) => {
    expect(isOutside(orgOf(staff), address)).toBe(expected);
  });

  it("nothing is known to be outside where no domain is known", () => {
    expect(isOutside(orgOf([human("U1")]), "dana@example.com")).toBeNull();
  });
});

describe("people", () => {
  it("are found by any of their ids, but not by one that two of them have", () => {
    const org = orgOf([
      human("dana@example.com", { aliases: ["U1", "shared"], isAdmin: true }),
      human("lee@example.com", { aliases: ["U2", "shared"] }),
    ]);
    expect(org.person("slack", "U1")).toMatchObject({ id: "dana@example.com", isAdmin: true });
    expect(org.person("slack", "shared")).toBeNull();
    expect(org.person("google", "U1")).toBeNull();
  });
});
