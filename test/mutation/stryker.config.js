// Rooms are named on the command line: npm run test:mutation -- --mutate 'src/main/lab/analysis/*.ts'
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts' },
  mutate: ['src/main/lab/{analysis,dynamics}/*.ts', 'src/main/store/**/*.ts'],
  // Words of messages are no laws; what a message must quote is tested where it is made.
  mutator: { excludedMutations: ['StringLiteral'] },
  ignorePatterns: ['out', 'dist', 'test/e2e', 'test/attack', 'resources/screenshots'],
  // What runs once as a file is loaded is tried by every test, an hour for each room.
  ignoreStatic: true,
  concurrency: 1,
  timeoutMS: 20_000,
  reporters: ['clear-text', 'json', 'progress-append-only'],
  clearTextReporter: { logTests: false, reportTests: false },
  jsonReporter: { fileName: 'node_modules/.cache/mutation/report.json' },
  tempDirName: 'out/mutation',
  allowEmpty: false,
}
