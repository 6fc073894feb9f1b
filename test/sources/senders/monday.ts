import type { Examples } from './examples.ts';

const bodyOf = (triggerUuid: string) => ({
  event: {
    userId: 9_603_417,
    boardId: 1_771_812_698,
    pulseId: 1_772_099_344,
    type: 'create_pulse',
    triggerTime: '2026-11-25T09:00:00.000Z',
    subscriptionId: 73_759_690,
    triggerUuid,
  },
});

export const monday: Examples = {
  source: 'monday',
  events: [
    {
      first: { body: bodyOf('b5ed2e17c530f43668de130142445cba') },
      again: { body: bodyOf('b5ed2e17c530f43668de130142445cba') },
      other: { body: bodyOf('b5ed2e17c530f43668de130142445cbb') },
    },
  ],
  refused: [{ body: { challenge: '3eZbrw1a' }, says: 'Answer it with its challenge' }],
};
