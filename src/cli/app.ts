/** The composition root: fills Deps once, and turns arguments into one command's work and one exit code. */

import { randomInt } from "node:crypto";
import { availableParallelism } from "node:os";
import { Command, CommanderError } from "commander";
import { EXIT, UserError } from "#kit/error.ts";
import manifest from "#manifest" with { type: "json" };
import { plain } from "#report/safe.ts";
import { commands } from "./commands/index.ts";

/** The world as commands see it. Tests fill it with their own. */
export interface Deps {
  /** Writes to standard output; resolves when the reader has room for more. */
  readonly out: (text: string) => Promise<void>;
  readonly err: (text: string) => void;
  readonly isOutTty: boolean;
  readonly isErrTty: boolean;
  /** Terminal columns of standard output. */
  readonly columns: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** An unpredictable unsigned 32-bit number. */
  readonly secretSeed: () => number;
  readonly cores: number;
  readonly version: string;
}

/** Deps of a real process. */
export function realDeps(): Deps {
  // A reader that leaves early (`| head`) is no error.
  process.stdout.on("error", (cause) => {
    if ("code" in cause && cause.code === "EPIPE") process.exit(EXIT.ok);
    throw cause;
  });
  return {
    out: (text) =>
      new Promise((resolve) => {
        if (process.stdout.write(text)) resolve();
        else process.stdout.once("drain", resolve);
      }),
    err: (text) => process.stderr.write(text),
    isOutTty: process.stdout.isTTY === true,
    isErrTty: process.stderr.isTTY === true,
    columns: process.stdout.columns ?? 100,
    env: process.env,
    clock: () => Date.now(),
    secretSeed: () => randomInt(2 ** 32),
    cores: availableParallelism(),
    version: manifest.version,
  };
}

/** What a command's action gives back: its exit code. */
export type Action = Promise<number>;

/** One command: it declares itself on the program and reports its exit code. */
export interface CliCommand {
  readonly name: string;
  declare(program: Command, deps: Deps, done: (action: Action) => Promise<void>): void;
}

/** From arguments (without node and script) to an exit code. Errors are printed here and nowhere else. */
export function createApp(deps: Deps): (args: readonly string[]) => Promise<number> {
  return async (args) => {
    let exitCode: number = EXIT.ok;
    const program = newProgram(deps);
    for (const command of commands) {
      command.declare(program, deps, async (action) => {
        exitCode = await action;
      });
    }
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return EXIT.usage;
    }
    try {
      await program.parseAsync([...args], { from: "user" });
      return exitCode;
    } catch (cause) {
      return explainFailure(cause, deps);
    }
  };
}

function newProgram(deps: Deps): Command {
  return new Command("singura")
    .description(
      "Finds every automation that can act in your SaaS, says who let each in and what it really does,\nand detects the malicious ones.",
    )
    .version(deps.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .showSuggestionAfterError(true)
    .showHelpAfterError("(singura --help shows how)")
    .configureOutput({
      writeOut: (text) => void deps.out(text),
      writeErr: (text) => deps.err(text),
      getOutHelpWidth: () => Math.min(deps.columns, 100),
      getErrHelpWidth: () => Math.min(deps.columns, 100),
    })
    .exitOverride()
    .addHelpText(
      "after",
      `
Examples:
  singura scan exports/                      inventory and findings of every export in a folder
  singura scan audit.ndjson.gz --format html --out report.html
  cat audit.json | singura scan - --fail-on high
  singura inventory exports/ --format csv    only the automations
  singura explain 3f9c --from report.json    one finding in full
  singura catalog lookup zapier
  singura formats slack                      what can be read, with an example each

Exit codes: 0 fine · 2 findings at or above --fail-on · 64 bad usage · 66 unreadable input · 73 cannot write · 1 our bug`,
    );
}

/** Says what went wrong in the user's words, or, where it is our bug, all that helps to mend it. */
function explainFailure(cause: unknown, deps: Deps): number {
  if (cause instanceof CommanderError) return cause.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (cause instanceof UserError) {
    // Names of files and of archive members stand in messages, and they are not ours.
    deps.err(`singura: ${plain(cause.message)}\n`);
    return cause.exitCode;
  }
  const detail = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  deps.err(
    `singura: a bug in Singura ${deps.version}, please report it with these lines:\n${detail}\n`,
  );
  return EXIT.bug;
}
