/** Prints how many tests passed, failed and were skipped, from the result file that the test runner wrote. */
import fs from "node:fs";

const { passed, failed, skipped } = totals(process.argv[2] ?? "");
if (passed + failed === 0) process.stderr.write("No test ran.\n");
const skips = skipped > 0 ? `, ${skipped} skipped` : "";
process.stdout.write(`${passed} passed, ${failed} failed${skips}\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

/** @param {string} file */
function totals(file) {
  const text = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  // No result at all means that the runner itself broke.
  if (text === "") return { passed: 0, failed: 0, skipped: 0 };
  /** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, testResults: { status: string, assertionResults: unknown[] }[] }} */
  const results = JSON.parse(text);
  // A file that cannot even be loaded has no test to count; it counts as one failure.
  const broken = results.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + broken.length,
    skipped: results.numPendingTests + results.numTodoTests,
  };
}
