// One project per kind of test, so that each says what it needs and files that share one resource run one after another.
const transform = {
  '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } }],
};

const project = (displayName, testMatch) => ({
  displayName,
  // Loops that read globals, as all that compute do, take a fraction of the time that they take in jest's own environment.
  testEnvironment: '<rootDir>/tests/helpers/plain-globals-environment.mjs',
  roots: ['<rootDir>/tests'],
  extensionsToTreatAsEsm: ['.ts'],
  transform,
  setupFiles: ['<rootDir>/tests/helpers/property-seed.ts'],
  testMatch: testMatch.map((pattern) => `<rootDir>/tests/${pattern}`),
});

export default {
  testSequencer: '<rootDir>/scripts/longest-first.mjs',
  // It bounds what hangs and measures nothing: three files and their servers share two cores.
  testTimeout: 30_000,
  projects: [
    project('unit', [
      'domain/**/*.test.ts',
      'adapters/**/*.test.ts',
      'activities/**/*.test.ts',
      'api/**/*.test.ts',
      'bench/**/*.test.ts',
      'bin/**/*.test.ts',
      'simulator/**/*.test.ts',
      'deploy/**/*.test.ts',
      'scripts/**/*.test.ts',
      'rules/**/*.test.ts',
      'workers/**/*.test.ts',
    ]),
    project('contract', ['contracts/**/*.test.ts']),
    project('replay', ['replay/**/*.test.ts']),
    project('workflow', ['workflows/**/*.test.ts']),
    project('integration', ['integration/**/*.test.ts']),
    project('chaos', ['chaos/**/*.test.ts']),
    project('browser', ['e2e/**/*.test.ts']),
  ],
};
