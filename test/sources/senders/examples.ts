import type { SourceId } from '@onceonly/shared';

/** A delivery as the sender documents it; the body as JSON, or its text. */
export interface Example {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What a sender's declaration is held to. */
export interface Examples {
  readonly source: SourceId;
  /** Each set is an event, all that really changes when it is sent again, and another event with all that really is alike. */
  readonly events: readonly {
    readonly first: Example;
    readonly again: Example;
    readonly other: Example;
  }[];
  /** What has no key, and words of the sentence that says what to do instead. */
  readonly refused?: readonly (Example & { readonly says: string })[];
  /** Bodies of several events, and how many. */
  readonly several?: readonly (Example & { readonly holds: number })[];
}

export const textOf = ({ body }: Example): string => (typeof body === 'string' ? body : JSON.stringify(body));
