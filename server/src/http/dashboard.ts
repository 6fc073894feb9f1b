import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { App } from './services.ts';

/** The built dashboard: beside a bundle, or in `dist` when run from the sources. */
const FOLDER = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/dashboard/' : './dashboard/',
  import.meta.url,
);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
};

const TAKES_GZIP = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/;

/** Serves the dashboard: the page at `/`, and its files, whose names contain a hash of their content, so that they can be cached. */
export function dashboardRoutes(app: App): void {
  for (const name of readdirSync(FOLDER)) {
    const content = readFileSync(new URL(name, FOLDER));
    const isPage = name === 'index.html';
    const headers = {
      ...HEADERS,
      'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
      vary: 'accept-encoding',
      'cache-control': isPage ? 'no-cache' : 'public, max-age=31536000, immutable',
    };
    const compressed = gzipSync(content);
    app.get(isPage ? '/' : `/dashboard/${name}`, { schema: { hide: true } }, (request, reply) => {
      reply.headers(headers);
      return TAKES_GZIP.test(request.headers['accept-encoding'] ?? '')
        ? reply.header('content-encoding', 'gzip').send(compressed)
        : reply.send(content);
    });
  }
}
