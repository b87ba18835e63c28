/** Records of some days that show best what a claim is about. */

import { networkOf } from "#engine/profile/origin.ts";
import { type Profile, samplesOf } from "#engine/profile/profile.ts";
import { bySampleOrder, type Sample } from "#engine/profile/sample.ts";

const SAMPLES_MAX = 5;
/** As many as a day keeps. */
const ALL = 1_000;

/** Up to five records of the days: those from the networks first, then the earliest. */
export function evidenceOf(days: readonly Profile[], networks: readonly string[] = []): Sample[] {
  const all = days.flatMap((profile) => samplesOf(profile, null, ALL)).sort(bySampleOrder);
  const wanted = new Set(networks);
  const there = all.filter((sample) => wanted.has(networkIn(sample) ?? ""));
  const chosen = (there.length > 0 ? there : all).slice(0, SAMPLES_MAX);
  return chosen;
}

/** A summary ends with the client's address. */
function networkIn({ summary }: Sample): string | null {
  const ip = /from ([0-9a-f.:]{3,45})$/i.exec(summary)?.[1];
  return ip === undefined ? null : networkOf(ip);
}
