/** `POST /api/v1/ingest`: takes an export of any platform and size, and answers when all of it is safely stored. */

import { ApiError, tooMany } from "#api/problem.ts";
import { defineRoute, type RouteDeps } from "#api/route.ts";
import { type Sent, spool } from "#api/spool.ts";
import { Accepted, IngestHeaders, IngestQuery } from "#contract/api/run.ts";
import * as runs from "#store/runs.ts";
import * as uploads from "#store/uploads.ts";

/** How a job is tried again; the kind is the job's name. */
const COLLECT = { kind: "collect", priority: 1, attemptsMax: 8 } as const;

export const postIngest = defineRoute({
  method: "POST",
  path: "/api/v1/ingest",
  summary: "Upload an export: NDJSON, JSON, CSV, plain or packed as gzip, Zstandard or zip",
  auth: "ingest:write",
  query: IngestQuery,
  headers: IngestHeaders,
  // What it is, is told from the bytes; the type only keeps forms of web pages out.
  accepts: [
    "application/x-ndjson",
    "application/json",
    "application/gzip",
    "application/zstd",
    "application/zip",
    "application/octet-stream",
    "text/csv",
    "text/plain",
  ],
  response: Accepted,
  status: 202,

  async handle(deps, { query: { name }, headers, stream }) {
    const { orgId, inOrg, clock, limits } = deps;
    if ((await inOrg((tx) => runs.countOpen(tx, orgId))) >= limits.openRuns) {
      throw tooMany("ingest.busy", "Too much waits to be read already: send it again later.", 30);
    }
    const idempotencyKey = headers["idempotency-key"] ?? null;
    const { upload } = await inOrg((tx) =>
      uploads.begin(tx, orgId, { id: deps.newId(), idempotencyKey, name, now: clock() }),
    );
    if (upload.state === "failed") throw refusedBefore(upload.error);
    if (upload.state !== "receiving") return replay(deps, upload, stream);
    const sent = await receive(deps, upload.id, idempotencyKey, stream);
    return accept(deps, upload.id, sent);
  },
});

/** Stores the body. What an upload under a key has already is not stored again, but must be the same. */
async function receive(
  deps: RouteDeps,
  id: string,
  idempotencyKey: string | null,
  stream: AsyncIterable<Uint8Array>,
): Promise<Sent> {
  const { orgId, inOrg, clock, limits } = deps;
  try {
    const sent = await spool(stream, limits, (seq, bytes) =>
      inOrg(async (tx) => {
        if (await uploads.addChunk(tx, orgId, id, seq, bytes, clock())) return;
        const held = await uploads.chunk(tx, orgId, id, seq);
        if (held?.equals(bytes) !== true) throw keyReused();
      }),
    );
    if (sent.bytes === 0) throw new ApiError(400, "upload.empty", "The body is empty.");
    return sent;
  } catch (cause) {
    // Under a key it can go on where it broke; without one nobody can ask for it again.
    const isOver = idempotencyKey === null || (cause instanceof ApiError && cause.status === 413);
    if (isOver) await fail(deps, id, cause);
    throw cause;
  }
}

/** From here on nothing of it is lost: the upload is complete and its run exists, both or neither. */
async function accept(deps: RouteDeps, id: string, sent: Sent): Promise<Accepted> {
  const { orgId, inOrg, clock } = deps;
  const { run, isReplay } = await inOrg(async (tx) => {
    const upload = await uploads.get(tx, orgId, id, true);
    const isDone = upload !== undefined && upload.state !== "receiving";
    const isSame = isDone ? upload.sha256 === sent.sha256 : upload?.chunks === sent.chunks;
    if (!isSame) throw keyReused();
    const now = clock();
    await uploads.complete(tx, orgId, id, sent.sha256, now);
    // The upload's id is its run's, so that whoever sends it again learns the same.
    const made = await runs.create(tx, orgId, {
      ...COLLECT,
      id,
      input: JSON.stringify({ orgId, uploadId: id }),
      onceKey: id,
      notBefore: now,
      now,
    });
    return { run: made.run, isReplay: isDone };
  });
  deps.wake({ orgId, runId: run.id });
  return { runId: run.id, uploadId: id, bytes: sent.bytes, sha256: sent.sha256, isReplay };
}

/** The answer of before, for the same body alone. */
async function replay(
  deps: RouteDeps,
  upload: uploads.Upload,
  stream: AsyncIterable<Uint8Array>,
): Promise<Accepted> {
  const { bytes, sha256 } = await spool(stream, deps.limits, async () => undefined);
  if (sha256 !== upload.sha256) throw keyReused();
  return { runId: upload.id, uploadId: upload.id, bytes, sha256, isReplay: true };
}

async function fail({ orgId, inOrg, clock }: RouteDeps, id: string, cause: unknown) {
  const error = cause instanceof ApiError ? cause.message : "The connection broke.";
  await inOrg(async (tx) => {
    await uploads.advance(
      tx,
      orgId,
      id,
      { cursor: 0, counts: "{}", state: "failed", error },
      clock(),
    );
    await uploads.dropChunks(tx, orgId, id);
  });
}

function keyReused(): ApiError {
  return new ApiError(
    422,
    "idempotency.reused",
    "Something else was sent under this Idempotency-Key: give every upload a key of its own.",
  );
}

function refusedBefore(error: string | null): ApiError {
  return new ApiError(
    409,
    "upload.failed",
    `What was sent under this Idempotency-Key failed (${error ?? "unknown"}): send it under a new one.`,
  );
}
