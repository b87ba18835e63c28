/** Which settings guard what, by the words that vendors use for them: shared by detectors that look at loosened protections. */

import type { View } from "#engine/detectors/detector.ts";
import { succeeded } from "#engine/detectors/trust.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

/** Words of settings that decide which programs get in, and by whose word. */
export const ABOUT_APPS =
  /app(s|lication|roval)?\b|_app|app_|oauth|consent|marketplace|white_?list|allow_?list|third.?party|api.?(access|client)|integration|extension|connector|mcp|permissiongrant|personal_access_token|trusted/i;

/** Words of settings after which any app gets in, by anybody's word. */
export const EVERY_APP =
  /unblock_all|allow_all|any_app|white_?list_enabled|disable_oauth_app_restrictions|permissiongrantpolic|user.?consent|marketplace/i;

/** Words of settings that keep intruders out or data in. */
export const ABOUT_SAFETY =
  /conditional.?access|mfa|2sv|two.?(factor|step)|strong.?auth|saml|sso|dlp|security.?default|protect|scanning|ip_(allow|restrict)|barrier|ekm|without_asking|auto_mode|always_allow|shar(ing|e)/i;

/** Whether a change made it easier for apps to get in. */
export function letsAppsIn({ action, change }: TimelineEntry): boolean {
  const words = `${action} ${change.detail ?? ""}`;
  return change.kind === "policy_relaxed" && (EVERY_APP.test(words) || ABOUT_APPS.test(words));
}

/** Whether somebody made it easier for apps to get in, at most so many days before an act of his and not after it. */
export function hadLoosened(view: View, { actor, day, at }: TimelineEntry, days: number): boolean {
  const own = view.org.activity(view.platform, actor.id)?.timeline ?? [];
  return own.some(
    (entry) =>
      letsAppsIn(entry) &&
      succeeded(entry) &&
      entry.day >= day - days &&
      (entry.at ?? 0) <= (at ?? 0),
  );
}
