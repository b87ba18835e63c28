/** What the engine folded, into the store and out of it again, piece by piece. */

import type { Observations } from "#engine/observe.ts";
import {
  gatherPieces,
  mergeDayBytes,
  mergeKeptBytes,
  mergeMatchesBytes,
  mergeRecordBytes,
  mergeTimelineBytes,
  piecesOf,
} from "#engine/stored.ts";
import type { Tx } from "#store/db.ts";
import * as tracks from "#store/tracks.ts";

/** Adds observations to all that is stored. They must be of new events alone, and end here. */
export async function mergeFolded(
  tx: Tx,
  orgId: string,
  seen: Observations,
  now: number,
): Promise<void> {
  const { records, days, timelines, matches, kept } = piecesOf(seen);
  await tracks.mergeRecords(tx, orgId, records, mergeRecordBytes, now);
  await tracks.mergeDays(tx, orgId, days, mergeDayBytes, now);
  await tracks.mergeTimelines(tx, orgId, timelines, mergeTimelineBytes, now);
  await tracks.mergeMatches(tx, orgId, matches, mergeMatchesBytes, now);
  await tracks.mergeKept(tx, orgId, kept, mergeKeptBytes, now);
}

/** Everything that is stored of an organization, as of one moment. */
export async function loadFolded(tx: Tx, orgId: string): Promise<Observations> {
  const gathered = gatherPieces();
  for await (const piece of tracks.everything(tx, orgId)) gathered[piece.of](piece);
  return gathered.seen;
}
