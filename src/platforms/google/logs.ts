/** Which reader reads which Workspace log, and the readers of the shorter ones. */

import { number } from "#base/raw.ts";
import { isKeyRule } from "#catalog/terms.ts";
import { type Change, change, type Outcome } from "#contract/event.ts";
import { classify, MAIL_EVENTS } from "./actions.ts";
import type { Activity, Entry } from "./activity.ts";
import { adminLog } from "./admin-log.ts";
import { driveLog } from "./drive-log.ts";
import { all, lower, message, type Params, param } from "./params.ts";
import { anyTarget, isOutside, type Reader, targetOf } from "./reading.ts";
import { geminiRef } from "./refs.ts";
import { accessEvaluation, tokenLog } from "./token-log.ts";

const loginLog: Reader = (entry, _activity, actor) => {
  const { name, params } = entry;
  const affected = lower(param(params, "affected_email_address"));
  const app = param(params, "application_name");
  return {
    class: name === "email_forwarding_out_of_domain" ? "forward" : signInClass(name),
    target: app === null ? targetOf("user", affected) : targetOf("app", app, app),
    change: loginChange(entry, affected ?? (actor.id || null)),
    outcome: signInOutcome(name, params),
    userAgent: param(params, "user_agent"),
    traits: { anomalous: isFlagged(entry) },
  };
};

function signInClass(name: string): ReturnType<typeof classify> {
  if (name.startsWith("account_disabled")) return "sign_in";
  const found = classify(name);
  return found === "other" || found === "member" ? "sign_in" : found;
}

function signInOutcome(name: string, params: Params): Outcome {
  if (/fail/i.test(name)) return "failure";
  if (name === "risky_sensitive_action_blocked" || name.startsWith("account_disabled")) {
    return "denied";
  }
  const challenge = param(params, "login_challenge_status");
  if (challenge !== null) return /pass/i.test(challenge) ? "success" : "failure";
  return name.startsWith("suspicious") || name === "gov_attack_warning" ? "unknown" : "success";
}

/** What Google itself takes for an attack or a leak. */
const FLAGGED =
  /^suspicious_|^gov_attack|^account_disabled_|suspicious_session|^risky_sensitive_action/;

function loginChange({ name, params }: Entry, principal: string | null): Change | null {
  if (name === "email_forwarding_out_of_domain") {
    return change("forwarding_added", {
      principal,
      destination: lower(param(params, "email_forwarding_destination_address")),
    });
  }
  return isFlagged({ name, params })
    ? change("flagged_by_vendor", { principal, detail: name })
    : null;
}

function isFlagged({ name, params }: Pick<Entry, "name" | "params">): boolean {
  return FLAGGED.test(name) || param(params, "is_suspicious") === "true";
}

/** All events are named `delivery`; what happened is a number. */
const gmailLog: Reader = (entry) => {
  const info = message(entry.params, "event_info");
  const mail = message(entry.params, "message_info");
  const connection = message(mail, "connection_info");
  const destination = message(mail, "destination");
  const subject = param(mail, "subject");
  const id = param(mail, "rfc2822_message_id", "message_id");
  const code = param(info, "mail_event_type");
  const isFailed = param(info, "success") === "false";
  return {
    class: (code === null ? undefined : MAIL_EVENTS.get(code)) ?? classify(entry.name),
    target:
      targetOf("message", id, subject) ??
      targetOf("mailbox", lower(param(destination, "address")) ?? flatAddress(mail), subject),
    bytes: Math.max(0, number(param(mail, "payload_size")) ?? 0),
    ip: param(connection, "client_ip"),
    ...(isFailed ? { outcome: "failure" as const } : {}),
  };
};

/** `gmail-for-work-catchall::dana@example.com`: the service and the address behind it. */
function flatAddress(mail: Params): string | null {
  const flat = lower(param(mail, "flattened_destinations"));
  return flat === null ? null : flat.slice(flat.lastIndexOf(":") + 1) || null;
}

const PUBLIC_CALENDAR = "__public_principal__@public.calendar.google.com";

const calendarLog: Reader = (entry, activity, actor) => {
  const { name, params } = entry;
  const userAgent = param(params, "user_agent");
  if (name !== "change_calendar_acls") {
    const isFailed = name.endsWith("_unsuccessful");
    return {
      class: name.startsWith("interop_") ? "read" : calendarClass(name),
      target: anyTarget(params),
      userAgent,
      ...(isFailed ? { outcome: "failure" as const } : {}),
    };
  }
  const grantee = lower(param(params, "grantee_email"));
  const level = param(params, "access_level");
  const isGiven = level !== "none" && level !== "removed";
  const made = isGiven ? calendarShare(grantee, level, activity, actor) : null;
  return {
    class: made?.kind === "made_public" ? "publish" : isGiven ? "share" : "edit",
    target: targetOf("calendar", param(params, "calendar_id")),
    change: made,
    userAgent,
  };
};

function calendarClass(name: string): ReturnType<typeof classify> {
  const found = classify(name);
  // Inviting somebody to a meeting is no membership of the tenant.
  return found === "member" ? "edit" : found;
}

function calendarShare(
  grantee: string | null,
  level: string | null,
  activity: Activity,
  actor: Parameters<Reader>[2],
): Change | null {
  if (grantee === PUBLIC_CALENDAR) {
    return change("made_public", { destination: grantee, detail: level });
  }
  return isOutside(grantee, activity, actor) === true
    ? change("shared_externally", { destination: grantee, detail: level })
    : null;
}

/** Rules of the tenant and DLP that matched. */
const rulesLog: Reader = ({ name, params }) => {
  const rule = param(params, "rule_name", "rule_resource_name");
  const actions = all(params, "triggered_actions").length;
  const isMatch = !/^label_|^action_complete$|^content_unmatched$/.test(name);
  const severity = param(params, "severity");
  const isDlp = /dlp|data.?protection/i.test(param(params, "rule_type") ?? "");
  const words = [
    rule ?? (name === "unknown" ? "rule" : name),
    severity,
    param(params, "rule_type"),
  ].filter((word) => word);
  return {
    class: "other",
    target:
      targetOf("resource", param(params, "resource_id"), param(params, "resource_title")) ??
      targetOf("rule", rule, rule),
    ...(isMatch ? { change: change("flagged_by_vendor", { detail: words.join(" ") }) } : {}),
    traits: { labelled: isMatch && isDlp, secret: isMatch && isDlp && isKeyRule(rule) },
    outcome: /blocked/.test(name) ? "denied" : "success",
    count: Math.max(1, actions),
  };
};

const mobileLog: Reader = ({ name, params }) => {
  const user = lower(param(params, "user_email"));
  const isFlagged =
    name === "SUSPICIOUS_ACTIVITY_EVENT" ||
    (name === "DEVICE_COMPROMISED_EVENT" &&
      param(params, "device_compromised_state") !== "NOT_COMPROMISED");
  const isUnlock = name === "FAILED_PASSWORD_ATTEMPTS_EVENT";
  const attempts = number(param(params, "failed_passwd_attempts"));
  return {
    class: isUnlock ? "sign_in" : "other",
    target: targetOf("device", param(params, "device_id", "serial_number"), user),
    ...(isFlagged
      ? { change: change("flagged_by_vendor", { principal: user, detail: name }) }
      : {}),
    outcome: isUnlock ? "failure" : "success",
    count: isUnlock && attempts !== null && attempts >= 1 ? Math.min(attempts, 1e9) | 0 : 1,
  };
};

const geminiLog: Reader = ({ params }) => {
  const app = param(params, "app_name");
  // Suggestions that Gemini makes unasked are no prompt.
  const isAsked = !/inactive|passive|proactive/.test(param(params, "event_category") ?? "");
  return {
    class: isAsked ? "prompt" : "other",
    automation: geminiRef(),
    target: targetOf("app", app, param(params, "action")),
  };
};

/** Takeout of a person and Vault's exports: started, done, fetched. */
const exportLog: Reader = ({ name, params }) => {
  const words = name.toLowerCase();
  const kind = /download|view_export/.test(words)
    ? "export_downloaded"
    : /complete|succe/.test(words)
      ? "export_completed"
      : /start|schedul|create|initiat/.test(words)
        ? "export_started"
        : null;
  const isExport = /takeout|export/.test(words);
  const products = all(params, "products_requested").join(", ");
  return {
    class: isExport ? "export" : classify(name),
    target: anyTarget(params),
    ...(isExport && kind !== null
      ? {
          change: change(kind, {
            destination: param(params, "takeout_destination"),
            detail: products.slice(0, 1_024) || null,
          }),
        }
      : {}),
    outcome: param(params, "takeout_status") === "FAILED" ? "failure" : "success",
  };
};

const groupsLog: Reader = ({ name, params }) => {
  const values = [...all(params, "new_value_repeated"), ...all(params, "new_value")].join(" ");
  const isOpened = name === "change_acl_permission" && /anyone|public|all_users/i.test(values);
  return {
    class: classify(name),
    target: anyTarget(params),
    ...(isOpened
      ? {
          change: change("policy_relaxed", {
            detail: `${param(params, "acl_permission") ?? name}: ${values}`.slice(0, 1_024),
          }),
        }
      : {}),
  };
};

/** Looker Studio: its reports are shared as files are. */
const studioLog: Reader = (entry, activity, actor) => {
  const { name, params } = entry;
  const visibility = param(params, "visibility", "new_value") ?? "";
  const isPublic = /people_with_link|public_on_the_web|anyone|^public$/i.test(visibility);
  const isLink = name === "CHANGE_ASSET_LINK_SHARING_VISIBILITY";
  const whom = lower(param(params, "target_user_email"));
  const isAway = name === "CHANGE_USER_ACCESS" && isOutside(whom, activity, actor) === true;
  return {
    class: isLink ? (isPublic ? "publish" : "share") : studioClass(name),
    target: anyTarget(params),
    ...(isLink && isPublic
      ? { change: change("made_public", { destination: visibility }) }
      : isAway
        ? { change: change("shared_externally", { destination: whom }) }
        : {}),
  };
};

function studioClass(name: string): ReturnType<typeof classify> {
  return name === "CHANGE_DATA_SOURCE_ACCESS_TYPE" ? "share" : classify(name);
}

const chromeLog: Reader = ({ name, params }) => {
  const isFlagged = /MALWARE|PASSWORD_BREACH|UNSAFE_SITE|SENSITIVE_DATA|DLP_EVENT/i.test(name);
  return {
    class: classify(name),
    target:
      targetOf(
        "extension",
        param(params, "app_id", "extension_id"),
        param(params, "app_name", "extension_name"),
      ) ?? anyTarget(params),
    userAgent: param(params, "user_agent"),
    ...(isFlagged ? { change: change("flagged_by_vendor", { detail: name }) } : {}),
  };
};

/** Every other log: the class by the event's name, and the first parameter that names a thing. */
const anyLog: Reader = ({ name, params }) => ({
  class: classify(name),
  target: anyTarget(params),
  outcome: outcomeOf(name),
});

function outcomeOf(name: string): "success" | "failure" | "denied" {
  if (/den(y|ied)|blocked$/i.test(name)) return "denied";
  return /fail|unsuccessful|_error/i.test(name) ? "failure" : "success";
}

const READERS: Readonly<Record<string, Reader>> = {
  token: tokenLog,
  access_evaluation: accessEvaluation,
  admin: adminLog,
  drive: driveLog,
  login: loginLog,
  logout: loginLog,
  saml: loginLog,
  user_accounts: loginLog,
  gmail: gmailLog,
  calendar: calendarLog,
  rules: rulesLog,
  mobile: mobileLog,
  gemini_in_workspace_apps: geminiLog,
  takeout: exportLog,
  vault: exportLog,
  groups: groupsLog,
  groups_enterprise: groupsLog,
  data_studio: studioLog,
  chrome: chromeLog,
};

export function readerOf(app: string): Reader {
  return Object.hasOwn(READERS, app) ? (READERS[app] ?? anyLog) : anyLog;
}
