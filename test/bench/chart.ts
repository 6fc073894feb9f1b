import type { Bar } from './part.ts';

const [WIDTH, LABEL, ROW, TOP] = [720, 200, 34, 46];
const SCALE = WIDTH - LABEL - 130;

/** As an SVG, for light pages and dark ones: each bar with its interval, beside the floor's, which is 1. */
export function chartOf(bars: readonly Bar[]): string {
  const x = (part: number): string => (LABEL + Math.min(part, 1.2) * SCALE).toFixed(1);
  const rows = bars.map(({ label, isOurs, median, low, high }, row) => {
    const y = TOP + row * ROW;
    const middle = String(y + 11);
    return [
      `<text x="${String(LABEL - 10)}" y="${String(y + 16)}" text-anchor="end">${label}</text>`,
      `<rect class="${isOurs ? 'ours' : 'other'}" x="${String(LABEL)}" y="${String(y)}" width="${(median * SCALE).toFixed(1)}" height="22" rx="3"/>`,
      `<path class="interval" d="M${x(low)} ${middle}H${x(high)}M${x(low)} ${String(y + 5)}v12M${x(high)} ${String(y + 5)}v12"/>`,
      `<text class="figure" x="${String(Number(x(Math.max(high, median))) + 8)}" y="${String(y + 16)}">${median.toFixed(2)}</text>`,
    ].join('');
  });
  const bottom = TOP + bars.length * ROW;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(bottom + 8)}" role="img" aria-labelledby="title">
<title id="title">Claims a second at 64 connections, as a part of the floor's, with their intervals</title>
<style>
text { font: 13px system-ui, sans-serif; fill: #1f2937; } .head { font-weight: 600; } .figure { fill: #4b5563; }
.ours { fill: #5eb5ac; } .other { fill: #c3c8d0; } .interval { stroke: #111827; stroke-width: 1.5; fill: none; } .floor { stroke: #9ca3af; stroke-dasharray: 3 3; }
@media (prefers-color-scheme: dark) { text { fill: #e5e7eb; } .figure { fill: #9ca3af; } .ours { fill: #0f766e; } .other { fill: #4b5563; } .interval { stroke: #f9fafb; } }
</style>
<text class="head" x="12" y="24">Claims a second, 64 connections, durable before the answer ÷ the floor</text>
<path class="floor" d="M${x(1)} ${String(TOP - 8)}V${String(bottom)}"/>
${rows.join('\n')}
</svg>
`;
}
