/** Tests run on the TypeScript sources: the `waybill-source` condition resolves `waybill/...` to them. */
module.exports = {
  testEnvironment: 'node',
  testEnvironmentOptions: {
    customExportConditions: ['waybill-source', 'node', 'require', 'default'],
  },
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  testTimeout: process.env.WAYBILL_LONG ? 3_600_000 : 30_000,
  setupFiles: ['<rootDir>/__tests__/support/shift-clock.ts', '<rootDir>/__tests__/support/fixed-seed.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
}
