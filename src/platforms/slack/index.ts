/** Slack: audit logs of an Enterprise organization, integration logs and app lists of any workspace. */

import type { PlatformAdapter } from "#platforms/platform.ts";
import { inventory } from "./inventory.ts";
import { detect, normalize } from "./normalize.ts";
import { services } from "./services.ts";

export const slack: PlatformAdapter = {
  id: "slack",
  title: "Slack",
  services,
  detect,
  normalize,
  inventory,
};
