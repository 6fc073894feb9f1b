import { chromium, type Browser } from 'playwright-core';

/** The Debian package's, as a container without a sandbox of its own runs it. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
