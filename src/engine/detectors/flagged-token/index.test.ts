/** The platform's own warnings about tokens of programs are passed on; its warnings about people and content are not. */

import { type AuditEvent, change, machine } from "#contract/event.ts";
import { app, at, event, testDetector } from "#engine/testing.ts";
import { flaggedToken } from "./index.ts";

const client = app("0oa1", { name: "Mobile", kind: "oauth_app" });

function flagged(action: string, detail: string, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("okta", action, {
    at: at(2, 3),
    class: "sign_in",
    actor: machine("0oa1", "Mobile"),
    automation: client,
    subject: client,
    change: change("flagged_by_vendor", { detail }),
    ...known,
  });
}

testDetector(flaggedToken, {
  fires: {
    "a refresh token is used twice": {
      events: [flagged("app.oauth2.token.detect_reuse", "app.oauth2.token.detect_reuse")],
      says: ["two hold it"],
    },
    "Entra found an app's credential in the open": {
      events: [
        event("microsoft", "leakedCredentials", {
          at: at(2),
          service: "entra:ServicePrincipalRiskEvents",
          subject: app("sp-1", { name: "Sync" }),
          change: change("flagged_by_vendor", { detail: "leakedCredentials; high; atRisk" }),
        }),
      ],
      severityMin: "medium",
      says: ["Sync"],
    },
    "Slack sees a bot's token from an unexpected network": {
      events: [
        event("slack", "anomaly", {
          at: at(2),
          actor: machine("B1", "Bot"),
          automation: app("B1", { name: "Bot", kind: "bot" }),
          change: change("flagged_by_vendor", { detail: "asn, ip_address" }),
        }),
      ],
    },
  },
  quiet: {
    "a person's risky sign-in": {
      events: [
        event("microsoft", "Sign-in activity", {
          at: at(2),
          class: "sign_in",
          change: change("flagged_by_vendor", {
            detail: "risky sign-in, medium: unfamiliarFeatures",
          }),
        }),
      ],
    },
    "a person's risky sign-in to the mail program": {
      events: [
        event("microsoft", "Sign-in activity", {
          at: at(2),
          class: "sign_in",
          automation: app("mail-1", { name: "Mail" }),
          change: change("flagged_by_vendor", {
            detail: "risky sign-in, medium: unfamiliarFeatures",
          }),
        }),
      ],
    },
    "a prompt that the platform finds odd": {
      events: [flagged("workflow_ai_answer_suspicious_prompt", "suspicious prompt")],
    },
    "a warning about a rate limit": {
      events: [flagged("app.oauth2.client_id_rate_limit_warning", "rate_limit")],
    },
    "a virus in a file": { events: [flagged("FileMalwareDetected", "EICAR malware risk")] },
  },
  evasions: {
    "the platform notices nothing": {
      events: [
        event("okta", "app.oauth2.token.grant.refresh_token", {
          at: at(2),
          class: "sign_in",
          automation: client,
        }),
      ],
      isCaught: false,
    },
    "a reuse that Okta logs as refused": {
      events: [flagged("app.oauth2.as.token.detect_reuse", "replay", { outcome: "failure" })],
      isCaught: true,
    },
  },
});
