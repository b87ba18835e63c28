/** OpenAI: the audit log of an API organization, and its keys, service accounts, projects and members. */

import type { PlatformAdapter } from "#platforms/platform.ts";
import { inventory } from "./inventory.ts";
import { detect, normalize } from "./normalize.ts";
import { services } from "./services.ts";

export const openai: PlatformAdapter = {
  id: "openai",
  title: "OpenAI",
  services,
  detect,
  normalize,
  inventory,
};
