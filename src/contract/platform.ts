/** The platforms that Singura watches. */

import { z } from "zod";

export const Platform = z.enum([
  "slack",
  "google",
  "microsoft",
  "github",
  "okta",
  "anthropic",
  "openai",
  "salesforce",
]);
export type Platform = z.infer<typeof Platform>;
