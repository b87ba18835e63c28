/** The list of platforms, and which of them a record belongs to. */

import type { Raw } from "#base/raw.ts";
import { anthropic } from "./anthropic/index.ts";
import { github } from "./github/index.ts";
import { google } from "./google/index.ts";
import { microsoft } from "./microsoft/index.ts";
import { okta } from "./okta/index.ts";
import { openai } from "./openai/index.ts";
import type { PlatformAdapter } from "./platform.ts";
import { salesforce } from "./salesforce/index.ts";
import { slack } from "./slack/index.ts";

/** Every platform that we read, one line each. */
export const platforms: readonly PlatformAdapter[] = [
  slack,
  google,
  microsoft,
  github,
  okta,
  anthropic,
  openai,
  salesforce,
];

/** A record's platform and service. */
export interface Recognised {
  platform: PlatformAdapter;
  service: string;
  holds: "events" | "state";
}

const stateServices = new Set(
  platforms.flatMap((platform) =>
    platform.services.filter(({ holds }) => holds === "state").map(({ id }) => id),
  ),
);

/** Which platform and service a record belongs to, by content alone; null when none knows it. */
export function recognise(raw: Raw, key: string | null): Recognised | null {
  for (const platform of platforms) {
    const service = platform.detect(raw, key);
    if (service !== null) {
      return { platform, service, holds: stateServices.has(service) ? "state" : "events" };
    }
  }
  return null;
}
