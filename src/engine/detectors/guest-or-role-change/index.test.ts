/** Programs that invite or promote are told, and the organization in other hands; people's everyday administration is not. */

import { type AuditEvent, change, machine, person } from "#contract/event.ts";
import { app, at, dana, event, testDetector } from "#engine/testing.ts";
import { guestOrRoleChange } from "./index.ts";

const helper = app("A7", { name: "Helper", isVerified: false });

function invited(known: Partial<AuditEvent> = {}, whom = "new@elsewhere.example"): AuditEvent {
  return event("microsoft", "Invite external user", {
    at: at(3, 4),
    class: "member",
    change: change("guest_invited", { principal: whom }),
    ...known,
  });
}

function promoted(role: string, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("microsoft", "Add member to role", {
    at: at(3, 4),
    class: "role",
    change: change("role_assigned", { principal: "eve@example.com", detail: role }),
    ...known,
  });
}

const byHelper = { actor: machine("A7", "Helper"), automation: helper };

testDetector(guestOrRoleChange, {
  fires: {
    "an unverified app invites a guest": {
      events: [invited(byHelper)],
      says: ["Helper invited new@elsewhere.example", "no person stands behind it"],
    },
    "an app makes somebody Global Administrator": {
      events: [promoted("Global Administrator", byHelper)],
      severityMin: "medium",
      says: ["power over the organization"],
    },
    "the organization gets another owner": {
      events: [
        event("slack", "owner_transferred", {
          at: at(1),
          class: "role",
          change: change("role_assigned", {
            principal: "eve@example.com",
            detail: "primary owner",
          }),
        }),
      ],
      says: ["another owner"],
    },
    "an outsider becomes Global Administrator": {
      events: [
        {
          ...promoted("Global Administrator"),
          change: change("role_assigned", {
            principal: "eve@elsewhere.example",
            detail: "Global Administrator",
          }),
        },
      ],
      says: ["is an outsider"],
    },
  },
  quiet: {
    "an administrator invites a guest": { events: [invited()] },
    "an administrator promotes a colleague": { events: [promoted("Global Administrator")] },
    "provisioning made in-house gives everyday roles in people's names": {
      events: [
        promoted("Directory Readers", {
          automation: app("A8", { isInternal: true }),
          actor: dana(),
        }),
      ],
    },
    "an attempt that was denied": { events: [invited({ ...byHelper, outcome: "denied" })] },
  },
  evasions: {
    "one guest a week, twice": {
      events: [0, 7].map((day) => invited({ ...byHelper, at: at(day, 4) })),
      isCaught: true,
    },
    "an app uses a person's session, which the log does not tell apart": {
      events: [invited({ actor: person("dana@example.com", null) })],
      isCaught: false,
    },
  },
});
