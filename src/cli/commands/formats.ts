/** `singura formats`: every log and state export that is understood, where to get it, and an example of each. */

import type { CliCommand } from "#cli/app.ts";
import { Platform } from "#contract/platform.ts";
import { EXIT, UserError } from "#kit/error.ts";
import { platforms } from "#platforms/index.ts";
import type { PlatformAdapter, Service } from "#platforms/platform.ts";

export const formatsCommand: CliCommand = {
  name: "formats",
  declare(program, deps, done) {
    program
      .command("formats")
      .description("what can be read, where to get it, with an example each")
      .argument("[name]", "a platform or a service")
      .option("--json", "print JSON")
      .addHelpText(
        "after",
        `
Examples:
  singura formats
  singura formats slack
  singura formats google:token`,
      )
      .action((name: string | undefined, options: { json?: boolean }) =>
        done(
          (async () => {
            const wanted = select(name);
            if (options.json === true)
              await deps.out(
                `${JSON.stringify(
                  wanted.flatMap(({ services }) => services),
                  null,
                  2,
                )}\n`,
              );
            else
              await deps.out(name === undefined ? overview(wanted) : wanted.map(inFull).join("\n"));
            return EXIT.ok;
          })(),
        ),
      );
  },
};

interface Selection {
  platform: PlatformAdapter;
  services: readonly Service[];
}

function select(name: string | undefined): Selection[] {
  const all = platforms.map((platform) => ({ platform, services: platform.services }));
  if (name === undefined) return all;
  const found = all.flatMap(({ platform, services }): Selection[] => {
    if (platform.id === name) return [{ platform, services }];
    const some = services.filter(
      ({ id }) => id === name || (id.endsWith("*") && name.startsWith(id.slice(0, -1))),
    );
    return some.length === 0 ? [] : [{ platform, services: some }];
  });
  if (found.length > 0) return found;
  throw new UserError(
    "formats.unknown",
    `There is no platform or service ${name}: platforms are ${Platform.options.join(", ")}; singura formats lists all services.`,
  );
}

const CONTAINERS = `Containers: NDJSON (one record a line), a JSON list, the vendor's pages ({entries}, {items}, {value}, {logs} …),
CSV with a header row; each plain or packed as .gz, .zst or .zip; files, folders or standard input. UTF-8 or UTF-16.
Everything is recognised by content; names of files do not matter.
`;

function overview(selection: readonly Selection[]): string {
  const parts = selection.map(({ platform, services }) => {
    const rows = services.map(({ id, title }) => `  ${id.padEnd(46)} ${title}`);
    return `${platform.title}\n${rows.join("\n")}\n`;
  });
  return `${CONTAINERS}\n${parts.join("\n")}\nsingura formats <name> shows where to get each, with an example.\n`;
}

function inFull({ platform, services }: Selection): string {
  const parts = services.map(({ id, title, holds, from, example }) => {
    const what = holds === "events" ? "audit events" : "state export";
    return `${id}\n  ${title} (${what})\n  from: ${from}\n  example: ${JSON.stringify(example)}\n`;
  });
  return `${platform.title}\n\n${parts.join("\n")}`;
}
