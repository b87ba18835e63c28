/** Every job, one line each. */

import { evaluate } from "./evaluate.ts";
import { matchRules } from "./match-rules.ts";
import { scan } from "./scan.ts";

export const jobs = [scan, evaluate, matchRules] as const;
