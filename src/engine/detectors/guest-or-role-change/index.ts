/** Finds programs that invite guests or hand out roles, and the few roles that deserve a look whoever gives them. */

import { isPrivilegedRole } from "#catalog/roles.ts";
import {
  type Acts,
  actorReasons,
  actsIn,
  doer,
  evidenceFor,
  isOwnAct,
  laymanReasons,
} from "#engine/detectors/acts.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { publisherReason, type Reason, succeeded } from "#engine/detectors/trust.ts";
import { listing, onDay } from "#engine/detectors/window.ts";
import { isOutside } from "#engine/inventory/org.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Provisioning does it every day; after so many earlier days it is provisioning. */
  routineDaysMin: 3,
  /** A program that does it has 1 or 2 points, a privileged role 2 more, and 2 more for an outsider. */
  severities: { low: 2, medium: 4, high: 5 },
  /** How likely it is an intruder before anything else speaks for or against it: most such acts have an honest reason. */
  confidence: 0.35,
};

export const guestOrRoleChange = defineDetector({
  id: "guest-or-role-change",
  title: "A program changed who may do what",
  techniques: ["T67"],
  attackType: "privilege_escalation",
  severity: "low",
  platforms: "all",
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    const entries = view.timeline.filter(
      (entry) =>
        (entry.change.kind === "guest_invited" || entry.change.kind === "role_assigned") &&
        isForSomebody(view, entry) &&
        entry.actor.kind !== "system" &&
        succeeded(entry),
    );
    return actsIn(entries, ({ change }) =>
      change.kind === "guest_invited" ? "guest" : `role ${change.detail ?? ""}`,
    ).flatMap((acts) => judge(view, acts, limits));
  },
});

/** What the automation itself was given is another detector's. */
function isForSomebody({ automation }: View, { change: { principal } }: TimelineEntry): boolean {
  if (automation === null) return true;
  const own = [automation.nativeId, ...automation.aliases];
  return principal !== null && !own.includes(principal);
}

function judge(view: View, acts: Acts, limits: typeof options): Evidence[] {
  const reasons = [...whatReasons(view, acts), ...byWhom(view, acts)];
  const isGuests = acts.first.change.kind === "guest_invited";
  const whom = listing(
    [...new Set(acts.entries.map(({ change }) => change.principal ?? "somebody"))].sort(),
  );
  const what = isGuests ? "invited" : `gave the role ${acts.first.change.detail ?? "unknown"} to`;
  return evidenceFor(
    acts,
    {
      reasons,
      title: titleOf(view, isGuests),
      explain: (because) =>
        `${view.automation?.name ?? doer(acts.actor)} ${what} ${whom} ${onDay(acts.day)}.${because} Who belongs to the organization, and who ` +
        "rules it, is normally decided by administrators and the systems of the personnel department. An account or a role that an intruder made is a way back in.",
    },
    limits,
  );
}

function titleOf(view: View, isGuests: boolean): string {
  if (view.automation === null) return "Somebody got power over the organization";
  return isGuests ? "A program invited guests" : "A program handed out roles";
}

/** The whole organization in other hands, whoever gives it. */
const WHOLE = /primary.?owner/i;

function whatReasons(view: View, { first, entries }: Acts): Reason[] {
  const { kind, detail, scopes } = first.change;
  if (kind === "guest_invited") return [];
  const reasons: Reason[] = [];
  const roles = [detail ?? "", ...scopes];
  const isRuling = roles.some((role) => isPrivilegedRole(view.platform, role));
  const outsider = entries.find(
    ({ change }) => change.principal !== null && isOutside(view.org, change.principal) === true,
  );
  if (roles.some((role) => WHOLE.test(role))) {
    reasons.push({ points: 2, words: "the organization has another owner now" });
  } else if (isRuling && (view.automation !== null || outsider !== undefined)) {
    reasons.push({ points: 2, words: "the role has power over the organization" });
  }
  if (isRuling && outsider !== undefined) {
    // An administrator may know the outsider; a program knows nobody.
    reasons.push({
      points: view.automation === null ? 2 : 3,
      words: `${outsider.change.principal} is an outsider`,
    });
  }
  return reasons;
}

/** By people, guests and everyday roles are no matter of automations, and neither is a colleague who becomes administrator. */
function isPeoplesMatter(view: View, { first, entries }: Acts): boolean {
  if (first.change.kind === "guest_invited") return true;
  const isWhole = [first.change.detail ?? "", ...first.change.scopes].some((role) =>
    WHOLE.test(role),
  );
  return (
    !isWhole && entries.every(({ change }) => isOutside(view.org, change.principal ?? "") !== true)
  );
}

function byWhom(view: View, acts: Acts): Reason[] {
  const { automation } = view;
  const context = [...actorReasons(view, acts), ...laymanReasons(view, acts)];
  // Guests invite guests, and people help each other: by itself that is no matter of automations.
  if (automation === null) return isPeoplesMatter(view, acts) ? [] : context;
  const reasons: Reason[] = [...context];
  if (isOwnAct(view, acts.first)) {
    reasons.push({ points: 2, words: "no person stands behind it" });
  } else {
    reasons.push({ points: 1, words: "an app did it in a person's name" });
  }
  const { points, words } = publisherReason(automation);
  reasons.push({ points: Math.min(Math.max(points, -1), 1), words });
  return reasons.filter((reason) => reason.points !== 0);
}
