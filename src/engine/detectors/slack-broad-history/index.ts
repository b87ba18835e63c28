/** Finds Slack apps that may read old messages far and wide, and that the wrong person put in or nobody approved. */

import { placeReasons } from "#engine/detectors/acts.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import {
  because,
  byDay,
  isGuest,
  isPrivileged,
  nameOf,
  type Reason,
  severityAt,
  succeeded,
  total,
  who,
} from "#engine/detectors/trust.ts";
import { dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import type { Automation } from "#engine/inventory/automation.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /**
   * Points from which each severity starts: private history 1-2, search over all that a user sees 2, everything 3, token of a
   * user 1, guest 3, restricted 2, publisher -2 to 1, approved -2, installed by an administrator for all -1.
   */
  low: 3,
  /** The scopes and one more sign. */
  medium: 4,
  /** The scopes and two signs, or one grave one. */
  high: 5,
  /** Nearly all signs together; no honest installation has them. */
  critical: 8,
};

export const slackBroadHistory = defineDetector({
  id: "slack-broad-history",
  title: "Slack app may read message history far and wide",
  techniques: ["T48"],
  attackType: "data_exfiltration",
  severity: "medium",
  platforms: ["slack"],
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    const { automation } = view;
    if (automation === null || automation.isFirstParty) return [];
    const gains = view.timeline.filter(
      (entry) =>
        (entry.change.kind === "installed" || entry.change.kind === "scopes_added") &&
        succeeded(entry),
    );
    const seen = new Set<string>();
    return [...byDay(gains)].flatMap(([day, entries]): Evidence[] => {
      const scopes = scopesOf(view, entries).filter((scope) => !seen.has(scope));
      for (const scope of scopes) seen.add(scope);
      const breadth = breadthReasons(scopes);
      // Installed again with the same scopes, or with nothing that reads the past: nothing to weigh.
      if (total(breadth) === 0) return [];
      const reasons = [
        ...breadth,
        tokenReason(view, scopes, entries),
        installerReason(view, entries),
        makerReason(automation),
        approvalReason(view, day, entries),
        adminReason(scopes),
        ...entries.slice(0, 1).flatMap((entry) => placeReasons(view, entry)),
      ];
      const points = total(reasons);
      const severity = severityAt(points, limits);
      if (severity === null) return [];
      return [
        {
          window: dayWindow(day),
          severity,
          confidence: Math.min(0.25 + 0.08 * points, 0.9),
          explanation: explain(automation, entries, day, reasons),
          samples: entries.map(({ sample }) => sample).slice(0, 5),
        },
      ];
    });
  },
});

/** What the records of the day add; an installation without scopes has those that the inventory knows. */
function scopesOf(view: View, entries: readonly TimelineEntry[]): string[] {
  const named = entries.flatMap(({ change }) => change.addedScopes ?? change.scopes);
  const isInstalled = entries.some(({ change }) => change.kind === "installed");
  const scopes =
    named.length > 0 || !isInstalled ? named : view.grants.flatMap((grant) => grant.scopes);
  return [...new Set(scopes)].sort();
}

const PRIVATE_HISTORY: ReadonlySet<string> = new Set([
  "groups:history",
  "im:history",
  "mpim:history",
]);
/** Search sees what its user sees, without being a member of anything. The public variant is left out. */
const SEARCH = /^search:read(\.(private|im|mpim|files))?$/;
/** Legacy and Discovery scopes that read the whole workspace, or all that a user sees. */
const EVERYTHING: ReadonlySet<string> = new Set([
  "discovery:read",
  "discovery:write",
  "client",
  "read",
  "admin",
]);
/** Scopes that only a token of a user can hold. Slack's records do not say which token a scope is for. */
const USER_ONLY =
  /^(search:read|identify|client|read|post|admin|stars:|reminders:|dnd:write|users\.profile:write|channels:write$|groups:write$|chat:write:user)/;

function breadthReasons(scopes: readonly string[]): Reason[] {
  const reasons: Reason[] = [];
  const hidden = scopes.filter((scope) => PRIVATE_HISTORY.has(scope));
  if (hidden.length > 0) {
    const isAll = hidden.length === PRIVATE_HISTORY.size;
    reasons.push({
      points: isAll ? 2 : 1,
      words: `it reads the past of private conversations (${hidden.join(", ")})`,
    });
  }
  const search = scopes.find((scope) => SEARCH.test(scope));
  if (search !== undefined) {
    reasons.push({ points: 2, words: `it searches all that its user may see (${search})` });
  }
  const all = scopes.find((scope) => EVERYTHING.has(scope));
  if (all !== undefined) {
    reasons.push({ points: 3, words: `${all} opens every conversation in its reach` });
  }
  return reasons;
}

/** A bot reads where it was invited; a token of a user reads wherever that user may. */
function tokenReason(
  view: View,
  scopes: readonly string[],
  entries: readonly TimelineEntry[],
): Reason {
  const isUserToken =
    scopes.some((scope) => USER_ONLY.test(scope)) ||
    entries.some(({ change }) => change.detail === "user");
  if (!isUserToken) return { points: 0, words: "" };
  // Who installs for all has to be an administrator; who installs for herself lends the app her own rights.
  const admin = entries.find(
    ({ actor, change }) => change.consent !== "admin" && isPrivileged(view, actor) === true,
  );
  return admin === undefined
    ? { points: 1, words: "it acts with the token of a user, so it needs no invitation" }
    : { points: 2, words: `it acts with the token of ${who(admin.actor)}, an administrator` };
}

/** Reading everything and ruling over people, both in one app: no product needs that. */
function adminReason(scopes: readonly string[]): Reason {
  const found = scopes.find((scope) => /^admin\.\w+:write$/.test(scope));
  return found === undefined
    ? { points: 0, words: "" }
    : { points: 1, words: `it may also administer (${found})` };
}

function installerReason(view: View, entries: readonly TimelineEntry[]): Reason {
  const guest = entries.find(({ actor }) => isGuest(view, actor));
  return guest === undefined
    ? { points: 0, words: "" }
    : { points: 3, words: `${who(guest.actor)}, who put it in, is a guest` };
}

function makerReason({ isInternal, isVerified }: Automation): Reason {
  if (isVerified === true) return { points: -2, words: "Slack approved it for its directory" };
  if (isVerified === false && isInternal !== true) {
    return { points: 1, words: "it is not in Slack's directory" };
  }
  return { points: 0, words: "" };
}

/** The last word of the workspace's owners on this app, up to that day. */
function approvalReason(view: View, day: number, entries: readonly TimelineEntry[]): Reason {
  const verdict = view.timeline
    .filter(
      (entry) =>
        (entry.change.kind === "approved" || entry.change.kind === "restricted") &&
        entry.day <= day &&
        succeeded(entry),
    )
    .at(-1)?.change.kind;
  if (verdict === "restricted") return { points: 2, words: "it had been restricted" };
  if (verdict === "approved") return { points: -2, words: "it had been approved" };
  return entries.some(({ change }) => change.consent === "admin" || change.consent === "tenant")
    ? { points: -1, words: "an administrator installed it for all" }
    : { points: 0, words: "" };
}

function explain(
  automation: Automation,
  entries: readonly TimelineEntry[],
  day: number,
  reasons: readonly Reason[],
): string {
  const actors = listing([...new Set(entries.map(({ actor }) => who(actor)))].sort());
  const isNew = entries.some(({ change }) => change.kind === "installed");
  return (
    `${actors} ${isNew ? "put" : "gave more scopes to"} ${nameOf(automation)}${isNew ? " into Slack" : ""} ${onDay(day)}. Most apps ` +
    `post messages and answer commands. ${because(reasons)} With such scopes years of conversations can be copied in an ` +
    "hour, and what people once pasted there (passwords, contracts) goes along."
  );
}
