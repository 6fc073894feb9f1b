import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A language model behind OpenAI's interface, which does as it is told. */
export interface Model {
  /** For OpenAI credentials. */
  readonly url: string;
  /** What the tool answered in the conversations so far, in the order of its calls. */
  readonly toolSaid: readonly string[];
  close(): Promise<void>;
}

interface Message {
  readonly role: string;
  readonly content: unknown;
}

interface Ask {
  readonly messages: readonly Message[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
}

/**
 * Calls the first tool that it is offered `times` times, one after the other, with the same arguments for what it was asked,
 * as a model does that has forgotten; then says "Done."
 */
export async function openModel(argsFor: (asked: string) => object, times: number): Promise<Model> {
  let toolSaid: readonly string[] = [];

  function reply({ messages, tools = [] }: Ask): object {
    const answers = messages.filter(({ role }) => role === 'tool').map(({ content }) => asText(content));
    toolSaid = answers.length > 0 ? answers : toolSaid;
    const name = tools[0]?.function.name;
    if (name === undefined || answers.length >= times) return { role: 'assistant', content: 'Done.' };
    const asked = messages.filter(({ role }) => role === 'user').map(({ content }) => asText(content));
    const call = { name, arguments: JSON.stringify(argsFor(asked.join(' '))) };
    return {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: `call_${String(answers.length)}`, type: 'function', function: call }],
    };
  }

  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const message = reply(JSON.parse(body) as Ask);
      const finish_reason = 'tool_calls' in message ? 'tool_calls' : 'stop';
      response.writeHead(200, { 'content-type': 'application/json' }).end(
        JSON.stringify({
          id: 'chatcmpl-1',
          object: 'chat.completion',
          created: 1_764_000_000,
          model: 'gpt-4.1-mini',
          choices: [{ index: 0, message, finish_reason }],
          usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v1`,
    get toolSaid() {
      return toolSaid;
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

const asText = (content: unknown): string =>
  typeof content === 'string' ? content : JSON.stringify(content);
