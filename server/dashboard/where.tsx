import type { OfRun, Place } from './answers.ts';

const PLATFORMS: Readonly<Record<string, string>> = { n8n: 'n8n', zapier: 'Zapier', make: 'Make' };

/** Platform and workflow; empty where neither is known. */
export function placeOf({ platform, workflow }: Place): string {
  const name = platform === null ? null : (PLATFORMS[platform] ?? platform);
  return [name, workflow].filter((part) => part !== null).join(' · ');
}

/**
 * Where a run is, with the way to it. Whoever has an API key may name any address: so its host is shown, it is told
 * nothing of this page, and no other scheme than http is followed.
 */
export function Where({ of }: { of: OfRun }) {
  const link = of.run_url !== null && URL.canParse(of.run_url) ? new URL(of.run_url) : null;
  const isLink = link !== null && ['http:', 'https:'].includes(link.protocol);
  return (
    <span class="where">
      {placeOf(of)}{' '}
      {isLink ? (
        <a href={link.href} target="_blank" rel="noopener noreferrer">
          Open the run at {link.host}
        </a>
      ) : (
        of.run !== null && <>Run {of.run}</>
      )}
    </span>
  );
}

/** Whether there is anything to say of where a run is. */
export const isKnown = ({ platform, workflow, run, run_url: url }: OfRun): boolean =>
  [platform, workflow, run, url].some((part) => part !== null);
