/** `singura assess --org NAME`: judges all that is known of an organization. */

import type { CliCommand, Deps } from "#cli/app.ts";
import { withStore } from "#cli/database.ts";
import { organizationNamed } from "#cli/organization.ts";
import { assess } from "#jobs/assess.ts";
import { EXIT } from "#kit/error.ts";
import type { Store } from "#store/db.ts";

export const assessCommand: CliCommand = {
  name: "assess",
  declare(program, deps, done) {
    program
      .command("assess")
      .description("judge all that an organization's records say, and store what is found")
      .requiredOption("--org <name>", "the organization: its slug, id or name")
      .option("--json", "print what changed as JSON, with ids")
      .addHelpText(
        "after",
        `
What is no longer claimed is marked as superseded; what people said of findings and automations stays. Where nothing
changed, nothing is written.

Examples:
  singura assess --org acme
  singura assess --org acme --json | jq '.findings.made'`,
      )
      .action(({ org, json }: { org: string; json?: boolean }) =>
        done(
          withStore(deps, async (store) => {
            const { id } = await organizationNamed(store, org);
            await assessAndSay(store, id, deps, json === true);
            return EXIT.ok;
          }),
        ),
      );
  },
};

/** Assesses, and prints what changed. */
export async function assessAndSay(
  store: Store,
  orgId: string,
  deps: Pick<Deps, "clock" | "out">,
  isJson = false,
): Promise<void> {
  const changes = await assess.run({ store, clock: deps.clock }, { orgId });
  if (isJson) {
    await deps.out(`${JSON.stringify(changes)}\n`);
    return;
  }
  const { automations, findings } = changes;
  await deps.out(
    `Automations: ${automations.made.length} new, ${automations.changed.length} changed, ${automations.removed.length} gone\n` +
      `Findings: ${findings.made.length} new, ${findings.changed.length} changed, ${findings.superseded.length} no longer so\n`,
  );
}
