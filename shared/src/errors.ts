/** A kind of error: what happened and what to do, in the user's words, and whether to try again. */
interface ErrorKind {
  readonly happened: string;
  readonly todo: string;
  /** The detail of the error replaces `happened`, since it says it better. */
  readonly inDetail?: true;
  /** `later`: the same step may be tried again. `reconnect`: the connection must be fixed first. `never`: it would fail again. */
  readonly retry: 'later' | 'reconnect' | 'never';
}

export const ERRORS = {
  no_answer: {
    happened: 'OnceOnly could not be reached, or did not answer in time.',
    todo: 'Try again later; asking twice does no harm. If it goes on, check the Base URL of the connection and whether the server runs.',
    retry: 'later',
  },
  server_error: {
    happened: 'OnceOnly is not available right now.',
    todo: 'Try again later; asking twice does no harm. If it goes on, look at the state of the server.',
    retry: 'later',
  },
  unexpected_answer: {
    happened: 'Something answered at the Base URL, but not OnceOnly.',
    todo: 'Check the Base URL of the connection, and whether a proxy or login page stands in between.',
    retry: 'later',
  },
  rate_limited: {
    happened: 'Too many requests came with this API key.',
    todo: 'Try again later, or spread the runs over more time.',
    retry: 'later',
  },
  lock_unknown: {
    happened: 'OnceOnly did not answer when the key was checked, so this very run may have taken it already.',
    todo: 'Try again. If that try stops as a duplicate, check whether the work was done. Where work must not be lost, use Check & Claim Key.',
    retry: 'later',
  },
  not_its_turn: {
    happened: 'Another run with the same “One at a Time For” is at work, or waits for a person.',
    todo: 'Nothing was changed, and nothing is lost. Try again later.',
    retry: 'later',
  },
  completion_unknown: {
    happened: 'OnceOnly did not answer when this key was marked complete, so it may be complete already.',
    todo: 'It was not marked as failed, since that could make done work run again. Look the key up with Get Key Status, which is Find Key Status on Zapier.',
    retry: 'never',
  },
  unauthorized: {
    happened: 'OnceOnly does not accept the API key.',
    todo: 'Reconnect with a valid API key, and check that it belongs to this Base URL.',
    retry: 'reconnect',
  },
  forbidden: {
    happened: 'This API key may not do that.',
    todo: 'Use a key with the right role, or a plan that includes it.',
    retry: 'never',
  },
  payment_required: {
    happened: "Your OnceOnly plan's limit is used up.",
    todo: 'Upgrade the plan, or wait until the next period begins.',
    retry: 'never',
  },
  invalid_input: {
    happened: 'A value of this step cannot be used.',
    inDetail: true,
    todo: 'Nothing was changed. Correct the value and run the step again.',
    retry: 'never',
  },
  fingerprint_mismatch: {
    happened: 'The same key came with other content, so two different events share one key.',
    todo: 'Nothing was changed. Choose a key that differs for different events. If the first content was wrong, open the key in the dashboard of your server, click “Run it again”, and run the step again.',
    retry: 'never',
  },
  group_mismatch: {
    happened: 'The same key came with another “One at a Time For” or another version.',
    todo: 'Nothing was changed. Map what is the same at each delivery of the event. Or open the key in the dashboard of your server, click “Run it again”, and run the step again.',
    retry: 'never',
  },
  sequence_kind: {
    happened: 'The version is a number where dates were used before, or a date where numbers were.',
    todo: 'Nothing was changed. Map the field that was mapped before. Or clear what came before with onceonly-server clear-mark, and run the step again.',
    retry: 'never',
  },
  sequence_ahead: {
    happened: 'The change time lies more than a day ahead.',
    todo: 'Nothing was changed. Map the time when the record was changed. After a time in the future, every later change would count as an older one.',
    retry: 'never',
  },
  needs_own_server: {
    happened: 'This choice works only with your own OnceOnly server.',
    inDetail: true,
    todo: 'Nothing was changed.',
    retry: 'never',
  },
  no_hooks: {
    happened: 'Triggers work only with your own OnceOnly server.',
    todo: 'Connect to your server, and try again.',
    retry: 'never',
  },
  too_many_hooks: {
    happened: 'Your OnceOnly server takes no more triggers, so this one was not added.',
    todo: 'Turn off automations with OnceOnly triggers that you no longer need, then try again.',
    retry: 'never',
  },
  test_token: {
    happened: 'The Claim Token comes from a test of the step "Check & Claim Key", which claims nothing.',
    todo: 'Map the Claim Token of the claim step instead of typing it in.',
    retry: 'never',
  },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

export interface ErrorDetails {
  /** What exactly is wrong: the service's own words, or the wrong value. */
  readonly detail?: string;
  /** The field of the step that must be corrected. */
  readonly field?: string;
  readonly httpStatus?: number;
  /** As the service asks. */
  readonly retryAfterSeconds?: number;
}

/**
 * The only error of the client. Its message says what happened and what to do, and never contains the API key. Use
 * `isOnceOnlyError` rather than `instanceof`, since each bundle has its own copy of this class.
 */
export class OnceOnlyError extends Error {
  override readonly name = 'OnceOnlyError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    super(sayError(code, details.detail));
    this.code = code;
    this.details = details;
  }
}

/** The message of an error: what happened, then what to do. `shown` may rename fields and steps in our own sentences. */
export function sayError(code: ErrorCode, detail = '', shown = (ofOurs: string): string => ofOurs): string {
  const { happened, todo, inDetail }: ErrorKind = ERRORS[code];
  const first = inDetail === true && detail !== '' ? '' : shown(happened);
  return [first, detail, shown(todo)].filter((part) => part !== '').join(' ');
}

export function isOnceOnlyError(error: unknown): error is OnceOnlyError {
  return (
    error instanceof Error &&
    error.name === 'OnceOnlyError' &&
    'code' in error &&
    String(error.code) in ERRORS
  );
}
