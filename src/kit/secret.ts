/** Secrets: a wrapper that no log or error prints, and envelope encryption (AES-256-GCM) under master keys that can be rotated. */

import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { inspect } from "node:util";
import { UserError } from "./error.ts";

const HIDDEN = "[secret]";

/** A text that shows itself only to whoever calls `reveal`: printing, logging and JSON give `[secret]`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = "v1";

interface MasterKey {
  /** The first 12 hex digits of the key's SHA-256: tells keys apart and tells nothing about them. */
  readonly id: string;
  readonly key: Buffer;
}

/** Seals secrets and opens them again. The first key seals; all keys open, so that an older one can be rotated out. */
export class Keyring {
  readonly #keys: readonly MasterKey[];

  /** Takes texts of 32 bytes each, in base64 or hex. Throws UserError with the cure where one is something else. */
  constructor(keys: readonly string[], from = "SINGURA_MASTER_KEY") {
    if (keys.length === 0) throw badKey(from, "is empty");
    this.#keys = keys.map((text) => {
      const key = keyOf(text);
      if (key === null) throw badKey(from, "holds something other than 32 bytes in base64 or hex");
      return { id: idOf(key), key };
    });
  }

  /** The id of the key that seals. */
  get keyId(): string {
    return this.#keys[0]?.id ?? "";
  }

  get keyIds(): readonly string[] {
    return this.#keys.map(({ id }) => id);
  }

  /**
   * Seals a text for one place (table, organization, row …): opened for any other place it is refused, so that nobody can
   * put one tenant's secret into another's row. A key of its own encrypts the text; the master key encrypts that key.
   */
  seal(text: string, place: string): string {
    const dataKey = randomBytes(KEY_BYTES);
    const sealed = encrypt(dataKey, Buffer.from(text, "utf8"), place);
    const [master] = this.#keys;
    if (master === undefined) throw new Error("a keyring without keys");
    return [FORMAT, master.id, base64(encrypt(master.key, dataKey, place)), base64(sealed)].join(
      ".",
    );
  }

  /** Opens what `seal` made for the same place. Throws UserError where its key is missing or it was tampered with. */
  open(sealed: string, place: string): string {
    const { keyId, wrapped, data } = partsOf(sealed);
    const dataKey = decrypt(this.#key(keyId), wrapped, place);
    return decrypt(dataKey, data, place).toString("utf8");
  }

  /** The same secret under the current master key; null where it is under that already. The text itself is not opened. */
  rewrap(sealed: string, place: string): string | null {
    const { keyId, wrapped, data } = partsOf(sealed);
    const [master] = this.#keys;
    if (master === undefined || keyId === master.id) return null;
    const dataKey = decrypt(this.#key(keyId), wrapped, place);
    return [FORMAT, master.id, base64(encrypt(master.key, dataKey, place)), base64(data)].join(".");
  }

  #key(keyId: string): Buffer {
    const found = this.#keys.find(({ id }) => id === keyId);
    if (found !== undefined) return found.key;
    throw new UserError(
      "secret.key_missing",
      `A stored secret was sealed under master key ${keyId}, which is not here: add that key after the current one in SINGURA_MASTER_KEY (with a comma between) or on a line of its own in the key file.`,
    );
  }
}

/** Which master key a sealed text is under. */
export function keyIdOf(sealed: string): string {
  return partsOf(sealed).keyId;
}

/** A new master key, in base64. */
export function newMasterKey(): string {
  return randomBytes(KEY_BYTES).toString("base64");
}

/**
 * The keys of a key file, one a line, the current one first. Makes the file, readable for its owner alone, where there is
 * none. Throws UserError where others may read it.
 */
export function readKeyFile(path: string): string[] {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${newMasterKey()}\n`, { mode: 0o600, flag: "wx" });
  } catch (cause) {
    if (!isCode(cause, "EEXIST")) throw unreadable(path, cause);
  }
  try {
    if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0) {
      throw new UserError(
        "secret.key_file_open",
        `The key file ${path} can be read by others: type  chmod 600 ${path}`,
      );
    }
    const keys = readFileSync(path, "utf8").split(/\s+/).filter(Boolean);
    if (keys.length === 0) throw badKey(path, "is empty");
    return keys;
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw unreadable(path, cause);
  }
}

/** Writes the keys, the current one first, in one step: a crash leaves the old file or the new one. */
export function writeKeyFile(path: string, keys: readonly string[]): void {
  const part = `${path}.${process.pid}.part`;
  writeFileSync(part, `${keys.join("\n")}\n`, { mode: 0o600 });
  chmodSync(part, 0o600);
  renameSync(part, path);
}

function encrypt(key: Buffer, data: Buffer, place: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(Buffer.from(place, "utf8"));
  return Buffer.concat([nonce, cipher.update(data), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, sealed: Buffer, place: string): Buffer {
  try {
    const cipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    cipher.setAAD(Buffer.from(place, "utf8"));
    cipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([cipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), cipher.final()]);
  } catch {
    throw damaged();
  }
}

function partsOf(sealed: string): { keyId: string; wrapped: Buffer; data: Buffer } {
  const [format, keyId = "", wrapped = "", data = "", ...more] = sealed.split(".");
  if (format !== FORMAT || data === "" || more.length > 0) throw damaged();
  return {
    keyId,
    wrapped: Buffer.from(wrapped, "base64url"),
    data: Buffer.from(data, "base64url"),
  };
}

function damaged(): UserError {
  return new UserError(
    "secret.damaged",
    "A stored secret is damaged or stands in the wrong place: enter it again, or restore the last backup.",
  );
}

function keyOf(text: string): Buffer | null {
  const key = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? "hex" : "base64");
  return key.length === KEY_BYTES ? key : null;
}

function idOf(key: Buffer): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 12);
}

function base64(bytes: Buffer): string {
  return bytes.toString("base64url");
}

function badKey(from: string, why: string): UserError {
  return new UserError(
    "secret.bad_key",
    `${from} ${why}: make a key with  openssl rand -base64 32`,
  );
}

function unreadable(path: string, cause: unknown): UserError {
  const why = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
  return new UserError(
    "secret.key_file_unreadable",
    `Cannot read or make the key file ${path} (${why}): choose another with SINGURA_MASTER_KEY_FILE, or mend its folder's rights.`,
  );
}

function isCode(cause: unknown, code: string): boolean {
  return cause instanceof Error && "code" in cause && cause.code === code;
}
