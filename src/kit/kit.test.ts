/** Settings are refused with the variable and the cure, and no secret leaves by a log, an error or a print. */

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { inspect } from "node:util";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { describeUrl, keyringOf, readConfig } from "./config.ts";
import { createLog, withoutSecrets } from "./log.ts";
import { Keyring, keyIdOf, newMasterKey, readKeyFile, Secret, writeKeyFile } from "./secret.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "singura-kit-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const PASSWORD = "hunter2-and-more";
const URL_WITH_PASSWORD = `postgres://singura:${PASSWORD}@db.example.com:5432/main`;

describe("config", () => {
  it("needs nothing: without variables everything is embedded", () => {
    const config = readConfig({});
    expect(config.database.url).toBeUndefined();
    expect(config.database).toMatchObject({
      poolMax: 20,
      poolMin: 5,
      idleMs: 30_000,
      connectMs: 2_000,
      statementMs: 30_000,
      slowMs: 100,
    });
    expect(config).toMatchObject({ port: 4_200, home: path.resolve(".singura") });
  });

  it.each([
    ["DATABASE_URL", "mysql://host/db", "postgres://user:password@host:5432/singura"],
    ["DATABASE_URL", PASSWORD, "postgres://user:password@host:5432/singura"],
    ["DATABASE_READ_URLS", `${URL_WITH_PASSWORD},${PASSWORD}`, "postgres://"],
    ["REDIS_URL", "localhost:6379", "redis://:password@host:6379"],
    ["PORT", "65536", "is above 65535"],
    ["PORT", "http", "is no whole number"],
    ["DATABASE_POOL_MAX", "0", "is below 1"],
    ["LOG_LEVEL", "loud", "is none of"],
  ])("%s=%s is refused by name and with the cure, not by its value", (name, value, cure) => {
    const failing = () => readConfig({ [name]: value });
    expect(failing).toThrow(name);
    expect(failing).toThrow(cure);
    expect(failing).not.toThrow(PASSWORD);
  });

  it("names every variable that is wrong at once", () => {
    expect(() => readConfig({ PORT: "x", LOG_LEVEL: "y" })).toThrow(/PORT .*\nLOG_LEVEL /);
  });

  it("refuses a pool whose least is above its most", () => {
    expect(() => readConfig({ DATABASE_POOL_MAX: "3", DATABASE_POOL_MIN: "4" })).toThrow(
      "DATABASE_POOL_MIN (4)",
    );
  });

  it("tells where a database is and not by which password", () => {
    expect(describeUrl(new Secret(URL_WITH_PASSWORD))).toBe("db.example.com:5432/main");
  });
});

describe("secrets", () => {
  it("do not show themselves, however they are printed", () => {
    const config = readConfig({ DATABASE_URL: URL_WITH_PASSWORD, SINGURA_MASTER_KEY: PASSWORD });
    const printed = [
      JSON.stringify(config),
      inspect(config, { depth: 9, showHidden: true }),
      `${config.database.url}`,
      String(new Error("failed", { cause: config })),
    ].join("\n");
    expect(printed).not.toContain(PASSWORD);
    expect(config.database.url?.reveal()).toBe(URL_WITH_PASSWORD);
  });

  it("stay out of the log, as fields, in texts and in errors", () => {
    const lines: string[] = [];
    const log = createLog({ logLevel: "trace" }, { write: (line) => void lines.push(line) });
    const key = `sgr_${"k".repeat(40)}`;
    log.info({ password: PASSWORD, a: { token: PASSWORD, b: { c: { secret: PASSWORD } } } }, "one");
    log.error(new Error(`cannot reach ${URL_WITH_PASSWORD}`), "two");
    log.warn({ config: readConfig({ DATABASE_URL: URL_WITH_PASSWORD }) }, "three");
    log.info({ headers: { authorization: `Bearer ${PASSWORD}` } }, `got Bearer ${PASSWORD}`);
    log.info(`called with ${key}`);
    expect(lines).toHaveLength(5);
    expect(lines.join("")).not.toContain(PASSWORD);
    expect(lines.join("")).not.toContain(key);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: "info", msg: "one" });
  });

  it("leave the rest of a line as it is", () => {
    const line = '{"msg":"read https://example.com/a:b@c and user@example.com"}';
    expect(withoutSecrets(line)).toBe(line);
  });
});

describe("keyring", () => {
  it("opens what it sealed, for the same place only, and shows nothing of it", () => {
    const ring = new Keyring([newMasterKey()]);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), fc.string(), (text, a, b) => {
        const sealed = ring.seal(text, a);
        expect(ring.open(sealed, a)).toBe(text);
        if (a !== b) expect(() => ring.open(sealed, b)).toThrow("damaged or stands in the wrong");
        expect(sealed).not.toBe(ring.seal(text, a));
        if (text.length > 8) expect(sealed).not.toContain(text);
      }),
    );
  });

  it("notices any change", () => {
    const ring = new Keyring([newMasterKey()]);
    const sealed = ring.seal("a secret of some length", "here");
    for (let at = 0; at < sealed.length; at++) {
      const other = sealed[at] === "A" ? "E" : "A";
      expect(() => ring.open(sealed.slice(0, at) + other + sealed.slice(at + 1), "here")).toThrow();
    }
  });

  it("rotates: the old key opens until all is under the new one, and is not needed then", () => {
    const [older, newer] = [newMasterKey(), newMasterKey()];
    const sealed = new Keyring([older]).seal("token", "here");
    const both = new Keyring([newer, older]);
    expect(both.open(sealed, "here")).toBe("token");
    const moved = both.rewrap(sealed, "here") ?? "";
    expect(keyIdOf(moved)).toBe(both.keyId);
    expect(both.rewrap(moved, "here")).toBeNull();
    expect(new Keyring([newer]).open(moved, "here")).toBe("token");
    expect(() => new Keyring([newer]).open(sealed, "here")).toThrow(keyIdOf(sealed));
  });

  it("makes the key file once, for its owner alone, and keeps it", () => {
    const file = path.join(folder, "deep", "master.key");
    const ring = keyringOf(readConfig({ SINGURA_MASTER_KEY_FILE: file }));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(keyringOf(readConfig({ SINGURA_MASTER_KEY_FILE: file })).keyId).toBe(ring.keyId);
    writeKeyFile(file, [newMasterKey(), ...readKeyFile(file)]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(keyringOf({ keyFile: file }).keyIds[1]).toBe(ring.keyId);
  });

  it("refuses a key file that others may read, and keys that are none, with the cure", () => {
    const file = path.join(folder, "open.key");
    writeFileSync(file, `${newMasterKey()}\n`, { mode: 0o644 });
    expect(() => readKeyFile(file)).toThrow("chmod 600");
    expect(readFileSync(file, "utf8")).not.toBe("");
    const failing = () => keyringOf(readConfig({ SINGURA_MASTER_KEY: PASSWORD }));
    expect(failing).toThrow("openssl rand -base64 32");
    expect(failing).not.toThrow(PASSWORD);
  });
});
