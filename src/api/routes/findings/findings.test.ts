/** Findings over HTTP: who sees which, in which order, and who may say what about them. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApiServer } from "#api/server.ts";
import * as consoleAudit from "#store/console-audit.ts";
import * as findings from "#store/findings.ts";
import { NOW, type TestApi, testApi } from "#test/api.ts";

let api: TestApi;
let app: ApiServer["app"];

beforeAll(async () => {
  api = await testApi();
  ({ app } = await api.server());
});
afterAll(() => api.close());

type Method = "GET" | "PATCH" | "POST";

async function ask(method: Method, url: string, payload?: object, key = api.acme.key) {
  const headers = { authorization: `Bearer ${key}` };
  const reply = await app.inject({ method, url, headers, ...(payload && { payload }) });
  return { status: reply.statusCode, body: reply.json(), headers: reply.headers };
}

const idsOf = (body: { items: { id: string }[] }) => body.items.map(({ id }) => id);

describe("GET /api/v1/findings", () => {
  const url = "/api/v1/findings";

  it("200: worst first, and the pages together are the whole list without a gap", async () => {
    const whole = (await ask("GET", `${url}?limit=500`)).body;
    expect(whole.next).toBeNull();
    expect(idsOf(whole)).toEqual(
      ["f5", "f4", "f3", "f2", "f7", "f1", "f6"].map((id) => `acme-${id}`),
    );
    expect(whole.items[0]).toMatchObject({
      severity: "critical",
      status: "open",
      supersededAt: null,
    });

    const walked: string[] = [];
    for (let after = "", pages = 0; pages < 10; pages++) {
      const { body } = await ask("GET", `${url}?limit=2${after && `&after=${after}`}`);
      walked.push(...idsOf(body));
      after = body.next ?? "";
      if (after === "") break;
    }
    expect(walked).toEqual(idsOf(whole));
  });

  it("200: each filter lets through what it names and nothing else", async () => {
    const count = async (query: string) => (await ask("GET", `${url}?${query}`)).body.items.length;
    expect(await count("severityMin=high")).toBe(2);
    expect(await count("confidenceMin=0.5")).toBe(2);
    expect(await count("detector=velocity")).toBe(4);
    expect(await count("platform=google")).toBe(0);
    expect(await count("attackType=backdoor")).toBe(0);
    expect(await count("automationId=acme-a1")).toBe(7);
    expect(await count("automationId=rival-a1")).toBe(0);
    expect(await count("assignee=nobody@example.com")).toBe(0);
    expect(idsOf((await ask("GET", `${url}?sort=newest&limit=1`)).body)).toEqual(["acme-f1"]);
  });

  it("304: the same answer is not sent twice, and a change is", async () => {
    const first = await ask("GET", `${url}?limit=1`);
    const etag = String(first.headers.etag);
    const again = (authorization: string) =>
      app.inject({ url: `${url}?limit=1`, headers: { authorization, "if-none-match": etag } });
    const same = await again(`Bearer ${api.acme.key}`);
    expect([same.statusCode, same.body]).toEqual([304, ""]);
    expect((await again(`Bearer ${api.rival.key}`)).statusCode).toBe(200);
  });

  it.each([
    ["an unknown filter", "colour=red", "query.colour"],
    ["an organization of the asker's choice", "orgId=rival", "query.orgId"],
    ["a severity that is none", "severityMin=worst", "query.severityMin"],
    ["no page at all", "limit=0", "query.limit"],
    ["more than a page holds", "limit=501", "query.limit"],
    ["a filter twice", "status=open&status=triaged", "query.status"],
    ["a NUL", "assignee=a%00b", "query.assignee"],
  ])("400: %s is refused by name", async (_, query, path) => {
    const { status, body } = await ask("GET", `${url}?${query}`);
    expect([status, body.code]).toEqual([400, "request.invalid"]);
    expect(body.errors).toEqual([{ path, message: expect.any(String) }]);
  });

  it.each([
    ["garbage", "garbage"],
    ["of another list", Buffer.from('["a"]').toString("base64url")],
    ["with texts for numbers", Buffer.from('["x","y","z"]').toString("base64url")],
    ["with numbers beyond all", Buffer.from("[1e300,1e300,1]").toString("base64url")],
    ["with SQL in it", Buffer.from(`["0) or true --",0,"x"]`).toString("base64url")],
    ["with a NUL in it", Buffer.from(`[1,1,"a\\u0000"]`).toString("base64url")],
  ])("400: a place in the list that is forged, %s", async (_, after) => {
    expect((await ask("GET", `${url}?after=${after}`)).status).toBe(400);
  });
});

describe("GET /api/v1/findings/:id", () => {
  it("200: in full, with evidence", async () => {
    const { status, body } = await ask("GET", "/api/v1/findings/acme-f1");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: "acme-f1",
      explanation: expect.stringContaining("Normal is"),
      evidence: [{ path: "audit.ndjson", line: 1 }],
      verdicts: [],
    });
  });

  it("404: another organization's finding does not exist for us", async () => {
    const others = await ask("GET", "/api/v1/findings/rival-f1");
    const none = await ask("GET", "/api/v1/findings/no-such");
    expect([others.status, none.status]).toEqual([404, 404]);
    const { requestId: _, ...said } = others.body;
    const { requestId: __, ...known } = none.body;
    expect(said).toEqual(known);
  });

  it("400: an id that no database takes", async () => {
    expect((await ask("GET", "/api/v1/findings/a%00b")).status).toBe(400);
  });
});

describe("PATCH /api/v1/findings/:id", () => {
  it("200: status and assignee change, the rest stays, and the audit log says who did it", async () => {
    const url = "/api/v1/findings/acme-f2";
    const { status, body } = await ask("PATCH", url, {
      status: "triaged",
      assignee: "kim@example.com",
    });
    expect([status, body.status, body.assignee]).toEqual([200, "triaged", "kim@example.com"]);
    expect((await ask("PATCH", url, { assignee: null })).body).toMatchObject({
      status: "triaged",
      assignee: null,
    });
    const { rows } = await api.store.inOrg("acme", (tx) =>
      consoleAudit.list(tx, "acme", { limit: 10 }),
    );
    expect(rows.map(({ action, target }) => [action, target])).toContainEqual([
      "finding.changed",
      "acme-f2",
    ]);
    expect(rows[0]?.actor).toMatch(/^api-key:/);
  });

  it.each([
    ["its severity", { severity: 0 }],
    ["its organization", { status: "open", org_id: "rival" }],
    ["its organization in other letters", { status: "open", orgId: "rival" }],
    ["that it holds", { status: "open", superseded_at: 1 }],
    ["its prototype", JSON.parse('{"status":"open","constructor":{"prototype":{"a":1}}}')],
  ])("400: mass assignment: %s is not the caller's to change", async (_, payload) => {
    const before = await api.store.inOrg("acme", (tx) => findings.get(tx, "acme", "acme-f3"));
    expect((await ask("PATCH", "/api/v1/findings/acme-f3", payload)).status).toBe(400);
    const after = await api.store.inOrg("acme", (tx) => findings.get(tx, "acme", "acme-f3"));
    expect(after).toEqual(before);
  });

  it("400: nothing to change, a status that is none, and no JSON", async () => {
    const url = "/api/v1/findings/acme-f3";
    expect((await ask("PATCH", url, {})).status).toBe(400);
    expect((await ask("PATCH", url, { status: "gone" })).status).toBe(400);
    const headers = { authorization: `Bearer ${api.acme.key}`, "content-type": "application/json" };
    const broken = await app.inject({ method: "PATCH", url, headers, payload: "{" });
    expect([broken.statusCode, broken.json().code]).toEqual([400, "request.malformed"]);
  });

  it("403: a key that may only read", async () => {
    const reader = await api.key("acme", ["findings:read"]);
    const { status, body } = await ask(
      "PATCH",
      "/api/v1/findings/acme-f3",
      { status: "open" },
      reader,
    );
    expect([status, body.code]).toEqual([403, "key.scope"]);
  });

  it("404: another organization's finding is not changed", async () => {
    const { status } = await ask("PATCH", "/api/v1/findings/rival-f1", { status: "dismissed" });
    const row = await api.store.inOrg("rival", (tx) => findings.get(tx, "rival", "rival-f1"));
    expect([status, row?.status, row?.updated_at]).toEqual([404, "open", NOW]);
  });

  it("413: a body larger than a change can be", async () => {
    const payload = { status: "open", assignee: "a".repeat(70_000) };
    const { status, body } = await ask("PATCH", "/api/v1/findings/acme-f3", payload);
    expect([status, body.code]).toEqual([413, "body.too_large"]);
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])(
    "415: %s, which a form of any web page could send",
    async (type) => {
      const reply = await app.inject({
        method: "PATCH",
        url: "/api/v1/findings/acme-f3",
        headers: { authorization: `Bearer ${api.acme.key}`, "content-type": type },
        payload: '{"status":"open"}',
      });
      expect([reply.statusCode, reply.json().code]).toEqual([415, "body.unsupported_type"]);
    },
  );
});

describe("POST /api/v1/findings/:id/verdicts", () => {
  it("201: settles the finding, and is shown with it under its caller's name", async () => {
    const { status, body } = await ask("POST", "/api/v1/findings/acme-f4/verdicts", {
      verdict: "false_positive",
      note: "Our own backup.",
    });
    expect([status, body.verdict]).toEqual([201, "false_positive"]);
    expect((await ask("GET", "/api/v1/findings/acme-f4")).body).toMatchObject({
      status: "dismissed",
      verdicts: [{ note: "Our own backup.", by: expect.stringMatching(/^api-key:/) }],
    });
  });

  it("400: a verdict in somebody else's name, or at another time", async () => {
    const url = "/api/v1/findings/acme-f5/verdicts";
    for (const more of [{ by: "kim@example.com" }, { at: 1 }, { id: "v" }, { org_id: "rival" }]) {
      expect((await ask("POST", url, { verdict: "true_positive", ...more })).status).toBe(400);
    }
    expect((await ask("GET", "/api/v1/findings/acme-f5")).body.verdicts).toEqual([]);
  });

  it("404: another organization's finding is not judged", async () => {
    const { status } = await ask("POST", "/api/v1/findings/rival-f1/verdicts", {
      verdict: "false_positive",
    });
    const row = await api.store.inOrg("rival", (tx) => findings.get(tx, "rival", "rival-f1"));
    expect([status, row?.status]).toEqual([404, "open"]);
  });
});
