import { code, snippets, step, type Between } from './between-code.ts';
import { MAIL_ACCOUNT } from './templates.ts';
import { inTurn, type Connection, type Step } from './workflow.ts';

const isText = {
  options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
  combinator: 'and',
  conditions: [
    {
      id: 'c',
      leftValue: '={{ $json.id }}',
      rightValue: '',
      operator: { type: 'string', operation: 'notEmpty', singleValue: true },
    },
  ],
};
const keepId = {
  assignments: { assignments: [{ id: 's', name: 'id', value: '={{ $json.id }}', type: 'string' }] },
};
const sorted = step('Sort', 'sort', 1, {
  sortFieldsUi: { sortField: [{ fieldName: 'id', order: 'descending' }] },
});

/** Both branches come from the claim; `before` is in the second one. */
function merged(node: string, knows: Between['knows'], parameters: object, before = sorted): Between {
  return {
    node: `Merge (${node})`,
    knows,
    steps: [before, step('Merge', 'merge', 3.2, parameters)],
    connections: [
      { from: 'Claim', to: 'Merge' },
      { from: 'Claim', to: before.name },
      { from: before.name, to: 'Merge', input: 1 },
      { from: 'Merge', to: 'Strip' },
    ],
  };
}

const waitedBy = (resume: object): Step => step('Wait', 'wait', 1.1, resume, { webhookId: 'between-wait' });

const model: Step = {
  ...step('Model', '@n8n/n8n-nodes-langchain.lmChatOpenAi', 1.2, {
    model: { __rl: true, mode: 'list', value: 'gpt-4.1-mini' },
    options: {},
  }),
  credentials: { openAiApi: { name: 'Model' } },
};

export const betweens = (url: string): readonly Between[] => [
  { node: 'No Operation', knows: 'each', steps: [step('Between', 'noOp', 1, {})] },
  { node: 'IF', knows: 'each', steps: [step('Between', 'if', 2.2, { conditions: isText })] },
  { node: 'Filter', knows: 'each', steps: [step('Between', 'filter', 2.2, { conditions: isText })] },
  {
    node: 'Switch',
    knows: 'each',
    steps: [step('Between', 'switch', 3.2, { rules: { values: [{ conditions: isText }] } })],
  },
  {
    node: 'Edit Fields (Set), keeping only what is set',
    knows: 'each',
    steps: [step('Between', 'set', 3.4, { ...keepId, includeOtherFields: false })],
  },
  { node: 'Sort', knows: 'each', steps: [sorted] },
  {
    node: 'Limit',
    knows: 'each',
    steps: [step('Between', 'limit', 1, { maxItems: 3, keep: 'lastItems' })],
  },
  {
    node: 'Remove Duplicates',
    knows: 'each',
    steps: [
      sorted,
      step('Between', 'removeDuplicates', 2, { compare: 'selectedFields', fieldsToCompare: 'id' }),
    ],
  },
  {
    node: 'Remove Duplicates, with Remove Other Fields',
    knows: 'asks',
    steps: [
      step('Between', 'removeDuplicates', 2, {
        compare: 'selectedFields',
        fieldsToCompare: 'id',
        options: { removeOtherFields: true },
      }),
    ],
  },
  {
    node: 'Rename Keys',
    knows: 'each',
    steps: [step('Between', 'renameKeys', 1, { keys: { key: [{ currentKey: 'id', newKey: 'name' }] } })],
    id: '$json.name',
  },
  {
    node: 'Date & Time',
    knows: 'each',
    steps: [
      step('Between', 'dateTime', 2, {
        operation: 'getCurrentDate',
        options: { includeInputFields: true },
      }),
    ],
  },
  {
    node: 'HTTP Request',
    knows: 'each',
    steps: [
      step('Between', 'httpRequest', 4.3, {
        ...{ method: 'POST', url, sendBody: true, options: {} },
        bodyParameters: { parameters: [{ name: 'id', value: '=asked {{ $json.id }}' }] },
      }),
    ],
    id: "$json.receipt.split(' ').at(-1)",
  },
  {
    node: 'Send Email',
    knows: 'each',
    steps: [
      step(
        'Between',
        'emailSend',
        2.1,
        {
          ...{ fromEmail: 'a@example.com', toEmail: '={{ $json.id }}@example.com' },
          ...{ subject: 'Hello', emailFormat: 'text', text: 'Hello', options: {} },
        },
        { credentials: MAIL_ACCOUNT },
      ),
    ],
    id: "$json.envelope.to[0].split('@')[0]",
  },
  {
    node: 'Respond to Webhook',
    knows: 'each',
    steps: [step('Between', 'respondToWebhook', 1.5, { respondWith: 'noData', options: {} })],
  },
  {
    node: 'Wait, for a time',
    knows: 'each',
    steps: [waitedBy({ resume: 'timeInterval', amount: 1, unit: 'seconds' })],
  },
  {
    node: 'AI Agent',
    knows: 'each',
    steps: [
      step('Between', '@n8n/n8n-nodes-langchain.agent', 2.2, {
        ...{ promptType: 'define', text: '={{ $json.id }}', options: {} },
      }),
      model,
    ],
    connections: [
      { from: 'Claim', to: 'Between' },
      { from: 'Model', to: 'Between', type: 'ai_languageModel' },
      { from: 'Between', to: 'Strip' },
    ],
    id: "$('Claim').item.json.id",
  },
  {
    node: 'Loop Over Items',
    knows: 'each',
    steps: [step('Loop', 'splitInBatches', 3, { batchSize: 1, options: {} })],
    connections: [
      { from: 'Claim', to: 'Loop' },
      { from: 'Loop', output: 1, to: 'Strip' },
      { from: 'Work', output: 1, to: 'Loop' },
      { from: 'Complete', to: 'Loop' },
    ],
  },
  {
    node: 'Loop Over Items, with Code in it',
    knows: 'each',
    steps: [
      step('Loop', 'splitInBatches', 3, { batchSize: 1, options: {} }),
      code('return [{ json: { id: $input.first().json.id } }];'),
    ],
    connections: [
      { from: 'Claim', to: 'Loop' },
      { from: 'Loop', output: 1, to: 'Code' },
      { from: 'Code', to: 'Strip' },
      { from: 'Work', output: 1, to: 'Loop' },
      { from: 'Complete', to: 'Loop' },
    ],
  },
  merged('Append', 'each', { mode: 'append' }),
  merged('Combine by Matching Fields', 'each', {
    ...{ mode: 'combine', combineBy: 'combineByFields', fieldsToMatchString: 'id', options: {} },
  }),
  merged(
    'Combine by Position',
    'each',
    { mode: 'combine', combineBy: 'combineByPosition', options: {} },
    step('Same', 'noOp', 1, {}),
  ),
  merged(
    'All Possible Combinations',
    'each',
    {
      ...{ mode: 'combine', combineBy: 'combineAll' },
      options: { clashHandling: { values: { resolveClash: 'preferInput1' } } },
    },
    step('Limit', 'limit', 1, { maxItems: 1 }),
  ),
  merged('Choose Branch', 'each', { mode: 'chooseBranch', useDataOfInput: 2 }),
  merged('SQL Query', 'asks', {
    ...{ mode: 'combineBySql', query: 'SELECT input1.id FROM input1 JOIN input2 ON input1.id = input2.id' },
  }),
  {
    node: 'Aggregate',
    knows: 'all',
    steps: [step('Between', 'aggregate', 1, { aggregate: 'aggregateAllItemData', options: {} })],
    id: '$json.data.map(({ id }) => id).join()',
  },
  {
    node: 'Summarize',
    knows: 'all',
    steps: [
      step('Between', 'summarize', 1.1, {
        fieldsToSummarize: { values: [{ aggregation: 'concatenate', field: 'id', separateBy: ',' }] },
        options: {},
      }),
    ],
    id: '$json.concatenated_id',
  },
  {
    node: 'Aggregate, then Split Out',
    knows: 'each',
    steps: [
      step('Between', 'aggregate', 1, { aggregate: 'aggregateAllItemData', options: {} }),
      step('Split again', 'splitOut', 1, { fieldToSplitOut: 'data', options: {} }),
    ],
  },
  {
    node: 'Aggregate without the output of the claim, then Split Out',
    knows: 'asks',
    steps: [
      step('Between', 'aggregate', 1, {
        fieldsToAggregate: { fieldToAggregate: [{ fieldToAggregate: 'id' }] },
        options: {},
      }),
      step('Split again', 'splitOut', 1, { fieldToSplitOut: 'id', options: {} }),
    ],
  },
  ...snippets,
];

/** How the steps of a case hang together, from the claim to what works on what comes out of them. */
export const connectionsOf = (
  { steps, connections }: Between,
  claim: Step,
  strip: Step,
): readonly Connection[] => connections ?? inTurn([claim, ...steps, strip]);
