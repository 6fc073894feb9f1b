import {
  connectionFields,
  ERRORS,
  operations,
  sampleOf,
  triggers,
  type ErrorCode,
  type Operation,
  type OperationId,
} from '@onceonly/shared';
import { readOutputs } from '@onceonly/shared/client/translate.ts';
import { readInputs, type Inputs } from '@onceonly/shared/inputs.ts';
import { asText } from '@onceonly/shared/json.ts';
import { endsOfError, endsOfStep } from './platform-ends.ts';
import { allSaid, VARIES } from './said.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

/** When the samples are read: of the year of what they tell. */
const NOW = Date.UTC(2026, 10, 29, 9);

const TOKEN = 'claim_7c1f3f4e|orders:1042';

/** Errors that say which value cannot be used, by the files that say so. */
const OF_VALUES = [
  ...['inputs.ts', 'names-nothing.ts', 'numbers.ts', 'sources/content.ts', 'sources/delivery.ts'],
  ...['sources/derive.ts', 'sources/verify.ts', 'sources/signing-secrets.ts'],
  ...['given-token.ts', 'place-in-group.ts', 'name-event.ts', 'capabilities.ts'].map(
    (file) => `client/${file}`,
  ),
].map((file) => `shared/src/${file}`);

const ON_ZAPIER = [
  'zapier-app/src/key-parts.ts',
  'zapier-app/src/end-of-run.ts',
  'zapier-app/src/actions.ts',
];

const ON_N8N = [
  'settings',
  'key-parts',
  'node-parameters',
  'tokens',
  'end-of-run',
  'perform',
  'hints',
  'hook-delivery',
].map((file) => `n8n-node/nodes/OnceOnly/${file}.ts`);

const OF_SERVER = ['refusal', 'invalid-fields', 'error-answers', 'keyed-claim'].map(
  (file) => `server/src/http/${file}.ts`,
);

/** What follows the mark: every message, what each platform does with the run, and what to do. */
export function messagesPage(): string {
  return [
    ...Object.values<Operation>(operations).map(
      (operation) => `## ${operation.label}\n\n${table(rowsOf(operation), 'Status')}`,
    ),
    `## Errors\n\nThey may come from every step.\n\n${table(errorRows(), 'Code')}`,
    `## A value that cannot be used\n\nCode \`invalid_input\`, or \`needs_own_server\`. ${VARIES} is the value, or what it should be.\n\n${listOf(OF_VALUES)}`,
    `## In the editor’s test\n\n${listOf(['shared/src/client/preview.ts'])}`,
    `## The connection\n\n${listOf(['shared/src/connection.ts'])}`,
    `## Triggers\n\n${Object.values(triggers)
      .map((trigger) => `- ${asText(sampleOf(trigger)['message'] ?? null)}\n`)
      .join('')}`,
    `## Only on Zapier\n\n${listOf(ON_ZAPIER)}`,
    `## Only on n8n\n\nErrors of the node, and hints in its output.\n\n${listOf(ON_N8N)}`,
    `## Only on Make\n\n${listOf(['server/src/http/routes/make.ts'])}`,
    `## Your own server, over HTTP\n\n${listOf(OF_SERVER)}`,
  ]
    .map((part) => `\n\n${part.trimEnd()}`)
    .join('')
    .concat('\n');
}

function rowsOf(operation: Operation): readonly (readonly string[])[] {
  return SCENARIOS[operation.id as OperationId].map((scenario) => {
    const on = (platform: 'zapier' | 'n8n' | 'make') =>
      readOutputs(operation, inputsOf(operation, scenario, platform), scenario.answer, NOW);
    const { outputs } = on('zapier');
    return [
      `\`${asText(outputs['status'] ?? null) || 'none'}\``,
      asText(outputs['message'] ?? null),
      endsOfStep.zapier(on('zapier')),
      endsOfStep.n8n(on('n8n')),
      endsOfStep.make(on('make')),
      scenario.todo,
    ];
  });
}

/** A step watches nothing that ends a claim with `watched`: then, its token says so. */
function inputsOf(
  operation: Operation,
  { entered = {} }: Scenario,
  platform: 'zapier' | 'n8n' | 'make',
): Inputs {
  const has = (id: string): boolean => operation.fields.some((field) => field.id === id);
  const given = {
    ...(has('job') && { job: 'orders', key: '1042' }),
    ...(has('claim_token') && { claim_token: TOKEN }),
    ...entered,
  };
  return readInputs(operation, given, platform);
}

const errorRows = (): readonly (readonly string[])[] =>
  (Object.keys(ERRORS) as ErrorCode[]).map((code) => [
    `\`${code}\``,
    ERRORS[code].happened,
    endsOfError.zapier(code),
    endsOfError.n8n(code),
    endsOfError.make(code),
    ERRORS[code].todo,
  ]);

function table(rows: readonly (readonly string[])[], first: string): string {
  const lines = [
    [first, 'Message', 'Zapier', 'n8n', 'Make', 'What to do'],
    Array<string>(6).fill('---'),
    ...rows,
  ];
  return lines.map((cells) => `| ${cells.map(inCell).join(' | ')} |\n`).join('');
}

const inCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/<(?=[a-z])/g, '\\<');

/** What stands below a field is no message. */
const HELPS: ReadonlySet<string> = new Set([
  ...connectionFields.map(({ help }) => help),
  'Find nothing stops the Zap, unless the step may go on when nothing is found. One object lets you branch on Exists.',
]);

/** What a message that begins with a request's field is about, as users know it. */
const LABELS: Readonly<Record<string, string>> = {
  payload: '“Webhook Body”',
  headers: '“Webhook Headers”',
  fields: '“Chosen Fields”',
  leave_out: '“Fields to Leave Out”',
  source: '“Sender”',
  url: '“Webhook URL”',
  job: '“Job Name”',
  require_signature: '“Require a Valid Signature”',
};

/** Labels, helps and parts of a sentence say nothing by themselves. */
const isMessage = (text: string): boolean =>
  /[.…]$/.test(text) && text.split(' ').length > 4 && !HELPS.has(text) && !/^(As|Its|The fields) /.test(text);

function listOf(files: readonly string[]): string {
  const said = allSaid().filter(({ file }) => files.includes(file));
  const texts = said.map(({ text }) => text.trim()).filter(isMessage);
  return [...new Set(texts)]
    .map((text) => `- ${inCell(withSubject(text).replaceAll('{{', '\\{\\{'))}\n`)
    .join('');
}

/** What begins in small letters stands behind the name of a field. */
function withSubject(text: string): string {
  const named = text.replace(/^[a-z_]+(?= )/, (field) => LABELS[field] ?? field);
  return /^[a-z]/.test(named) ? `“${VARIES}” ${named}` : named;
}
