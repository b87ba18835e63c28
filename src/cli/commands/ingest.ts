/** `singura ingest FILES…`: stores exported logs and lists in the database, and judges the organization. */

import type { CliCommand, Deps } from "#cli/app.ts";
import { withStore } from "#cli/database.ts";
import { organizationNamed } from "#cli/organization.ts";
import { progressBar } from "#cli/progress.ts";
import type { UploadCounts } from "#jobs/collect/count.ts";
import { receive } from "#jobs/collect/receive.ts";
import { collect } from "#jobs/collect.ts";
import { EXIT, UserError } from "#kit/error.ts";
import { listFiles, type Source } from "#kit/reading/sources.ts";
import { UnreadableSource } from "#kit/reading/unreadable.ts";
import { plain } from "#report/safe.ts";
import type { Store } from "#store/db.ts";
import * as quarantine from "#store/quarantine.ts";
import * as uploads from "#store/uploads.ts";
import { assessAndSay } from "./assess.ts";

interface IngestArguments {
  org: string;
  assess: boolean;
}

export const ingestCommand: CliCommand = {
  name: "ingest",
  declare(program, deps, done) {
    program
      .command("ingest")
      .description("store exported logs and lists in the database, and judge the organization")
      .argument("<files...>", "files, folders, archives (.gz .zst .zip), or - for standard input")
      .requiredOption("--org <name>", "the organization: its slug, id or name")
      .option("--no-assess", "only store; judge later with `singura assess`")
      .addHelpText(
        "after",
        `
Every event is stored once, however often and in however many files it comes. Interrupted at any point, the same command
goes on where it was. What cannot be read is listed in the quarantine of its upload, with line and reason.
DATABASE_URL names the database; without it, it is the embedded one.

Examples:
  singura orgs create Acme && singura ingest exports/ --org acme
  zcat audit.gz | singura ingest - --org acme --no-assess`,
      )
      .action((files: string[], options: IngestArguments) =>
        done(
          withStore(deps, async (store) => {
            const { id: orgId } = await organizationNamed(store, options.org);
            const sources = await listFiles(files);
            if (sources.length === 0) {
              throw new UserError(
                "input.empty",
                `There is no file in ${files.join(", ")}: name the folder that holds the exports.`,
                EXIT.noInput,
              );
            }
            const total = await ingest(store, orgId, sources, deps);
            deps.err(sentence(total));
            if (options.assess) await assessAndSay(store, orgId, deps);
            return total.records > 0 && total.records === total.quarantined
              ? EXIT.noInput
              : EXIT.ok;
          }),
        ),
      );
  },
};

interface Total extends UploadCounts {
  /** Files of which nothing could be read. */
  unreadable: number;
}

async function ingest(
  store: Store,
  orgId: string,
  sources: readonly Source[],
  deps: Deps,
): Promise<Total> {
  const bar = progressBar(deps);
  const total: Total = { ...NOTHING };
  const bytesTotal = sources.reduce((sum, { size }) => sum + size, 0);
  let bytesBefore = 0;
  async function collectOne(uploadId: string, path: string): Promise<void> {
    const counts = await collect.run(
      {
        store,
        clock: deps.clock,
        onProgress: ({ bytesRead, events }) =>
          bar.show({
            bytesRead: bytesBefore + bytesRead,
            bytesTotal,
            events: total.events + events,
            path,
          }),
      },
      { orgId, uploadId },
    );
    for (const kind of COUNTED) total[kind] += counts[kind];
    if (counts.quarantined > 0) {
      bar.clear();
      deps.err(`${plain(path)}: ${await unread(store, orgId, uploadId, counts)}\n`);
    }
  }
  try {
    // What an interrupted command had taken in is finished first.
    for (const upload of await store.inOrg(orgId, (tx) => uploads.waiting(tx, orgId))) {
      await collectOne(upload.id, upload.name);
    }
    for (const { path, size, open } of sources) {
      try {
        const sent = { name: path, key: null, bytes: open(() => {}) };
        const { uploadId } = await receive({ store, clock: deps.clock }, orgId, sent);
        await collectOne(uploadId, path);
      } catch (cause) {
        if (!(cause instanceof UnreadableSource)) throw cause;
        bar.clear();
        deps.err(`${plain(path)}: ${cause.message}\n`);
        total.unreadable++;
      }
      bytesBefore += size;
    }
  } finally {
    bar.clear();
  }
  if (total.unreadable === sources.length) {
    throw new UserError("input.unreadable", "Not one file could be read.", EXIT.noInput);
  }
  return total;
}

/** The first that could not be read, as an example of the others. */
async function unread(
  store: Store,
  orgId: string,
  uploadId: string,
  { quarantined }: UploadCounts,
): Promise<string> {
  const { rows } = await store.inOrg(orgId, (tx) =>
    quarantine.list(tx, orgId, uploadId, { limit: 1 }),
  );
  const [first] = rows;
  const example = first === undefined ? "" : `; line ${first.line}: ${plain(first.reason)}`;
  return `${quarantined} records could not be read${example}`;
}

function sentence({ records, events, duplicates, inventory, quarantined }: Total): string {
  return `Stored ${records} records: ${events} new events, ${duplicates} seen before, ${inventory} rows of lists, ${quarantined} that could not be read\n`;
}

const COUNTED = ["records", "events", "duplicates", "inventory", "quarantined"] as const;
const NOTHING: Total = {
  records: 0,
  events: 0,
  duplicates: 0,
  inventory: 0,
  quarantined: 0,
  unreadable: 0,
};
