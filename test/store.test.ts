/** What eight writers fold at once into a real database, batch by batch, is what one fold of everything gives. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dayOf } from "#base/time.ts";
import { type AuditEvent, identityOf } from "#contract/event.ts";
import { anyEvents } from "#engine/arbitrary.ts";
import { newObservations, observe } from "#engine/observe.ts";
import {
  gatherPieces,
  mergeDayBytes,
  mergeRecordBytes,
  mergeTimelineBytes,
  piecesOf,
} from "#engine/stored.ts";
import * as auditEvents from "#store/audit-events.ts";
import type { Store } from "#store/db.ts";
import * as organizations from "#store/organizations.ts";
import * as tracks from "#store/tracks.ts";
import { testDatabase } from "#test/postgres.ts";

const ORG = "acme";
const NOW = Date.UTC(2026, 5, 10);
const SEED = 4_711;

let store: Store;
beforeAll(async () => {
  store = await (await testDatabase()).open();
  await store.acrossOrgs((tx) =>
    organizations.create(tx, { id: ORG, name: "Acme", slug: "acme", now: NOW }),
  );
});
afterAll(() => store.close());

/** As collecting does it: insert, fold what is new, merge, all in one transaction. */
async function collect(events: readonly AuditEvent[]): Promise<void> {
  await auditEvents.ensureDays(
    store,
    ORG,
    events.map(({ at }) => dayOf(at)),
    NOW,
  );
  await store.inOrg(ORG, async (tx) => {
    const rows = events.map((event) => ({
      eventKey: createHash("sha256").update(identityOf(event)).digest().subarray(0, 16),
      day: dayOf(event.at),
      at: event.at,
      platform: event.platform,
      service: event.service,
      action: event.action,
      actor: event.actor.id,
      automationKey: null,
      subjectKey: null,
      source: "test",
      line: 0,
      body: JSON.stringify(event),
    }));
    const seen = newObservations();
    for (const index of await auditEvents.insertNew(tx, ORG, rows)) {
      const event = events[index];
      if (event !== undefined) observe(seen, event);
    }
    const { days, timelines, records } = piecesOf(seen);
    await tracks.mergeRecords(tx, ORG, records, mergeRecordBytes, NOW);
    await tracks.mergeDays(tx, ORG, days, mergeDayBytes, NOW);
    await tracks.mergeTimelines(tx, ORG, timelines, mergeTimelineBytes, NOW);
  });
}

it(`eight writers over shuffled, doubled and split events give the bytes of one (seed ${SEED})`, async () => {
  const events = fc
    .sample(anyEvents(), { numRuns: 40, seed: SEED })
    .flatMap((some, i) => some.map((event) => ({ ...event, id: `${i}-${event.id}` })));
  const whole = newObservations();
  for (const event of events) observe(whole, event);

  const [doubled = []] = fc.sample(
    fc.shuffledSubarray([...events, ...events.filter((_, i) => i % 3 === 0)], {
      minLength: events.length + Math.ceil(events.length / 3),
    }),
    { numRuns: 1, seed: SEED },
  );
  const batches = Array.from({ length: 40 }, (_, b) => doubled.filter((_, i) => i % 40 === b));
  await Promise.all(
    Array.from({ length: 8 }, async (_, writer) => {
      for (const batch of batches.filter((_, b) => b % 8 === writer)) await collect(batch);
    }),
  );

  const gathered = gatherPieces();
  await store.inOrg(ORG, async (tx) => {
    for await (const piece of tracks.days(tx, ORG)) gathered.day(piece);
    for await (const piece of tracks.timelines(tx, ORG)) gathered.timeline(piece);
    for await (const piece of tracks.records(tx, ORG)) gathered.record(piece);
  });
  const sorted = (seen: ReturnType<typeof newObservations>) => {
    const { days, timelines, records } = piecesOf(seen);
    const hex = (piece: { key: string; day?: number; bytes: Uint8Array }) =>
      `${piece.key} ${piece.day ?? ""} ${Buffer.from(piece.bytes).toString("hex")}`;
    return [days.map(hex).sort(), timelines.map(hex).sort(), records.map(hex).sort()];
  };
  expect(events.length).toBeGreaterThan(500);
  expect(sorted(gathered.seen)).toEqual(sorted(whole));
});
