import type { Transport } from '../transport.ts';
import { IN_WORDS } from './answer.ts';
import { createCapabilities, type Capabilities } from './capabilities.ts';
import { createSender, type Send, type Timing } from './send.ts';

/** The service behind a transport, and its capabilities. */
export function openService(
  transport: Transport,
  timing: Timing,
): { readonly send: Send; readonly capabilities: Capabilities } {
  const ask = createSender(transport, timing);
  const capabilities = createCapabilities(ask);
  return {
    capabilities,
    /** An outcome that was inferred from words might come from any service, so the account is asked for as a check. */
    async send(wire, deadlineAt) {
      const sent = await ask(wire, deadlineAt);
      if (sent.answer[IN_WORDS] !== undefined) await capabilities.me(deadlineAt);
      return sent;
    },
  };
}
