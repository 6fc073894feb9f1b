import { operations, triggers, type Operation, type Trigger } from '@onceonly/shared';
import { defineApp, version as platformVersion } from 'zapier-platform-core';
import packageJson from '../package.json' with { type: 'json' };
import { createOf, searchOf } from './actions.ts';
import { authentication, authorize } from './authentication.ts';
import { triggerOf } from './triggers.ts';

const all: readonly Operation[] = Object.values(operations);
const allTriggers: readonly Trigger[] = Object.values(triggers);

const byId = <T>(kind: Operation['kind'], render: (operation: Operation) => T): Record<string, T> =>
  Object.fromEntries(
    all.filter((each) => each.kind === kind).map((operation) => [operation.id, render(operation)]),
  );

/** The app, rendered from the shared operations and triggers: a further one there is a further one here. */
export default defineApp({
  version: packageJson.version,
  platformVersion,
  authentication,
  beforeRequest: [authorize],
  triggers: Object.fromEntries(allTriggers.map((trigger) => [trigger.id, triggerOf(trigger)])),
  creates: byId('action', createOf),
  searches: byId('lookup', searchOf),
});
