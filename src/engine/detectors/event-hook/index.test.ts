/** Hooks that are set up or changed are noted, those to odd addresses are told; deliveries and ends are not. */

import { type AuditEvent, change, person } from "#contract/event.ts";
import { app, at, event, testDetector } from "#engine/testing.ts";
import { eventHook } from "./index.ts";

function hook(url: string, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("github", "hook.create", {
    at: at(1, 14),
    class: "create",
    subject: app("hook-1", { kind: "webhook", name: "web" }),
    change: change("created", { destination: url }),
    ...known,
  });
}

testDetector(eventHook, {
  fires: {
    "a hook to a build service": {
      events: [hook("https://ci.example.com/in")],
      says: ["ci.example.com"],
    },
    "a hook to a request catcher by a guest": {
      events: [
        hook("https://webhook.site/1a2b", {
          actor: person("visitor@elsewhere.example", null, { isGuest: true }),
        }),
      ],
      severityMin: "medium",
      says: ["anybody can get", "is a guest"],
    },
    "a hook is pointed elsewhere": {
      events: [
        hook("https://3f2a.ngrok-free.app/x", {
          action: "hook.config_changed",
          change: change("updated", { destination: "https://3f2a.ngrok-free.app/x" }),
        }),
      ],
      severityMin: "low",
    },
  },
  quiet: {
    "a hook goes": { events: [hook("https://ci.example.com/in", { change: change("deleted") })] },
    "a hook is paused": {
      events: [hook("https://ci.example.com/in", { change: change("disabled") })],
    },
    "a hook that could not be made": {
      events: [hook("https://ci.example.com/in", { outcome: "failure" })],
    },
    "an app is made": {
      events: [hook("https://ci.example.com/in", { subject: app("A1", { name: "Notes" }) })],
    },
  },
  evasions: {
    "an address of a known service, with the thief's account there": {
      events: [hook("https://hooks.example.com/thief")],
      isCaught: true,
    },
    "a script that asks every minute instead": {
      events: [event("github", "api.request", { at: at(1), class: "read" })],
      isCaught: false,
    },
  },
});
