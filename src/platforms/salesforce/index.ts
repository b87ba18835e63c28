/** Salesforce: event log files, real-time event monitoring, the setup audit trail, and connected apps with their tokens. */

import type { PlatformAdapter } from "#platforms/platform.ts";
import { inventory } from "./inventory.ts";
import { detect, normalize } from "./normalize.ts";
import { services } from "./services.ts";

export const salesforce: PlatformAdapter = {
  id: "salesforce",
  title: "Salesforce",
  services,
  detect,
  normalize,
  inventory,
};
