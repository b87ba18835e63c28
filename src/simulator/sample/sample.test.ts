/** The sample workspace: the same everywhere, honest about being invented, and as untidy as real exports. */

import { describe, expect, it } from "vitest";
import { digest } from "#base/hash.ts";
import { type SampleFile, sampleWorkspace } from "./sample.ts";

const NOW = Date.UTC(2026, 5, 22, 9, 30);
const START = Date.UTC(2026, 5, 1);
const END = Date.UTC(2026, 5, 22);

function files(seed: number, now = NOW): SampleFile[] {
  return [...sampleWorkspace({ seed, now })];
}

function written(file: SampleFile): string {
  return [...file.text()].join("");
}

function digests(seed: number, now = NOW): Record<string, string> {
  const found: Record<string, string> = {};
  for (const file of files(seed, now)) {
    found[file.path] = digest([written(file)]);
  }
  return found;
}

const sample = files(7);
const texts = new Map(sample.map((file) => [file.path, written(file)]));
const first = digests(7);
const everything = [...texts.values()].join("\n");

function textOf(path: string): string {
  return texts.get(path) ?? "";
}

describe("sample workspace", () => {
  it("the same seed and end give the same bytes, also when a file is read twice", () => {
    expect(Object.fromEntries([...texts].map(([path, text]) => [path, digest([text])]))).toEqual(
      first,
    );
    for (const file of sample) expect(digest([written(file)]), file.path).toBe(first[file.path]);
  });

  it("the time of day does not matter, only the day", () => {
    expect(digests(7, END)).toEqual(first);
  });

  it("different seeds give different logs", () => {
    const other = digests(8);
    for (const [path, own] of Object.entries(first)) {
      if (/audit|activity|activities|log|sign-ins|drive|token\.json/.test(path)) {
        expect(other[path], path).not.toBe(own);
      }
    }
  });

  it("holds 60,000 to 90,000 records of seven platforms", () => {
    let records = 0;
    for (const file of sample) for (const _ of file.records) records++;
    expect(records).toBeGreaterThan(60_000);
    expect(records).toBeLessThan(90_000);
    expect(new Set(sample.map(({ path }) => path.split("/")[0]))).toEqual(
      new Set(["slack", "google", "microsoft", "github", "okta", "openai", "anthropic"]),
    );
  });

  it("records are plain JSON", () => {
    for (const file of sample) {
      for (const record of file.records) {
        const copy: unknown = JSON.parse(JSON.stringify(record));
        expect(copy).toEqual(record);
        break;
      }
    }
    for (const file of sample) {
      const lost = [...file.records].find((record) =>
        JSON.stringify(record).includes('"undefined"'),
      );
      expect(lost, file.path).toBeUndefined();
    }
  });

  it("pages and bare lists are whole JSON documents with their records inside", () => {
    for (const file of sample.filter(({ container }) => container === "json")) {
      const whole: unknown = JSON.parse(textOf(file.path));
      const key = file.page?.key;
      const rows: unknown = key === undefined ? whole : Reflect.get(Object(whole), key);
      expect(rows, file.path).toHaveLength([...file.records].length);
    }
  });

  it("the Purview export is a table whose last filled column is JSON", () => {
    const [head = "", first = ""] = textOf("microsoft/unified-audit.csv").split("\r\n");
    expect(head).toBe(
      "RecordId,CreationDate,RecordType,Operation,UserId,AuditData,AssociatedAdminUnits,AssociatedAdminUnitsNames",
    );
    const data = first
      .slice(first.indexOf('"{') + 1, first.lastIndexOf('}"') + 1)
      .replaceAll('""', '"');
    expect(JSON.parse(data)).toMatchObject({ Operation: expect.any(String) });
  });

  it("has the damage of real exports: a line of noise, a cut last line, records in two files, late records", () => {
    const audit = textOf("slack/audit.ndjson").trimEnd().split("\n");
    expect(audit.filter((line) => !line.startsWith("{"))).toHaveLength(1);

    const cut = textOf("github/audit.ndjson").split("\n");
    expect(() => JSON.parse(cut.at(-1) ?? "")).toThrow();
    expect(() => JSON.parse(cut.at(-2) ?? "")).not.toThrow();

    const recent = textOf("slack/audit-recent.ndjson").trimEnd().split("\n");
    const known = new Set(audit);
    const repeated = recent.filter((line) => known.has(line)).length;
    expect(repeated).toBeGreaterThan(10);
    expect(repeated).toBeLessThan(recent.length);

    const times = [...textOf("google/drive.ndjson").matchAll(/"time":"([^"]+)"/g)].map(
      ([, at = ""]) => at,
    );
    expect(times).not.toEqual(times.toSorted());
  });

  it("nothing happens outside the three weeks", () => {
    for (const [, at = ""] of everything.matchAll(
      /"(?:time|published|activityDateTime|created_at)":"(20[^"]+)"/g,
    )) {
      const moment = Date.parse(at);
      // State exports name when things were made, long before.
      if (moment < START) expect(moment).toBeLessThan(START - 10 * 86_400_000);
      expect(moment).toBeLessThan(END + 6 * 3_600_000);
    }
  });

  it("uses only documentation and private addresses, and only reserved mail domains", () => {
    const addresses = new Set(everything.match(/\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/g) ?? []);
    for (const address of addresses) {
      // Versions of browsers look like addresses.
      if (/^1?\d\d\.0\.0\.0$/.test(address)) continue;
      expect(address).toMatch(/^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/);
    }
    const domains = new Set(
      [...everything.matchAll(/[a-z0-9.+-]+@([a-z0-9-]+(?:\.[a-z0-9-]+)+)/gi)].map(
        ([, domain = ""]) => domain.toLowerCase(),
      ),
    );
    for (const domain of domains) expect(domain).toMatch(/(^|\.)example\.com$|\.(example|test)$/);
  });

  it("carries no label of what is hidden in it", () => {
    expect(everything).not.toMatch(
      /malicious|attack|suspicious":true|ground.?truth|"label"|"story"|"scenario"|"is_attack"|intru|exfil/i,
    );
  });

  it.each([
    [
      "a look-alike with a foreign letter is consented to",
      "microsoft/directory-audits.json",
      "Micros0ft \u041eutlook Sync",
    ],
    ["mail is forwarded outside", "microsoft/unified-audit.csv", "ForwardingSmtpAddress"],
    [
      "a client id that intruders use is consented to",
      "microsoft/directory-audits.json",
      "ff8d92dc-3d82-41d6-bcbd-b9174d163620",
    ],
    [
      "a secret is added to a service principal",
      "microsoft/directory-audits.json",
      "Add service principal credentials",
    ],
    ["consent is given for the whole tenant", "microsoft/directory-audits.json", "AllPrincipals"],
    ["domain-wide delegation is widened", "google/admin.json", "AUTHORIZE_API_CLIENT_ACCESS"],
    ["a note taker asks for calendars", "google/token.json", "MeetScribe Notes"],
    ["an app's scopes grow in Slack", "slack/audit.ndjson", "app_scopes_expanded"],
    ["channels are exported and downloaded", "slack/audit.ndjson", "channels_export_downloaded"],
    [
      "an assistant's tools are called in a burst",
      "slack/audit.ndjson",
      "mcp_slack_search_public_and_private_tool_called",
    ],
    ["public links are opened", "slack/audit.ndjson", "file_public_link_created"],
  ])("%s", (_what, path, mark) => {
    expect(textOf(path)).toContain(mark);
  });
});
