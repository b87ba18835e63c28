/** Rights are called unused only where the logs would have shown the use, and only after a while. */

import { automationFact } from "#contract/automation.ts";
import { machine } from "#contract/event.ts";
import { app, at, event, testDetector } from "#engine/testing.ts";
import { unusedPrivilege } from "./index.ts";

const ME = app("app-1", { name: "Ticket sync" });
const OTHER = app("app-2", { name: "Busy app" });

const call = (who: typeof ME, action: string, days: number, from = 0) =>
  Array.from({ length: days }, (_, index) =>
    event("microsoft", action, {
      at: at(from + index),
      class: "read",
      actor: machine(who.nativeId, who.name),
      automation: who,
      target: { type: "request", id: `${action}-${who.nativeId}-${index}`, name: null },
    }),
  );
const method = (who: typeof ME, name: string, days: number) =>
  Array.from({ length: days }, (_, index) =>
    event("google", "activity", {
      at: at(index),
      class: "read",
      automation: who,
      target: { type: "api", id: name, name: null },
      bytes: index,
    }),
  );
const holds = (scopes: string[], known: Parameters<typeof automationFact>[3] = {}) =>
  automationFact("microsoft", "graph:servicePrincipals", ME, {
    grants: [{ principal: null, scopes, consent: "tenant", grantedBy: null, at: null }],
    ...known,
  });
const letIn = (scopes: string[]) =>
  automationFact("google", "google:directory:tokens", ME, {
    grants: [{ principal: "dana@example.com", scopes, consent: "user", grantedBy: null, at: null }],
  });

testDetector(unusedPrivilege, {
  fires: {
    "reads everybody's mail on paper and files only in the logs": {
      events: [...call(ME, "GET drives", 45), ...call(OTHER, "GET messages", 45)],
      state: [holds(["Mail.ReadWrite", "Files.Read.All"])],
      severityMin: "low",
      says: ["Mail.ReadWrite", "45 days", "ask first"],
    },
    "takes over the tenant on paper": {
      events: call(ME, "GET messages", 40),
      state: [holds(["RoleManagement.ReadWrite.Directory", "Mail.Read"])],
      severityMin: "medium",
      says: ["RoleManagement.ReadWrite.Directory"],
    },
    "an export of two weeks": {
      events: method(OTHER, "drive.files.get", 16),
      state: [letIn(["https://mail.google.com/"])],
      severityMin: "low",
      says: ["a short time"],
    },
    "Google: sends mail, never opens a file": {
      events: method(ME, "gmail.users.messages.send", 35),
      state: [
        letIn([
          "https://www.googleapis.com/auth/gmail.send",
          "https://www.googleapis.com/auth/drive",
        ]),
      ],
      says: ["drive"],
    },
  },
  quiet: {
    "all that it holds is used": {
      events: [...call(ME, "GET messages", 40), ...call(ME, "PATCH messages", 40)],
      state: [holds(["Mail.ReadWrite"])],
    },
    "the log that would show it is not there": {
      events: [
        event("microsoft", "Add member to group.", { at: at(0), automation: OTHER }),
        event("microsoft", "Add member to group.", { at: at(60), automation: OTHER }),
      ],
      state: [holds(["Mail.ReadWrite"])],
    },
    "only the log of reading is there, and the right is one to write": {
      events: call(OTHER, "MailItemsAccessed", 40),
      state: [holds(["Mail.ReadWrite"])],
    },
    "granted last week": {
      events: call(OTHER, "GET messages", 40),
      state: [
        holds([], {
          grants: [
            {
              principal: null,
              scopes: ["Mail.Read"],
              consent: "tenant",
              grantedBy: null,
              at: at(35),
            },
          ],
        }),
      ],
    },
    "only harmless scopes": {
      events: call(OTHER, "GET messages", 40),
      state: [holds(["User.Read", "openid", "profile"])],
    },
    "switched off": {
      events: call(OTHER, "GET messages", 40),
      state: [holds(["Mail.ReadWrite"], { isEnabled: false })],
    },
    "a call that does not say what it touched": {
      events: [...call(ME, "GET request", 40), ...call(OTHER, "GET messages", 40)],
      state: [holds(["Mail.ReadWrite"])],
    },
    "Slack, whose logs do not show what bots read": {
      events: Array.from({ length: 40 }, (_, index) =>
        event("slack", "file_downloaded", { at: at(index), class: "download", automation: OTHER }),
      ),
      state: [
        automationFact("slack", "slack:api", ME, {
          grants: [
            {
              principal: null,
              scopes: ["channels:history"],
              consent: "admin",
              grantedBy: null,
              at: null,
            },
          ],
        }),
      ],
    },
    "mail by a protocol that Graph's log does not see": {
      events: call(OTHER, "GET messages", 40),
      state: [holds(["full_access_as_app"])],
    },
  },
  evasions: {
    "one call a month keeps a right in use": {
      events: [...call(OTHER, "GET messages", 60), ...call(ME, "GET messages", 1, 30)],
      state: [holds(["Mail.Read"])],
      isCaught: false,
    },
  },
});
