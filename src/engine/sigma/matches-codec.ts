/** The matches of rules for one automation or person as bytes: the same bytes for the same set of events, and read back as they were. */

import { ByteReader, ByteWriter, DamagedBytes } from "#base/bytes.ts";
import { parseSample, writeSample } from "#engine/profile/sample-codec.ts";
import { inMatchOrder, type Matches, matchKey } from "./matches.ts";

/** Raised when the bytes of matches mean something else. */
const VERSION = 1;

export function encodeMatches(matches: Matches): Uint8Array {
  const out = new ByteWriter().count(VERSION);
  out.list(inMatchOrder(matches), ({ rule, day, count, samples }) => {
    out.text(rule).whole(day).count(count);
    out.list(samples, (sample) => writeSample(out, sample));
  });
  return out.take();
}

/** The matches of such bytes. Throws DamagedBytes where they are none. */
export function parseMatches(bytes: Uint8Array): Matches {
  const from = new ByteReader(bytes);
  const version = from.count();
  if (version !== VERSION) throw new DamagedBytes(`matches of version ${version} are unknown`);
  const matches: Matches = new Map();
  for (let left = from.count(); left > 0; left--) {
    const rule = from.text();
    const day = from.whole() ?? 0;
    const count = from.count();
    const samples = from.list(() => parseSample(from));
    matches.set(matchKey(rule, day), { rule, day, count, samples });
  }
  if (!from.isAtEnd) throw new DamagedBytes("there is more than the matches of one");
  return matches;
}
