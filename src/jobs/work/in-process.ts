/** Runs taken up in this process, one after the other: all the queue that a single server needs. */

import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "#kit/error.ts";
import type { Log } from "#kit/log.ts";
import type { Store } from "#store/db.ts";
import * as runs from "#store/runs.ts";

/** A worker that has not been heard of for so long is taken for dead, and its run is anybody's. */
const LEASE_MS = 60_000;
/** How often a worker says that it lives, and how far it is. */
const BEAT_MS = 2_000;
/** How often it looks for runs that nobody told it of. */
const LOOK_MS = 5_000;
const RETRY_FIRST_MS = 1_000;
const RETRY_MAX_MS = 10 * 60_000;

/** Carries out a run; gives the kind of run that must follow, or null. `tell` keeps how far it is. */
export type Work = (
  run: { readonly orgId: string; readonly input: unknown },
  tell: (facts: object) => void,
) => Promise<string | null>;

export type Kinds = Readonly<Record<string, Work>>;

export interface InProcessDeps {
  readonly store: Store;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly newId: () => string;
  readonly kinds: Kinds;
}

export interface Worker {
  /** There is something to do. */
  wake(): void;
  /** Takes nothing new; resolves when what is at work is done. */
  stop(): Promise<void>;
}

export function workInProcess(deps: InProcessDeps): Worker {
  const worker = deps.newId();
  const stopping = new AbortController();
  let rest = new AbortController();
  let isWoken = true;
  const over = (async () => {
    while (!stopping.signal.aborted) {
      if (!isWoken) {
        const either = AbortSignal.any([rest.signal, stopping.signal]);
        await sleep(LOOK_MS, undefined, { signal: either }).catch(() => undefined);
      }
      isWoken = false;
      rest = new AbortController();
      try {
        // Whatever one run leaves to be done is found by looking again.
        if (await takeDue(deps, worker, stopping.signal)) isWoken = true;
      } catch (cause) {
        deps.log.warn({ err: cause }, "runs cannot be taken up just now");
      }
    }
  })();
  return {
    wake() {
      isWoken = true;
      rest.abort();
    },
    async stop() {
      stopping.abort();
      await over;
    },
  };
}

/** Takes up what is due; false where nothing was. */
async function takeDue(deps: InProcessDeps, worker: string, stop: AbortSignal): Promise<boolean> {
  const { store, clock, kinds } = deps;
  const due = await store.acrossOrgs((tx) => runs.due(tx, clock(), 100));
  let hasTaken = false;
  for (const { org_id: orgId, id, kind } of due) {
    if (stop.aborted) break;
    const work = kinds[kind];
    // Another kind of worker knows it.
    if (work === undefined) continue;
    const now = clock();
    const run = await store.inOrg(orgId, (tx) =>
      runs.claim(tx, orgId, id, { worker, leaseUntil: now + LEASE_MS, now }),
    );
    if (run === undefined) continue;
    hasTaken = true;
    await carryOut(deps, worker, run, work);
  }
  return hasTaken;
}

async function carryOut(
  deps: InProcessDeps,
  worker: string,
  run: runs.Run,
  work: Work,
): Promise<void> {
  const { store, log, clock } = deps;
  const { org_id: orgId, id, kind } = run;
  const beating = new AbortController();
  let progress: string | null = null;
  const heart = beat(deps, worker, run, () => progress, beating.signal);
  try {
    if (run.attempts > run.attempts_max) {
      throw new UserError("run.given_up", run.error ?? "Its worker was lost every time.");
    }
    const next = await work({ orgId, input: JSON.parse(run.input) }, (facts) => {
      progress = JSON.stringify(facts);
    });
    beating.abort();
    await heart;
    await store.inOrg(orgId, async (tx) => {
      const end = { state: "done", error: null, now: clock() } as const;
      // Whoever has taken it over meanwhile ends it, and makes what follows.
      if (!(await runs.finish(tx, orgId, id, worker, end))) return;
      if (progress !== null) await runs.saveProgress(tx, orgId, id, progress);
      if (next !== null) await follow(tx, deps, orgId, next);
    });
    log.info({ orgId, runId: id, kind }, "run done");
  } catch (cause) {
    beating.abort();
    await heart;
    await fail(deps, worker, run, cause);
  }
}

/**
 * What follows is one run that has not begun, however many ask for it. One that has begun may have read already what is
 * new, so that there is a second place behind it.
 */
async function follow(
  tx: Parameters<typeof runs.create>[0],
  { newId, clock }: InProcessDeps,
  orgId: string,
  kind: string,
): Promise<void> {
  for (const onceKey of ["now", "next", null]) {
    const now = clock();
    const input = JSON.stringify({ orgId });
    const made = { id: newId(), kind, priority: 1, input, onceKey, attemptsMax: 8 };
    const { run } = await runs.create(tx, orgId, { ...made, notBefore: now, now });
    if (run.state === "queued") return;
  }
}

async function fail(
  { store, log, clock }: InProcessDeps,
  worker: string,
  run: runs.Run,
  cause: unknown,
): Promise<void> {
  const { org_id: orgId, id, kind, attempts, attempts_max } = run;
  // Trying again does not mend what a user must mend.
  const isUsers = cause instanceof UserError && !cause.code.startsWith("database.");
  const isDead = isUsers || attempts >= attempts_max;
  const error = isUsers
    ? cause.message
    : "It failed by a mistake of ours; the log has the details.";
  log[isUsers ? "warn" : "error"]({ err: cause, orgId, runId: id, kind, attempts }, "run failed");
  await store.inOrg(orgId, async (tx) => {
    const now = clock();
    const notBefore = now + Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** (attempts - 1));
    if (isDead) await runs.finish(tx, orgId, id, worker, { state: "dead", error, now });
    else await runs.retryLater(tx, orgId, id, worker, { error, notBefore });
  });
}

/** Says that the run's worker lives, and how far it is, until told to stop. */
async function beat(
  { store, log, clock }: InProcessDeps,
  worker: string,
  { org_id: orgId, id }: runs.Run,
  progress: () => string | null,
  stop: AbortSignal,
): Promise<void> {
  let told: string | null = null;
  while (!stop.aborted) {
    try {
      await sleep(BEAT_MS, undefined, { signal: stop });
    } catch {
      return;
    }
    const fresh = progress();
    try {
      await store.inOrg(orgId, async (tx) => {
        await runs.heartbeat(tx, orgId, id, worker, clock() + LEASE_MS);
        if (fresh !== null && fresh !== told) await runs.saveProgress(tx, orgId, id, fresh);
      });
      told = fresh;
    } catch (cause) {
      log.warn({ err: cause, orgId, runId: id }, "a run's worker could not say that it lives");
    }
  }
}
