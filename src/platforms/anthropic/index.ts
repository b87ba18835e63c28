/** Anthropic: the activity feed of a Claude organization, and the Admin API's keys, members and workspaces. */

import type { PlatformAdapter } from "#platforms/platform.ts";
import { inventory } from "./inventory.ts";
import { detect, normalize } from "./normalize.ts";
import { services } from "./services.ts";

export const anthropic: PlatformAdapter = {
  id: "anthropic",
  title: "Anthropic",
  services,
  detect,
  normalize,
  inventory,
};
