import type { Json } from '../json.ts';
import { hashOf } from './canonical.ts';
import { fitKey } from './key.ts';

/** The key of an agent's tool call: its run, the tool, and the arguments, however the model writes them. */
export const toolCallKey = (run: string, tool: string, args: Json): string =>
  fitKey(null, `${run}:${tool}:${hashOf(args)}`);
