/** Every route, one line each. */

import type { Route } from "#api/route.ts";
import { getAutomation } from "./automations/get.ts";
import { listAutomations } from "./automations/list.ts";
import { listCompleteness } from "./completeness/list.ts";
import { getFinding } from "./findings/get.ts";
import { listFindings } from "./findings/list.ts";
import { patchFinding } from "./findings/patch.ts";
import { addVerdict } from "./findings/verdict.ts";
import { live } from "./health/live.ts";
import { ready } from "./health/ready.ts";
import { postIngest } from "./ingest/post.ts";
import { getRun } from "./runs/get.ts";
import { listRuns } from "./runs/list.ts";
import { getOverview } from "./stats/overview.ts";

export const routes: readonly Route[] = [
  listFindings,
  getFinding,
  patchFinding,
  addVerdict,
  listAutomations,
  getAutomation,
  listRuns,
  getRun,
  postIngest,
  listCompleteness,
  getOverview,
  live,
  ready,
];
