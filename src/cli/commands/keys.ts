/** `singura keys …`: makes, lists and revokes the API keys of an organization. */

import { randomUUID } from "node:crypto";
import { type Command, InvalidArgumentError } from "commander";
import { DAY_MS } from "#base/time.ts";
import type { CliCommand, Deps } from "#cli/app.ts";
import { withStore } from "#cli/database.ts";
import { Scope } from "#contract/api/common.ts";
import { EXIT, UserError } from "#kit/error.ts";
import { plain } from "#report/safe.ts";
import * as apiKeys from "#store/api-keys.ts";
import type { Store } from "#store/db.ts";
import * as organizations from "#store/organizations.ts";

type Done = Parameters<CliCommand["declare"]>[2];

const DAYS_MAX = 3_650;

export const keysCommand: CliCommand = {
  name: "keys",
  declare(program, deps, done) {
    const group = program
      .command("keys")
      .description("API keys of an organization")
      .addHelpText(
        "after",
        `
A key is sent as  Authorization: Bearer KEY  and may do what its scopes say: all, or some of
${Scope.options.join(", ")}.

Examples:
  KEY=$(singura keys create --org acme --name siem --scopes findings:read,automations:read)
  singura keys create --org acme --name uploader --scopes ingest:write,runs:read --days 90
  singura keys list --org acme
  singura keys revoke --org acme 0b0e9a52-3f0b-4a39-9d7a-0d4a5a1f6c1e`,
      );
    declareCreate(group, deps, done);
    declareList(group, deps, done);
    declareRevoke(group, deps, done);
  },
};

function declareCreate(group: Command, deps: Deps, done: Done): void {
  group
    .command("create")
    .description("make a key and print it, this once: it is kept nowhere")
    .requiredOption("--org <name>", "id, slug or name of the organization")
    .requiredOption("--scopes <list>", "what it may do, with commas between, or all", parseScopes)
    .option("--name <text>", "what it is for", "unnamed")
    .option("--days <number>", "how long it is in force, or forever", parseDays, 365)
    .action((options: { org: string; scopes: Scope[]; name: string; days: number | null }) =>
      done(
        withStore(deps, async (store) => {
          const orgId = await organizationId(store, options.org);
          const now = deps.clock();
          const id = randomUUID();
          const expiresAt = options.days === null ? null : now + options.days * DAY_MS;
          const { name, scopes } = options;
          const key = await store.inOrg(orgId, (tx) =>
            apiKeys.create(tx, orgId, { id, name, scopes, createdBy: null, expiresAt, now }),
          );
          await deps.out(`${key}\n`);
          deps.err(`key ${id}, in force until ${until(expiresAt)}\n`);
          return EXIT.ok;
        }),
      ),
    );
}

function declareList(group: Command, deps: Deps, done: Done): void {
  group
    .command("list")
    .description("all keys, one a line, with tabs between: id, state, end, last use, scopes, name")
    .requiredOption("--org <name>", "id, slug or name of the organization")
    .action((options: { org: string }) =>
      done(
        withStore(deps, async (store) => {
          const orgId = await organizationId(store, options.org);
          let after: string | null = null;
          do {
            const page: Awaited<ReturnType<typeof apiKeys.list>> = await store.inOrg(orgId, (tx) =>
              apiKeys.list(tx, orgId, { after, limit: 500 }),
            );
            for (const key of page.rows) await deps.out(`${lineOf(key, deps.clock())}\n`);
            after = page.next;
          } while (after !== null);
          return EXIT.ok;
        }),
      ),
    );
}

function declareRevoke(group: Command, deps: Deps, done: Done): void {
  group
    .command("revoke <id>")
    .description("take a key out of force, at once and for good")
    .requiredOption("--org <name>", "id, slug or name of the organization")
    .action((id: string, options: { org: string }) =>
      done(
        withStore(deps, async (store) => {
          const orgId = await organizationId(store, options.org);
          if (!(await store.inOrg(orgId, (tx) => apiKeys.revoke(tx, orgId, id, deps.clock())))) {
            throw new UserError(
              "keys.none",
              `${options.org} has no key ${id} in force: singura keys list --org ${options.org}  shows them.`,
            );
          }
          await deps.out(`revoked ${id}\n`);
          return EXIT.ok;
        }),
      ),
    );
}

async function organizationId(store: Store, written: string): Promise<string> {
  const found = await store.acrossOrgs((tx) => organizations.find(tx, written));
  if (found !== undefined) return found.id;
  throw new UserError(
    "orgs.none",
    `There is no organization ${written}, or more than one of that name: give its slug or id.`,
  );
}

function lineOf(key: apiKeys.ApiKey, now: number): string {
  const isOver = key.expires_at !== null && key.expires_at <= now;
  const state = key.revoked_at !== null ? "revoked" : isOver ? "expired" : "in force";
  const used = key.last_used_at === null ? "never used" : new Date(key.last_used_at).toISOString();
  return [key.id, state, until(key.expires_at), used, key.scopes.join(","), plain(key.name)].join(
    "\t",
  );
}

function until(expiresAt: number | null): string {
  return expiresAt === null ? "forever" : new Date(expiresAt).toISOString();
}

function parseScopes(written: string): Scope[] {
  if (written.trim() === "all") return [...Scope.options];
  return written.split(",").map((part) => {
    const scope = Scope.safeParse(part.trim());
    if (scope.success) return scope.data;
    throw new InvalidArgumentError(`Choose from ${Scope.options.join(", ")}, or write all.`);
  });
}

function parseDays(written: string): number | null {
  if (written === "forever") return null;
  const days = Number(written);
  if (Number.isInteger(days) && days >= 1 && days <= DAYS_MAX) return days;
  throw new InvalidArgumentError(`Give a whole number from 1 to ${DAYS_MAX}, or forever.`);
}
