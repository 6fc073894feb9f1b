import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A language model behind OpenAI's interface that bills every call, also the one that comes back with nothing. */
export interface Thinker {
  readonly url: string;
  readonly calls: number;
  /** Of the calls that came back with nothing. */
  readonly tokensForNothing: number;
  close(): Promise<void>;
}

const REASONING_TOKENS = 2_000;

/** How often in a row it thinks and says nothing about a ticket before it answers. */
export type Silence = (ticket: string) => number;

/** `POST /v1/chat/completions`; the last message is the ticket. Its silences are of both kinds: cut off, and thoughts only. */
export async function openThinker(silence: Silence): Promise<Thinker> {
  const asked = new Map<string, number>();
  let calls = 0;
  let tokensForNothing = 0;

  function answer(ticket: string): object {
    const times = (asked.get(ticket) ?? 0) + 1;
    asked.set(ticket, times);
    calls += 1;
    const says = times > silence(ticket);
    if (!says) tokensForNothing += REASONING_TOKENS;
    const cutOff = { message: { role: 'assistant', content: '' }, finish_reason: 'length' };
    const thoughts = `<think>About ${ticket} …</think>\n`;
    const onlyThoughts = { message: { role: 'assistant', content: thoughts }, finish_reason: 'stop' };
    const reply = { message: { role: 'assistant', content: `Answer to ${ticket}` }, finish_reason: 'stop' };
    const silent = times % 2 === 1 ? cutOff : onlyThoughts;
    return {
      id: `chatcmpl-${String(calls)}`,
      object: 'chat.completion',
      model: 'thinker',
      choices: [{ index: 0, ...(says ? reply : silent) }],
      usage: {
        prompt_tokens: 20,
        completion_tokens: REASONING_TOKENS,
        completion_tokens_details: { reasoning_tokens: REASONING_TOKENS },
      },
    };
  }

  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { messages } = JSON.parse(body) as { messages: readonly { content: string }[] };
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer(messages.at(-1)?.content ?? '')));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v1/chat/completions`,
    get calls() {
      return calls;
    },
    get tokensForNothing() {
      return tokensForNothing;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
