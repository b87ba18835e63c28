/** GitHub: audit logs of organizations and enterprises, webhook deliveries, and lists of apps, tokens, keys and workflows. */

import type { PlatformAdapter } from "#platforms/platform.ts";
import { inventory } from "./inventory.ts";
import { detect, normalize } from "./normalize.ts";
import { services } from "./services.ts";

export const github: PlatformAdapter = {
  id: "github",
  title: "GitHub",
  services,
  detect,
  normalize,
  inventory,
};
