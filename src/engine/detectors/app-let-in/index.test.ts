/** Every app is noted once, on the day it comes in; the vendor's own, and apps in use, are not. */

import { type AuditEvent, change, person } from "#contract/event.ts";
import { app, at, event, testDetector } from "#engine/testing.ts";
import { appLetIn } from "./index.ts";

const poll = app("A1", { name: "Quick Poll", isVerified: true });

function installed(known: Partial<AuditEvent> = {}): AuditEvent {
  return event("slack", "app_installed", {
    at: at(1, 9),
    class: "install",
    subject: poll,
    change: change("installed", { consent: "user", principal: "dana@example.com" }),
    ...known,
  });
}

testDetector(appLetIn, {
  fires: {
    "a verified app by a person": { events: [installed()], says: ["Quick Poll"] },
    "an unverified one for everybody": {
      events: [
        installed({
          subject: app("A2", { name: "Deal Helper", isVerified: false }),
          change: change("installed", { consent: "tenant" }),
        }),
      ],
      severityMin: "low",
      says: ["for everybody", "not verified"],
    },
    "an app that comes in after its way was cleared": {
      events: [
        event("slack", "pref.app_whitelist_enabled", {
          at: at(1, 8),
          class: "policy",
          change: change("policy_relaxed", { detail: "false" }),
        }),
        installed({
          subject: app("A2", { name: "Deal Helper", isVerified: false }),
          client: { ip: null, asn: null, country: null, userAgent: "python-requests/2.32" },
        }),
      ],
      severityMin: "medium",
      says: ["had just loosened what keeps apps out"],
    },
    "approved by one and installed by another it is one app": {
      events: [
        installed(),
        event("slack", "app_approved", {
          at: at(1, 8),
          class: "policy",
          actor: person("root@example.com", null, { isAdmin: true }),
          subject: poll,
          change: change("approved", { consent: "admin" }),
        }),
      ],
    },
    "an app that an administrator approves": {
      events: [
        event("slack", "app_approved", {
          at: at(1),
          class: "policy",
          subject: poll,
          change: change("approved", { consent: "admin" }),
        }),
      ],
    },
  },
  quiet: {
    "a second install of an app in use": {
      events: [
        event("slack", "app_used", {
          at: at(0),
          subject: poll,
          class: "consent",
          change: change("granted", { consent: "user", principal: "kim@example.com" }),
        }),
        installed(),
      ],
    },
    "an app is taken away": {
      events: [
        event("slack", "app_uninstalled", {
          at: at(1),
          class: "uninstall",
          subject: poll,
          change: change("uninstalled"),
        }),
      ],
    },
    "an app is asked for": {
      events: [
        event("slack", "app_requested", { at: at(1), subject: poll, change: change("requested") }),
      ],
    },
    "an install that was denied": { events: [installed({ outcome: "denied" })] },
  },
  evasions: {
    "it comes in by consent, not by install": {
      events: [
        installed({
          action: "consent",
          class: "consent",
          change: change("granted", { consent: "user", principal: "dana@example.com" }),
        }),
      ],
      isCaught: false,
    },
    "a guest brings it": {
      events: [installed({ actor: person("v@elsewhere.example", null, { isGuest: true }) })],
      isCaught: true,
    },
  },
});
