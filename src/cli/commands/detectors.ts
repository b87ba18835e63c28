/** `singura detectors [ID]`: every detector with its techniques, or one with its thresholds, ready for a settings file. */

import type { CliCommand } from "#cli/app.ts";
import { techniquesOf } from "#engine/detectors/detector.ts";
import { detectors } from "#engine/detectors/index.ts";
import { UserError } from "#kit/error.ts";

export const detectorsCommand: CliCommand = {
  name: "detectors",
  declare(program, deps, done) {
    program
      .command("detectors")
      .description("list the detectors, or show what can be set about one")
      .argument("[id]", "a detector's id")
      .addHelpText(
        "after",
        `
Examples:
  singura detectors                                  all, with the techniques that they look for
  singura detectors mass-download > settings.json    its thresholds as a settings file
  singura scan exports/ --settings settings.json`,
      )
      .action((id?: string) =>
        done(
          (async () => {
            await deps.out(id === undefined ? listed() : asSettings(id));
            return 0;
          })(),
        ),
      );
  },
};

function listed(): string {
  const width = Math.max(...detectors.map(({ id }) => id.length));
  const lines = detectors.map(
    (detector) =>
      `${detector.id.padEnd(width)}  ${detector.title} (${techniquesOf(detector).join(" ")})`,
  );
  return `${lines.join("\n")}\n`;
}

/** The defaults of one detector in the form in which a settings file overrides them. */
function asSettings(id: string): string {
  const found = detectors.find((detector) => detector.id === id);
  if (found === undefined) {
    throw new UserError(
      "detectors.unknown",
      `There is no detector ${id}: \`singura detectors\` lists all ${detectors.length}.`,
    );
  }
  const settings = { detectors: { [id]: { isEnabled: true, options: found.options } } };
  return `${JSON.stringify(settings, null, 2)}\n`;
}
