import type { Figures } from './figures.ts';
import { OURS } from './contenders.ts';

const WIDTH = 720;
const LABEL = 190;
const ROW = 30;
const TOP = 44;

/** Claims at 64 connections as bars, the longest first: a picture for the README, in both colour schemes. */
export function chartOf(figures: Figures): string {
  const places = figures.places
    .filter(({ what, connections }) => what === 'claim' && connections === 64)
    .map((place) => ({
      name: place.name,
      perSecond: figures.of(place, 'perSecond'),
      part: figures.ratio(place, { ...place, name: 'floor' }, 'perSecond'),
    }))
    .sort((a, b) => b.part - a.part);
  const bars = places.map(({ name, part, perSecond }, index) => {
    const y = TOP + index * ROW;
    const width = Math.round(part * (WIDTH - LABEL - 150));
    const kind = (OURS as readonly string[]).includes(name) ? 'ours' : 'other';
    const label = kind === 'ours' ? `OnceOnly on ${name}` : name;
    return [
      `<text class="label" x="${String(LABEL - 10)}" y="${String(y + 16)}" text-anchor="end">${label}</text>`,
      `<rect class="${kind}" x="${String(LABEL)}" y="${String(y)}" width="${String(width)}" height="22" rx="3"/>`,
      `<text class="figure" x="${String(LABEL + width + 8)}" y="${String(y + 16)}">${part.toFixed(2)} · ${(perSecond / 1000).toFixed(1)} k/s</text>`,
    ].join('');
  });
  const height = TOP + places.length * ROW + 12;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(height)}" role="img" aria-labelledby="title">
<title id="title">Claims a second at 64 connections, as a part of the floor's</title>
<style>
text { font: 13px system-ui, sans-serif; fill: #1f2937; } .head { font-weight: 600; } .figure { fill: #4b5563; }
.ours { fill: #0f766e; } .other { fill: #9ca3af; }
@media (prefers-color-scheme: dark) { text { fill: #e5e7eb; } .figure { fill: #9ca3af; } .ours { fill: #2dd4bf; } .other { fill: #6b7280; } }
</style>
<text class="head" x="12" y="24">Claims a second, 64 connections, durable before the answer ÷ the floor</text>
${bars.join('\n')}
</svg>
`;
}
