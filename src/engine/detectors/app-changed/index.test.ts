/** Changes that hand an app to others are told by what they open; setting an app up and its upkeep are not worth much. */

import { type AuditEvent, change, machine, person } from "#contract/event.ts";
import { app, at, dana, event, testDetector } from "#engine/testing.ts";
import { appChanged } from "./index.ts";

const portal = app("app-1", { name: "Portal", domains: ["portal.example.com", "www.example.com"] });

function changed(
  kind: "redirect_changed" | "owner_added" | "role_assigned" | "audience_widened",
  what: Parameters<typeof change>[1],
  known: Partial<AuditEvent> = {},
): AuditEvent {
  return event("microsoft", "Update application", {
    at: at(5, 13),
    class: "edit",
    subject: portal,
    change: change(kind, what),
    ...known,
  });
}

testDetector(appChanged, {
  fires: {
    "sign-ins go to a tunnel": {
      events: [changed("redirect_changed", { destination: "https://3f2a.ngrok-free.app/cb" })],
      says: ["anybody can get"],
    },
    "a guest makes himself an owner": {
      events: [
        changed(
          "owner_added",
          { principal: "visitor@elsewhere.example" },
          { actor: person("visitor@elsewhere.example", null, { isGuest: true }) },
        ),
      ],
      severityMin: "medium",
      says: ["made himself the owner", "is a guest"],
    },
    "a program becomes Global Administrator": {
      events: [
        changed("role_assigned", {
          detail: "Global Administrator",
          scopes: ["Global Administrator"],
        }),
      ],
      says: ["Global Administrator"],
    },
    "a program gets such a role and at once does what administrators do": {
      events: [
        changed("role_assigned", { detail: "Global Administrator" }),
        event("microsoft", "Add member to group", {
          at: at(6),
          class: "member",
          actor: machine("app-1", "Portal"),
          automation: portal,
        }),
      ],
      severityMin: "high",
      says: ["used the role since"],
    },
    "a program gives itself such a role": {
      events: [
        changed(
          "role_assigned",
          { detail: "Application Administrator" },
          { actor: machine("app-1", "Portal") },
        ),
      ],
      severityMin: "medium",
      says: ["did it to itself"],
    },
    "an app is opened to other tenants": {
      events: [changed("audience_widened", { detail: "available to other tenants" })],
    },
  },
  quiet: {
    "its maker sets the address on the first day": {
      events: [
        event("microsoft", "Add application", {
          at: at(5, 9),
          class: "create",
          subject: portal,
          change: change("created"),
        }),
        changed("redirect_changed", { destination: "https://portal.example.com/signin" }),
      ],
    },
    "its maker opens it to others on the day after": {
      events: [
        event("microsoft", "Add application", {
          at: at(4, 9),
          class: "create",
          subject: portal,
          change: change("created"),
        }),
        changed("audience_widened", { detail: "AzureADMultipleOrgs" }),
      ],
    },
    "an owner goes": {
      events: [
        event("microsoft", "Remove owner from application", {
          at: at(5),
          class: "role",
          subject: portal,
          change: change("owner_removed", { principal: "dana@example.com" }),
        }),
      ],
    },
    "a change that failed": {
      events: [
        changed("audience_widened", { detail: "AzureADMultipleOrgs" }, { outcome: "failure" }),
      ],
    },
  },
  evasions: {
    "an address within the company's own hosts": {
      events: [
        changed("redirect_changed", { destination: "https://old.example.com/open-redirect" }),
      ],
      isCaught: true,
    },
    "the intruder makes an app of his own and sets that up": {
      events: [
        event("microsoft", "Add application", {
          at: at(5, 9),
          class: "create",
          subject: portal,
          change: change("created"),
        }),
        changed(
          "redirect_changed",
          { destination: "https://portal.example.com/x" },
          { actor: dana() },
        ),
      ],
      isCaught: false,
    },
  },
});
