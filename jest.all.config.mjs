import short from './jest.config.mjs';

/** `npm run test:all`: with the real n8n, which is 2.7 GB, and with the long fault runs. */
export default {
  ...short,
  testPathIgnorePatterns: short.testPathIgnorePatterns.filter((pattern) => !pattern.includes('long')),
};
