/** Every command, one line each, in the order of the help page. */

import type { CliCommand } from "#cli/app.ts";
import { assessCommand } from "./assess.ts";
import { backupCommand } from "./backup.ts";
import { catalogCommand } from "./catalog.ts";
import { completionCommand } from "./completion.ts";
import { detectorsCommand } from "./detectors.ts";
import { doctorCommand } from "./doctor.ts";
import { evaluateCommand } from "./evaluate.ts";
import { explainCommand } from "./explain.ts";
import { formatsCommand } from "./formats.ts";
import { ingestCommand } from "./ingest.ts";
import { inventoryCommand } from "./inventory.ts";
import { keysCommand } from "./keys.ts";
import { migrateCommand } from "./migrate.ts";
import { orgsCommand } from "./orgs.ts";
import { restoreCommand } from "./restore.ts";
import { rotateKeyCommand } from "./rotate-key.ts";
import { rulesCommand } from "./rules.ts";
import { sampleCommand } from "./sample.ts";
import { scanCommand } from "./scan.ts";
import { serveCommand } from "./serve.ts";
import { simulateCommand } from "./simulate.ts";

export const commands: readonly CliCommand[] = [
  scanCommand,
  inventoryCommand,
  explainCommand,
  evaluateCommand,
  detectorsCommand,
  rulesCommand,
  catalogCommand,
  formatsCommand,
  sampleCommand,
  simulateCommand,
  serveCommand,
  keysCommand,
  orgsCommand,
  ingestCommand,
  assessCommand,
  migrateCommand,
  doctorCommand,
  backupCommand,
  restoreCommand,
  rotateKeyCommand,
  completionCommand,
];
