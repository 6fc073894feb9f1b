import type { Json } from '../json.ts';
import { hashOf } from './canonical.ts';
import { fitKey } from './key.ts';
import { joined } from './sender-rules.ts';

/** The key of an agent's tool call: its run, the tool, and the arguments, however the model writes them. */
export const toolCallKey = (run: string, tool: string, args: Json): string =>
  fitKey(null, joined([run, tool, hashOf(args)]));
