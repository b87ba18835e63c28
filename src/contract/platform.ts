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

/** What people call each platform. */
export const PLATFORM_TITLES: Readonly<Record<Platform, string>> = {
  slack: "Slack",
  google: "Google Workspace",
  microsoft: "Microsoft 365",
  github: "GitHub",
  okta: "Okta",
  anthropic: "Anthropic",
  openai: "OpenAI",
  salesforce: "Salesforce",
};
