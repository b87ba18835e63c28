/** From what was uploaded to what is known: records become events, new events are folded, and every record is accounted for. */

import { z } from "zod";
import { assert } from "#base/assert.ts";
import { newObservations, observe, observeState } from "#engine/observe.ts";
import { type RecordMatcher, recordMatcher } from "#engine/sigma/matcher.ts";
import type { SigmaDocument } from "#engine/sigma/rule.ts";
import { UserError } from "#kit/error.ts";
import * as auditEvents from "#store/audit-events.ts";
import type { Store } from "#store/db.ts";
import * as ledger from "#store/ledger.ts";
import * as quarantine from "#store/quarantine.ts";
import * as stateFacts from "#store/state-facts.ts";
import * as uploads from "#store/uploads.ts";
import { addCounts, countsOf, ledgerRows, servicesOf, type UploadCounts } from "./collect/count.ts";
import { mergeFolded } from "./collect/folded.ts";
import { eventRow, factKey } from "./collect/rows.ts";
import { openSpool, type UploadedBatch } from "./collect/spool.ts";
import type { Job } from "./job.ts";
import { readBatch } from "./scan/read-batch.ts";

export const CollectInput = z.object({
  orgId: z.string().min(1).max(64),
  uploadId: z.string().min(1).max(64),
});
export type CollectInput = z.infer<typeof CollectInput>;

/** The world, as collecting needs it. */
export interface CollectDeps {
  readonly store: Store;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Sigma rules that every record is held against. */
  readonly rules?: readonly SigmaDocument[];
  /** After every batch: what is stored of this upload. */
  readonly onProgress?: (counts: UploadCounts & { readonly bytesRead: number }) => void;
}

/**
 * Collects one upload. Killed anywhere and run again, by anybody, it goes on after the last batch that is stored; run again
 * after its end, or twice at once, it changes nothing.
 */
export const collect: Job<CollectDeps, CollectInput, UploadCounts> = {
  name: "collect",
  input: CollectInput,
  async run(deps, { orgId, uploadId }) {
    const upload = await uploadToCollect(deps.store, orgId, uploadId);
    if (upload.state === "collected") return countsOf(upload);
    const { rules = [] } = deps;
    const matcher = rules.length === 0 ? null : recordMatcher(rules);
    const spool = openSpool(deps.store, upload);
    let place = 0;
    for await (const batch of spool.batches()) {
      if (place >= upload.cursor) {
        const counts = await collectBatch(deps, upload, place, batch, matcher);
        deps.onProgress?.({ ...counts, bytesRead: spool.bytesRead });
      }
      place++;
    }
    return finish(deps, upload, place);
  },
};

/**
 * Stores one batch, in one transaction: its events and facts, of which those that are new are folded; its counts; and, as
 * the last, the cursor. So a batch has happened or has not, and no event is folded twice.
 */
async function collectBatch(
  { store, clock }: CollectDeps,
  upload: uploads.Upload,
  place: number,
  batch: UploadedBatch,
  matcher: RecordMatcher | null,
): Promise<UploadCounts> {
  const { org_id: orgId, id } = upload;
  const now = clock();
  const content = readBatch(batch, { filter: EVERYTHING, seed: 0, matcher });
  const { events, facts, matched } = content;
  const rejects = batch.explained(content.rejects);
  const rows = events.map((event) => eventRow(event, id));
  const days = rows.map(({ day }) => day);
  await auditEvents.ensureDays(store, orgId, days, now);
  return store.inOrg(orgId, async (tx) => {
    const held = await uploads.get(tx, orgId, id, true);
    assert(held !== undefined, "the upload is gone");
    // Somebody else collects the same upload and was faster.
    if (held.cursor > place) return countsOf(held);
    assert(held.cursor === place, "batches are stored one after the other");
    const reached = await ledger.latestHours(tx, orgId, servicesOf(content));
    const newEvents = new Set(await auditEvents.insertNew(tx, orgId, rows));
    const newFacts = new Set(await stateFacts.insertNew(tx, orgId, facts.map(factKey)));
    const seen = newObservations();
    for (const [index, event] of events.entries()) {
      if (newEvents.has(index)) observe(seen, event, matched.get(index));
    }
    for (const [index, fact] of facts.entries()) {
      if (newFacts.has(index)) observeState(seen, fact);
    }
    await mergeFolded(tx, orgId, seen, now);
    const counted = { content, newEvents, newFacts, reached };
    await ledger.add(tx, orgId, ledgerRows(id, counted));
    await quarantine.add(tx, orgId, id, place, rejects);
    const counts = addCounts(countsOf(held), counted);
    const cursor = place + 1;
    const to = { cursor, counts: JSON.stringify(counts), state: "collecting" } as const;
    await uploads.advance(tx, orgId, id, to, now);
    return counts;
  });
}

/** What was received goes once all of it is stored; the upload stays, with its counts. */
async function finish(
  { store, clock }: CollectDeps,
  { org_id: orgId, id }: uploads.Upload,
  batches: number,
): Promise<UploadCounts> {
  return store.inOrg(orgId, async (tx) => {
    const held = await uploads.get(tx, orgId, id, true);
    assert(held !== undefined, "the upload is gone");
    if (held.state === "collected") return countsOf(held);
    assert(held.cursor === batches, "an upload ends with its last batch");
    await uploads.dropChunks(tx, orgId, id);
    const { cursor, counts } = held;
    await uploads.advance(tx, orgId, id, { cursor, counts, state: "collected" }, clock());
    return countsOf(held);
  });
}

async function uploadToCollect(
  store: Store,
  orgId: string,
  uploadId: string,
): Promise<uploads.Upload> {
  const upload = await store.inOrg(orgId, (tx) => uploads.get(tx, orgId, uploadId));
  if (upload === undefined) {
    throw new UserError("upload.unknown", `There is no upload ${uploadId} in this organization.`);
  }
  if (upload.state === "receiving" || upload.state === "failed") {
    throw new UserError(
      "upload.incomplete",
      `The upload ${upload.name} is not there in whole: send it again.`,
    );
  }
  return upload;
}

const EVERYTHING = { since: null, until: null, platforms: null } as const;
