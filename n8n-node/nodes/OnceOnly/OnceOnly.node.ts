import { operations } from '@onceonly/shared';
import {
  NodeConnectionTypes,
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
} from 'n8n-workflow';
import { decides, TO_DUPLICATE_OUTPUT } from './overlay.ts';
import { properties, subtitle } from './properties.ts';
import { run } from './run.ts';

const claims = Object.values(operations).flatMap(({ id }) => (decides(id) ? [id] : []));
const one = [{ type: NodeConnectionTypes.Main }];
const two = [
  { type: NodeConnectionTypes.Main, displayName: 'First' },
  { type: NodeConnectionTypes.Main, displayName: 'Duplicate' },
];

/** One output; a second one for duplicates only where the user chose it. n8n evaluates this in the editor and at run time. */
const outputs: INodeTypeDescription['outputs'] = `={{ ${JSON.stringify(claims)}.includes($parameter["operation"]) && $parameter["on_duplicate"] === ${JSON.stringify(TO_DUPLICATE_OUTPUT)} ? ${JSON.stringify(two)} : ${JSON.stringify(one)} }}`;

/**
 * Programmatic, not declarative: a claim must withhold items that could not be checked, name the run that holds it, and
 * claim a thousand items in two requests.
 */
export class OnceOnly implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'OnceOnly',
    name: 'onceOnly',
    icon: { light: 'file:../../icons/onceonly.svg', dark: 'file:../../icons/onceonly.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle,
    description: 'Let an event that is delivered twice, retried or cut off by a crash do its work once',
    defaults: { name: 'OnceOnly' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs,
    credentials: [{ name: 'onceOnlyApi', required: true }],
    properties,
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return await run(this);
  }
}
