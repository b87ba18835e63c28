/** Finds keys of AI platforms that reach far, keys raised afterwards, and limits of spending taken away. */

import {
  type Acts,
  actorReasons,
  actsIn,
  doer,
  evidenceFor,
  isOwnAct,
  outsiderReasons,
} from "#engine/detectors/acts.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { nameOf, type Reason, succeeded } from "#engine/detectors/trust.ts";
import { listing, onDay } from "#engine/detectors/window.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Whoever makes such keys on that many earlier days runs the platform. */
  routineDaysMin: 3,
  /** A key of the usual reach is worth a note; one that rules the organization has 2 points by itself. */
  severities: { info: 1, low: 2, medium: 4, high: 6 },
  /** How likely it is an intruder before anything else speaks for or against it: most such acts have an honest reason. */
  confidence: 0.35,
};

export const aiKey = defineDetector({
  id: "ai-key",
  title: "A far-reaching key of an AI platform",
  techniques: ["T62"],
  attackType: "ai_abuse",
  severity: "low",
  platforms: ["anthropic", "openai"],
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    const entries = view.timeline.filter((entry) => sortOf(entry) !== null && succeeded(entry));
    return actsIn(entries, (entry) => `${sortOf(entry)} ${entry.action}`).flatMap((acts) =>
      judge(view, acts, limits),
    );
  },
});

type Sort = "key" | "raise" | "limit";

function sortOf({ action, change }: TimelineEntry): Sort | null {
  if (change.kind === "credential_added") return "key";
  // Where a service account is made, a key is made with it.
  if (change.kind === "created" && /^service(_account)?[._]/.test(action)) return "key";
  if (change.kind === "scopes_added") return "raise";
  const isLimit = /spend|usage_limit|rate_limit/.test(action);
  return isLimit && change.kind === "policy_relaxed" ? "limit" : null;
}

function judge(view: View, acts: Acts, limits: typeof options): Evidence[] {
  const sort = sortOf(acts.first);
  if (sort === null) return [];
  const power = sort === "limit" ? LIMIT : keyPower(acts.entries);
  // What a key may only read, or only ask a model, is how keys should be.
  if (power.points <= 0) return [];
  const reasons: Reason[] = [power, ...actorReasons(view, acts), ...outsiderReasons(view, acts)];
  if (sort === "raise") {
    reasons.push({ points: 1, words: "a key in use got more than it was made with" });
  }
  if (isByKey(view, acts.first)) {
    reasons.push({ points: 1, words: "another key did it, with nobody at a page" });
  }
  const isAbout = view.automation !== null && !isOwnAct(view, acts.first);
  const about = isAbout && view.automation !== null ? ` (${nameOf(view.automation)})` : "";
  return evidenceFor(
    acts,
    {
      reasons,
      title: TITLES[sort],
      ...(sort === "limit" ? {} : { attackType: "credential_theft" as const }),
      explain: (because) =>
        `${doer(acts.actor)} ${DONE[sort]}${about} ${onDay(acts.day)}.${because} ${WHY[sort]}`,
    },
    limits,
  );
}

const LIMIT: Reason = { points: 2, words: "nothing bounds the costs any more" };

const TITLES = {
  key: "A far-reaching key of an AI platform was made",
  raise: "A key of an AI platform was given more",
  limit: "A limit of an AI platform was taken away",
} as const satisfies Record<Sort, string>;

const DONE = {
  key: "made a key of the AI platform",
  raise: "gave a key of the AI platform more rights",
  limit: "took a limit of the AI platform away",
} as const satisfies Record<Sort, string>;

const KEY_WHY =
  "Keys are normally made for one purpose and may do that alone. Whoever holds this one works without a password, from anywhere, and at the organization's cost.";

const WHY = {
  key: KEY_WHY,
  raise: KEY_WHY,
  limit:
    "Limits normally stay, or move with the budget. Without one, a stolen key can spend what it likes until the bill comes.",
} as const satisfies Record<Sort, string>;

/** Scopes that name everything or the running of the organization. */
const EVERYTHING =
  /^(\*|all|admin|owner|full|full_access|unrestricted)$|(^|[.:_])(admin|owner|all)$/i;
const RULING =
  /(organi[sz]ation|api_?keys?|admin|users?|invites?|members?|projects?|roles?|billing|audit|scim|service_?accounts?|certificates?|workspaces?)\b/i;

/** What the key may do, as its name or its scopes say it. */
function keyPower(entries: readonly TimelineEntry[]): Reason {
  const scopes = [...new Set(entries.flatMap(({ change }) => [...change.scopes]))].sort();
  const isAdmin = entries.some(({ action, change }) =>
    /admin|owner/.test(`${action} ${change.detail ?? ""}`),
  );
  if (isAdmin) return { points: 2, words: "it has an administrator's rights" };
  const ruling = scopes.filter(
    (scope) => EVERYTHING.test(scope) || (RULING.test(scope) && /write|manage|create/i.test(scope)),
  );
  if (ruling.length > 0) return { points: 2, words: `it may do a lot: ${listing(ruling)}` };
  if (scopes.length > 0) {
    const writes = scopes.some((scope) => /write|manage|create|delete/i.test(scope));
    return writes
      ? { points: 1, words: `it may change things: ${listing(scopes)}` }
      : { points: 0, words: "" };
  }
  const isService = entries.some(({ action }) => /service_key/.test(action));
  return isService
    ? { points: 2, words: "it is a key of no person, which outlives whoever made it" }
    : { points: 1, words: "the record does not bound what it may do" };
}

/** A program, or a person's key, did it. */
function isByKey(view: View, entry: TimelineEntry): boolean {
  return entry.actor.kind === "automation" || isOwnAct(view, entry);
}
