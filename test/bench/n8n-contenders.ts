import { claim, complete } from '../n8n/steps.ts';
import { webhook, work, workflow, type Step, type Workflow } from '../n8n/workflow.ts';

/** One way to stop duplicates, in workflows of the same shape. */
export interface Contender {
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
    options: { scope: 'workflow', historySize: 10_000 },
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

/**
 * `one`: a webhook is one id, answered when its run has ended. `many`: a webhook is `ids`, and those that pass are counted
 * by one request. `failing`: as `one`, and answered at once.
 */
function contender(
  name: string,
  id: string,
  check: (value: string) => Step,
  last: readonly Step[],
  { url, settings = {} }: { url: string; settings?: object },
): Contender {
  const one = [check('={{ $json.body.id }}'), work(url), ...last];
  const many = [
    split,
    check('={{ $json.id }}'),
    count,
    work(url, '={{ $("Webhook").first().json.body.name }}:{{ $json.data.length }}'),
    ...last,
  ];
  return {
    name,
    id,
    workflows: [
      workflow(`${id}-one`, [webhook(`${id}-one`, 'lastNode'), ...one]),
      workflow(`${id}-many`, [webhook(`${id}-many`), ...many]),
      workflow(`${id}-failing`, [webhook(`${id}-failing`), ...one], { settings }),
    ],
  };
}

/** Work is done at `url`; a run of ours that fails is followed by the error workflow. */
export const contenders = (url: string, errorWorkflow: string): readonly Contender[] => [
  contender('Remove Duplicates', 'theirs', removeDuplicates, [], { url }),
  contender('OnceOnly', 'ours', (key) => claim({ key }), [complete()], { url, settings: { errorWorkflow } }),
];
