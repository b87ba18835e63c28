/** `singura serve`: the server, on a database of its own or any other, until it is told to stop. */

import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { InvalidArgumentError } from "commander";
import { type ApiServer, createServer } from "#api/server.ts";
import type { CliCommand, Deps } from "#cli/app.ts";
import { workInProcess } from "#jobs/work/in-process.ts";
import { kindsOf } from "#jobs/work/kinds.ts";
import { type Config, readConfig } from "#kit/config.ts";
import { EXIT, UserError } from "#kit/error.ts";
import { createLog, type Log } from "#kit/log.ts";
import { openStore } from "#store/db.ts";
import { openDatabase } from "#store/open.ts";

/** Requests and runs that are still at work after this are cut off. An upload under an idempotency key goes on elsewhere. */
const CLOSE_MS = 20_000;

export const serveCommand: CliCommand = {
  name: "serve",
  declare(program, deps, done) {
    program
      .command("serve")
      .description(
        "the server: takes exports over HTTP, reads and judges them, and answers questions",
      )
      .option("--host <address>", "where it listens (HOST; 127.0.0.1)")
      .option("--port <number>", "on which port (PORT; 4200); 0 takes a free one", parsePort)
      .addHelpText(
        "after",
        `
Without DATABASE_URL it starts a PostgreSQL of its own under .singura, and makes or updates its tables. With one,
singura migrate  does that. It has no TLS of its own: leave it at 127.0.0.1, or put a proxy before it.
SIGTERM and SIGINT let it finish what it was asked.

Examples:
  singura serve
  singura serve --host 0.0.0.0 --port 8080
  DATABASE_URL=postgres://user:secret@db/singura singura serve`,
      )
      .action((options: { host?: string; port?: number }) => done(serve(deps, options)));
  },
};

async function serve(
  deps: Deps,
  { host, port }: { host?: string; port?: number },
): Promise<number> {
  const config = readConfig(deps.env);
  const log = createLog(config, { write: deps.err });
  const stopping = untilStopped();
  const database = await openDatabase(config);
  try {
    const store = await openStore({
      ...config.database,
      url: database.url,
      ownerUrl: database.ownerUrl,
      log,
      clock: deps.clock,
      shouldMigrate: database.kind === "embedded",
    });
    try {
      const { clock, version } = deps;
      const shared = { store, log, clock, newId: randomUUID };
      const worker = workInProcess({ ...shared, kinds: kindsOf(shared) });
      try {
        const server = await createServer({ ...shared, version, wake: worker.wake });
        const at = { host: host ?? config.host, port: port ?? config.port };
        await deps.out(`Singura listens on ${await listen(server, at)}\n`);
        const signal = await stopping;
        log.info({ signal }, "shutting down");
        await close(server, log);
      } finally {
        // A run that is cut off goes on where it was, once its lease is over.
        await Promise.race([worker.stop(), sleep(CLOSE_MS, undefined, { ref: false })]);
      }
    } finally {
      await store.close();
    }
  } finally {
    await database.stop();
  }
  log.info("shut down");
  return EXIT.ok;
}

async function listen(
  { app }: ApiServer,
  { host, port }: Pick<Config, "host" | "port">,
): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    const cures: Readonly<Record<string, string>> = {
      EADDRINUSE: "Another program listens there: stop it, or choose another port by --port.",
      EACCES: "Ports below 1024 are for root: choose another by --port.",
      EADDRNOTAVAIL: "This machine has no such address: correct --host.",
      ENOTFOUND: "There is no such name: correct --host.",
    };
    const cure = cures[code];
    if (cure === undefined) throw cause;
    throw new UserError(
      "serve.no_port",
      `Cannot listen on ${host}:${port}. ${cure}`,
      EXIT.unavailable,
    );
  }
}

/** Takes nothing new, and finishes what was asked before. */
async function close(server: ApiServer, log: Log): Promise<void> {
  server.drain();
  const giveUp = new AbortController();
  const closed = server.app.close().finally(() => giveUp.abort());
  await sleep(CLOSE_MS, undefined, { signal: giveUp.signal }).then(
    () => {
      log.warn("requests that did not end are cut off");
      server.app.server.closeAllConnections();
    },
    () => undefined,
  );
  await closed;
}

/** The first signal to stop, also one that comes while it starts. The second one ends the process at once. */
function untilStopped(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, resolve);
  });
}

function parsePort(written: string): number {
  const port = Number(written);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError("Give a whole number from 0 to 65535.");
}
