/** Uploads: whatever is accepted is stored whole and once, with a run that reads it; whatever is refused leaves nothing behind. */

import { createHash } from "node:crypto";
import { request } from "node:http";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApiServer } from "#api/server.ts";
import { CHUNK_BYTES } from "#api/spool.ts";
import { prng } from "#base/prng.ts";
import * as runs from "#store/runs.ts";
import * as uploads from "#store/uploads.ts";
import { type TestApi, testApi } from "#test/api.ts";

const URL_PATH = "/api/v1/ingest";

let api: TestApi;
let app: ApiServer["app"];
let port = 0;

beforeAll(async () => {
  api = await testApi();
  ({ app } = await api.server({ limits: { uploadBytes: 8 * CHUNK_BYTES } }));
  port = Number(new URL(await app.listen({ port: 0, host: "127.0.0.1" })).port);
});
afterAll(() => api.close());

interface Sending {
  readonly key?: string;
  readonly idempotencyKey?: string;
  readonly type?: string;
  readonly name?: string;
}

async function send(payload: string | Buffer, sending: Sending = {}, to = app) {
  const { key = api.acme.key, idempotencyKey, type = "application/x-ndjson", name } = sending;
  const reply = await to.inject({
    method: "POST",
    url: name === undefined ? URL_PATH : `${URL_PATH}?name=${encodeURIComponent(name)}`,
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": type,
      ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
    },
    payload,
  });
  return { status: reply.statusCode, body: reply.json(), headers: reply.headers };
}

/** What the store holds of an upload. */
async function stored(uploadId: string, orgId = "acme") {
  return api.store.inOrg(orgId, async (tx) => {
    const parts: Buffer[] = [];
    for (let seq = 0; ; seq++) {
      const part = await uploads.chunk(tx, orgId, uploadId, seq);
      if (part === undefined) break;
      parts.push(part);
    }
    return {
      bytes: Buffer.concat(parts),
      sizes: parts.map(({ length }) => length),
      upload: await uploads.get(tx, orgId, uploadId),
      run: await runs.get(tx, orgId, uploadId),
    };
  });
}

const open = () =>
  api.store
    .inOrg("acme", (tx) => uploads.list(tx, "acme", { limit: 500 }))
    .then(({ rows }) => rows);

/** Bytes that nothing packs, the same for the same seed. */
function noise(length: number, seed: number): Buffer {
  const random = prng(seed);
  return Buffer.from(Uint8Array.from({ length }, () => random.int(0, 255)));
}

/** Sends some bytes of a longer body over a real connection, and breaks it once `isThere` says so. */
async function sendAndBreak(
  bytes: Buffer,
  idempotencyKey: string,
  isThere: () => Promise<boolean>,
) {
  const broken = request({
    port,
    host: "127.0.0.1",
    path: URL_PATH,
    method: "POST",
    headers: {
      authorization: `Bearer ${api.acme.key}`,
      "content-type": "application/octet-stream",
      "content-length": bytes.length * 2,
      "idempotency-key": idempotencyKey,
    },
  });
  const isOver = new Promise((resolve) => broken.on("close", resolve));
  broken.on("error", () => undefined);
  broken.write(bytes);
  await expect.poll(isThere, { timeout: 20_000 }).toBe(true);
  broken.destroy();
  await isOver;
}

describe("202", () => {
  it.each([
    ["a line", Buffer.from('{"a":1}\n'), "application/x-ndjson"],
    ["gzip", gzipSync('{"a":1}\n'), "application/gzip"],
    ["Zstandard", zstdCompressSync('{"a":1}\n'), "application/zstd"],
    ["a CSV", Buffer.from("a,b\n1,2\n"), "text/csv"],
    ["one chunk to the byte", noise(CHUNK_BYTES, 1), "application/octet-stream"],
    ["chunks and a rest", noise(3 * CHUNK_BYTES + 17, 2), "application/octet-stream"],
    ["JSON that is none", Buffer.from('{"broken'), "application/json"],
  ])(
    "%s is stored to the byte, in even chunks, and its run is told to workers",
    async (_, payload, type) => {
      const { status, body } = await send(payload, { type, name: "slack/audit.ndjson" });
      expect(status).toBe(202);
      const sha256 = createHash("sha256").update(payload).digest("hex");
      expect(body).toEqual({
        runId: body.uploadId,
        uploadId: expect.any(String),
        bytes: payload.length,
        sha256,
        isReplay: false,
      });
      const kept = await stored(body.uploadId);
      expect(kept.bytes.equals(payload)).toBe(true);
      expect(kept.sizes.slice(0, -1).every((size) => size === CHUNK_BYTES)).toBe(true);
      expect(kept.upload).toMatchObject({ state: "received", sha256, name: "slack/audit.ndjson" });
      expect(kept.run).toMatchObject({ kind: "collect", state: "queued" });
      expect(JSON.parse(kept.run?.input ?? "")).toEqual({ orgId: "acme", uploadId: body.uploadId });
      expect(api.woken).toContainEqual({ orgId: "acme", runId: body.runId });
    },
  );

  it("the same key and body, twenty at a time, are one upload and one run", async () => {
    const payload = noise(2 * CHUNK_BYTES + 5, 3);
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => send(payload, { idempotencyKey: "twenty" })),
    );
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 202));
    expect(new Set(replies.map(({ body }) => body.runId)).size).toBe(1);
    expect(replies.filter(({ body }) => !body.isReplay)).toHaveLength(1);
    expect((await stored(replies[0]?.body.uploadId)).bytes.equals(payload)).toBe(true);
  });

  it("two bodies under one key at once: at most one is taken, and it is stored unmixed", async () => {
    const bodies = [noise(3 * CHUNK_BYTES, 9), noise(3 * CHUNK_BYTES, 10)];
    const replies = await Promise.all(
      bodies.map((payload) => send(payload, { idempotencyKey: "raced" })),
    );
    expect(replies.every(({ status }) => [202, 422].includes(status))).toBe(true);
    const taken = replies.flatMap(({ status }, i) => (status === 202 ? [i] : []));
    expect(taken.length).toBeLessThanOrEqual(1);
    for (const i of taken) {
      const { bytes } = await stored(replies[i]?.body.uploadId);
      expect(bytes.equals(bodies[i] ?? Buffer.alloc(0))).toBe(true);
    }
  });

  it("the same key in two organizations are two uploads that know nothing of each other", async () => {
    const ours = await send("ours", { idempotencyKey: "shared" });
    const theirs = await send("theirs", { idempotencyKey: "shared", key: api.rival.key });
    expect([ours.status, theirs.status]).toEqual([202, 202]);
    expect(ours.body.uploadId).not.toBe(theirs.body.uploadId);
    expect((await stored(theirs.body.uploadId, "rival")).bytes.toString()).toBe("theirs");
  });

  it("a connection that broke goes on under its key, and the whole is there", async () => {
    const payload = noise(3 * CHUNK_BYTES + 9, 4);
    const begun = async () =>
      (await open()).some(
        ({ idempotency_key, chunks }) => idempotency_key === "broken" && chunks > 0,
      );
    await sendAndBreak(payload.subarray(0, 2 * CHUNK_BYTES), "broken", begun);
    const { status, body } = await send(payload, { idempotencyKey: "broken" });
    expect([status, body.isReplay]).toEqual([202, false]);
    const kept = await stored(body.uploadId);
    expect(kept.bytes.equals(payload)).toBe(true);
    expect(kept.upload).toMatchObject({ bytes: payload.length, state: "received" });
  });
});

describe("refused", () => {
  it("400: an empty body, and a name or key that is none; nothing waits to be read for them", async () => {
    const before = api.woken.length;
    expect((await send("")).body.code).toBe("upload.empty");
    expect((await send("x", { idempotencyKey: "k".repeat(200) })).status).toBe(400);
    expect((await send("x", { name: "a\0b" })).status).toBe(400);
    expect(api.woken).toHaveLength(before);
  });

  it("409: a key whose upload failed", async () => {
    const large = noise(8 * CHUNK_BYTES + 1, 5);
    expect((await send(large, { idempotencyKey: "failed" })).status).toBe(413);
    const { status, body } = await send("small", { idempotencyKey: "failed" });
    expect([status, body.code]).toEqual([409, "upload.failed"]);
  });

  it("413: more than an upload may have; what was stored of it goes", async () => {
    const { status, body } = await send(noise(8 * CHUNK_BYTES + 1, 6), { name: "too-large" });
    expect([status, body.code]).toEqual([413, "upload.too_large"]);
    const upload = (await open()).find(({ name }) => name === "too-large");
    expect(upload?.state).toBe("failed");
    expect((await stored(upload?.id ?? "")).bytes).toHaveLength(0);
  });

  it.each([
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "text/html",
    "nonsense",
  ])("415: %s", async (type) => {
    const { status, body } = await send("a=1", { type });
    expect([status, body.code]).toEqual([415, "body.unsupported_type"]);
  });

  it.each([
    ["another body", "other bytes"],
    ["the beginning of it", "the same by"],
    ["more than it", "the same bytes and more"],
  ])("422: %s under a key that was used", async (_, payload) => {
    expect((await send("the same bytes", { idempotencyKey: "used" })).status).toBe(202);
    const { status, body } = await send(payload, { idempotencyKey: "used" });
    expect([status, body.code]).toEqual([422, "idempotency.reused"]);
  });

  it("422: another body under the key of an upload that broke, which stays as it was", async () => {
    const payload = noise(2 * CHUNK_BYTES, 7);
    const begun = async () =>
      (await open()).some(
        ({ idempotency_key, chunks }) => idempotency_key === "mixed" && chunks === 2,
      );
    await sendAndBreak(payload, "mixed", begun);
    expect((await send(noise(2 * CHUNK_BYTES, 8), { idempotencyKey: "mixed" })).status).toBe(422);
    expect((await send("short", { idempotencyKey: "mixed" })).status).toBe(422);
    const { status, body } = await send(payload, { idempotencyKey: "mixed" });
    expect(status).toBe(202);
    expect((await stored(body.uploadId)).bytes.equals(payload)).toBe(true);
  });

  it("429: too much waits already; it is said before the body is read, with the time to come back", async () => {
    const { app: full } = await api.server({ limits: { openRuns: 1 } });
    const before = (await open()).length;
    const { status, body, headers } = await send("x", {}, full);
    expect([status, body.code, headers["retry-after"]]).toEqual([429, "ingest.busy", "30"]);
    expect(await open()).toHaveLength(before);
  });
});
