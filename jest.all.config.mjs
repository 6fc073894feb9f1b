import short from './jest.config.mjs';

/** `npm run test:all`: with the real n8n, which is 2.7 GB, and with the long fault runs. */
export default {
  ...short,
  // Three servers under load, or an n8n with its database, take a core each: more at once starve each other.
  maxWorkers: 2,
  testPathIgnorePatterns: short.testPathIgnorePatterns.filter((pattern) => !pattern.includes('long')),
};
