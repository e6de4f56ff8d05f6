/** Prints `N passed, N failed, N skipped` of vitest's JSON report. Runs on any Node.js, as CI calls it outside npm. */
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numFailedTestSuites } =
  report;
// A file that cannot even be loaded fails without a test of its own.
const failed = Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0);
console.log(
  `${numPassedTests} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`,
);
