import type { IExecuteFunctions } from 'n8n-workflow';
import { isTrial } from '../nodes/OnceOnly/execution.ts';

const node = (mode: string, startedBy?: string, root?: string): IExecuteFunctions =>
  ({
    getMode: () => mode,
    additionalData: { rootExecutionMode: root },
    runExecutionData: startedBy && { parentExecution: { executionContext: { source: startedBy } } },
  }) as unknown as IExecuteFunctions;

test.each([
  ['a run by hand', node('manual'), true],
  ['a live one', node('webhook'), false],
  ['a workflow that a run by hand calls', node('integrated', 'manual', 'manual'), true],
  ['the same after a wait, where n8n has lost the mode of the first', node('integrated', 'manual'), true],
  ['two calls deep', node('integrated', 'integrated', 'manual'), true],
  ['a workflow that a live run calls', node('integrated', 'webhook', 'webhook'), false],
  ['the same after a wait', node('integrated', 'webhook'), false],
])('whether somebody only tries: %s', (_, of, is) => {
  expect(isTrial(of)).toBe(is);
});
