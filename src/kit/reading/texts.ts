/** The texts of a batch's records, decoded with one look at the encoding of them all. */

import { isAscii, isUtf8 } from "node:buffer";
import type { Batch } from "./batch.ts";

/** The text of the batch's i-th record, or null where its bytes are not UTF-8. */
export function textsOf({ bytes, spans }: Batch): (index: number) => string | null {
  const from = spans[0] ?? 0;
  const to = spans.at(-1) ?? 0;
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records = all.subarray(from, to);
  // Records begin and end with ASCII, so where all of it is UTF-8 each of them is.
  const encoding = isAscii(records) ? "latin1" : isUtf8(records) ? "utf8" : null;
  return (index) => {
    const [start, end] = [spans[index * 2] ?? 0, spans[index * 2 + 1] ?? 0];
    if (encoding !== null) return all.toString(encoding, start, end);
    return isUtf8(all.subarray(start, end)) ? all.toString("utf8", start, end) : null;
  };
}
