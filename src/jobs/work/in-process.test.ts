/** Runs in one process: each is carried out, whatever fails, and what follows sees everything that came before. */

import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { UserError } from "#kit/error.ts";
import { createLog } from "#kit/log.ts";
import type { Store } from "#store/db.ts";
import * as organizations from "#store/organizations.ts";
import * as runs from "#store/runs.ts";
import { testDatabase } from "#test/postgres.ts";
import { type Kinds, type Worker, workInProcess } from "./in-process.ts";

const NOW = Date.UTC(2026, 5, 10);

let store: Store;
let orgId = "";
let now = NOW;
const workers: Worker[] = [];

beforeAll(async () => {
  store = await (await testDatabase()).open();
});
beforeEach(async () => {
  orgId = randomUUID();
  now = NOW;
  await store.acrossOrgs((tx) =>
    organizations.create(tx, { id: orgId, name: "Acme", slug: orgId, now }),
  );
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop();
});
afterAll(() => store.close());

function work(kinds: Kinds): Worker {
  const log = createLog({ logLevel: "silent" });
  const worker = workInProcess({ store, log, clock: () => now, newId: randomUUID, kinds });
  workers.push(worker);
  return worker;
}

async function ask(kind: string, attemptsMax = 8): Promise<string> {
  const id = randomUUID();
  const made = { id, kind, priority: 1, input: "{}", onceKey: null, attemptsMax };
  await store.inOrg(orgId, (tx) => runs.create(tx, orgId, { ...made, notBefore: now, now }));
  return id;
}

const get = (id: string) => store.inOrg(orgId, (tx) => runs.get(tx, orgId, id));
const stateOf = async (id: string) => (await get(id))?.state;
const ofKind = async (kind: string) => {
  const { rows } = await store.inOrg(orgId, (tx) => runs.list(tx, orgId, { limit: 100 }));
  return rows.filter((row) => row.kind === kind);
};

it("a run is carried out once, in its organization's name, and keeps how far it came", async () => {
  const seen: string[] = [];
  const id = await ask("dig");
  work({
    async dig(run, tell) {
      seen.push(run.orgId);
      tell({ holes: 3 });
      return null;
    },
  });
  await expect.poll(() => stateOf(id)).toBe("done");
  expect(seen).toEqual([orgId]);
  expect(await get(id)).toMatchObject({ progress: '{"holes":3}', attempts: 1, error: null });
});

it("what fails is tried again later and later, and given up in the end with its reason", async () => {
  let tries = 0;
  const id = await ask("dig", 3);
  const worker = work({
    async dig() {
      tries++;
      throw new Error("a spade broke: password=hunter2");
    },
  });
  for (const waitMs of [1_000, 2_000]) {
    await expect.poll(() => get(id)).toMatchObject({ state: "queued", not_before: now + waitMs });
    now += waitMs;
    worker.wake();
  }
  await expect.poll(() => stateOf(id)).toBe("dead");
  expect(tries).toBe(3);
  expect((await get(id))?.error).not.toContain("hunter2");
});

it("what only a user can mend is not tried again", async () => {
  const id = await ask("dig");
  work({
    async dig() {
      throw new UserError("dig.rock", "There is rock here: dig elsewhere.");
    },
  });
  await expect
    .poll(() => get(id))
    .toMatchObject({
      state: "dead",
      attempts: 1,
      error: "There is rock here: dig elsewhere.",
    });
});

it("a run whose worker died is taken over when its lease is out, and not before", async () => {
  const id = await ask("dig");
  await store.inOrg(orgId, (tx) =>
    runs.claim(tx, orgId, id, { worker: "dead", leaseUntil: now + 1_000, now }),
  );
  const other = await ask("dig");
  const worker = work({ dig: async () => null });
  await expect.poll(() => stateOf(other)).toBe("done");
  expect(await stateOf(id)).toBe("running");
  now += 1_001;
  worker.wake();
  await expect.poll(() => stateOf(id)).toBe("done");
});

it("many runs are followed by few, the last of which begins after all of them", async () => {
  const began: { kind: string; dug: number }[] = [];
  let dug = 0;
  const ids = await Promise.all(Array.from({ length: 12 }, () => ask("dig")));
  const kinds: Kinds = {
    async dig() {
      dug++;
      return "plant";
    },
    async plant() {
      began.push({ kind: "plant", dug });
      return null;
    },
  };
  work(kinds);
  work(kinds);
  for (const id of ids) await expect.poll(() => stateOf(id), { timeout: 20_000 }).toBe("done");
  const planted = async () => (await ofKind("plant")).every(({ state }) => state === "done");
  await expect.poll(planted, { timeout: 20_000 }).toBe(true);
  expect(began.at(-1)?.dug).toBe(12);
  expect(began.length).toBeLessThan(12);
});

it("a run that has begun already does not stand in for one that must follow", async () => {
  const made = { kind: "plant", priority: 1, input: "{}", onceKey: "now", attemptsMax: 8 };
  await store.inOrg(orgId, (tx) =>
    runs.create(tx, orgId, { ...made, id: "begun", notBefore: now, now }),
  );
  await store.inOrg(orgId, (tx) =>
    runs.claim(tx, orgId, "begun", { worker: "other", leaseUntil: now + 60_000, now }),
  );
  const id = await ask("dig");
  work({ dig: async () => "plant" });
  await expect.poll(() => stateOf(id)).toBe("done");
  expect((await ofKind("plant")).map(({ state }) => state).sort()).toEqual(["queued", "running"]);
});

it("stop takes nothing new and waits for what is at work", async () => {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const first = await ask("dig");
  const worker = work({
    async dig() {
      begun.resolve();
      await end.promise;
      return null;
    },
  });
  await begun.promise;
  const second = await ask("dig");
  const stopped = worker.stop();
  worker.wake();
  end.resolve();
  await stopped;
  expect([await stateOf(first), await stateOf(second)]).toEqual(["done", "queued"]);
});
