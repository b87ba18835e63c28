/** Traps that others fell into: disguised names, vendors read out of titles, ids that are no clients. */

import { expect, it } from "vitest";
import { isFirstParty } from "./apps.ts";
import { claimsBrand, lookalike, skeleton } from "./names.ts";
import { entraRoles } from "./roles.ts";
import { knownScopes } from "./scopes.ts";
import { vendorOf } from "./vendors.ts";

it.each([
  ["OneDгive", "OneDrive"],
  ["One\u200bDrive Sync", "OneDrive"],
  ["OneDrive\u202e", "OneDrive"],
  ["rnicrosoft Teams", "Microsoft Teams"],
])("%j imitates %s", (name, brand) => {
  expect(lookalike(name)?.brand).toBe(brand);
});

it("full-width letters are how Japanese is typed: they fold to the name, and disguise nothing", () => {
  expect(skeleton("ＯｎｅＤｒｉｖｅ")).toBe(skeleton("OneDrive"));
  expect(claimsBrand("ＯｎｅＤｒｉｖｅ")?.name).toBe("OneDrive");
});

it.each(["AI Meeting Notes", "The Economist", "The", "AI"])("nobody known makes %j", (name) => {
  expect(vendorOf({ platform: "microsoft", name })).toBeNull();
});

it("ids of permissions, roles and tenants are no first-party apps", () => {
  const permissions = knownScopes().flatMap(({ id }) => id ?? []);
  const roles = entraRoles().map(({ id }) => id);
  const tenants = ["f8cdef31-a31e-4b4a-93e4-5f571e91255a", "72f988bf-86f1-41af-91ab-2d7cd011db47"];
  expect(permissions.length).toBeGreaterThan(1_000);
  const wrong = [...permissions, ...roles, ...tenants].filter((id) =>
    isFirstParty("microsoft", id),
  );
  expect(wrong).toEqual([]);
});
