/** The command line does what its help says, with the promised exit codes, and every error names its cure. */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Report } from "#contract/report.ts";
import { createApp, type Deps } from "./app.ts";
import { commands } from "./commands/index.ts";
import { progressBar, progressLine } from "./progress.ts";

let folder = "";
let log = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "singura-cli-"));
  log = join(folder, "audit.ndjson");
  await writeFile(
    log,
    `${[install(1), install(2), exported(3)].map((row) => JSON.stringify(row)).join("\n")}\n{cut`,
  );
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function entry(
  n: number,
  action: string,
  entity: Record<string, unknown>,
): Record<string, unknown> {
  return {
    id: `e${n}`,
    date_create: 1_780_300_800 + n,
    action,
    actor: { type: "user", user: { id: "W1", name: "Dana", email: "dana@example.com" } },
    entity,
    context: { ip_address: "192.0.2.1", ua: "UA", location: { type: "workspace", id: "T1" } },
  };
}
const install = (n: number) =>
  entry(n, "app_installed", {
    type: "app",
    app: { id: `A${n}`, name: `App ${n}`, scopes: ["channels:history"] },
  });
const exported = (n: number) =>
  entry(n, "manual_export_downloaded", { type: "workspace", workspace: { id: "T1" } });

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const deps: Deps = {
    out: async (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    isOutTty: false,
    isErrTty: false,
    columns: 100,
    env: {},
    clock: () => 1_782_000_000_000,
    secretSeed: () => 5,
    cores: 1,
    version: "0.0.0-test",
  };
  const code = await createApp(deps)(args);
  return { code, out, err };
}

const noQuarantine = ["--quarantine", "none", "--threads", "1"];

describe("settings", () => {
  async function withSettings(settings: unknown) {
    const path = join(folder, "settings.json");
    await writeFile(path, typeof settings === "string" ? settings : JSON.stringify(settings));
    return run("scan", log, "--settings", path, "--format", "json", "--quarantine", "none");
  }

  it("a detector that is switched off says nothing", async () => {
    const plain = await run("scan", log, "--format", "json", "--quarantine", "none");
    expect(plain.out).toContain('"slack-export"');
    const { code, out } = await withSettings({
      detectors: { "slack-export": { isEnabled: false } },
    });
    expect(code).toBe(0);
    expect(out).not.toContain('"slack-export"');
  });

  it.each([
    ["no JSON", "{ detectors", "it is no JSON"],
    ["an unknown field", { timezone: "UTC" }, "timezone"],
    ["no such zone", { timeZone: "Mars/Base" }, "Europe/Berlin"],
    ["a day that does not exist", { calendar: { workdays: ["funday"] } }, "workdays"],
    ["hours the wrong way round", { calendar: { fromHour: 18, toHour: 9 } }, "fromHour"],
    ["an unknown detector", { detectors: { speed: {} } }, "there is no such detector"],
    [
      "a misspelt option",
      { detectors: { "mass-download": { options: { fileMin: 5 } } } },
      "there is no such option; there are: bytes",
    ],
  ])("%s is bad usage, told with its place", async (_what, settings, words) => {
    const { code, err } = await withSettings(settings);
    expect([code, err]).toEqual([64, expect.stringContaining(words.replace(": bytes", ""))]);
  });

  it("what `detectors` shows of one can be given back as settings", async () => {
    const { out } = await run("detectors", "mass-download");
    expect((await withSettings(out)).code).toBe(0);
    expect((await run("detectors")).out).toContain("mass-download");
    expect((await run("detectors", "speed")).code).toBe(64);
  });
});

describe("scan", () => {
  it("prints a table without colours when piped", async () => {
    const { code, out, err } = await run("scan", log, ...noQuarantine);
    expect(code).toBe(0);
    expect(out).toContain("App 1");
    expect(out).not.toContain("\u001b[");
    expect(err).toBe("");
  });

  it("writes the JSON that the contract describes", async () => {
    const { out } = await run("scan", log, "--format", "json", ...noQuarantine);
    const report = Report.parse(JSON.parse(out));
    expect(report.summary).toMatchObject({ records: 4, events: 3, quarantined: 1 });
    expect(report.sources[0]).toMatchObject({
      path: log,
      platform: "slack",
      service: "slack:audit",
      container: "ndjson",
    });
  });

  it.each(["table", "json", "html", "csv", "ocsf", "sarif"])(
    "writes %s to a file, whole",
    async (format) => {
      const out = join(folder, `report.${format}`);
      const { code, err } = await run("scan", log, "-f", format, "-o", out, ...noQuarantine);
      expect(code).toBe(0);
      expect(err).toContain(`Wrote ${out}`);
      expect((await readFile(out, "utf8")).length).toBeGreaterThan(50);
    },
  );

  it("lists what it could not read in the quarantine file", async () => {
    const file = join(folder, "quarantine.ndjson");
    await run("scan", log, "--quarantine", file, "--threads", "1");
    const rows = (await readFile(file, "utf8"))
      .trim()
      .split("\n")
      .map((row) => JSON.parse(row));
    expect(rows).toEqual([{ path: log, line: 4, reason: expect.stringContaining("not JSON") }]);
  });

  it("--fail-on exits with 2 from that severity on, and with 0 below", async () => {
    const { out } = await run("scan", log, "--format", "json", ...noQuarantine);
    const { bySeverity } = Report.parse(JSON.parse(out)).summary;
    const expected = bySeverity.high + bySeverity.critical > 0 ? 2 : 0;
    expect((await run("scan", log, "--fail-on", "high", ...noQuarantine)).code).toBe(expected);
  });

  it("--since, --until and --platform leave out and count", async () => {
    const { out } = await run("scan", log, "-f", "json", "--since", "2030-01-01", ...noQuarantine);
    expect(Report.parse(JSON.parse(out)).summary).toMatchObject({ events: 0, outside: 3 });
    const { out: other } = await run(
      "scan",
      log,
      "-f",
      "json",
      "-p",
      "okta,github",
      ...noQuarantine,
    );
    expect(Report.parse(JSON.parse(other)).summary).toMatchObject({ events: 0, outside: 3 });
  });
});

describe("errors name the cure", () => {
  it.each([
    [["scan", "/nowhere/at/all"], 66, "check the spelling"],
    [["scan"], 64, "missing required argument"],
    [["scan", "x", "--format", "pdf"], 64, "Allowed choices"],
    [["scan", "x", "--threads", "0"], 64, "whole number"],
    [["scan", "x", "--since", "soon"], 64, "Write a date"],
    [["scan", "x", "--platform", "teams"], 64, "Choose from"],
    [["scan", "x", "--time-zone", "Moon"], 64, "IANA name"],
    [
      ["scan", "x", "--since", "2026-02-01", "--until", "2026-01-01"],
      64,
      "no event can lie between",
    ],
    [["scam"], 64, "Did you mean scan"],
    [["explain", "1"], 64, "--from"],
    [["explain", "1", "--from", "/nowhere.json"], 66, "singura scan --format json"],
    [["formats", "fax"], 64, "platforms are slack"],
    [["catalog", "lookup", "no such thing at all"], 64, "does not make it safe"],
    [["completion", "cmd"], 64, "Allowed choices"],
    [[], 64, "Examples:"],
  ])("%j", async (args, code, words) => {
    const result = await run(...args);
    expect(result.err).toContain(words);
    expect(result.code).toBe(code);
  });

  it("a folder without a file, and a report that cannot be written", async () => {
    const empty = await mkdtemp(join(folder, "empty-"));
    expect((await run("scan", empty)).code).toBe(66);
    const target = join(folder, "no", "such", "folder.json");
    expect(await run("scan", log, "-o", target, ...noQuarantine)).toMatchObject({ code: 73 });
  });

  it("input of which nothing can be read exits with 66 and still reports", async () => {
    const noise = join(folder, "noise.txt");
    await writeFile(noise, "neither\njson\nnor csv\n");
    const { code, out, err } = await run("scan", noise, ...noQuarantine);
    expect(code).toBe(66);
    expect(out.length).toBeGreaterThan(0);
    expect(err).toContain("singura formats");
  });

  it("a file that is no report", async () => {
    expect(await run("explain", "1", "--from", log)).toMatchObject({
      code: 66,
      err: expect.stringContaining("no report"),
    });
  });
});

describe("the other commands", () => {
  it("inventory lists automations and nothing else", async () => {
    const { code, out } = await run("inventory", log, "--format", "csv", ...noQuarantine);
    expect(code).toBe(0);
    expect(out).toContain("slack:A1");
    expect(out).toContain("slack:A2");
  });

  it("explain shows a finding by the start of its id", async () => {
    const path = join(folder, "for-explain.json");
    await run("scan", log, "-f", "json", "-o", path, ...noQuarantine);
    const [finding] = Report.parse(JSON.parse(await readFile(path, "utf8"))).findings;
    expect(finding).toBeDefined();
    const { code, out } = await run("explain", finding?.id.slice(0, 10) ?? "", "--from", path);
    expect(code).toBe(0);
    expect(out).toContain(finding?.title);
  });

  it("catalog lookup finds names, ids, scopes and techniques", async () => {
    for (const term of ["zapier", "Mail.ReadWrite", "T39"]) {
      expect((await run("catalog", "lookup", term)).code).toBe(0);
    }
    expect(JSON.parse((await run("catalog", "lookup", "T39", "--json")).out)).not.toEqual([]);
  });

  it("formats shows every platform, and one service in full", async () => {
    expect((await run("formats")).out).toContain("slack:audit");
    expect((await run("formats", "slack:audit")).out).toContain("example:");
    expect(JSON.parse((await run("formats", "slack", "--json")).out).length).toBeGreaterThan(5);
  });

  it.each(["bash", "zsh", "fish"])(
    "completion for %s knows every command and option",
    async (shell) => {
      const { out } = await run("completion", shell);
      for (const { name } of commands) expect(out).toContain(name);
      expect(out).toContain("fail-on");
      expect(out).toContain("critical");
    },
  );

  it.each([[], ...commands.map(({ name }) => [name])])(
    "--help of %s has examples and exits with 0",
    async (...args) => {
      const path = args.filter((arg) => typeof arg === "string");
      const { code, out } = await run(
        ...path,
        ...(path[0] === "catalog" ? ["lookup"] : []),
        "--help",
      );
      expect(code).toBe(0);
      expect(out).toContain("Examples:");
    },
  );
});

describe("progress", () => {
  it("shows share, rate and time to go; without a size only what it knows", () => {
    const known = progressLine(
      { bytesRead: 5e7, bytesTotal: 1e8, events: 120_000, path: "x" },
      1_000,
    );
    expect(known).toContain("50 %");
    expect(known).toContain("120,000 events");
    expect(known).toContain("50 MB/s");
    expect(known).toContain("1 s left");
    expect(
      progressLine({ bytesRead: 5e6, bytesTotal: 0, events: 1, path: "-" }, 1_000),
    ).not.toContain("%");
  });

  it("is silent when stderr is no terminal", () => {
    let written = "";
    let now = 0;
    const bar = progressBar({
      err: (text) => {
        written += text;
      },
      isErrTty: false,
      clock: () => (now += 1_000),
    });
    bar.show({ bytesRead: 1, bytesTotal: 2, events: 1, path: "x" });
    bar.clear();
    expect(written).toBe("");
  });
});

describe("rules", () => {
  const RULE = `title: Export taken
id: 11111111-1111-4111-8111-111111111111
tags: [attack.exfiltration, attack.t1567.002]
logsource: { product: slack, service: audit }
detection:
    selection: { action|endswith: _export_downloaded }
    condition: selection
level: high
`;
  async function rule(name: string, sideCar: string | null = null): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, RULE);
    if (sideCar !== null) await writeFile(path.replace(".yml", ".test.yml"), sideCar);
    return path;
  }
  const sideCar = (fires: unknown, quiet: unknown) =>
    `fires: { one: ${JSON.stringify(fires)} }\nquiet: { two: ${JSON.stringify(quiet)} }\n`;

  it("check tells what is wrong with place and cure, and what is read from nowhere", async () => {
    const good = await rule("check-good.yml");
    expect(await run("rules", "check", good)).toMatchObject({
      code: 0,
      out: "1 of 1 rules can be used\n",
    });
    const bad = join(folder, "check-bad.yml");
    await writeFile(
      bad,
      `${RULE.replace("endswith", "endwith").replace("1111-1111-4111", "1111-1111-4112")}---\n${RULE.replaceAll("1", "2").replace("action|", "act|")}`,
    );
    const { out, code } = await run("rules", "check", good, bad);
    expect(code).toBe(2);
    expect(out).toContain(`${bad}:6:18: there is no modifier "endwith"; did you mean "endswith"?`);
    expect(out).toContain(`${bad}:15: no record of this log is known to have the field act`);
    const { out: json } = await run("rules", "check", good, bad, "--format", "json");
    expect(JSON.parse(json)).toMatchObject({
      rules: 3,
      compiled: 2,
      unsupported: [{ path: bad, line: 6, column: 18, rule: "Export taken" }],
      fieldsUnmapped: [{ path: bad, line: 15, field: "act" }],
    });
  });

  it("check names placeholders without values, and what refers to nothing", async () => {
    const path = join(folder, "check-more.yml");
    await writeFile(
      path,
      `${RULE.replace("endswith: _export_downloaded", "expand: '%Actions%'")}---\ntitle: Many\ncorrelation: { type: event_count, rules: [nobody], timespan: 1h, condition: { gte: 5 } }\n`,
    );
    const { out, code } = await run("rules", "check", path);
    expect(code).toBe(2);
    expect(out).toContain("the placeholder %Actions% has no values");
    expect(out).toContain('it refers to "nobody"');
  });

  it("explain shows what met what, with exit code 2 where nothing matches", async () => {
    const path = await rule("explain.yml");
    const event = join(folder, "explain.json");
    await writeFile(event, JSON.stringify(exported(1)));
    const { out, code } = await run("rules", "explain", path, event);
    expect(code).toBe(0);
    expect(out).toContain("matches: Export taken, record 1");
    expect(out).toMatch(/\+ action\|endswith {3}the record has ".+_export_downloaded"/);
    await writeFile(event, `${JSON.stringify(install(1))}\n${JSON.stringify(install(2))}\n`);
    const quiet = await run("rules", "explain", path, event, "--format", "json");
    expect(quiet.code).toBe(2);
    expect(JSON.parse(quiet.out)).toMatchObject([
      {
        rule: "Export taken",
        record: 1,
        isMatch: false,
        explanation: { is: "rule", isMet: false },
      },
      { record: 2, isMatch: false },
    ]);
    await writeFile(event, "no record");
    expect(await run("rules", "explain", path, event)).toMatchObject({ code: 66 });
  });

  it("scan --rules makes findings of matches, with exit code 2 for --fail-on", async () => {
    const path = await rule("scan.yml");
    const { out, code } = await run(
      ...["scan", log, "--rules", path, "--format", "json", "--fail-on", "high"],
      ...noQuarantine,
    );
    const { findings } = Report.parse(JSON.parse(out));
    const found = findings.filter(({ detector }) => detector.startsWith("sigma:"));
    expect(found).toMatchObject([
      { detector: "sigma:11111111-1111-4111-8111-111111111111", title: "Export taken" },
    ]);
    expect(found[0]?.mitre.attack).toContain("T1567.002");
    expect(code).toBe(2);
  });

  it("scan --rules shipped takes the rules that come with the program", async () => {
    const { out } = await run(
      "scan",
      log,
      "--rules",
      "shipped",
      "--format",
      "json",
      ...noQuarantine,
    );
    const { findings } = Report.parse(JSON.parse(out));
    expect(findings.map(({ title }) => title)).toContain("Slack Export Downloaded");
  });

  it("run prints each match once, with its place", async () => {
    const path = await rule("run.yml");
    const { out, err, code } = await run("rules", "run", path, "--events", log, log);
    expect(out.split("\n").filter((line) => line !== "")).toHaveLength(1);
    expect(out).toContain("Export taken");
    expect(out).toContain("audit.ndjson:3");
    expect(err).toContain("1 matches of 1 rules in 3 events");
    expect(code).toBe(0);
    const { out: json } = await run("rules", "run", path, "--events", log, "--format", "json");
    expect(JSON.parse(json)).toMatchObject({ title: "Export taken", line: 3, level: "high" });
  });

  it("test passes, and fails with exit code 2 and the reason, also as JUnit", async () => {
    const good = await rule("good.yml", sideCar(exported(1), install(2)));
    expect(await run("rules", "test", good)).toMatchObject({
      code: 0,
      out: "2 of 2 tests passed\n",
    });
    const bad = await rule("bad.yml", sideCar(install(1), { a: 1 }));
    const { out, code } = await run("rules", "test", bad);
    expect(code).toBe(2);
    expect(out).toContain("fires: one: the rule does not match this record of slack:audit");
    expect(out).toContain("quiet: two: no platform knows this record");
    const { out: xml } = await run("rules", "test", bad, "--format", "junit");
    expect(xml).toContain('tests="2" failures="2"');
  });

  it("a rule without tests is named, and fails where they are required", async () => {
    const path = await rule("untested.yml");
    expect(await run("rules", "test", path)).toMatchObject({ code: 0 });
    expect(await run("rules", "test", path, "--required")).toMatchObject({ code: 2 });
  });

  it("a broken side-car is a failed test that names the cure", async () => {
    const path = await rule("broken.yml", "fires: [");
    const { out, code } = await run("rules", "test", path);
    expect(code).toBe(2);
    expect(out).toContain("it is no YAML");
  });

  it("coverage writes a layer for the Navigator", async () => {
    const path = await rule("layer.yml");
    const layer = JSON.parse((await run("rules", "coverage", path)).out);
    expect(layer).toMatchObject({ domain: "enterprise-attack", versions: { layer: "4.5" } });
    expect(layer.techniques).toContainEqual(
      expect.objectContaining({ techniqueID: "T1567.002", score: 1 }),
    );
  });

  it("backtest counts alerts by rule and day", async () => {
    const path = await rule("back.yml");
    const { out } = await run("rules", "backtest", path, "--events", log, "--format", "json");
    expect(JSON.parse(out)).toMatchObject({
      events: 3,
      rules: [
        {
          title: "Export taken",
          records: 1,
          alerts: 1,
          first: "2026-06-01T08:00:03.000Z",
          days: [{ day: "2026-06-01", records: 1, alerts: 1 }],
        },
      ],
    });
    expect((await run("rules", "backtest", path, "--events", log)).out).toContain(
      "1 alerts of 1 of 1 rules",
    );
  });

  describe("correlations", () => {
    const INSTALLS = `title: Installed
name: installed
logsource: { product: slack, service: audit }
detection:
    selection: { action: app_installed }
    condition: selection
---
title: Many installs
id: 11111111-1111-4111-8111-222222222222
level: critical
correlation:
    type: event_count
    rules: [installed]
    group-by: [actor.user.email]
    timespan: 10m
    condition: { gte: 2 }
`;
    async function installs(name: string, tests: string | null = null): Promise<string> {
      const path = join(folder, name);
      await writeFile(path, INSTALLS);
      if (tests !== null) await writeFile(path.replace(".yml", ".test.yml"), tests);
      return path;
    }
    const MET =
      "2 matches of “Installed” within 10 min, for actor.user.email = dana@example.com; the rule asks for at least 2.";

    it("scan makes findings of their alerts, and says what they leave out", async () => {
      const path = await installs("corr-scan.yml");
      const nobody = join(folder, "nobody.ndjson");
      const { actor: _actor, ...rest } = install(9);
      await writeFile(
        nobody,
        JSON.stringify({ ...rest, actor: { type: "user", user: { id: "W9" } } }),
      );
      const { out, err, code } = await run(
        ...["scan", log, nobody, "--rules", path, "--format", "json", "--fail-on", "critical"],
        ...noQuarantine,
      );
      const { findings } = Report.parse(JSON.parse(out));
      const found = findings.filter(({ detector }) => detector.startsWith("sigma:"));
      expect(found).toMatchObject([{ title: "Many installs", severity: "critical" }]);
      expect(found[0]?.explanation).toContain(MET);
      expect(found[0]?.evidence.map(({ line }) => line)).toEqual([1, 2]);
      expect(err).toContain(
        "matches that correlations leave out: 1 lack a field that is grouped by",
      );
      expect(code).toBe(2);
    });

    it("run prints their alerts instead of the matches that they are made of", async () => {
      const path = await installs("corr-run.yml");
      const { out, err } = await run("rules", "run", path, "--events", log, log);
      expect(out.split("\n").filter((line) => line !== "")).toHaveLength(1);
      expect(out).toContain(MET);
      expect(out).toContain("audit.ndjson:1");
      expect(err).toContain("0 matches and 1 alerts of 2 rules in 3 events");
      const { out: json } = await run("rules", "run", path, "--events", log, "--format", "json");
      expect(JSON.parse(json)).toMatchObject({
        title: "Many installs",
        at: "2026-06-01T08:00:02.000Z",
        from: "2026-06-01T08:00:01.000Z",
        group: ["dana@example.com"],
        figure: 2,
      });
    });

    it("backtest counts their alerts by day", async () => {
      const path = await installs("corr-back.yml");
      const { out } = await run("rules", "backtest", path, "--events", log, "--format", "json");
      expect(JSON.parse(out).rules).toMatchObject([
        {
          title: "Many installs",
          records: 2,
          alerts: 1,
          days: [{ day: "2026-06-01", records: 2, alerts: 1 }],
        },
      ]);
    });

    it("test takes lists of records, and says what is wrong with a case", async () => {
      const late = { ...install(2), date_create: 1_780_304_800 };
      const good = await installs(
        "corr-good.yml",
        `fires: { many: ${JSON.stringify([install(1), install(2)])}, rule: ${JSON.stringify(install(1))} }
quiet: { late: ${JSON.stringify([install(1), late])} }
`,
      );
      expect(await run("rules", "test", good)).toMatchObject({
        code: 0,
        out: "3 of 3 tests passed\n",
      });
      const bad = await installs(
        "corr-bad.yml",
        `fires: { late: ${JSON.stringify([install(1), late])}, odd: ${JSON.stringify([install(1), { a: 1 }])} }
quiet: { many: ${JSON.stringify([install(1), install(2)])} }
`,
      );
      const { out, code } = await run("rules", "test", bad);
      expect(code).toBe(2);
      expect(out).toContain("late: the correlation does not speak of these records");
      expect(out).toContain("odd: record 2: no platform knows this record");
      expect(out).toContain("many: the correlation speaks, and should not");
    });

    it("check tells of those that cannot be run, and of fields that no record has", async () => {
      const path = join(folder, "corr-check.yml");
      await writeFile(
        path,
        INSTALLS.replace("gte: 2", "gte: 2000000").concat(
          "---\ntitle: Odd\ncorrelation: { type: event_count, rules: [installed], group-by: [actor.usr], timespan: 1h, condition: { gte: 2 } }\n",
        ),
      );
      const { out, code } = await run("rules", "check", path);
      expect(code).toBe(2);
      expect(out).toContain(`${path}:8:1: the condition counts to more than 100000`);
      expect(out).toContain(
        `${path}:18: no record of this log is known to have the field actor.usr`,
      );
      expect(out).toContain("2 of 3 rules can be used");
      const refused = await run("rules", "run", path, "--events", log);
      expect(refused).toMatchObject({ code: 64 });
      expect(refused.err).toContain(`${path}:8:1: the condition counts to more than 100000`);
    });
  });

  it("errors name the cure", async () => {
    const missing = await run("rules", "test", join(folder, "none.yml"));
    expect(missing).toMatchObject({ code: 66 });
    expect(missing.err).toContain("shipped");
    const [one, two] = [await rule("same-1.yml"), await rule("same-2.yml")];
    const same = await run("rules", "coverage", one, two);
    expect(same.code).toBe(64);
    expect(same.err).toContain("give each an id of its own");
    const noEvents = await run("rules", "run", one);
    expect(noEvents).toMatchObject({ code: 64 });
    expect(noEvents.err).toContain("--events");
  });
});
