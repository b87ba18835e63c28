/** Finds programs that post passwords and keys into chats, or read what data-loss rules recognise as such. */

import type { Severity } from "#contract/finding.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { subjectName } from "#engine/detectors/subject.ts";
import { because, type Reason, severityAt, total } from "#engine/detectors/trust.ts";
import { count, dayWindow, onDay } from "#engine/detectors/window.ts";
import { type Profile, traitOf, traitSamplesOf } from "#engine/profile/profile.ts";

const options = {
  /** Records of a day that are more than one slip. */
  many: 5,
  /** Earlier days of the same after which it is a leak that somebody has accepted, and no news. */
  habitDaysMin: 5,
  /** Points from which each severity starts: a match is 2, several 1, a search for such words 2. */
  severities: { low: 2, medium: 4, high: 6 } satisfies Partial<Record<Severity, number>>,
};
type Options = typeof options;

export const chatSecrets = defineDetector({
  id: "chat-secrets",
  title: "Passwords or keys went through a chat",
  techniques: ["T52"],
  attackType: "credential_theft",
  severity: "low",
  platforms: "all",
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    if (view.automation === null || view.automation.isFirstParty) return [];
    let before = 0;
    return view.profiles.flatMap((profile): Evidence[] => {
      if (traitOf(profile, "secret") === 0) return [];
      const isHabit = before >= limits.habitDaysMin;
      before++;
      return isHabit ? [] : judge(view, profile, limits);
    });
  },
});

function judge(view: View, profile: Profile, { many, severities }: Options): Evidence[] {
  const matches = traitOf(profile, "secret");
  const searches = traitOf(profile, "sensitive_terms");
  const reasons: Reason[] = [
    {
      points: 2,
      words: `${count(matches)} ${matches === 1 ? "record holds" : "records hold"} what looks like a password or key`,
    },
    matches >= many ? { points: 1, words: "that is no single slip" } : NOTHING,
    searches > 0 ? { points: 2, words: "it also searched for such words" } : NOTHING,
    view.automation?.isVerified === false && view.automation.isInternal !== true
      ? { points: 1, words: "its publisher is not verified" }
      : NOTHING,
  ];
  const severity = severityAt(total(reasons), severities);
  if (severity === null) return [];
  return [
    {
      window: dayWindow(profile.day),
      severity,
      confidence: Math.min(0.35 + 0.06 * total(reasons), 0.75),
      explanation:
        `A rule against data loss matched records of ${subjectName(view)} ${onDay(profile.day)}. ${because(reasons)} What stands in a chat is read by ` +
        "everybody in it, found by every search and kept by every export, so a key that was posted is a key that is known.",
      samples: traitSamplesOf(profile, "secret"),
    },
  ];
}

const NOTHING: Reason = { points: 0, words: "" };
