import type { Transport } from '../transport.ts';
import { IN_WORDS } from './answer.ts';
import { createCapabilities, type Capabilities } from './capabilities.ts';
import { createSender, type Send, type Timing } from './send.ts';

/** What answers at the other end of a transport, and what it can do. */
export function openService(
  transport: Transport,
  timing: Timing,
): { readonly send: Send; readonly capabilities: Capabilities } {
  const ask = createSender(transport, timing);
  const capabilities = createCapabilities(ask);
  return {
    capabilities,
    /** What is told of a key in words may come from any service: whether this one is OnceOnly, its account says. */
    async send(wire, deadlineAt) {
      const sent = await ask(wire, deadlineAt);
      if (sent.answer[IN_WORDS] !== undefined) await capabilities.me(deadlineAt);
      return sent;
    },
  };
}
