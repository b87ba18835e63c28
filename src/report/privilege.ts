/** Words for what an automation could damage and for what it does not need. */

import type { ReportAutomation } from "#contract/report.ts";
import { shortScope } from "./reach.ts";
import { counted, dayText, listed } from "./words.ts";

const SHOWN_MAX = 6;

/** `Mail and files of everybody in the tenant`; null where nothing of weight is in reach. */
export function blastText({ blastRadius }: ReportAutomation): string | null {
  if (blastRadius === undefined || blastRadius.reach === "none") return null;
  const { reach, people, data } = blastRadius;
  const whose =
    reach === "everybody"
      ? "everybody in the tenant"
      : reach === "people"
        ? counted(people ?? 0, "person", "people")
        : "people whom the records do not name";
  const what = listed(data);
  return `${what.slice(0, 1).toUpperCase()}${what.slice(1)} of ${whose}`;
}

/** One line for what it holds in vain, one for what would do, one for what came on top. */
export function privilegeTexts({ privilege }: ReportAutomation): string[] {
  if (privilege === undefined) return [];
  const { unused, narrower, addedSince, approvedAt } = privilege;
  const texts: string[] = [];
  const days = Math.min(...unused.map((one) => one.days));
  if (unused.length > 0) {
    texts.push(
      `Not used in ${counted(days, "day")} of logs that would show it: ${scopeList(unused.map(({ scope }) => scope))}. Take it back.`,
    );
  }
  for (const { scope, instead } of narrower.slice(0, SHOWN_MAX)) {
    texts.push(`By what was seen, ${shortScope(instead)} may do instead of ${shortScope(scope)}.`);
  }
  if (addedSince.length > 0 && approvedAt !== null) {
    texts.push(`Not part of the first grant on ${dayText(approvedAt)}: ${scopeList(addedSince)}.`);
  }
  return texts;
}

function scopeList(scopes: readonly string[]): string {
  const shown = scopes.slice(0, SHOWN_MAX).map(shortScope).join(", ");
  return scopes.length > SHOWN_MAX ? `${shown} and ${scopes.length - SHOWN_MAX} more` : shown;
}
