/** `singura orgs create|list`: the organizations whose records are kept apart in one database. */

import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import type { CliCommand, Deps } from "#cli/app.ts";
import { withStore } from "#cli/database.ts";
import { parseTimeZone } from "#cli/reading.ts";
import { EXIT, UserError } from "#kit/error.ts";
import { plain } from "#report/safe.ts";
import * as organizations from "#store/organizations.ts";

export const orgsCommand: CliCommand = {
  name: "orgs",
  declare(program, deps, done) {
    const orgs = program
      .command("orgs")
      .description("make and list the organizations in the database")
      .addHelpText(
        "after",
        `
Examples:
  singura orgs create "Acme Inc." --time-zone Europe/Berlin
  singura orgs list --json`,
      );
    declareCreate(orgs, deps, done);
    declareList(orgs, deps, done);
  },
};

type Done = Parameters<CliCommand["declare"]>[2];

function declareCreate(orgs: Command, deps: Deps, done: Done): void {
  orgs
    .command("create")
    .description("make an organization, and print its id")
    .argument("<name>", "what people call it")
    .option("--slug <slug>", "its name in addresses and commands (default: made from the name)")
    .option(
      "--time-zone <name>",
      "the zone in which it works, for office hours (default: UTC)",
      parseTimeZone,
    )
    .addHelpText(
      "after",
      `
Examples:
  singura orgs create Acme
  ORG=$(singura orgs create "Acme Inc." --slug acme --time-zone America/New_York)`,
    )
    .action((name: string, { slug, timeZone }: { slug?: string; timeZone?: string }) =>
      done(
        withStore(deps, async (store) => {
          const id = randomUUID();
          const made = await store.acrossOrgs(async (tx) => {
            const row = { id, name, slug: checked(slug ?? slugOf(name)), now: deps.clock() };
            return organizations.create(tx, row);
          });
          if (made === undefined) {
            throw new UserError(
              "organization.taken",
              `There is an organization with the slug ${slug ?? slugOf(name)} already: choose another with --slug.`,
            );
          }
          if (timeZone !== undefined) {
            const settings = JSON.stringify({ timeZone });
            await store.inOrg(id, (tx) => organizations.saveSettings(tx, id, settings));
          }
          await deps.out(`${id}\n`);
          return EXIT.ok;
        }),
      ),
    );
}

function declareList(orgs: Command, deps: Deps, done: Done): void {
  orgs
    .command("list")
    .description("list the organizations: id, slug and name")
    .option("--json", "as JSON, one organization a line")
    .addHelpText(
      "after",
      `
Examples:
  singura orgs list
  singura orgs list --json | jq -r .id`,
    )
    .action(({ json }: { json?: boolean }) =>
      done(
        withStore(deps, async (store) => {
          let after: string | null = null;
          do {
            const page: Awaited<ReturnType<typeof organizations.list>> = await store.acrossOrgs(
              (tx) => organizations.list(tx, { after, limit: 500 }),
            );
            for (const { id, slug, name } of page.rows) {
              await deps.out(
                json
                  ? `${JSON.stringify({ id, slug, name })}\n`
                  : `${id}  ${slug}  ${plain(name)}\n`,
              );
            }
            after = page.next;
          } while (after !== null);
          return EXIT.ok;
        }),
      ),
    );
}

/** `Acme Inc.` is `acme-inc`. */
function slugOf(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 63);
}

function checked(slug: string): string {
  if (/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(slug)) return slug;
  throw new UserError(
    "organization.slug",
    "A slug has 1 to 63 small letters, digits and hyphens: choose one with --slug.",
  );
}
