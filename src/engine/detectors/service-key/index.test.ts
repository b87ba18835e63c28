/** New keys by which programs get in are told; rotation, secrets that CI stores and sign-ins are not. */

import { type AuditEvent, change, person } from "#contract/event.ts";
import { app, at, dana, event, testDetector } from "#engine/testing.ts";
import { serviceKey } from "./index.ts";

const robot = app("robot@project.iam.gserviceaccount.com", {
  kind: "service_account",
  name: "robot",
});

function key(known: Partial<AuditEvent> = {}): AuditEvent {
  return event("google", "CreateServiceAccountKey", {
    at: at(1, 15),
    class: "credential",
    subject: robot,
    change: change("credential_added", { detail: "key" }),
    ...known,
  });
}

function github(action: string, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("github", action, {
    at: at(1),
    class: "credential",
    target: { type: "repository", id: "acme/site", name: null },
    change: change("credential_added", { detail: "deploy key" }),
    ...known,
  });
}

testDetector(serviceKey, {
  fires: {
    "a key for a service account": { events: [key()], says: ["robot", "service account"] },
    "a guest makes one by script": {
      events: [
        key({
          actor: person("visitor@elsewhere.example", null, { isGuest: true }),
          client: { ip: null, asn: null, country: null, userAgent: "python-requests/2.32" },
        }),
        event("google", "login", { at: at(0) }),
      ],
      severityMin: "medium",
      says: ["is a guest"],
    },
    "a deploy key for a repository": {
      events: [github("deploy_key.create")],
      says: ["deploy key", "opens a repository"],
    },
    "an API token of an administrator": {
      events: [
        event("okta", "system.api_token.create", {
          at: at(1),
          class: "credential",
          subject: app("00T1", { kind: "api_key", name: "report" }),
          change: change("credential_added", { detail: "API token" }),
        }),
      ],
      says: ["all the rights"],
    },
  },
  quiet: {
    "a build gets a new secret to use": {
      events: [github("repo.create_actions_secret"), github("org.update_actions_secret")],
    },
    "a token of a sign-in": { events: [github("oauth_access.create")] },
    "a key is deleted": {
      events: [
        github("public_key.delete", {
          change: change("credential_removed", { detail: "deploy key" }),
        }),
      ],
    },
    "an app's secret, which is weighed elsewhere": {
      events: [
        event("microsoft", "Update application – Certificates and secrets management", {
          at: at(1),
          class: "credential",
          subject: app("A1"),
          change: change("credential_added", { detail: "Password" }),
        }),
      ],
    },
    "an attempt that was denied": { events: [key({ outcome: "denied" })] },
  },
  evasions: {
    "an old key is copied instead of a new one made": {
      events: [event("google", "ReadSecret", { at: at(1), actor: dana(), class: "read" })],
      isCaught: false,
    },
    "the key is deleted in the same hour": {
      events: [
        key(),
        key({
          action: "DeleteServiceAccountKey",
          at: at(1, 15, 40),
          change: change("credential_removed", { detail: "key" }),
        }),
      ],
      isCaught: true,
    },
  },
});
