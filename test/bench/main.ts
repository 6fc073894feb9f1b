/** `npm run bench -- NAME`: each measures when it is loaded. Claims, if no name is given. */
const benches = {
  claims: () => import('./claims.ts'),
  growth: () => import('./growth.ts'),
  watching: () => import('./watching.ts'),
  stalls: () => import('./stalls.ts'),
  n8n: () => import('./n8n.ts'),
  guard: () => import('./guard.ts'),
};

const [name = 'claims'] = process.argv.slice(2);
const bench = Object.entries(benches).find(([each]) => each === name)?.[1];
if (bench === undefined) throw new Error(`There is no “${name}”, only: ${Object.keys(benches).join(', ')}.`);
await bench();
