/** One rule's matches for correlations as bytes: the same bytes for the same set of events, and read back as they were. */

import { ByteReader, ByteWriter, DamagedBytes } from "#base/bytes.ts";
import { parseSample, writeSample } from "#engine/profile/sample-codec.ts";
import { type KeptMatch, type KeptRule, type KeptSight, keptOf } from "./kept.ts";

/** Raised when the bytes of kept matches mean something else. */
const VERSION = 1;

/** Lets go of what is more than is kept, so that the bytes depend on the events alone. */
export function encodeKept(held: KeptRule): Uint8Array {
  const out = new ByteWriter().count(VERSION);
  out.count(held.count).count(held.undated).count(held.ungrouped);
  out.list(keptOf(held), ({ at, id, about, seen, sample }) => {
    out.whole(at).text(id).text(about);
    out.list(seen, (sight) => writeSight(out, sight));
    writeSample(out, sample);
  });
  return out.take();
}

/** The matches of such bytes. Throws DamagedBytes where they are none. */
export function parseKept(bytes: Uint8Array): KeptRule {
  const from = new ByteReader(bytes);
  const version = from.count();
  if (version !== VERSION) throw new DamagedBytes(`kept matches of version ${version} are unknown`);
  const held = {
    count: from.count(),
    undated: from.count(),
    ungrouped: from.count(),
    matches: from.list((): KeptMatch => parseMatch(from)),
  };
  if (!from.isAtEnd) throw new DamagedBytes("there is more than the matches of one rule");
  return held;
}

function parseMatch(from: ByteReader): KeptMatch {
  return {
    at: from.whole() ?? 0,
    id: from.text(),
    about: from.text(),
    seen: from.list(() => parseSight(from)),
    sample: parseSample(from),
  };
}

const VALUE_KINDS = ["null", "text", "number"] as const;

function writeSight(out: ByteWriter, { correlation, grouped: { group, value } }: KeptSight): void {
  out.text(correlation).list(group, (one) => out.text(one));
  if (value === null) out.count(VALUE_KINDS.indexOf("null"));
  else if (typeof value === "string") out.count(VALUE_KINDS.indexOf("text")).text(value);
  else out.count(VALUE_KINDS.indexOf("number")).float(value);
}

function parseSight(from: ByteReader): KeptSight {
  const correlation = from.text();
  const group = from.list(() => from.text());
  const kind = from.oneOf(VALUE_KINDS);
  const value = kind === "null" ? null : kind === "text" ? from.text() : from.float();
  return { correlation, grouped: { group, value } };
}
