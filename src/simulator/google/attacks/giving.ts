/** Data given away instead of taken: links for everybody, new owners, copies outside, and files destroyed after a copy. */

import type { Prng } from "#base/prng.ts";
import type { App } from "#simulator/google/apps.ts";
import type { Doc } from "#simulator/google/documents.ts";
import { ownDoc } from "#simulator/google/documents.ts";
import type { GoogleMember } from "#simulator/google/member.ts";
import {
  automation,
  type Beat,
  dayAt,
  daysFrom,
  dialWhole,
  hasScope,
  hideout,
  isAtWork,
  moments,
  opening,
  playOf,
  scene,
  strangerMailbox,
  takeMember,
  usersOf,
  usualOf,
} from "#simulator/google/play.ts";
import {
  accessed,
  called,
  copiedOut,
  givenAway,
  opened,
  type Scene,
} from "#simulator/google/records.ts";
import type { Emission, Scenario, Setting } from "#simulator/stage.ts";
import { filesAt, lootPerDay } from "./loot.ts";

const WRITES = /\/drive$/;

/** An app at work that may change every file of its people. */
function writer(setting: Setting): GoogleMember | null {
  return takeMember(
    setting,
    (found) =>
      isAtWork(found) &&
      found.traits.trade.reach[0] !== "self" &&
      hasScope(found, WRITES) &&
      usersOf(found).length > 0,
  );
}

type Deed = (scene: Scene & { via: App }, doc: Doc, rng: Prng) => Emission;

/** The same deed on file after file, with the call that asks for it. */
function spree(
  setting: Setting,
  member: GoogleMember,
  method: string,
  amount: number,
  days: number,
  deed: Deed,
): Beat[] {
  const { rng } = setting;
  const { app } = member.traits;
  const victims = usersOf(member);
  const hosts = hideout(setting, member);
  const [first] = victims;
  if (first === undefined) return [];
  const start = dayAt(setting, opening(setting), setting.stealth >= 0.5);
  const beats: Beat[] = [];
  let next = rng.int(0, 100);
  for (const on of daysFrom(setting, start, days)) {
    for (const at of moments(setting, on, amount, first.office, rng)) {
      const who = rng.pick(victims);
      const doc = ownDoc(who, next++ % 600);
      const act = { at, who, hosts };
      beats.push(
        { at, make: (draws) => called(scene(setting, act, app, draws), method, 640) },
        {
          at: at + 90,
          make: (draws) => deed(scene(setting, { ...act, at: at + 90 }, app, draws), doc, draws),
        },
      );
    }
  }
  return beats;
}

/**
 * Whoever holds an app's token need not download anything: a link for everybody on each file does it, to be fetched at
 * leisure by anybody, without a trace in this log.
 */
const linkSpree: Scenario = {
  id: "google-link-spree",
  title: "An app opens file after file to everybody with the link",
  platform: "google",
  attackType: "data_exfiltration",
  techniques: ["T65"],
  stage(setting) {
    const member = writer(setting);
    if (member === null) return null;
    const beats = spree(
      setting,
      member,
      "drive.permissions.create",
      dialWhole(setting, 250, 14),
      dialWhole(setting, 1, 7),
      (act, doc) => opened(act, doc),
    );
    return playOf(setting, beats, { subjects: [automation(member.traits.app)] });
  },
};

/** Files change hands to an account outside, or are copied into its Drive; the first owner often does not notice. */
const ownershipSpree: Scenario = {
  id: "google-ownership-spree",
  title: "An app hands files over to an outside account and copies others to it",
  platform: "google",
  attackType: "data_exfiltration",
  techniques: ["T66"],
  stage(setting) {
    const member = writer(setting);
    if (member === null) return null;
    const to = strangerMailbox(setting);
    const beats = spree(
      setting,
      member,
      "drive.permissions.update",
      dialWhole(setting, 180, 14),
      dialWhole(setting, 1, 6),
      (act, doc, rng) => (rng.chance(0.5) ? givenAway(act, doc, to) : copiedOut(act, doc, to)),
    );
    return playOf(setting, beats, { subjects: [automation(member.traits.app)] });
  },
};

/** First a copy, then the originals go: the files are worth a ransom twice. */
const copiedAndDeleted: Scenario = {
  id: "google-copied-and-deleted",
  title: "An app downloads files and deletes the originals",
  platform: "google",
  attackType: "data_exfiltration",
  techniques: ["T69", "T28"],
  stage(setting) {
    const { rng } = setting;
    const member = writer(setting);
    if (member === null) return null;
    const { app } = member.traits;
    const victims = usersOf(member);
    const [first] = victims;
    if (first === undefined) return null;
    const hosts = hideout(setting, member);
    const day = dayAt(setting, opening(setting), setting.stealth >= 0.5);
    const amount = lootPerDay(setting, usualOf(member), 0.6);
    const beats: Beat[] = [];
    let next = 0;
    for (const on of daysFrom(setting, day, dialWhole(setting, 1, 5))) {
      const takings = moments(setting, on, amount, first.office, rng).map((at) => ({
        at,
        who: rng.pick(victims),
      }));
      beats.push(...filesAt(setting, app, hosts, takings));
      for (const { at, who } of takings) {
        const doc = ownDoc(who, next++ % 600);
        const act = { at: at + 3_000, who, hosts };
        beats.push({
          at: act.at,
          make: (draws) => accessed(scene(setting, act, app, draws), "delete", doc),
        });
      }
    }
    return playOf(setting, beats, { subjects: [automation(app)] });
  },
};

export const giving: readonly Scenario[] = [linkSpree, ownershipSpree, copiedAndDeleted];
