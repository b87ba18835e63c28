/** Microsoft: the unified audit log, Entra, Graph, Azure, Intune and Defender logs, and Graph's app inventory. */

import type { PlatformAdapter } from "#platforms/platform.ts";
import { inventory } from "./inventory.ts";
import { detect, normalize } from "./normalize.ts";
import { services } from "./services.ts";

export const microsoft: PlatformAdapter = {
  id: "microsoft",
  title: "Microsoft 365 and Entra",
  services,
  detect,
  normalize,
  inventory,
};
