/** The setup audit trail: what administrators changed, out of the sentence that Salesforce writes about it. */

import { clip, firstText, object, type Raw, text } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import { type AutomationRef, automationRef } from "#contract/automation.ts";
import { type AuditEvent, auditEvent, type Change, change } from "#contract/event.ts";
import { setupAction } from "./actions.ts";
import { idAliases, user } from "./common.ts";

export const SETUP_SERVICE = "salesforce:setup_audit_trail";

/** The object of the API, the download of the setup page, or the lower-case columns of a collector. */
export function isSetupRow(raw: Raw): boolean {
  if ("sfdc_created_date" in raw || "sfdc_created_by_id" in raw) return "action" in raw;
  if (object(raw.attributes).type === "SetupAuditTrail") return true;
  if ("Source Namespace Prefix" in raw) return "Delegate User" in raw;
  return "Action" in raw && "Section" in raw && "Display" in raw && "CreatedDate" in raw;
}

export function setupEvent(raw: Raw): AuditEvent {
  const isDownload = "Source Namespace Prefix" in raw;
  const display =
    text(firstText(raw.display, raw.Display, isDownload ? raw.Action : null), 1_024) ?? "";
  const action =
    text(
      isDownload
        ? firstText(told(display), raw.Section, "setup")
        : firstText(raw.action, raw.Action),
      256,
    ) ?? "unknown";
  const by = object(raw.CreatedBy);
  const done = setupAction(action);
  const subject = subjectOf(action, display);
  const section = text(firstText(raw.section, raw.Section), 64);
  return auditEvent("salesforce", SETUP_SERVICE, action, {
    id: text(raw.Id, 512) ?? "",
    at: parseTime(firstText(raw.sfdc_created_date, raw.CreatedDate, raw.Date)),
    class: done.class,
    actor: {
      ...user(
        firstText(raw.sfdc_created_by_username, by.Username, raw.User),
        firstText(raw.sfdc_created_by_id, raw.CreatedById),
        null,
      ),
      name: text(firstText(raw.sfdc_created_by_name, by.Name), 512),
    },
    subject,
    target:
      display === ""
        ? null
        : {
            type: section ?? "setup",
            id: clip(firstText(raw.record_id, display) ?? display, 512),
            name: clip(display, 512),
          },
    outcome: "success",
    change: changeOf(action.toLowerCase(), done.kind, display),
  });
}

/** The page's download has the sentence in place of the action's name: the names of the actions that detectors look for. */
const TOLD: readonly (readonly [RegExp, string])[] = [
  [/^installed connected app /i, "insertConnectedApplication"],
  [/^uninstalled connected app /i, "deleteConnectedApplication"],
  [/^created connected app certificate/i, "insertApplicationCertificate"],
  [/^created connected app /i, "insertApplication"],
  [/^deleted connected app /i, "deleteApplication"],
  [/^unblocked connected app /i, "unblockConnectedApplication"],
  [/^blocked connected app /i, "blockConnectedApplication"],
  [/^changed connected app callback url/i, "changeApplicationCallbackUrl"],
  [/^changed connected app .{1,256} scopes from /i, "changeOauthDefaultScope"],
  [/permitted users setting from /i, "changeUserRuntimeAccessPolicy"],
  [/^assigned oauth client credentials user /i, "addOauthClientCredentialUser"],
  [/^permission set .{1,256} assigned to user /i, "PermSetAssign"],
  [/^installed appexchange package/i, "installedpackagingapp"],
  [/^created a new named credential/i, "namedCredentialInsert"],
  [/^remote (?:site|proxy)/i, "remoteproxy"],
];

function told(display: string): string | null {
  for (const [pattern, action] of TOLD) if (pattern.test(display)) return action;
  return null;
}

/** The part of a sentence between two words, without a regular expression over text that anybody may write. */
function between(sentence: string, start: string, ends: readonly string[]): string | null {
  const from = sentence.toLowerCase().indexOf(start);
  if (from < 0) return null;
  const rest = sentence.slice(from + start.length);
  let end = rest.length;
  for (const word of ends) {
    const at = rest.indexOf(word);
    if (at >= 0 && at < end) end = at;
  }
  return text(rest.slice(0, end), 512);
}

const APP_ENDS = [
  " scopes from ",
  " setting ",
  " IP relaxation ",
  " Permitted Users ",
  " OAuth ",
  " to Salesforce",
  " from ",
  " (AppID",
  "'s ",
];

/** A connected app or package is known here by its name alone, sometimes with its id. */
function subjectOf(action: string, display: string): AutomationRef | null {
  const lower = action.toLowerCase();
  const isApp = /application|oauth|connectedapp|initialtoken|runtimeaccess|iprelaxation/.test(
    lower,
  );
  if (isApp) {
    const id = between(display, "appid: [", ["]"]);
    const name = id === null ? appName(display) : between(display, " to app ", [" (AppID"]);
    const native = id ?? name;
    return native === null
      ? null
      : automationRef("oauth_app", native, { name, aliases: idAliases(native) });
  }
  if (lower.endsWith("packagingapp")) {
    const name = between(display, "package: ", []);
    return name === null ? null : automationRef("oauth_app", name, { name });
  }
  if (lower === "nonsecurityreviewedmanagedpackageinstalled") {
    const name = between(display, 'package "', ['"']);
    return name === null ? null : automationRef("oauth_app", name, { name, isVerified: false });
  }
  return null;
}

function appName(display: string): string | null {
  const name =
    between(display, "connected app ", APP_ENDS) ??
    between(display, "enabled connected ", APP_ENDS);
  if (name === null) return null;
  // "Changed Connected App Callback URL from …" names the field and not the app.
  return /^(callback url|certificate|contact email|mobile session|pin length|setting|require|enable)/i.test(
    name,
  )
    ? null
    : name;
}

function changeOf(action: string, kind: Change["kind"] | null, display: string): Change | null {
  if (action === "changeoauthdefaultscope") {
    const { from, to } = fromTo(display);
    const before = scopesOf(from);
    const after = scopesOf(to);
    return change("scopes_added", {
      scopes: after,
      addedScopes: after.filter((scope) => !before.includes(scope)),
      consent: "admin",
    });
  }
  const flag = flagChange(action, display);
  if (flag !== null) return change(flag, { detail: display });
  if (kind === null) return null;
  if (kind === "role_assigned" || kind === "role_removed" || kind.startsWith("delegation_")) {
    const principal =
      between(display, "client credentials user ", [" (UserID"]) ??
      between(display, "to user ", [" (UserID", " (", " from "]) ??
      between(display, "for user ", [" from ", " (", " to "]);
    return change(kind, { principal, detail: display });
  }
  return change(kind, {
    consent: kind === "installed" ? "admin" : null,
    destination: kind === "redirect_changed" ? (fromTo(display).to ?? null) : urlIn(display),
    detail: display || null,
  });
}

function scopesOf(written: string | null): string[] {
  if (written === null || written === "null") return [];
  return written
    .split(",")
    .slice(0, 256)
    .map((scope) => scope.trim())
    .filter((scope) => scope !== "");
}

/** "… from X to Y": the two sides of a change. */
function fromTo(display: string): { from: string | null; to: string | null } {
  const from = display.indexOf(" from ");
  const to = display.lastIndexOf(" to ");
  if (from < 0 || to < from) return { from: null, to: null };
  return { from: text(display.slice(from + 6, to), 1_024), to: text(display.slice(to + 4), 1_024) };
}

/** Settings of connected apps whose new value says whether the app may do more or less. */
function flagChange(action: string, display: string): Change["kind"] | null {
  const to = fromTo(display).to?.toLowerCase() ?? "";
  switch (action) {
    case "changeuserruntimeaccesspolicy":
      return to.includes("self-authorize") ? "policy_relaxed" : "policy_tightened";
    case "changeiprelaxationpolicy":
      return to.startsWith("relax") ? "policy_relaxed" : "policy_tightened";
    case "changeapplicationpkcerequired":
    case "changeapplicationoptionalconsumersecret":
    case "changeapplicationsecretrequiredforrefreshtoken":
    case "changeapplicationcodecredentialpostonly":
      return to === "false" ? "policy_relaxed" : "policy_tightened";
    case "changeapplicationclientcredentialenabled":
    case "changeapplicationcodecredentialenabled":
      return to === "true" ? "policy_relaxed" : "policy_tightened";
    default:
      return null;
  }
}

/** The last address in the sentence: where callouts may go from now on. */
function urlIn(display: string): string | null {
  const at = display.lastIndexOf("https://");
  const plain = display.lastIndexOf("http://");
  const start = Math.max(at, plain);
  return start < 0 ? null : text(display.slice(start).split(/[\s)"',]/, 1)[0], 1_024);
}
