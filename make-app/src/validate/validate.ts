import { checkCommunication } from './communication.ts';
import { checkManifest } from './manifest.ts';
import { checkOutputs } from './outputs.ts';
import { checkParameters } from './parameters.ts';
import { checkSecrets } from './secrets.ts';
import type { App, Problem, Rule } from './read-app.ts';

const RULES: readonly Rule[] = [
  checkManifest,
  checkCommunication,
  checkSecrets,
  checkOutputs,
  checkParameters,
];

/** Everything that is wrong with an app, by rules of our own; nothing if all is well. */
export const validate = (app: App): readonly Problem[] => RULES.flatMap((rule) => [...rule(app)]);
