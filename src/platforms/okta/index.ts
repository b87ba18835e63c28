/** Okta: the System Log, and lists of apps, tokens, grants, roles, hooks and people. */

import type { PlatformAdapter } from "#platforms/platform.ts";
import { inventory } from "./inventory.ts";
import { detect, normalize } from "./normalize.ts";
import { services } from "./services.ts";

export const okta: PlatformAdapter = {
  id: "okta",
  title: "Okta",
  services,
  detect,
  normalize,
  inventory,
};
