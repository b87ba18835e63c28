/** Finds AI apps that people bring in by themselves, and those that spread from one to the next before anybody decides. */

import { dayOf } from "#base/time.ts";
import type { Severity } from "#contract/finding.ts";
import type { Platform } from "#contract/platform.ts";
import type { AiIdentity } from "#contract/report.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { isForAll } from "#engine/detectors/grants.ts";
import { counted, isAtLeastTier, nameOf, shifted, succeeded } from "#engine/detectors/trust.ts";
import { count, dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import type { Automation } from "#engine/inventory/automation.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** How sure the catalogue must be that it is an AI: a word in a name is .5 to .7, the vendor's name .85. */
  aiConfidenceMin: 0.6,
  /** From so many people on, an app is no longer one person's experiment. */
  peopleMany: 10,
  /** The first size of a spread; each doubling of it is told anew, so that growth is told a few times, not daily. */
  spreadPeopleMin: 5,
  /** A doubling within so many days is a spread. Notetakers invite themselves into every meeting and reach that in a week. */
  spreadDaysMax: 7,
};
type Options = typeof options;

export const shadowAi = defineDetector({
  id: "shadow-ai",
  title: "AI app in use without approval",
  techniques: ["T63"],
  alsoTechniques: ["T64"],
  attackType: "ai_abuse",
  severity: "info",
  // On the AI platforms themselves everything is AI; there the question is another one.
  platforms: ["slack", "google", "microsoft", "github", "okta", "salesforce"],
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    const { automation } = view;
    const ai = automation?.ai ?? null;
    if (automation === null || ai === null || !isShadow(view, automation, ai, limits)) return [];
    return [...inUse(view, automation, ai, limits), ...spread(view, automation, ai, limits)];
  },
});

/** Bought, made in-house, switched off or approved is not shadow. A verified publisher is no approval of the company's. */
function isShadow(
  view: View,
  automation: Automation,
  ai: AiIdentity,
  { aiConfidenceMin }: Options,
): boolean {
  return (
    ai.confidence >= aiConfidenceMin &&
    // Zapier and its like call models among many other things; as such they are everybody's plumbing.
    ai.category !== "workflow_automation" &&
    !automation.isFirstParty &&
    automation.isInternal !== true &&
    automation.isEnabled !== false &&
    !isPlatformsOwn(view, automation, ai) &&
    !isApproved(view)
  );
}

/** Assistants of the platform itself, and agents built inside it, act without anybody's consent: they came with it. */
function isPlatformsOwn(view: View, { platform, vendor }: Automation, ai: AiIdentity): boolean {
  if (view.grants.length > 0) return false;
  const isGuess = !ai.method.startsWith("catalogue");
  return isGuess || (vendor !== null && OWN_VENDORS[platform]?.includes(vendor) === true);
}

const OWN_VENDORS: Readonly<Partial<Record<Platform, readonly string[]>>> = {
  google: ["Google"],
  microsoft: ["Microsoft"],
  github: ["GitHub", "Microsoft"],
  slack: ["Slack", "Salesforce"],
  salesforce: ["Salesforce", "Slack"],
};

/** The last word counts: an approval, or an administrator's grant for everybody, that was not taken back. */
function isApproved(view: View): boolean {
  if (
    view.grants.some(
      ({ consent, principal }) =>
        consent === "tenant" || (consent === "admin" && principal === null),
    )
  ) {
    return true;
  }
  const verdict = view.timeline
    .filter(
      (entry) => succeeded(entry) && (entry.change.kind === "restricted" || isApproval(entry)),
    )
    .at(-1);
  return verdict !== undefined && verdict.change.kind !== "restricted";
}

function isApproval(entry: TimelineEntry): boolean {
  const { kind } = entry.change;
  return kind === "approved" || ((kind === "granted" || kind === "installed") && isForAll(entry));
}

/** A state: who uses it, with what reach. Undated, because the first day changes with every older record that arrives. */
function inUse(view: View, automation: Automation, ai: AiIdentity, limits: Options): Evidence[] {
  const people = new Set(view.grants.map(({ principal }) => principal).filter((id) => id !== null));
  const acted = view.profiles.reduce((sum, { events, failures }) => sum + events - failures, 0);
  // Somebody asked for it, or tried it in vain: nothing is in use.
  if (view.grants.length === 0 && acted === 0) return [];
  const { tier, riskiest } = automation.reach;
  const isHigh = isAtLeastTier(tier, "high");
  const isDoubtful = automation.isVerified === false || tier === "critical";
  const base: Severity = isHigh ? "low" : "info";
  const isMany = people.size >= limits.peopleMany;
  const severity = shifted(base, Math.min(Number(isHigh && isDoubtful) + Number(isMany), 2));
  const holders =
    people.size === 0
      ? `acts here in ${counted(acted, "record")}`
      : `is used by ${count(people.size)} ${people.size === 1 ? "person" : "people"} (${listing([...people].sort())})`;
  return [
    {
      window: null,
      severity: isHigh ? severity : base === "info" && isMany ? "low" : base,
      confidence: Math.round(ai.confidence * 80) / 100,
      explanation:
        `${nameOf(automation)}, an AI product of ${ai.provider} (${ai.category.replaceAll("_", " ")}), ${holders}, and no record ` +
        `shows that anybody approved it. Approved AI apps are installed or consented to by an administrator. ` +
        (isHigh
          ? `It reaches ${listing(riskiest)}, so what it reads leaves for a vendor with whom nothing is agreed.`
          : "Its reach is small; the question is what people tell it, and under which terms."),
      samples: view.timeline.map(({ sample }) => sample).slice(0, 5),
    },
  ];
}

/** Days on which the number of people passed 5, 10, 20 …, if the last doubling took a week at most. */
function spread(view: View, automation: Automation, ai: AiIdentity, limits: Options): Evidence[] {
  const joined = firstDays(view);
  const found = new Map<number, { size: number; recent: number }>();
  for (let size = limits.spreadPeopleMin; size <= joined.length; size *= 2) {
    const day = joined[size - 1];
    const half = joined[Math.floor(size / 2)];
    if (day === undefined || half === undefined || day - half >= limits.spreadDaysMax) continue;
    const recent = joined.filter((then) => then <= day && then > day - limits.spreadDaysMax).length;
    found.set(day, { size: joined.filter((then) => then <= day).length, recent });
  }
  const isNotetaker = ai.category === "meeting_notetaker";
  const isHigh = isAtLeastTier(automation.reach.tier, "high");
  return [...found].map(([day, { size, recent }]) => ({
    window: dayWindow(day),
    severity: shifted(
      "low",
      Number(isNotetaker || isHigh) + Number(isHigh && size >= limits.peopleMany),
    ),
    confidence: Math.round(Math.min(ai.confidence * 0.8 + recent / 200, 0.9) * 100) / 100,
    techniques: ["T64"],
    title: isNotetaker ? "AI notetaker spreads" : "AI app spreads",
    explanation:
      `${nameOf(automation)} (${ai.provider}) came to ${count(size)} people by ${onDay(day).replace(/^on /, "")}, ${count(recent)} of them within ` +
      `${limits.spreadDaysMax} days, and no record shows that anybody approved it. Tools that people choose one by one grow slowly; ` +
      (isNotetaker
        ? "notetakers join meetings by themselves and ask everybody who was there to sign up, so recordings of whole teams leave before anybody decides."
        : "such growth is a decision of the company that nobody made."),
    samples: view.timeline
      .filter((entry) => entry.day <= day && entry.day > day - limits.spreadDaysMax)
      .map(({ sample }) => sample)
      .slice(0, 5),
  }));
}

/** The day on which each person first let it in, ascending. Grants without a time (state exports) show no growth. */
function firstDays(view: View): number[] {
  const first = new Map<string, number>();
  for (const { principal, at } of view.grants) {
    if (principal === null || at === null) continue;
    first.set(principal, Math.min(first.get(principal) ?? Number.MAX_SAFE_INTEGER, at));
  }
  return [...first.values()].map(dayOf).sort((a, b) => a - b);
}
