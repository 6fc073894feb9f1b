import type { Examples } from './examples.ts';

const headersOf = (id: string) => ({
  'Linear-Delivery': id,
  'Linear-Event': 'Comment',
  'Linear-Signature': '00',
});
const body = {
  action: 'create',
  type: 'Comment',
  createdAt: '2020-01-23T12:53:18.084Z',
  data: {
    id: '2174add1-f7c8-44e3-bbf3-2d60b5ea8bc9',
    body: 'Indeed, I think this is definitely an improvement.',
  },
  url: 'https://linear.app/issue/LIN-1778/foo-bar#comment-77217de3',
  webhookTimestamp: 1_676_056_940_508,
  webhookId: '000042e3-d123-4980-b49f-8e140eef9329',
};

export const linear: Examples = {
  source: 'linear',
  events: [
    {
      first: { headers: headersOf('234d1a4e-b617-4388-90fe-adc3633d6b72'), body },
      again: {
        headers: { ...headersOf('234d1a4e-b617-4388-90fe-adc3633d6b72'), 'Linear-Signature': '01' },
        body: { ...body, webhookTimestamp: 1_676_057_000_508 },
      },
      other: { headers: headersOf('234d1a4e-b617-4388-90fe-adc3633d6b73'), body },
    },
  ],
  refused: [{ body, says: 'Linear-Delivery' }],
};
