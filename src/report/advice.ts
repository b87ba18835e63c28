/** What to check and what to do about a finding: the safe next step on each platform. */

import type { AutomationKind } from "#contract/automation.ts";
import type { AttackType } from "#contract/finding.ts";
import type { Platform } from "#contract/platform.ts";

export interface Advice {
  /** Stops the automation, can be undone and keeps the evidence. */
  contain: string;
  /** What remains to be done once it is known to be bad. */
  remove: string;
}

/** Menu paths as the vendors' consoles named them in 2026. */
const BY_PLATFORM: Readonly<Record<Platform, Advice>> = {
  slack: {
    contain:
      "Slack: Tools & settings → Manage apps → the app → Restrict. On Enterprise Grid: Organization settings → Integrations → Installed apps → Manage → Restrict. Restricting stops its tokens and can be undone.",
    remove:
      "Remove the app on the same page, then revoke webhook addresses and tokens that it knew, and look at the messages and files that it touched.",
  },
  google: {
    contain:
      "Google Admin console: Security → Access and data control → API controls → Manage app access → the app → Change access → Blocked. Blocking can be undone and keeps the token log.",
    remove:
      "Revoke the tokens of the people concerned (Directory → Users → the person → Security → Connected applications). For a service account remove its client id under API controls → Domain-wide delegation and delete its keys in Google Cloud.",
  },
  microsoft: {
    contain:
      "Microsoft Entra admin center: Enterprise apps → the app → Properties → set “Enabled for users to sign-in?” to No. No new tokens are issued from then on; tokens already out live up to an hour or so.",
    remove:
      "Under Permissions revoke its consents, under App registrations → Certificates & secrets remove credentials that you do not know, then check mailbox rules, forwarding and role assignments made meanwhile. Delete the app only after the evidence is saved.",
  },
  github: {
    contain:
      "GitHub: Organization settings → GitHub Apps (or OAuth app policy) → the app → Suspend, or Deny access. For tokens: Organization settings → Personal access tokens → Active tokens → Revoke.",
    remove:
      "Uninstall the app, remove deploy keys and webhooks that it added, and replace every secret that the repositories in its reach hold.",
  },
  okta: {
    contain:
      "Okta Admin Console: Applications → the app → Active → Deactivate. For API tokens: Security → API → Tokens → Revoke.",
    remove:
      "Remove its grants and admin roles (the app → Okta API Scopes and Admin roles), end the sessions of the people concerned, and replace credentials that it could read.",
  },
  anthropic: {
    contain:
      "Claude: Organization settings → Connectors → turn the connector off. For API keys: Claude Console → Settings → API keys → Disable.",
    remove:
      "Delete the key or connector, replace the credentials that it held for other systems, and review what its sessions read and sent.",
  },
  openai: {
    contain:
      "ChatGPT: Workspace settings → Apps & connectors → turn the app off. For API keys: OpenAI platform → Settings → API keys → Revoke.",
    remove:
      "Replace the credentials that the app, GPT or agent held for other systems, and review its conversations and tool calls in the compliance log.",
  },
  salesforce: {
    contain:
      "Salesforce: Setup → Connected Apps OAuth Usage → the app → Block. Blocking ends its sessions and can be undone.",
    remove:
      "Revoke its remaining tokens on the same page, limit the app to admin-approved users, and review exports and reports that it ran.",
  },
};

/** How to judge a finding of this type in a few minutes. */
const CHECKS: Readonly<Record<AttackType, readonly string[]>> = {
  data_exfiltration: [
    "Ask the owner whether this volume, at this hour, was expected (a migration, a backup, a new report).",
    "Compare the address and user agent in the evidence with the automation's usual ones.",
    "Find where the data went: forwarding target, external share, export file or webhook host.",
  ],
  privilege_escalation: [
    "Ask who approved the new rights, and find the change request that goes with them.",
    "See what the automation did after the change, and whether it needed the new rights for it.",
    "Check whether the account that made the change shows unusual sign-ins before it.",
  ],
  credential_theft: [
    "Ask the person named whether they approved this app, and from which link or message they came to it.",
    "Look for other people who approved the same app in the same days.",
    "Check sign-ins of the people concerned for new addresses, device-code or unusual clients.",
  ],
  backdoor: [
    "Ask the owner whether they added this credential, rule, forwarding or federation themselves.",
    "Look at what the same actor changed in the hour before and after.",
    "Check whether access continues through it after passwords and sessions were reset.",
  ],
  rate_limit_evasion: [
    "Look whether the activity is spread evenly over time, accounts or addresses to stay below a limit.",
    "Ask the owner whether the automation was built to slow itself down, and why.",
    "Add up what it read in total over the window; single hours look harmless by design.",
  ],
  ai_abuse: [
    "See which data the AI app can read, and whether the organization has approved it for that data.",
    "Look at the tool calls in the evidence: did a person ask for them, or a document that the agent read?",
    "Ask the owner which account and which training and retention settings the app runs under.",
  ],
};

/** Why a finding of this type matters, for a reader who is no security expert. */
const STAKES: Readonly<Record<AttackType, string>> = {
  data_exfiltration:
    "Data that has left cannot be called back. An automation reads around the clock, without a second factor, and keeps its access when the person who approved it changes their password.",
  privilege_escalation:
    "An automation with more rights than were approved can give itself, or somebody else, still more. Each step looks like ordinary administration.",
  credential_theft:
    "A consent or token works like a key that was copied: no password and no second factor are asked again, until somebody revokes it.",
  backdoor:
    "This keeps a way in open after passwords are reset and sessions are ended, so an intruder can return after the clean-up.",
  rate_limit_evasion:
    "Somebody who takes care to stay below limits knows that they are watched. The total is what counts, and it grows quietly.",
  ai_abuse:
    "An AI app acts with the rights of whoever connected it, and text that it reads can steer it. What it is given may be kept or used outside of your control.",
};

/** The containment and removal steps that fit the platform. */
export function adviceFor(platform: Platform, kind: AutomationKind | null): Advice {
  const advice = BY_PLATFORM[platform];
  if (platform === "slack" && kind === "workflow") {
    return {
      contain:
        "Slack: Tools & settings → Workflow Builder (administrators: Manage apps → Workflows) → the workflow → Unpublish. Unpublishing can be undone.",
      remove:
        "Check the workflow's steps and collaborators, remove its connector accounts, and delete it once the evidence is saved.",
    };
  }
  if (platform === "google" && kind === "script") {
    return {
      contain:
        "Google Admin console: Apps → Google Workspace → Drive and Docs shows who may run Apps Script; to stop this one, ask its owner to remove its triggers at script.google.com → Triggers, or block its client id under Security → API controls.",
      remove:
        "Take over the script's file from its owner, keep a copy as evidence, and revoke the access that people gave it.",
    };
  }
  return advice;
}

export function checksFor(attackType: AttackType): readonly string[] {
  return CHECKS[attackType];
}

export function stakesOf(attackType: AttackType): string {
  return STAKES[attackType];
}
