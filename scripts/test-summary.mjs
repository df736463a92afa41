/**
 * @typedef {{passed: number, failed: number, skipped: number}} Counts
 * @typedef {{status: string, assertionResults: {status: string}[]}} TestFile
 */

/**
 * What vitest's JSON report counts. A file that could not be loaded has no tests to fail: it counts as one.
 * @param {{testResults: TestFile[]}} report
 * @returns {Counts}
 */
export function countVitest(report) {
  const tests = report.testResults.flatMap((file) => file.assertionResults.map((test) => test.status))
  const unloadable = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  const passed = tests.filter((status) => status === 'passed').length
  const failed = tests.filter((status) => status === 'failed').length
  return {passed, failed: failed + unloadable.length, skipped: tests.length - passed - failed}
}

/**
 * What pytest's report in the format of JUnit counts. A file that can't be imported is an error there, and fails here.
 * @param {string} xml
 * @returns {Counts}
 */
export function countPytest(xml) {
  const suites = [...xml.matchAll(/<testsuite\b[^>]*>/g)].map(([tag]) => ({
    tests: attribute(tag, 'tests'),
    failed: attribute(tag, 'failures') + attribute(tag, 'errors'),
    skipped: attribute(tag, 'skipped'),
  }))
  const counts = {passed: 0, failed: 0, skipped: 0}
  for (const {tests, failed, skipped} of suites) {
    counts.passed += Math.max(0, tests - failed - skipped)
    counts.failed += failed
    counts.skipped += skipped
  }
  return counts
}

/**
 * @param {string} tag
 * @param {string} name
 */
function attribute(tag, name) {
  return Number(new RegExp(`\\b${name}="(\\d+)"`).exec(tag)?.[1] ?? 0)
}

/**
 * @param {Counts[]} all
 * @returns {Counts}
 */
export function addUp(all) {
  const total = {passed: 0, failed: 0, skipped: 0}
  for (const counts of all) {
    total.passed += counts.passed
    total.failed += counts.failed
    total.skipped += counts.skipped
  }
  return total
}

/**
 * The last line of `npm test`, `npm run check` and `.ci/run`, which other programs read.
 * @param {Counts} counts
 */
export function summaryLine({passed, failed, skipped}) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
