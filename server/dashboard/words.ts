import type { EventType, KeyItem, KeyStatus } from './answers.ts';
import type { Outcome } from './api.ts';

export type Tone = 'ask' | 'bad' | 'good' | 'busy' | 'calm';

interface Word {
  readonly label: string;
  readonly tone: Tone;
}

/** What happened to a key, in the words of somebody who builds automations. */
export const EVENT_WORDS: Readonly<
  Record<EventType, Word & { readonly many: string; readonly means: string }>
> = {
  claimed: { label: 'Claimed', many: 'claimed', tone: 'busy', means: 'This run went on.' },
  duplicate: {
    label: 'Duplicate stopped',
    many: 'duplicates stopped',
    tone: 'good',
    means: 'Another run of the same event was stopped here.',
  },
  taken_over: {
    label: 'Taken over',
    many: 'taken over',
    tone: 'busy',
    means: 'The run before had died, so this one went on.',
  },
  completed: {
    label: 'Completed',
    many: 'completed',
    tone: 'good',
    means: 'The work is done. Every later run stops.',
  },
  failed: { label: 'Failed', many: 'failed', tone: 'bad', means: 'The run said that its work failed.' },
  exhausted: {
    label: 'Given up',
    many: 'given up',
    tone: 'bad',
    means: 'A run was turned away: no attempts are left.',
  },
  unresolved: {
    label: 'Asks for you',
    many: 'ask for you',
    tone: 'ask',
    means: 'Nobody takes over until a person decides.',
  },
  released: {
    label: 'Released',
    many: 'released',
    tone: 'calm',
    means: 'The run gave the key up. The next run goes on.',
  },
  resolved: {
    label: 'Decided by hand',
    many: 'decided by hand',
    tone: 'calm',
    means: 'A person decided what came of it.',
  },
  run_died: {
    label: 'Run died',
    many: 'runs died',
    tone: 'bad',
    means: 'Its time was over, and it had not said how it ended.',
  },
  stale: {
    label: 'Older change stopped',
    many: 'older changes stopped',
    tone: 'good',
    means: 'A newer change of the same record is done, so this one was stopped.',
  },
  watched: {
    label: 'Would have been stopped',
    many: 'would have been stopped',
    tone: 'calm',
    means: 'Its step only watches, so this run went on.',
  },
};

/** Why a person should look at a key. */
export type Reason = 'asks' | 'failed' | 'exhausted' | 'died';

/** What to do about it. */
export const TASKS: Readonly<Record<Reason, Word & { readonly todo: string }>> = {
  asks: {
    label: 'Asks for you',
    tone: 'ask',
    todo: 'Its run died, and nobody takes over. Check whether the work was done, then say so.',
  },
  failed: {
    label: 'Failed',
    tone: 'bad',
    todo: 'Its run said that the work failed. Fix that, then replay the run or send the event again.',
  },
  exhausted: {
    label: 'Given up',
    tone: 'bad',
    todo: 'No attempts are left. Fix what makes it fail, then let it run again.',
  },
  died: {
    label: 'Run died',
    tone: 'bad',
    todo: 'No other run has taken over yet. Check whether the work was done; if not, replay the run.',
  },
};

/** How a key stands. */
export function standing(of: KeyItem | KeyStatus): Word {
  if (of.unresolved) return { label: 'Asks for you', tone: 'ask' };
  if (of.exhausted) return { label: 'Given up', tone: 'bad' };
  if ('has_died' in of ? of.has_died : of.status === 'in_progress' && of.ttl_left === 0)
    return { label: 'Run died', tone: 'bad' };
  return STATES[of.status];
}

const STATES: Readonly<Record<KeyItem['status'], Word>> = {
  in_progress: { label: 'In progress', tone: 'busy' },
  completed: { label: 'Completed', tone: 'good' },
  failed: { label: 'Failed', tone: 'bad' },
  released: { label: 'Released', tone: 'calm' },
};

/** The words of the filter, by what the server calls them. */
export const FILTERS: readonly (readonly [value: string, label: string])[] = [
  ['', 'All keys'],
  ['unresolved', 'Asks for you'],
  ['died', 'Run died'],
  ['in_progress', 'In progress'],
  ['completed', 'Completed'],
  ['failed', 'Failed'],
  ['released', 'Released'],
];

/** What a person may decide, and what comes of it. */
export const DECISIONS: Readonly<
  Record<Outcome, { button: string; title: string; means: string; done: string; reason: string }>
> = {
  completed: {
    button: 'It was done',
    title: 'Was the work done?',
    means: 'The key is marked as completed. Every later run of this event stops.',
    done: 'was marked as completed',
    reason: 'completed by hand',
  },
  failed: {
    button: 'It failed',
    title: 'Did the work fail for good?',
    means: 'The key is marked as failed. Later runs of this event stop and are told so; none tries again.',
    done: 'was marked as failed',
    reason: 'failed by hand',
  },
  released: {
    button: 'Run it again',
    title: 'Should the work be done again?',
    means: 'The key is released. The next run of this event goes on; send the event again or replay its run.',
    done: 'was released',
    reason: 'released by hand',
  },
};
