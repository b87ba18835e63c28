/** Every job, one line each. */

import { assess } from "./assess.ts";
import { collect } from "./collect.ts";
import { evaluate } from "./evaluate.ts";
import { matchRules } from "./match-rules.ts";
import { scan } from "./scan.ts";

export const jobs = [scan, collect, assess, evaluate, matchRules] as const;
