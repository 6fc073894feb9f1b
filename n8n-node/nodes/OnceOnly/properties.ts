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
    description:
      'The item goes on as it came, with what OnceOnly answered in this field. Empty: nothing is added.',
  };
  const claimInManualRuns: INodeProperties = {
    displayName: 'Claim in Manual Runs',
    name: OWN.claimInManualRuns,
    type: 'boolean',
    default: false,
    description:
      'Whether a run that you start in the editor claims as well. Otherwise it goes on with a test token and claims nothing, so that trying the workflow out uses up no key. A chat test of an agent is such a run too.',
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
      'Choose the execution only where the work of all its claims is done when it gets here: every key that it still holds is completed. Otherwise, the claim that leads to the item. Where several branches lead here, let them meet in a Merge first: n8n runs one after the other, and the first to get here would complete the claim.',
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
      'In an error workflow choose the execution: every key that it still holds fails. Anywhere else, the claim that leads to the item.',
  };
  const ofExecution = { displayOptions: { show: { [OWN.failWhat]: ['execution'] } }, required: true };
  const execution: INodeProperties[] = [
    {
      displayName: 'Execution ID',
      name: OWN.executionId,
      type: 'string',
      default: '={{ $json.execution.id }}',
      description: 'As it is, what the Error Trigger says',
      ...ofExecution,
    },
    {
      displayName: 'Workflow ID',
      name: OWN.workflowId,
      type: 'string',
      default: '={{ $json.workflow.id }}',
      description: 'The workflow of that execution. As it is, what the Error Trigger says.',
      ...ofExecution,
    },
  ];
  const [token, ...rest] = fields;
  const ofClaim = token && { ...token, displayOptions: { show: { [OWN.failWhat]: ['claim'] } } };
  return [failWhat, ...(ofClaim ? [ofClaim] : []), ...execution, ...rest];
}
