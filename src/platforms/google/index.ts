/** Google Workspace: every Reports API log in three containers, alerts, script runs, and the Directory's lists. */

import type { PlatformAdapter } from "#platforms/platform.ts";
import { inventory } from "./inventory.ts";
import { detect, normalize } from "./normalize.ts";
import { services } from "./services.ts";

export const google: PlatformAdapter = {
  id: "google",
  title: "Google Workspace",
  services,
  detect,
  normalize,
  inventory,
};
