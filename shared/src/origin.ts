import { LIMITS } from './limits.ts';
import { plainText } from './named-key.ts';

/** Where the run of a claim is, for the people who are told of it; a service decides nothing by it. */
export interface Origin {
  /** `n8n`, `zapier`, `make`, or another name. */
  readonly platform: string;
  /** As people call it. */
  readonly workflow?: string;
  /** Where the run is seen; as `RUN_URL`, or it is refused. */
  readonly url?: string;
}

/**
 * An address of http or https without a user's name, which would hide the host, and without a character that is markup or
 * mentions somebody where a message shows it. A pattern of JSON Schema; for at most `LIMITS.urlCodePoints`.
 */
export const RUN_URL = '^https?://([\\w.-]+|\\[[0-9a-f:.]+\\])(:[0-9]+)?(/[\\w.~%/?&=+:;,#-]*)?$';

/** What is no such address is left out, and a long name cut: no claim fails for what people are shown. */
export function originOf(platform: string, workflow = '', url = ''): Origin {
  const name = Array.from(workflow.trim().replaceAll(/[\0\ud800-\udfff]/gu, ''));
  const href = URL.canParse(url) ? new URL(url).href : '';
  const isLink = href.length <= LIMITS.urlCodePoints && new RegExp(RUN_URL, 'u').test(href);
  return {
    platform,
    ...(name.length > 0 && { workflow: name.slice(0, LIMITS.nameCodePoints).join('') }),
    ...(isLink && { url: href }),
  };
}

const NAMES: Readonly<Record<string, string>> = { n8n: 'n8n', zapier: 'Zapier', make: 'Make' };

/** Within a sentence: `on n8n, in “Order intake”`. */
export function shownOrigin({ platform, workflow }: Origin): string {
  const place = NAMES[platform] ?? plainText(platform);
  return workflow === undefined ? `on ${place}` : `on ${place}, in “${plainText(workflow)}”`;
}
