/** Loosening what lets apps in is told, more so by unlikely hands; tightening, routine and other matters are not. */

import { change, person } from "#contract/event.ts";
import { app, at, dana, event, testDetector } from "#engine/testing.ts";
import { guardrailWeakened } from "./index.ts";

const relax = (
  platform: "google" | "microsoft" | "github" | "slack",
  action: string,
  detail: string,
) =>
  event(platform, action, {
    at: at(1, 11),
    class: "policy",
    change: change("policy_relaxed", { detail }),
  });

const from = (ip: string) => ({ ip, asn: null, country: null, userAgent: null });

testDetector(guardrailWeakened, {
  fires: {
    "the app allow-list of a workspace is switched off": {
      events: [relax("slack", "pref.app_whitelist_enabled", "false")],
      says: ["the door to every app"],
    },
    "a guest opens consent to everybody": {
      events: [
        {
          ...relax("microsoft", "Update authorization policy", "PermissionGrantPolicyIdsAssigned"),
          actor: person("visitor@elsewhere.example", null, { isGuest: true }),
        },
      ],
      severityMin: "medium",
      says: ["is a guest"],
    },
    "a program lifts the restrictions on third-party apps": {
      events: [
        {
          ...relax("github", "org.disable_oauth_app_restrictions", "off"),
          actor: { ...dana(), kind: "automation", id: "A1", name: "Helper", isAdmin: null },
          automation: app("A1", { name: "Helper" }),
        },
      ],
      severityMin: "medium",
      says: ["a program changed it"],
    },
    "a stolen session of an administrator, from where nobody ever was": {
      events: [
        ...[0, 1, 2, 3, 4, 7].map((day) =>
          event("slack", "channel_created", { at: at(day), client: from("192.0.2.7") }),
        ),
        {
          ...relax("slack", "pref.app_whitelist_enabled", "false"),
          at: at(8, 11),
          client: from("203.0.113.9"),
        },
      ],
      severityMin: "medium",
      says: ["nobody here ever worked before"],
    },
    "the allow-list is switched off, and the same hand lets a far-reaching app in": {
      events: [
        relax("slack", "pref.app_whitelist_enabled", "false"),
        event("slack", "app_installed", {
          at: at(1, 13),
          class: "install",
          subject: app("A0EXAMPLE7", { name: "Workspace Toolkit", isVerified: false }),
          change: change("installed", {
            scopes: ["files:read", "im:history", "admin.users:write"],
            consent: "user",
            principal: "dana@example.com",
          }),
        }),
      ],
      severityMin: "high",
      says: ["right after it", "Workspace Toolkit"],
    },
    "a guard after the other by one hand": {
      events: [
        relax("microsoft", "Update authorization policy", "PermissionGrantPolicyIdsAssigned"),
        relax("microsoft", "Disable security defaults", "Disable security defaults"),
      ],
      findings: 2,
      says: ["other protections were loosened"],
    },
    "an app is put on the allow-list": {
      events: [
        {
          ...relax("google", "ADD_APPLICATION_TO_WHITELIST", "Plan Helper"),
          subject: app("A2", { name: "Plan Helper" }),
        },
      ],
      says: ["Plan Helper"],
    },
  },
  quiet: {
    "the same setting is tightened": {
      events: [
        event("slack", "pref.app_whitelist_enabled", {
          at: at(1),
          class: "policy",
          change: change("policy_tightened", { detail: "true" }),
        }),
      ],
    },
    "an attempt that was refused": {
      events: [
        { ...relax("microsoft", "Update authorization policy", "consent"), outcome: "denied" },
      ],
    },
    "a trusted domain is changed, and the record gives no direction": {
      events: [0, 1, 2].flatMap((day) => [
        event("google", "ADD_TRUSTED_DOMAINS", {
          at: at(day),
          class: "policy",
          change: change("updated", { detail: "partner.example" }),
        }),
      ]),
    },
    "a spend limit, which is no matter of access": {
      events: [
        event("anthropic", "platform_spend_limit_deleted", {
          at: at(1),
          class: "policy",
          change: change("policy_relaxed", { detail: "platform_spend_limit_deleted" }),
        }),
      ],
    },
  },
  evasions: {
    "a record that names no direction": {
      events: [
        event("microsoft", "Update policy", {
          at: at(1),
          class: "policy",
          change: change("updated", { detail: "Update policy" }),
        }),
      ],
      isCaught: false,
    },
    "an administrator's account loosens it among much other work": {
      events: [
        relax("slack", "pref.app_whitelist_enabled", "false"),
        ...Array.from({ length: 30 }, (_, index) =>
          event("slack", "channel_archive", { at: at(1, 10, index) }),
        ),
      ],
      isCaught: true,
    },
  },
});
