/** Finds hooks that were set up or pointed elsewhere, by which a platform tells another place of all that happens in it. */

import { hostOf } from "#base/host.ts";
import { isOddHost } from "#catalog/hosts.ts";
import { type Acts, actorReasons, actsIn, doer, evidenceFor } from "#engine/detectors/acts.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { nameOf, type Reason, succeeded } from "#engine/detectors/trust.ts";
import { listing, onDay } from "#engine/detectors/window.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Whoever sets hooks up on that many earlier days builds integrations. */
  routineDaysMin: 3,
  /** A hook is a note; one that leads to an address that anybody can get is low, by an unlikely hand medium. */
  severities: { info: 1, low: 2, medium: 4, high: 6 },
  /** How likely it is an intruder before anything else speaks for or against it: most such acts have an honest reason. */
  confidence: 0.3,
};

export const eventHook = defineDetector({
  id: "event-hook",
  title: "A hook tells another place what happens here",
  techniques: ["T47"],
  attackType: "data_exfiltration",
  severity: "info",
  // Slack's webhooks post in and do not tell out.
  platforms: ["github", "okta", "anthropic", "google", "microsoft", "salesforce"],
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    if (view.automation?.kind !== "webhook") return [];
    const entries = view.timeline.filter(
      (entry) => isSetUp(entry) && entry.actor.kind !== "system" && succeeded(entry),
    );
    return actsIn(entries, ({ action }) => action).flatMap((acts) => judge(view, acts, limits));
  },
});

/** New, or with another address or other events than before. */
function isSetUp({ change }: TimelineEntry): boolean {
  return (
    change.kind === "created" ||
    change.kind === "updated" ||
    change.kind === "enabled" ||
    change.kind === "redirect_changed"
  );
}

function judge(view: View, acts: Acts, limits: typeof options): Evidence[] {
  const { automation } = view;
  if (automation === null) return [];
  const addresses = acts.entries.flatMap(({ change }) => change.destination ?? []);
  const hosts = [
    ...new Set([...addresses.flatMap((url) => hostOf(url) ?? []), ...automation.domains]),
  ].sort();
  const reasons: Reason[] = [
    { points: 1, words: "it sends out what happens, without anybody asking for it" },
    ...addressReasons(addresses, hosts),
    ...actorReasons(view, acts),
  ];
  return evidenceFor(
    acts,
    {
      reasons,
      explain: (because) =>
        `${doer(acts.actor)} set up or changed the hook ${nameOf(automation)} ${onDay(acts.day)}, ` +
        `to ${hosts.length === 0 ? "an address that the record does not give" : listing(hosts)}.${because} ` +
        "Hooks feed build services and chats, and their addresses are known. One that leads elsewhere copies everything to somebody else, unseen.",
    },
    limits,
  );
}

function addressReasons(addresses: readonly string[], hosts: readonly string[]): Reason[] {
  const odd = hosts.find(isOddHost);
  if (odd !== undefined) return [{ points: 2, words: `anybody can get an address like ${odd}` }];
  const open = addresses.find((url) => url.startsWith("http:"));
  return open === undefined ? [] : [{ points: 1, words: "it is sent without encryption" }];
}
