import { Make } from '@makehq/sdk';
import type { App } from '../validate/read-app.ts';
import { writeBlueprints } from './blueprints.ts';
import { deploy } from './deploy.ts';

export interface Command {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly args: readonly string[];
  readonly app: App;
  /** The folder of the scenarios to import. */
  readonly blueprints: string;
  /** One line, without its end. */
  readonly say: (line: string) => void;
  /** Before a request that was refused for its rate is sent again, in milliseconds, growing. Default 1,000. */
  readonly pauseMs?: number;
}

const USAGE = `Usage: node deploy.mjs [--dry-run]; in a clone of the project: npm run deploy -w make-app -- [--dry-run]
  MAKE_TOKEN  an API token of Make with the scopes sdk-apps:read and sdk-apps:write
  MAKE_ZONE   where your organization is, such as eu1.make.com
  MAKE_APP    the app's name on Make; onceonly if not said`;

/** Deploys as the environment says. Answers the exit code. What is said never holds the token. */
export async function deployCommand({
  env,
  args,
  app,
  blueprints,
  say,
  pauseMs = 1_000,
}: Command): Promise<number> {
  const { MAKE_TOKEN: token = '', MAKE_ZONE: zone = '', MAKE_APP: name = 'onceonly' } = env;
  const unknown = args.find((each) => each !== '--dry-run');
  if (token === '' || zone === '' || unknown !== undefined) {
    say(USAGE);
    return 2;
  }
  const dryRun = args.includes('--dry-run');
  const make = new Make(token, zone, { retry: { onRateLimit: true, maxRetries: 8, baseDelay: pauseMs } });
  if (/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(zone)) make.protocol = 'http';
  try {
    const done = await deploy(make, app, { name, dryRun });
    for (const step of done.steps) say(dryRun ? `would ${step}` : step);
    const copies = dryRun ? '' : await writeBlueprints(blueprints, done.name);
    say(done.steps.length === 0 ? `${done.name} is up to date.` : summary(done, copies));
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    say(`Not deployed: ${message.replaceAll(token, '…')}`);
    return 1;
  }
}

/** `copies` is where the scenarios to import are now; nothing in a dry run. */
function summary({ name, steps }: { name: string; steps: readonly string[] }, copies: string): string {
  const count = `${String(steps.length)} ${steps.length === 1 ? 'step' : 'steps'}`;
  return copies === ''
    ? `${count}; nothing was changed.`
    : `${count}. The app is ${name}; scenarios to import are in ${copies}.`;
}
