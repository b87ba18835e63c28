/** What a route is: data that says who may ask what, and one function that answers in the name of one organization. */

import type { z } from "zod";
import type { Scope } from "#contract/api/common.ts";
import type { Tx } from "#store/db.ts";

/** Who asks. */
export interface Caller {
  readonly keyId: string;
  /** As audit logs and verdicts name the caller. */
  readonly name: string;
}

/** What a handler is handed. It never sees a store, so that it cannot look into another organization. */
export interface RouteDeps {
  /** The caller's; empty for public routes, which see no rows at all. */
  readonly orgId: string;
  readonly caller: Caller;
  /** A transaction in the organization's name; run again from its start after a deadlock, so queries alone belong in it. */
  inOrg<T>(run: (tx: Tx) => Promise<T>): Promise<T>;
  /** The same for reading where some seconds behind are fine. */
  readInOrg<T>(run: (tx: Tx) => Promise<T>): Promise<T>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly newId: () => string;
  readonly limits: Limits;
  /** Tells workers of a run that is committed. They find it without being told, only later. */
  readonly wake: (run: { readonly orgId: string; readonly runId: string }) => void;
  /** Throws where the server cannot take requests. */
  readonly ready: () => Promise<{ readonly latencyMs: number }>;
}

/** How much may be asked. Times are milliseconds. */
export interface Limits {
  /** Requests a minute of one address, whatever keys it has. */
  readonly perAddress: number;
  /** Requests a minute of one API key. */
  readonly perKey: number;
  /** Of a JSON body. */
  readonly bodyBytes: number;
  /** Until a JSON body must be there. */
  readonly bodyMs: number;
  /** Of one upload. */
  readonly uploadBytes: number;
  /** How long an upload may pause. */
  readonly uploadPauseMs: number;
  /** Runs of an organization that may wait before uploads are put off. */
  readonly openRuns: number;
}

export const LIMITS: Limits = {
  perAddress: 1_800,
  perKey: 600,
  bodyBytes: 65_536,
  bodyMs: 10_000,
  uploadBytes: 4 * 1_024 ** 3,
  uploadPauseMs: 30_000,
  openRuns: 1_000,
};

/** One route. `query`, `params`, `headers` and `body` are parsed before `handle` runs, and its answer is held against `response`. */
export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Headers extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  readonly method: "GET" | "POST" | "PATCH";
  /** Parameters as `:id`. */
  readonly path: `/${string}`;
  /** One line for the API's description. */
  readonly summary: string;
  /** The scope that a key needs, or nothing at all. */
  readonly auth: Scope | "public";
  readonly params?: Params;
  readonly query?: Query;
  readonly headers?: Headers;
  readonly body?: Body;
  /** Media types of a body that is streamed instead of parsed. */
  readonly accepts?: readonly string[];
  readonly response: Response;
  /** Of success; 200 where absent. */
  readonly status?: number;
  handle(
    deps: RouteDeps,
    input: {
      readonly params: z.output<Params>;
      readonly query: z.output<Query>;
      readonly headers: z.output<Headers>;
      readonly body: z.output<Body>;
      readonly stream: AsyncIterable<Uint8Array>;
    },
  ): Promise<z.input<Response>>;
}

/** Lets TypeScript tell a handler's input and answer from its schemas. */
export function defineRoute<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Headers extends z.ZodType,
  Body extends z.ZodType,
  Response extends z.ZodType,
>(route: Route<Params, Query, Headers, Body, Response>): Route {
  return route;
}
