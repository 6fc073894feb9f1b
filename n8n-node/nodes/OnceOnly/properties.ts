import { operations, type Field, type Operation, type OperationId } from '@onceonly/shared';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { propertyOf } from './fields.ts';
import { decides, isOption, isShown, overlayOf } from './overlay.ts';

const all: readonly Operation[] = Object.values(operations);

/** Names of the node's own settings, beside the shared fields. */
export const OWN = {
  outputField: 'output_field',
  claimInManualRuns: 'claim_in_manual_runs',
  completeWhat: 'complete_what',
  failWhat: 'fail_what',
  executionId: 'execution_id',
  workflowId: 'workflow_id',
} as const;

export const DEFAULT_OUTPUT_FIELD = 'onceonly';

const RESOURCE = 'key';

const operationOptions: INodePropertyOptions[] = all.map(({ id, label, description }) => ({
  name: label,
  value: id,
  action: label.charAt(0) + label.slice(1).toLowerCase(),
  description,
}));

/** The operation's label, under the node's name on the canvas. */
export const subtitle = `={{ ${JSON.stringify(
  Object.fromEntries(all.map(({ id, label }) => [id, label])),
)}[$parameter["operation"]] }}`;

const rendered = (field: Field): INodeProperties => propertyOf(field, overlayOf(field));

/** Everything the node asks for, rendered from the shared operations: a further one there is a further one here. */
export const properties: INodeProperties[] = [
  {
    displayName: 'Resource',
    name: 'resource',
    type: 'options',
    noDataExpression: true,
    options: [{ name: 'Key', value: RESOURCE }],
    default: RESOURCE,
  },
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    displayOptions: { show: { resource: [RESOURCE] } },
    options: operationOptions,
    default: 'claimKey',
  },
  ...all.flatMap(propertiesOf),
];

function propertiesOf(operation: Operation): INodeProperties[] {
  const show = { resource: [RESOURCE], operation: [operation.id] };
  const shown = operation.fields.filter(isShown);
  const prominent = shown.filter((field) => !isOption(field)).map(rendered);
  const options: INodeProperties = {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add option',
    default: {},
    displayOptions: { show },
    options: [...shown.filter(isOption).map(rendered), ...ownOptions(operation.id as OperationId)],
  };
  const fields = withWhat(operation.id as OperationId, prominent);
  return [
    ...fields.map((each) => ({
      ...each,
      displayOptions: { show: { ...show, ...each.displayOptions?.show } },
    })),
    options,
  ];
}

function ownOptions(id: OperationId): INodeProperties[] {
  const outputField: INodeProperties = {
    displayName: 'Put Output in Field',
    name: OWN.outputField,
    type: 'string',
    default: DEFAULT_OUTPUT_FIELD,
    description: 'The field of the item that gets what OnceOnly answered. Empty: nothing is added.',
  };
  const claimInManualRuns: INodeProperties = {
    displayName: 'Claim in Manual Runs',
    name: OWN.claimInManualRuns,
    type: 'boolean',
    default: false,
    description:
      'Whether a run that you start in the editor, or an agent’s chat test, also claims. If not, it goes on and claims nothing.',
  };
  return decides(id) ? [outputField, claimInManualRuns] : [outputField];
}

function withWhat(id: OperationId, fields: readonly INodeProperties[]): readonly INodeProperties[] {
  if (id === 'completeKey') return wholeRun(fields);
  return id === 'failKey' ? wholeExecution(fields) : fields;
}

/** Mark Complete can complete all that its execution claimed: behind a step that makes one item of many, nobody knows of which. */
function wholeRun(fields: readonly INodeProperties[]): INodeProperties[] {
  const completeWhat: INodeProperties = {
    displayName: 'Complete What',
    name: OWN.completeWhat,
    type: 'options',
    default: 'claim',
    options: [
      { name: 'The Claim of This Item', value: 'claim' },
      { name: 'All Claims of This Execution', value: 'execution' },
    ],
    description:
      'Choose the execution only if the work of all its claims is done here. Join several branches in a Merge first, since the first one to get here completes the claim.',
  };
  const [token, ...rest] = fields;
  const ofClaim = token && { ...token, displayOptions: { show: { [OWN.completeWhat]: ['claim'] } } };
  return [completeWhat, ...(ofClaim ? [ofClaim] : []), ...rest];
}

/** Mark Failed can fail all that an execution claimed: an error workflow sees the execution, but none of its items. */
function wholeExecution(fields: readonly INodeProperties[]): INodeProperties[] {
  const failWhat: INodeProperties = {
    displayName: 'Fail What',
    name: OWN.failWhat,
    type: 'options',
    default: 'claim',
    options: [
      { name: 'The Claim of This Item', value: 'claim' },
      { name: 'All Claims of an Execution', value: 'execution' },
    ],
    description:
      'In an error workflow, choose the execution: all its open claims fail. Anywhere else, choose the claim of the item.',
  };
  const ofExecution = { displayOptions: { show: { [OWN.failWhat]: ['execution'] } }, required: true };
  const execution: INodeProperties[] = [
    {
      displayName: 'Execution ID',
      name: OWN.executionId,
      type: 'string',
      default: '={{ $json.execution.id }}',
      description: 'Leave it as it is to use what the Error Trigger says',
      ...ofExecution,
    },
    {
      displayName: 'Workflow ID',
      name: OWN.workflowId,
      type: 'string',
      default: '={{ $json.workflow.id }}',
      description: 'The workflow of that execution. Leave it as it is to use what the Error Trigger says.',
      ...ofExecution,
    },
  ];
  const [token, ...rest] = fields;
  const ofClaim = token && { ...token, displayOptions: { show: { [OWN.failWhat]: ['claim'] } } };
  return [failWhat, ...(ofClaim ? [ofClaim] : []), ...execution, ...rest];
}
