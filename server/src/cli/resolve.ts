import { isObject } from '@onceonly/shared/json.ts';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { askingServer, openApi, type Api, type ServerOptions, wholeNumber } from './api.ts';
import { CommandFailed, EXIT } from './failure.ts';
import { type Terminal, json, quoted } from './terminal.ts';
import { keyFacts, seeKey } from './show.ts';

const OUTCOMES = ['completed', 'failed', 'released'] as const;
type Outcome = (typeof OUTCOMES)[number];

interface Decision extends ServerOptions {
  readonly as?: Outcome;
  /** JSON. */
  readonly result?: string;
  readonly retryable?: boolean;
  readonly reason?: string;
  /** The version of the key that was shown. */
  readonly version?: number;
  readonly yes?: boolean;
}

export function releaseCommand(program: Command, terminal: Terminal): void {
  deciding(program.command('release'))
    .description('Gives a key up, so that the next run of the same event may claim it; audited.')
    .addHelpText('after', '\nExample:\n  onceonly-server release send-invoice:evt_1 --reason "was a test"')
    .action((key: string, options: Decision) => decide(key, { ...options, as: 'released' }, terminal));
}

export function resolveCommand(program: Command, terminal: Terminal): void {
  deciding(program.command('resolve'))
    .description('Decides what came of a key whose run died; the claim in hand dies with it; audited.')
    .addOption(new Option('--as <outcome>', 'what came of its work').choices(OUTCOMES))
    .option('--result <json>', 'with completed: the result, a JSON object', readObject)
    .option('--retryable', 'with failed: the next run may try again')
    .addHelpText('after', '\nExample:\n  onceonly-server resolve send-invoice:evt_1 --as completed')
    .action((key: string, options: Decision) => decide(key, options, terminal));
}

function deciding(command: Command): Command {
  return askingServer(command)
    .argument('<key>', 'the whole key, with its job')
    .option('--reason <text>', 'why, for the audit')
    .option('--version <number>', 'only if it still has this version, as “show” says it', wholeNumber)
    .option('-y, --yes', 'without asking whether it is meant');
}

/** Shows the key, asks for what is missing, and applies the decision unless the key was changed meanwhile. */
async function decide(key: string, options: Decision, terminal: Terminal): Promise<void> {
  const api = openApi(options, terminal);
  const seen = await seeKey(api, key);
  if (terminal.ask !== null && options.yes !== true) terminal.err(`${keyFacts(seen)}\n`);
  const outcome = options.as ?? (await askOutcome(terminal));
  if (terminal.ask !== null && options.yes !== true) {
    const answer = await terminal.ask(`Is ${quoted(key)} to be ${outcome}? (yes or no) `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new CommandFailed('Nothing was done.');
  }
  const done = await send(api, key, outcome, { ...options, version: options.version ?? seen.version });
  terminal.out(options.json ? json(done, 2) : `${quoted(key)} is ${outcome} now.\n`);
}

async function send(api: Api, key: string, outcome: Outcome, options: Decision): Promise<object> {
  const { version, result, retryable, reason } = options;
  const decision = JSON.stringify({ key, version, outcome, retryable, reason });
  const body = result === undefined ? decision : `${decision.slice(0, -1)},"result":${result}}`;
  const done = await api.post<{ readonly key: string }>('/v1/keys/resolve', 'key', body);
  if (!('refused' in done)) return done;
  throw done.refused === 'changed'
    ? new CommandFailed(
        `${quoted(key)} was changed since it was shown, so nothing was done. Look at it again with “onceonly-server show”.`,
        EXIT.changed,
      )
    : new CommandFailed(`${quoted(key)} is not there any more, so nothing was done.`, EXIT.notFound);
}

async function askOutcome({ ask }: Terminal): Promise<Outcome> {
  if (ask === null)
    throw new CommandFailed(`Say what came of its work: --as ${OUTCOMES.join(', or --as ')}.`);
  const answer = (await ask('What came of its work? (completed, failed or released) ')).trim();
  const outcome = OUTCOMES.find((each) => each === answer);
  if (outcome === undefined)
    throw new CommandFailed(`${quoted(answer)} is none of the three. Nothing was done.`);
  return outcome;
}

/** The text is sent as it is, since JavaScript rounds long numbers. */
function readObject(text: string): string {
  try {
    if (isObject(JSON.parse(text))) return text;
  } catch {
    // Reported below.
  }
  throw new InvalidArgumentError('It is a JSON object, such as \'{"invoice":"in_1"}\'.');
}
