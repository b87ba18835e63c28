/** Finds strong rights that an automation holds and does not use, where the logs given would have shown the use. */

import { scopeName } from "#catalog/scopes.ts";
import type { Severity } from "#contract/finding.ts";
import { defineDetector, type Evidence } from "#engine/detectors/detector.ts";
import { atMost, counted, isAtLeastTier, nameOf } from "#engine/detectors/trust.ts";
import { listing } from "#engine/detectors/window.ts";
import { blastRadiusOf } from "#engine/permissions/blast-radius.ts";
import { permissionsOf, type UsedScope } from "#engine/permissions/permissions.ts";

const options = {
  /** What is done monthly shows in a month of logs; only then is "not used" more than "not due". */
  unusedDaysMin: 30,
  /** Exports often hold two weeks. What they do not show is worth a word, no more. */
  shortDaysMin: 14,
  /** After a quarter, even what is done once a quarter was due. */
  longDaysMin: 90,
  /** Work that is done once a year looks the same. */
  confidence: 0.45,
  /** Few weeks of logs do not show what is used once a quarter. */
  shortConfidence: 0.3,
};

export const unusedPrivilege = defineDetector({
  id: "unused-privilege",
  title: "Strong rights that are not used",
  techniques: ["T19"],
  attackType: "privilege_escalation",
  severity: "low",
  platforms: ["google", "microsoft", "slack", "github"],
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    const { automation } = view;
    if (automation === null || automation.isFirstParty || automation.isEnabled === false) return [];
    const { scopes } = permissionsOf(automation, view, view.org.shown(view.platform));
    const unused = scopes.filter(
      ({ use, tier, observedDays }) =>
        use === "unused" && isAtLeastTier(tier, "high") && observedDays >= limits.shortDaysMin,
    );
    const [worst] = unused;
    if (worst === undefined) return [];
    const days = Math.min(...unused.map(({ observedDays }) => observedDays));
    const isLong = days >= limits.unusedDaysMin;
    const names = unused.map(({ scope }) => scopeName(view.platform, scope));
    const { reach } = blastRadiusOf(automation);
    return [
      {
        window: null,
        severity: severityOf(unused, days, reach === "everybody", limits),
        confidence: isLong ? limits.confidence : limits.shortConfidence,
        explanation:
          `${nameOf(automation)} holds ${listing(names)} and was never seen to use ${unused.length === 1 ? "it" : "them"} in the ` +
          `${counted(days, "day")} for which the logs given show such use by others. ` +
          "Rights that nobody uses help nobody but an intruder, and taking them back breaks nothing. " +
          (isLong
            ? "Work that is done once a quarter or a year would look the same, so ask first."
            : "That is a short time: what is done once a month would look the same."),
        samples: [],
      } satisfies Evidence,
    ];
  },
});

/** Only what takes over everybody's data, and was not needed for a quarter, is more than a note. */
function severityOf(
  unused: readonly UsedScope[],
  days: number,
  isForAll: boolean,
  { unusedDaysMin, longDaysMin }: typeof options,
): Severity {
  const isCritical = unused.some(({ tier }) => tier === "critical");
  const severity: Severity =
    isForAll && days >= (isCritical ? unusedDaysMin : longDaysMin) ? "medium" : "low";
  return days < unusedDaysMin ? atMost(severity, "low") : severity;
}
