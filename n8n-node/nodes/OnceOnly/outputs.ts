import { operations } from '@onceonly/shared';
import { NodeConnectionTypes, type INodeTypeDescription } from 'n8n-workflow';
import { decides, TO_DUPLICATE_OUTPUT } from './overlay.ts';

const claims = Object.values(operations).flatMap(({ id }) => (decides(id) ? [id] : []));
const one = [{ type: NodeConnectionTypes.Main }];
const two = [
  { type: NodeConnectionTypes.Main, displayName: 'First' },
  { type: NodeConnectionTypes.Main, displayName: 'Duplicate' },
];

/** One output; a second one for duplicates only where the user chose it. n8n evaluates this in the editor and at run time. */
export const outputs: INodeTypeDescription['outputs'] = `={{ ${JSON.stringify(claims)}.includes($parameter["operation"]) && $parameter["on_duplicate"] === ${JSON.stringify(TO_DUPLICATE_OUTPUT)} ? ${JSON.stringify(two)} : ${JSON.stringify(one)} }}`;
