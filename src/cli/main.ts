/** The door of every process: runs the command line and ends with its exit code. */

import { createApp, realDeps } from "./app.ts";

const deps = realDeps();
process.exitCode = await createApp(deps)(process.argv.slice(2));
