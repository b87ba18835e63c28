/** Automations over HTTP: every filter, both orders, facets, and one in full. */

import { afterAll, beforeAll, expect, it } from "vitest";
import type { ApiServer } from "#api/server.ts";
import { type TestApi, testApi } from "#test/api.ts";

let api: TestApi;
let app: ApiServer["app"];

beforeAll(async () => {
  api = await testApi();
  ({ app } = await api.server());
});
afterAll(() => api.close());

async function ask(path: string) {
  const headers = { authorization: `Bearer ${api.acme.key}` };
  const reply = await app.inject({ url: `/api/v1/automations${path}`, headers });
  return { status: reply.statusCode, body: reply.json() };
}

const ids = (...nths: number[]) => nths.map((nth) => `acme-a${nth}`);

it.each([
  ["limit=500", ids(7, 6, 5, 4, 3, 2, 1)],
  ["sort=name", ids(1, 2, 3, 4, 5, 6, 7)],
  ["platform=google", ids(6, 4, 2)],
  ["kind=bot", ids(7, 5, 3, 1)],
  ["level=high", ids(7, 6)],
  ["classification=suspicious&platform=slack", ids(7)],
  ["ai=any", ids(6, 4, 2)],
  ["ai=anthropic", []],
  ["vendor=Example%20Ltd", ids(6, 4, 2)],
  ["owner=dana@example.com&limit=1", ids(7)],
  ["state=approved", []],
  ["q=HELPER%20acme-a3", ids(3)],
  ["q=%25", []],
  ["q='%20or%20true%20--", []],
])("200: %s", async (query, expected) => {
  const { status, body } = await ask(`?${query}`);
  expect([status, body.items.map(({ id }: { id: string }) => id)]).toEqual([200, expected]);
});

it.each(["risk", "name"])("200: pages by %s together are the whole list", async (sort) => {
  const whole = (await ask(`?sort=${sort}&limit=500`)).body.items;
  const walked: unknown[] = [];
  let after = "";
  do {
    const { body } = await ask(`?sort=${sort}&limit=3${after && `&after=${after}`}`);
    walked.push(...body.items);
    after = body.next ?? "";
  } while (after !== "" && walked.length < 100);
  expect(walked).toEqual(whole);
});

it("200: facets count all that the filters let through, and only this organization's", async () => {
  const { facets } = (await ask("?facets=true&limit=1")).body;
  expect(facets.platform).toEqual([
    { value: "slack", count: 4 },
    { value: "google", count: 3 },
  ]);
  expect((await ask("?facets=true&level=high")).body.facets.kind).toEqual([
    { value: "bot", count: 1 },
    { value: "oauth_app", count: 1 },
  ]);
  expect((await ask("?limit=1")).body).not.toHaveProperty("facets");
});

it("200: one in full, with why it is risky and who let it in", async () => {
  expect((await ask("/acme-a2")).body).toMatchObject({
    id: "acme-a2",
    risk: 20,
    reasons: [{ text: "It reads files." }],
    aiIdentity: { provider: "openai" },
    grants: [{ scopes: ["files:read"] }],
    blastRadius: null,
  });
});

it("400: filters and orders that do not exist", async () => {
  for (const query of ["platform=myspace", "sort=age", "risk=3", "after=x", "level="]) {
    expect((await ask(`?${query}`)).status, query).toBe(400);
  }
});

it("404: another organization's automation does not exist for us", async () => {
  const { status, body } = await ask("/rival-a1");
  expect([status, body.detail]).toEqual([404, "There is no such automation."]);
});
