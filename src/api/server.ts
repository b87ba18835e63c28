/** The HTTP server: turns routes into Fastify's, and is the one door where keys, limits, schemas and errors are minded. */

import { createHash } from "node:crypto";
import rateLimit, { normalizeIP } from "@fastify/rate-limit";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import type { z } from "zod";
import type { Log } from "#kit/log.ts";
import type { Store } from "#store/db.ts";
import { authenticate } from "./authenticate.ts";
import { openApi } from "./openapi.ts";
import { ApiError, errorOf, invalid, notFound, problemOf, tooMany } from "./problem.ts";
import { type Caller, LIMITS, type Limits, type Route, type RouteDeps } from "./route.ts";
import { routes } from "./routes/index.ts";

export interface ServerOptions {
  readonly store: Store;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly newId: () => string;
  readonly version: string;
  /** Absent where no worker listens in this process: workers look for runs themselves. */
  readonly wake?: RouteDeps["wake"];
  readonly limits?: Partial<Limits>;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Null until the key is known, and on public routes. */
    caller: (Caller & { readonly orgId: string }) | null;
  }
}

export interface ApiServer {
  readonly app: FastifyInstance;
  /** From now on `/readyz` says no, so that load balancers send nobody here any more; requests are still answered. */
  drain(): void;
}

export async function createServer(options: ServerOptions): Promise<ApiServer> {
  const limits = { ...LIMITS, ...options.limits };
  const loggerInstance: FastifyBaseLogger = options.log;
  const app = Fastify({
    loggerInstance,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: "requestId",
    }),
    bodyLimit: limits.bodyBytes,
    genReqId: options.newId,
    // Longer than any upload needs: those have a limit on pauses.
    requestTimeout: 3_600_000,
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: 512 },
    frameworkErrors: (cause, request, reply) => void answerError(cause, request, reply),
  });
  app.decorateRequest("caller", null);
  app.setErrorHandler(answerError);
  app.addHook("onResponse", logResponse);
  // A form of any web page could send it without asking.
  app.removeContentTypeParser("text/plain");
  await app.register(rateLimit, { global: false });
  const guards = guardsOf(app, limits);
  app.setNotFoundHandler({ preHandler: guards.address }, () => {
    throw notFound("address");
  });

  let isDraining = false;
  const door = { ...options, limits, guards, isDraining: () => isDraining };
  for (const route of routes) await add(app, route, door);
  const description = JSON.stringify(openApi(routes, options.version));
  app.get("/openapi.json", { onRequest: guards.address }, (request, reply) =>
    answer(request, reply, description),
  );
  return {
    app,
    drain() {
      isDraining = true;
    },
  };
}

type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

interface Door extends ServerOptions {
  readonly limits: Limits;
  readonly guards: { readonly address: Guard; readonly key: Guard };
  readonly isDraining: () => boolean;
}

async function add(app: FastifyInstance, route: Route, door: Door): Promise<void> {
  const { auth, accepts, method, path: url } = route;
  const { guards, store, clock } = door;
  const onRequest: Guard[] = [guards.address];
  if (auth !== "public") {
    onRequest.push(async (request) => {
      request.caller = await authenticate(store, request.headers.authorization, auth, clock());
    }, guards.key);
  }
  if (route.body !== undefined) onRequest.push(slowBodyGuard(door.limits.bodyMs));
  // In a scope of its own, since what a streamed body may be is nothing for other routes.
  await app.register((scope, _options, done) => {
    if (accepts !== undefined) {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser([...accepts], (_request, payload, done) => done(null, payload));
    }
    scope.route({
      method,
      url,
      onRequest,
      handler: async (request, reply) => {
        const said = await respond(route, door, request);
        return answer(request, reply, JSON.stringify(said), route.status);
      },
    });
    done();
  });
}

/** Parses what came, runs the handler in the caller's organization, and lets out only what the response schema names. */
async function respond(route: Route, door: Door, request: FastifyRequest): Promise<unknown> {
  const input = {
    params: parse("path", route.params, request.params),
    query: parse("query", route.query, request.query),
    headers: parse("headers", route.headers, request.headers),
    body: parse("body", route.body, request.body),
    stream: route.accepts === undefined ? nothing() : request.raw,
  };
  if (route.accepts !== undefined && request.headers["content-type"] === undefined) {
    throw new ApiError(415, "body.unsupported_type", "Say what it is by a Content-Type.");
  }
  return route.response.parse(await route.handle(depsOf(door, request.caller), input));
}

function depsOf(door: Door, caller: FastifyRequest["caller"]): RouteDeps {
  const { store, clock, newId, limits, wake } = door;
  const orgId = caller?.orgId ?? "";
  return {
    orgId,
    caller: caller ?? { keyId: "", name: "nobody" },
    inOrg: (run) => store.inOrg(orgId, run),
    readInOrg: (run) => store.readInOrg(orgId, run),
    clock,
    newId,
    limits,
    wake: wake ?? (() => undefined),
    async ready() {
      if (door.isDraining()) {
        throw new ApiError(503, "server.closing", "This server is shutting down.");
      }
      const { latencyMs } = await store.health();
      return { latencyMs };
    },
  };
}

function parse(where: string, schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalid(where, parsed.error.issues);
  return parsed.data;
}

/** With an ETag on everything that is read, so that whoever asks again is spared the same answer. */
function answer(request: FastifyRequest, reply: FastifyReply, json: string, status = 200) {
  reply.header("x-content-type-options", "nosniff").type("application/json; charset=utf-8");
  if (request.method !== "GET" && request.method !== "HEAD") {
    return reply.header("cache-control", "no-store").code(status).send(json);
  }
  const etag = `"${createHash("sha256").update(json).digest("base64url").slice(0, 27)}"`;
  reply.header("cache-control", "private, no-cache").header("etag", etag);
  reply.header("vary", "authorization");
  const known = (request.headers["if-none-match"] ?? "").split(",");
  const isKnown = known.some((tag) => ["*", etag].includes(tag.trim().replace(/^W\//, "")));
  return isKnown ? reply.code(304).send() : reply.code(status).send(json);
}

function answerError(cause: unknown, request: FastifyRequest, reply: FastifyReply) {
  const error = errorOf(cause);
  if (error.status === 500) request.log.error({ err: cause }, "a request failed");
  else if (error.status === 503) request.log.warn({ err: cause }, "a request was put off");
  for (const [name, value] of Object.entries(error.headers)) reply.header(name, value);
  // A body that is refused half-way is not read to its end.
  if (request.raw.complete === false) reply.header("connection", "close");
  return reply
    .header("cache-control", "no-store")
    .header("x-content-type-options", "nosniff")
    .code(error.status)
    .type("application/problem+json; charset=utf-8")
    .send(JSON.stringify(problemOf(error, request.id)));
}

/** Counts requests of an address before anything is looked up for it, and those of a key over all addresses. */
function guardsOf(app: FastifyInstance, { perAddress, perKey }: Limits): Door["guards"] {
  const guard = (max: number, keyGenerator: (request: FastifyRequest) => string): Guard => {
    const count = app.createRateLimit({ max, timeWindow: 60_000, keyGenerator });
    return async (request, reply) => {
      const found = await count(request);
      if (found.isAllowed) return;
      reply.header("ratelimit-limit", found.max).header("ratelimit-remaining", found.remaining);
      reply.header("ratelimit-reset", found.ttlInSeconds);
      if (!found.isExceeded) return;
      throw tooMany(
        "rate.exceeded",
        `At most ${max} requests a minute: ask again in ${found.ttlInSeconds} s.`,
        found.ttlInSeconds,
      );
    };
  };
  return {
    // Whoever has one IPv6 address has 2^64 of them: they count as one.
    address: guard(perAddress, ({ ip }) => `address/${normalizeIP(ip)}`),
    key: guard(perKey, ({ caller }) => `key/${caller?.orgId}/${caller?.keyId}`),
  };
}

/** Refuses a JSON body that is not there in time, so that nobody holds a connection by a byte a minute. */
function slowBodyGuard(bodyMs: number): Guard {
  return async (request, reply) => {
    const timer = setTimeout(() => {
      if (request.raw.complete || reply.sent) return;
      reply.send(new ApiError(408, "body.too_slow", `The body must be there within ${bodyMs} ms.`));
    }, bodyMs);
    timer.unref();
    request.raw.once("close", () => clearTimeout(timer));
  };
}

/** One line a request: the route and never the address, which may hold what somebody typed. */
async function logResponse(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  request.log.info(
    {
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime),
      orgId: request.caller?.orgId ?? null,
      keyId: request.caller?.keyId ?? null,
    },
    "request",
  );
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
