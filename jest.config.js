/**
 * Unit and database tests stand beside the code (`*.test.ts`) and share one Postgres. Whole-system tests are `*.e2e.ts`: of the public
 * endpoint and of the dashboard against one platform, and of the platform's own life (`infra/testing`), which starts its own.
 */
const common = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node'] },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', tsx: true, decorators: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            useDefineForClassFields: false,
            react: { runtime: 'automatic' },
          },
        },
        module: { type: 'es6' },
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/', '/dist/'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/dist-types/'],
  modulePathIgnorePatterns: ['/dist/', '/dist-types/', '/.data/'],
}

const postgres = { globalSetup: './infra/testing/global-setup.ts', globalTeardown: './infra/testing/global-teardown.ts' }
const platform = { globalSetup: './infra/testing/system-setup.ts', globalTeardown: './infra/testing/system-teardown.ts' }

export default {
  testTimeout: 30_000,
  projects: [
    { ...common, ...postgres, displayName: 'unit', testMatch: ['<rootDir>/**/*.test.ts', '<rootDir>/**/*.test.tsx'] },
    {
      ...common,
      ...platform,
      displayName: 'system',
      testMatch: ['<rootDir>/gateway/**/*.e2e.ts', '<rootDir>/infra/nginx/*.e2e.ts'],
    },
    { ...common, ...platform, displayName: 'browser', testMatch: ['<rootDir>/web/e2e/**/*.e2e.ts'] },
    { ...common, displayName: 'life', testMatch: ['<rootDir>/infra/testing/**/*.e2e.ts'] },
  ],
}
