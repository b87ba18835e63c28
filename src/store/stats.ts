/** Counts for the dashboard, kept by the database with every change of automations and findings. */

import type { Tx } from "./db.ts";

/** Counts by dimension and value: `counts.platform.slack`. The dimension `all` has the one value "". */
export type Counts = Record<string, Record<string, number>>;

/** Automations by platform, kind, level, classification, state and AI; or findings in force by severity, attack type, platform, status and detector. */
export async function overview(
  tx: Tx,
  orgId: string,
  about: "automations" | "findings",
): Promise<Counts> {
  const rows = await tx
    .selectFrom("stats")
    .select(["dimension", "value", "count"])
    .where("org_id", "=", orgId)
    .where("about", "=", about)
    .where("count", "!=", 0)
    .orderBy("dimension")
    .orderBy("value")
    .execute();
  const counts: Counts = {};
  for (const { dimension, value, count } of rows) {
    const of = counts[dimension] ?? {};
    of[value] = count;
    counts[dimension] = of;
  }
  return counts;
}

/** Findings made a day, by severity (0 to 4), over days since 1970 (both ends in); days without any are left out. */
export async function trend(
  tx: Tx,
  orgId: string,
  fromDay: number,
  toDay: number,
): Promise<{ readonly day: number; readonly severity: number; readonly count: number }[]> {
  const key = (day: number) => String(Math.max(day, 0)).padStart(6, "0");
  const rows = await tx
    .selectFrom("stats")
    .select(["dimension", "value", "count"])
    .where("org_id", "=", orgId)
    .where("about", "=", "trend")
    .where("value", ">=", key(fromDay))
    .where("value", "<=", key(toDay))
    .where("count", "!=", 0)
    .orderBy("value")
    .orderBy("dimension")
    .execute();
  return rows.map(({ dimension, value, count }) => ({
    day: Number(value),
    severity: Number(dimension),
    count,
  }));
}
