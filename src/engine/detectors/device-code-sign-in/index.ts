/** Finds sign-ins by device code, a flow for machines without a keyboard, to clients that people use at a screen. */

import { type Acts, actsIn, doer, evidenceFor, placeReasons } from "#engine/detectors/acts.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { isGuest, isPrivileged, nameOf, type Reason, succeeded } from "#engine/detectors/trust.ts";
import { listing, onDay } from "#engine/detectors/window.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Whoever signs in like that on that many earlier days has a device that needs it. */
  routineDaysMin: 2,
  /** A client that passes its token on to others has 2 points, any other one 1, command-line tools none. */
  severities: { info: 1, low: 2, medium: 3, high: 5 },
  /** How likely it is an intruder before anything else speaks for or against it: most such acts have an honest reason. */
  confidence: 0.35,
};

export const deviceCodeSignIn = defineDetector({
  id: "device-code-sign-in",
  title: "Sign-in by device code",
  techniques: ["T06"],
  attackType: "credential_theft",
  severity: "low",
  platforms: ["microsoft"],
  // The usual clients are the vendor's own, and then it stands with the person; others are judged as the app that they are.
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    const entries = view.timeline.filter(
      (entry) => entry.change.kind === "device_code_used" && succeeded(entry),
    );
    return actsIn(entries, ({ change }) => change.detail ?? "").flatMap((acts) =>
      judge(view, acts, limits),
    );
  },
});

/** Clients whose tokens open further ones: the broker can register a device and renew its sign-in for months. */
const BROKERS: ReadonlySet<string> = new Set([
  "29d9ed98-a469-4536-ade2-f981bc1d605e",
  "d3590ed6-52b3-4102-aeff-aad2292ab01c",
  "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
  "4813382a-8fa7-425e-ab75-3b753aab3abb",
  "27922004-5251-4030-b22d-91ecd9a37ea4",
  "ab9b8c07-8f02-4f72-87fa-80105867a763",
]);

/** Command-line tools, for which Microsoft's own manuals recommend the flow. */
const TOOLS: ReadonlySet<string> = new Set([
  "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
  "1950a258-227b-4e31-a9cf-717495945fc2",
  "14d82eec-204b-4c2f-b7e8-296a70dab67e",
  "aebc6443-996d-45c2-90f0-388ff96faa56",
  "872cd9fa-d31f-45e0-9eab-6e460a02d1f1",
]);

function judge(view: View, acts: Acts, limits: typeof options): Evidence[] {
  const client = (acts.first.change.detail ?? "").toLowerCase();
  const reasons: Reason[] = TOOLS.has(client)
    ? []
    : [
        BROKERS.has(client)
          ? { points: 2, words: "the client's token opens further ones, for months" }
          : { points: 1, words: "people use this client at a screen, where no code is needed" },
      ];
  if (reasons.length > 0) reasons.push(...placeReasons(view, acts.first));
  if (isPrivileged(view, acts.actor) === true) {
    reasons.push({ points: 1, words: `${acts.actor.id} is an administrator` });
  }
  if (isGuest(view, acts.actor)) reasons.push({ points: 1, words: `${acts.actor.id} is a guest` });
  const countries = new Set(acts.entries.flatMap(({ client: { country } }) => country ?? []));
  if (countries.size > 1) reasons.push({ points: 1, words: "it came from several countries" });
  const from = listing([...new Set(acts.entries.flatMap(placeOf))].sort());
  const through = view.automation === null ? "" : ` to ${nameOf(view.automation)}`;
  return evidenceFor(
    acts,
    {
      reasons,
      explain: (because) =>
        `${doer(acts.actor)} signed in${through} with a code typed on another device ${onDay(acts.day)}${from === "" ? "" : `, from ${from}`}.${because} ` +
        "The flow is meant for devices without a keyboard. Intruders start it themselves and send the code in a message: whoever types it hands them the token.",
    },
    limits,
  );
}

function placeOf({ client: { ip, country } }: TimelineEntry): string[] {
  return ip === null ? [] : [country === null ? ip : `${ip} (${country})`];
}
