/** What the dashboard counts, the completeness ledger and runs over HTTP. */

import { afterAll, beforeAll, expect, it } from "vitest";
import type { ApiServer } from "#api/server.ts";
import { NOW, type TestApi, testApi } from "#test/api.ts";

let api: TestApi;
let app: ApiServer["app"];

beforeAll(async () => {
  api = await testApi();
  ({ app } = await api.server());
});
afterAll(() => api.close());

async function ask(path: string) {
  const headers = { authorization: `Bearer ${api.acme.key}` };
  const reply = await app.inject({ url: `/api/v1${path}`, headers });
  return { status: reply.statusCode, body: reply.json() };
}

it("200: the overview counts this organization's automations and findings, by the names of things", async () => {
  const { status, body } = await ask("/stats/overview");
  expect(status).toBe(200);
  expect(body.automations).toMatchObject({ all: { "": 7 }, platform: { slack: 4, google: 3 } });
  expect(body.findings).toMatchObject({
    all: { "": 7 },
    severity: { info: 2, low: 2, medium: 1, high: 1, critical: 1 },
  });
  expect(body.trend).toEqual([
    { day: "2026-06-10", bySeverity: { info: 2, low: 2, medium: 1, high: 1, critical: 1 } },
  ]);
});

it("400: a trend of no days, of a thousand, or of somebody else's", async () => {
  for (const query of ["days=0", "days=1000", "days=x", "orgId=rival"]) {
    expect((await ask(`/stats/overview?${query}`)).status, query).toBe(400);
  }
});

it("200: completeness by the hour, undated records first, within the span that is asked for", async () => {
  const { body } = await ask("/completeness");
  expect(body.items.map(({ hour }: { hour: string | null }) => hour)).toEqual([
    null,
    "2026-06-10T11:00:00.000Z",
    "2026-06-10T12:00:00.000Z",
  ]);
  const counts = { fetched: 5, new: 3, duplicate: 1, quarantined: 1, late: 0 };
  expect(body.items[0]).toEqual({
    source: "acme-u1",
    service: "slack:audit",
    hour: null,
    ...counts,
  });
  const from = new Date(NOW).toISOString();
  expect((await ask(`/completeness?from=${from}&to=${from}`)).body.items).toHaveLength(1);
  const first = (await ask("/completeness?limit=2")).body;
  expect((await ask(`/completeness?limit=2&after=${first.next}`)).body).toMatchObject({
    items: [{ hour: "2026-06-10T12:00:00.000Z" }],
    next: null,
  });
});

it("400: a span of completeness that is no time", async () => {
  expect((await ask("/completeness?from=yesterday")).status).toBe(400);
});

it("200: runs, newest first, by state, and one of them", async () => {
  const { body } = await ask("/runs?limit=2");
  expect(body.items.map(({ id }: { id: string }) => id)).toEqual(["acme-r3", "acme-r2"]);
  expect((await ask(`/runs?limit=2&after=${body.next}`)).body.items).toHaveLength(1);
  expect((await ask("/runs?state=dead")).body.items).toEqual([]);
  expect((await ask("/runs/acme-r1")).body).toMatchObject({
    id: "acme-r1",
    kind: "collect",
    priority: "standard",
    state: "queued",
    progress: {},
    startedAt: null,
  });
});

it("400: a state that runs do not have; 404: another organization's run does not exist for us", async () => {
  expect((await ask("/runs?state=lost")).status).toBe(400);
  expect((await ask("/runs/rival-r1")).status).toBe(404);
});
