/** Samples as bytes: the events that are kept as evidence go where the profiles and timelines go that they belong to. */

import { ByteReader, ByteWriter, DamagedBytes } from "#base/bytes.ts";
import type { Sample, Samples } from "./sample.ts";

/** Raised when the bytes of samples mean something else. */
const VERSION = 1;

/** The same bytes for the same samples, in whatever order they came. */
export function encodeSamples(samples: Samples): Uint8Array {
  const out = new ByteWriter().count(VERSION);
  const inOrder = [...samples].sort(([a], [b]) => a - b);
  out.list(inOrder, ([key, sample]) => {
    out.count(key);
    writeSample(out, sample);
  });
  return out.take();
}

/** The samples of such bytes. Throws DamagedBytes where they are none. */
export function parseSamples(bytes: Uint8Array): Samples {
  const from = new ByteReader(bytes);
  const version = from.count();
  if (version !== VERSION) throw new DamagedBytes(`samples of version ${version} are unknown`);
  const samples = new Map(from.list(() => [from.count(), parseSample(from)] as const));
  if (!from.isAtEnd) throw new DamagedBytes("there is more than one set of samples");
  return samples;
}

export function writeSample(out: ByteWriter, sample: Sample): void {
  out.text(sample.eventId).whole(sample.at).count(sample.classIndex);
  out.text(sample.action).text(sample.summary);
  out.whole(sample.ref.source).whole(sample.ref.line);
}

export function parseSample(from: ByteReader): Sample {
  return {
    eventId: from.text(),
    at: from.whole(),
    classIndex: from.count(),
    action: from.text(),
    summary: from.text(),
    ref: { source: from.whole() ?? -1, line: from.whole() ?? 0 },
  };
}
