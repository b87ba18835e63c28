/** Runs: what the server has to do, does and has done; and the uploads that begin them. */

import { z } from "zod";
import { Instant, PageQuery, pageOf, text } from "./common.ts";

export const RunState = z
  .enum(["queued", "running", "done", "failed", "dead", "cancelled"])
  .meta({ id: "RunState" });
export type RunState = z.infer<typeof RunState>;

export const Run = z
  .object({
    id: z.string(),
    /** collect, assess … */
    kind: z.string(),
    priority: z.enum(["critical", "standard", "background"]),
    state: RunState,
    attempts: z.int().min(0),
    attemptsMax: z.int().min(1),
    /** As the job reports it; its fields depend on the kind. */
    progress: z.record(z.string(), z.unknown()),
    /** What went wrong at the last attempt. */
    error: z.string().nullable(),
    createdAt: Instant,
    startedAt: Instant.nullable(),
    finishedAt: Instant.nullable(),
  })
  .meta({ id: "Run" });
export type Run = z.infer<typeof Run>;

export const RunPage = pageOf(Run);

export const RunQuery = PageQuery.extend({ state: RunState.optional() });

export const IngestQuery = z.strictObject({
  name: text(256)
    .default("upload")
    .meta({ description: "What places in findings and quarantine call it" }),
});

export const IngestHeaders = z.object({
  "idempotency-key": text(128).optional().meta({
    description: "The same key is the same upload, however often it is sent; a broken one goes on",
  }),
});

/** The answer to an upload: all of it is stored, and a run reads it. */
export const Accepted = z
  .object({
    runId: z.string(),
    uploadId: z.string(),
    bytes: z.int().min(0),
    /** Of the body as it was sent, in hexadecimal. */
    sha256: z.string(),
    /** Whether it had been accepted before under the same idempotency key. */
    isReplay: z.boolean(),
  })
  .meta({ id: "Accepted" });
export type Accepted = z.infer<typeof Accepted>;
