import { LIMITS } from './limits.ts';
import { plainText } from './named-key.ts';

/** Where the run of a claim is. It is shown to people, and never decides anything. */
export interface Origin {
  /** `n8n`, `zapier`, `make`, or another name. */
  readonly platform: string;
  /** Its name. */
  readonly workflow?: string;
  /** The page of the run. It must match `RUN_URL`. */
  readonly url?: string;
}

/**
 * An http or https URL without a user name, which would hide the host, and without characters that are markup or mention somebody
 * in a message. It is a pattern of JSON Schema, for at most `LIMITS.urlCodePoints`.
 */
export const RUN_URL = '^https?://([\\w.-]+|\\[[0-9a-f:.]+\\])(:[0-9]+)?(/[\\w.~%/?&=+:;,#-]*)?$';

/** Builds an origin. An unusable URL is left out and a long name is cut, since no claim may fail because of them. */
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

/** An origin as part of a sentence: `on n8n, in “Order intake”`. */
export function shownOrigin({ platform, workflow }: Origin): string {
  const place = NAMES[platform] ?? plainText(platform);
  return workflow === undefined ? `on ${place}` : `on ${place}, in “${plainText(workflow)}”`;
}
