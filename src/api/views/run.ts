/** From a run's row to what the API tells of it. */

import { z } from "zod";
import { instant } from "#contract/api/common.ts";
import { Run as RunView } from "#contract/api/run.ts";
import { PRIORITIES, type Run } from "#store/runs.ts";

const Progress = z.record(z.string(), z.unknown());

export function runView(row: Run): z.infer<typeof RunView> {
  return {
    id: row.id,
    kind: row.kind,
    priority: RunView.shape.priority.parse(PRIORITIES[row.priority]),
    state: row.state,
    attempts: row.attempts,
    attemptsMax: row.attempts_max,
    progress: Progress.parse(JSON.parse(row.progress)),
    error: row.error,
    createdAt: instant(row.created_at),
    startedAt: instant(row.started_at),
    finishedAt: instant(row.finished_at),
  };
}
