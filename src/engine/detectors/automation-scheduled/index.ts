/** Finds code that was given a clock or an address to start it, and flows that connect work data to places outside. */

import { type Acts, actorReasons, actsIn, doer, evidenceFor } from "#engine/detectors/acts.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { nameOf, type Reason, succeeded } from "#engine/detectors/trust.ts";
import { listing, onDay } from "#engine/detectors/window.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Whoever writes automations on that many earlier days does it for a living. */
  routineDaysMin: 3,
  /** A schedule is a note; a way in or out for others is low. */
  severities: { info: 1, low: 2, medium: 4, high: 6 },
  confidence: 0.3,
};

export const automationScheduled = defineDetector({
  id: "automation-scheduled",
  title: "Something was set to run by itself",
  techniques: ["T45"],
  alsoTechniques: ["T46"],
  attackType: "backdoor",
  severity: "info",
  platforms: ["google", "microsoft", "slack", "github", "okta"],
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    const entries = view.timeline.filter(
      (entry) => sortOf(entry) !== null && entry.actor.kind !== "system" && succeeded(entry),
    );
    return actsIn(entries, (entry) => `${sortOf(entry)} ${entry.target?.id ?? ""}`).flatMap(
      (acts) => judge(view, acts, limits),
    );
  },
});

type Sort = "schedule" | "flow";

/** Connectors that lead out of the organization, or to wherever the maker likes. */
const WAYS_OUT =
  /\bhttp\b|webhook|gmail|googledrive|google drive|dropbox|\bbox\b|\bftp\b|sftp|smtp|telegram|discord|twitter|pastebin|outlook\.com|onedrive \(?personal|mega\b/i;
const SOURCES = /sharepoint|office ?365|onedrive|outlook|teams|dataverse|sql|excel|commondata/i;

function sortOf({ change }: TimelineEntry): Sort | null {
  if (change.kind === "scheduled") return "schedule";
  const isFlow = /^(created|updated|published|enabled)$/.test(change.kind);
  return isFlow && WAYS_OUT.test(connectorsOf(change.detail)) ? "flow" : null;
}

/** `connectors: shared_sharepointonline, HTTP` */
function connectorsOf(detail: string | null): string {
  return /^connectors: (.*)$/s.exec(detail ?? "")?.[1] ?? "";
}

function judge(view: View, acts: Acts, limits: typeof options): Evidence[] {
  const sort = sortOf(acts.first);
  if (sort === null) return [];
  const reasons = [
    ...(sort === "flow" ? flowReasons(acts) : scheduleReasons(acts)),
    ...actorReasons(view, acts),
  ];
  const what = listing([...new Set(acts.entries.map(({ change }) => change.detail ?? ""))].sort());
  const which =
    view.automation === null ? (acts.first.target?.name ?? "a script") : nameOf(view.automation);
  return evidenceFor(
    acts,
    {
      reasons,
      ...(sort === "flow"
        ? {
            title: "A flow connects work data to the outside",
            techniques: ["T46"],
            attackType: "data_exfiltration" as const,
          }
        : {}),
      explain: (because) =>
        `${doer(view, acts.actor)} ${sort === "flow" ? "built or changed the flow" : "set what starts"} ${which} ${onDay(acts.day)} (${what}).${because} ` +
        "What runs by itself goes on when its maker has left or lost his password, which is its use, and an intruder's use, too.",
    },
    limits,
  );
}

function scheduleReasons({ entries }: Acts): Reason[] {
  const isAddress = entries.some(({ change }) => /webhook/.test(change.detail ?? ""));
  return [
    isAddress
      ? { points: 2, words: "whoever knows the address can start it from anywhere" }
      : { points: 1, words: "it runs without anybody starting it" },
  ];
}

function flowReasons({ entries }: Acts): Reason[] {
  const connectors = entries.map(({ change }) => connectorsOf(change.detail)).join(", ");
  const reasons: Reason[] = [{ points: 2, words: "one of its connectors leads outside" }];
  if (SOURCES.test(connectors)) {
    reasons.push({ points: 1, words: "another one reads files, mail or records" });
  }
  return reasons;
}
