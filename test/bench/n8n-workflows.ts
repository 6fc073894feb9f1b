import { claim, complete } from '../n8n/steps.ts';
import { webhook, work, workflow, type Step, type Workflow } from '../n8n/workflow.ts';

/** One way to stop duplicates, in workflows of the same shape. */
export interface Way {
  readonly name: string;
  /** The beginning of its workflows' ids. */
  readonly id: string;
  readonly workflows: readonly Workflow[];
}

const removeDuplicates = (value: string): Step => ({
  name: 'Remove Duplicates',
  type: 'n8n-nodes-base.removeDuplicates',
  typeVersion: 2,
  parameters: {
    operation: 'removeItemsSeenInPreviousExecutions',
    dedupeValue: value,
    options: { scope: 'workflow', historySize: 100_000 },
  },
});

const split: Step = {
  name: 'Split',
  type: 'n8n-nodes-base.splitOut',
  typeVersion: 1,
  parameters: { fieldToSplitOut: 'body.ids', options: { destinationFieldName: 'id' } },
};

const count: Step = {
  name: 'Count',
  type: 'n8n-nodes-base.aggregate',
  typeVersion: 1,
  parameters: { aggregate: 'aggregateAllItemData', options: {} },
};

interface Steps {
  readonly check?: (value: string) => Step;
  readonly last?: readonly Step[];
  readonly settings?: object;
}

/**
 * `one`: a webhook is one id. `many`: a webhook is `ids`, and those that pass are counted by one request. Both are answered when
 * their run has ended. `failing`: as `one`, and answered at once.
 */
function way(name: string, id: string, url: string, { check, last = [], settings = {} }: Steps): Way {
  const checked = (value: string): readonly Step[] => (check === undefined ? [] : [check(value)]);
  const passed = '={{ $("Webhook").first().json.body.name }}:{{ $json.data.length }}';
  const one = [
    ...checked('={{ $json.body.id }}'),
    work(url, '={{ $("Webhook").first().json.body.id }}'),
    ...last,
  ];
  const many = [split, ...checked('={{ $json.id }}'), ...last, count, work(url, passed)];
  return {
    name,
    id,
    workflows: [
      workflow(`${id}-one`, [webhook(`${id}-one`, 'lastNode'), ...one]),
      workflow(`${id}-many`, [webhook(`${id}-many`, 'lastNode'), ...many]),
      workflow(`${id}-failing`, [webhook(`${id}-failing`), ...one], { settings }),
    ],
  };
}

/** Work is done at `url`; a run of ours that fails is followed by the error workflow. */
export const waysAt = (url: string, errorWorkflow: string): readonly Way[] => [
  way('without a check', 'none', url, {}),
  way('Remove Duplicates', 'theirs', url, { check: removeDuplicates }),
  way('OnceOnly', 'ours', url, {
    ...{ check: (key) => claim({ key }), last: [complete()], settings: { errorWorkflow } },
  }),
];
