/**
 * `npm run mutate`: changes the core and the adapters in some thousand small ways and asks the unit tests whether they
 * notice. One file: `npm run mutate -- --mutate lib/core/images/header.ts`. What is left, and why: docs/mutation.md.
 *
 * Stryker 9, since 10 needs Node 22 and this package is made on Node 20 as well.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  plugins: ['@stryker-mutator/jest-runner', './scripts/mutationWords.mjs'],
  testRunner: 'jest',
  jest: { configFile: 'jest.mutate.config.js', enableFindRelatedTests: true },
  mutate: ['lib/core/**/*.ts', 'lib/providers/**/*.ts'],
  ignorers: ['words'],
  // swc strips types unread, so a mutant that would not compile costs one quick run; no checker pays for itself
  checkers: [],
  coverageAnalysis: 'perTest',
  concurrency: 1,
  // what has not changed since the last run is not run again
  incremental: true,
  incrementalFile: '.cache/mutation/incremental.json',
  tempDirName: '.cache/mutation/sandbox',
  ignorePatterns: ['/*', '!/lib', '!/test', '!/*.js', '!/*.json', '/test/e2e', '/test/engine', '/test/bench'],
  reporters: ['clear-text', 'html', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  htmlReporter: { fileName: '.cache/mutation/report.html' },
  jsonReporter: { fileName: '.cache/mutation/report.json' },
};
