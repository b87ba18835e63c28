/** Mail that leaks or is hidden is told from colleagues who stand in for each other and from people who sort their mail. */

import { type AuditEvent, change, person } from "#contract/event.ts";
import { app, at, dana, event, repeat, testDetector } from "#engine/testing.ts";
import { mailForwarding } from "./index.ts";
import { PRIVATE_PROVIDERS } from "./where.ts";

const privateAddress = `d.private@${PRIVATE_PROVIDERS[0]}.com`;
const admin = person("admin@example.com", null, { isAdmin: true });
const helper = app("C-helper", { name: "Inbox Helper", isVerified: false });
const hr = app("C-hr", { name: "Onboarding Script", kind: "script", isInternal: true });

interface Setup {
  readonly to?: string | null;
  readonly box?: string | null;
  readonly detail?: string | null;
}

function forward(
  { to = null, box = "dana@example.com", detail = null }: Setup,
  known: Partial<AuditEvent> = {},
) {
  return event("microsoft", "Set-Mailbox", {
    at: at(2, 11),
    class: "forward",
    change: change("forwarding_added", { destination: to, principal: box, detail }),
    ...known,
  });
}

function delegate(
  { to = null, box = "dana@example.com", detail = "FullAccess" }: Setup,
  known: Partial<AuditEvent> = {},
) {
  return event("microsoft", "Add-MailboxPermission", {
    at: at(2, 11),
    class: "forward",
    actor: admin,
    change: change("mailbox_delegated", { destination: to, principal: box, detail }),
    ...known,
  });
}

function rule(detail: string | null, known: Partial<AuditEvent> = {}) {
  return event("microsoft", "New-InboxRule", {
    at: at(2, 11),
    class: "forward",
    change: change("mail_rule_added", { principal: "dana@example.com", detail }),
    ...known,
  });
}

testDetector(mailForwarding, {
  fires: {
    "a person forwards to a private address": {
      events: [forward({ to: privateAddress })],
      severityMin: "medium",
      confidenceMin: 0.5,
      says: ["dana", privateAddress, "private"],
    },
    "a stolen session forwards invoices out, deletes and hides them": {
      events: [
        forward({
          to: "box@elsewhere.example",
          detail: 'rule "."; deletes messages; marks as read; when subjectcontainswords invoice',
        }),
      ],
      severityMin: "critical",
      confidenceMin: 0.8,
      says: ["money or security"],
    },
    "an unverified app forwards a mailbox out": {
      events: [forward({ to: "sink@elsewhere.example" }, { automation: helper })],
      severityMin: "high",
      says: ["Inbox Helper", "not verified"],
    },
    "an app sets up forwarding through an API that does not log where to": {
      events: [forward({ box: null }, { automation: helper })],
      severityMin: "medium",
      says: ["does not say where"],
    },
    "an admin forwards four mailboxes of others out": {
      events: ["a", "b", "c", "d"].map((name) =>
        forward({ to: "sink@elsewhere.example", box: `${name}@example.com` }, { actor: admin }),
      ),
      severityMin: "high",
      says: ["4 mailboxes"],
    },
    "a mailbox is opened to an outsider": {
      events: [delegate({ to: "guest@elsewhere.example" })],
      severityMin: "high",
    },
    "an app gets the role that opens every mailbox": {
      events: [
        event("microsoft", "New-ManagementRoleAssignment", {
          at: at(2),
          actor: admin,
          subject: helper,
          change: change("mailbox_delegated", {
            scopes: ["ApplicationImpersonation"],
            destination: "c-helper",
            detail: "ApplicationImpersonation",
          }),
        }),
      ],
      severityMin: "high",
      says: ["every mailbox"],
    },
    "a rule hides security warnings": {
      events: [
        rule('rule ".."; moves to RSS Feeds; marks as read; when subjectcontainswords phishing'),
      ],
      severityMin: "high",
    },
  },
  quiet: {
    "a person forwards to a colleague while on leave": {
      events: [forward({ to: "lee@example.com" })],
    },
    "a person forwards to another domain of hers within the organization": {
      events: [forward({ to: "dana@mail.example.com" })],
    },
    "an admin opens a leaver's mailbox to the manager": {
      events: [delegate({ to: "lee@example.com", box: "left@example.com" })],
    },
    "the system gives a new mailbox to itself": {
      events: [delegate({ to: "nt authority\\self" })],
    },
    "calendars are shared with colleagues and shown as busy to all": {
      events: [
        delegate({ to: "lee@example.com", detail: "\\Calendar: Editor" }, { actor: dana() }),
        delegate({ to: "default", detail: "\\Calendar: AvailabilityOnly" }, { actor: dana() }),
      ],
    },
    "rules that sort newsletters, delete adverts and file invoices": {
      events: [
        rule('rule "Newsletters"; moves to Newsletters; when from news@example.net'),
        rule('rule "Adverts"; deletes messages; when from shop@example.net'),
        rule('rule "Bills"; moves to Bills; when subjectcontainswords invoice'),
      ],
    },
    "an in-house script delegates shared mailboxes to colleagues": {
      events: repeat(5, 1_000, (index) =>
        delegate({ to: "lee@example.com", box: `team${index}@example.com` }, { automation: hr }),
      ),
    },
    "a tidy-up service adds sorting filters": {
      events: repeat(12, 60_000, () =>
        rule("gmail.users.settings.filters.create", {
          automation: app("C-tidy", { name: "Tidy Mail", isVerified: true }),
        }),
      ),
    },
    "forwarding out that policy refused": {
      events: [forward({ to: privateAddress }, { outcome: "denied" })],
    },
  },
  evasions: {
    "an outsider's address between two colleagues": {
      events: [forward({ to: "lee@example.com, sink@elsewhere.example, kim@example.com" })],
      isCaught: true,
    },
    "forwarding to a colleague's mailbox that itself is stolen": {
      events: [forward({ to: "lee@example.com" })],
      isCaught: false,
    },
  },
});
