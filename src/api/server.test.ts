/** What holds for every route: keys, tenants, limits, errors, and a description that is the routes themselves. */

import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Scope } from "#contract/api/common.ts";
import * as apiKeys from "#store/api-keys.ts";
import * as findings from "#store/findings.ts";
import { NOW, type TestApi, testApi } from "#test/api.ts";
import { openApi } from "./openapi.ts";
import { errorOf } from "./problem.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes/index.ts";
import type { ApiServer } from "./server.ts";

let api: TestApi;
let app: ApiServer["app"];

beforeAll(async () => {
  api = await testApi();
  ({ app } = await api.server());
});
afterAll(() => api.close());

const guarded = routes.filter(({ auth }) => auth !== "public");
const titled = guarded.map((route) => [`${route.method} ${route.path}`, route] as const);

/** A request that is in order, but for the key and whose things it names. */
function requestFor(route: Route, whose: "acme" | "rival", id?: string) {
  const ids: Record<string, string> = { findings: "f1", automations: "a1", runs: "r1" };
  const own = ids[route.path.split("/")[3] ?? ""];
  const url = route.path.replace(":id", encodeURIComponent(id ?? `${whose}-${own}`));
  const payloads: Record<string, string> = {
    PATCH: '{"status":"triaged"}',
    POST: '{"verdict":"true_positive"}',
  };
  const payload = payloads[route.method];
  const headers = { "content-type": "application/json" };
  return { method: route.method, url, ...(payload && { payload, headers }) };
}

function inject(route: Route, whose: "acme" | "rival", key: string | null, id?: string) {
  const request = requestFor(route, whose, id);
  const authorization = key === null ? {} : { authorization: `Bearer ${key}` };
  return app.inject({ ...request, headers: { ...request.headers, ...authorization } });
}

describe.each(titled)("%s", (_, route) => {
  it("401: no key, a made-up one, an expired one, a revoked one and one in the wrong place", async () => {
    const expired = await api.key("acme", [...Scope.options], NOW);
    const revoked = await api.key("acme", [...Scope.options]);
    await api.store.acrossOrgs(async (tx) => {
      const found = await apiKeys.find(tx, revoked, NOW);
      await apiKeys.revoke(tx, "acme", found?.id ?? "", NOW);
    });
    const made = `sgr_${"A".repeat(43)}`;
    for (const key of [null, made, expired, revoked, "", `${api.acme.key}x`, "' or true --"]) {
      const reply = await inject(route, "acme", key);
      expect([reply.statusCode, reply.json().code]).toEqual([401, "key.refused"]);
      expect(reply.headers["www-authenticate"]).toMatch(/^Bearer/);
      expect(reply.headers["content-type"]).toMatch(/^application\/problem\+json/);
    }
    const request = requestFor(route, "acme");
    const inUrl = await app.inject({ ...request, url: `${request.url}?key=${api.acme.key}` });
    expect(inUrl.statusCode).toBe(401);
  });

  it("403: a key with every scope but the one", async () => {
    const others = Scope.options.filter((scope) => scope !== route.auth);
    const reply = await inject(route, "acme", await api.key("acme", others));
    expect([reply.statusCode, reply.json().code]).toEqual([403, "key.scope"]);
  });

  it("404: nothing of another organization is told or touched, whatever is asked", async () => {
    const before = await rowsOf("rival");
    const reply = await inject(route, "rival", api.acme.key);
    if (route.path.includes(":id")) expect(reply.statusCode).toBe(404);
    else expect(reply.statusCode).toBeLessThan(300);
    expect(reply.body).not.toContain("rival");
    for (const header of ["x-org-id", "x-organization", "x-singura-org"]) {
      const request = requestFor(route, "acme");
      const headers = {
        ...request.headers,
        authorization: `Bearer ${api.acme.key}`,
        [header]: "rival",
      };
      const own = await app.inject({ ...request, headers });
      expect(own.body).not.toContain("rival");
    }
    expect(await rowsOf("rival")).toEqual(before);
  });

  it("404 or 400: SQL, paths and halves of letters in an id find nothing and break nothing", async () => {
    if (!route.path.includes(":id")) return expect(route.params).toBeUndefined();
    const hostile = [
      "' or '1'='1",
      "acme-f1'; drop table findings; --",
      "acme-f1' union select key from api_keys --",
      "../../etc/passwd",
      "%2e%2e%2f",
      "$1",
      "acme-f1\\",
      "\u{1f600}",
      "__proto__",
      "a\0b",
      "x".repeat(300),
    ];
    for (const id of hostile) {
      const reply = await inject(route, "acme", api.acme.key, id);
      expect([400, 404, 414], id).toContain(reply.statusCode);
    }
    expect((await inject(route, "acme", api.acme.key)).statusCode).toBeLessThan(300);
  });
});

/** Everything of an organization that a request could change. */
async function rowsOf(orgId: string) {
  return api.store.inOrg(orgId, async (tx) => ({
    findings: await findings.list(tx, orgId, { limit: 500, withSuperseded: true }),
    verdicts: await tx.selectFrom("verdicts").selectAll().execute(),
    runs: await tx.selectFrom("runs").selectAll().orderBy("id").execute(),
    uploads: await tx.selectFrom("uploads").selectAll().execute(),
    audit: await tx.selectFrom("console_audit").selectAll().execute(),
  }));
}

describe("limits", () => {
  it("429: a key has its share, says when to come back, and takes nothing from another's", async () => {
    const { app: small } = await api.server({ limits: { perKey: 3 } });
    const ask = (key: string) =>
      small.inject({ url: "/api/v1/runs", headers: { authorization: `Bearer ${key}` } });
    for (let i = 0; i < 3; i++) expect((await ask(api.acme.key)).statusCode).toBe(200);
    const over = await ask(api.acme.key);
    expect([over.statusCode, over.json().code]).toEqual([429, "rate.exceeded"]);
    expect(Number(over.headers["retry-after"])).toBeGreaterThanOrEqual(1);
    expect((await ask(api.rival.key)).statusCode).toBe(200);
  });

  it("429: an address has its share, with made-up keys and on addresses that do not exist, too", async () => {
    const { app: small } = await api.server({ limits: { perAddress: 3 } });
    const ask = (url: string, remoteAddress: string) =>
      small.inject({
        url,
        remoteAddress,
        headers: { authorization: `Bearer sgr_${"B".repeat(43)}` },
      });
    const statuses: number[] = [];
    for (const url of [
      "/api/v1/runs",
      "/nowhere",
      "/healthz",
      "/api/v1/runs",
      "/nowhere",
      "/openapi.json",
    ]) {
      statuses.push((await ask(url, "192.0.2.1")).statusCode);
    }
    expect(statuses).toEqual([401, 404, 200, 429, 429, 429]);
    expect((await ask("/healthz", "192.0.2.2")).statusCode).toBe(200);
  });

  it("429: the addresses of one IPv6 network count as one", async () => {
    const { app: small } = await api.server({ limits: { perAddress: 2 } });
    const statuses: number[] = [];
    for (const host of ["1", "2", "3"]) {
      const remoteAddress = `2001:db8:0:1::${host}`;
      statuses.push((await small.inject({ url: "/healthz", remoteAddress })).statusCode);
    }
    const other = await small.inject({ url: "/healthz", remoteAddress: "2001:db8:0:2::1" });
    expect([...statuses, other.statusCode]).toEqual([200, 200, 429, 200]);
  });

  it("408: a body that drips is refused in time, and the connection is closed", async () => {
    const { app: impatient } = await api.server({ limits: { bodyMs: 100 } });
    const port = Number(new URL(await impatient.listen({ port: 0, host: "127.0.0.1" })).port);
    const said = await drip(port, "PATCH /api/v1/findings/acme-f1", '{"sta');
    expect(said).toMatch(/^HTTP\/1\.1 408 /);
    expect(said).toContain("body.too_slow");
  });

  it("408: an upload that pauses is refused in time", async () => {
    const { app: impatient } = await api.server({ limits: { uploadPauseMs: 100 } });
    const port = Number(new URL(await impatient.listen({ port: 0, host: "127.0.0.1" })).port);
    const said = await drip(port, "POST /api/v1/ingest", '{"a":1}');
    expect(said).toMatch(/^HTTP\/1\.1 408 /);
    expect(said).toContain("upload.stalled");
  });
});

/** Sends the beginning of a body and then nothing; gives what is answered until the server closes the connection. */
function drip(port: number, line: string, begun: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(
        `${line} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${api.acme.key}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n${begun}`,
      );
    });
    socket.on("data", (part) => {
      said += String(part);
    });
    socket.on("close", () => resolve(said));
    socket.on("error", reject);
  });
}

describe("errors", () => {
  it("404: an address that does not exist is told as a problem", async () => {
    const reply = await app.inject({ url: "/api/v1/secrets" });
    expect(reply.json()).toMatchObject({
      status: 404,
      code: "not_found",
      requestId: expect.any(String),
    });
  });

  it("503: a database that keeps us waiting, with the time to come back", async () => {
    const hasty = await api.database.open({ statementMs: 300 });
    const { app: own } = await api.server({ store: hasty });
    const reply = await api.store.inOrg("acme", async (tx) => {
      await tx
        .selectFrom("findings")
        .select("id")
        .where("id", "=", "acme-f6")
        .forUpdate()
        .execute();
      return own.inject({
        method: "PATCH",
        url: "/api/v1/findings/acme-f6",
        headers: { authorization: `Bearer ${api.acme.key}` },
        payload: { status: "triaged" },
      });
    });
    expect([reply.statusCode, reply.headers["retry-after"]]).toEqual([503, "5"]);
    expect(reply.json().code).toBe("database.away");
    await hasty.close();
  });

  it("503: a database that refuses to be reached, with no word on where it is", async () => {
    const cause = await new Promise<unknown>((resolve) =>
      // Port 1 is nobody's.
      connect(1, "127.0.0.1").on("error", resolve),
    );
    const error = errorOf(cause);
    expect([error.status, error.code]).toEqual([503, "database.away"]);
    expect(error.message).not.toMatch(/127|:1\b/);
  });

  it("500: our own mistake tells nothing but where to look", async () => {
    await api.store.inOrg("acme", (tx) =>
      tx
        .updateTable("automations")
        .set({ body: '{"password":"hunter2"' })
        .where("org_id", "=", "acme")
        .where("id", "=", "acme-a7")
        .execute(),
    );
    const reply = await app.inject({
      url: "/api/v1/automations/acme-a7",
      headers: { authorization: `Bearer ${api.acme.key}` },
    });
    expect([reply.statusCode, reply.json().code]).toEqual([500, "internal"]);
    expect(reply.body).not.toMatch(/hunter2|JSON|stack|src\//);
    expect(api.logged.join("")).toContain(reply.json().requestId);
  });
});

describe("health", () => {
  it("200: alive and ready without a key; 503: no longer ready while it shuts down", async () => {
    const { app: own, drain } = await api.server();
    expect((await own.inject({ url: "/healthz" })).json()).toEqual({ status: "ok" });
    expect((await own.inject({ url: "/readyz" })).json()).toMatchObject({ status: "ready" });
    drain();
    expect((await own.inject({ url: "/healthz" })).statusCode).toBe(200);
    const reply = await own.inject({ url: "/readyz" });
    expect([reply.statusCode, reply.json().code]).toEqual([503, "server.closing"]);
  });
});

describe("the description", () => {
  it("names every route, its scope and its schemas, and every reference in it leads somewhere", async () => {
    const description = (await app.inject({ url: "/openapi.json" })).json();
    expect(description.openapi).toBe("3.1.1");
    const told = Object.entries<object>(description.paths).flatMap(([path, of]) =>
      Object.keys(of).map(
        (method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`,
      ),
    );
    expect(told.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
    const text = JSON.stringify(description);
    for (const [, name = ""] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      expect(description.components.schemas, name).toHaveProperty(name);
    }
    expect(text).not.toContain("#/$defs/");
    const list = description.paths["/api/v1/findings"].get;
    expect(list.parameters.map(({ name }: { name: string }) => name)).toContain("severityMin");
    expect(list["x-scope"]).toBe("findings:read");
  });

  it("gives every operation a name of its own", () => {
    const ids = [...JSON.stringify(openApi(routes, "1")).matchAll(/"operationId":"(\w+)"/g)];
    expect(new Set(ids.map(([, id]) => id)).size).toBe(routes.length);
  });
});

it("no key is ever in a log or an answer", async () => {
  await app.inject({ url: `/api/v1/runs?key=${api.acme.key}` });
  await app.inject({ url: "/api/v1/runs", headers: { authorization: `Bearer ${api.acme.key}` } });
  expect(api.logged.length).toBeGreaterThan(10);
  const all = api.logged.join("");
  expect(all).not.toContain(api.acme.key);
  expect(all).not.toContain(api.acme.key.slice(4, 20));
  expect(all).not.toContain("hunter2");
});
