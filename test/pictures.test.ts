import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';

const DOCS = join(import.meta.dirname, '../docs');
const PICTURES = ['flow.svg', 'flow-crash.svg'];
const WIDTHS = [400, 900];

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** The picture as wide as a page shows it, in a page of its own. */
async function show(name: string, colorScheme: 'light' | 'dark', width: number): Promise<Page> {
  const page = await browser.newPage({ colorScheme, viewport: { width, height: width } });
  const svg = readFileSync(join(DOCS, name), 'utf8').replace(/width="\d+" height="\d+"/, 'width="100%"');
  await page.setContent(`<body style="margin:0">${svg}</body>`);
  return page;
}

interface Shown {
  readonly text: string;
  /** In pixels, of the text and of the box that it stands in: the picture itself where it stands in none. */
  readonly of: Box;
  readonly within: Box;
  readonly kind: string;
  /** Of the text, and of what is behind it. */
  readonly colours: readonly [string, string];
}

type Box = Readonly<Record<'left' | 'right' | 'top' | 'bottom' | 'width', number>>;

const textsOf = (page: Page): Promise<readonly Shown[]> =>
  page.evaluate<readonly Shown[]>(`[...document.querySelectorAll('svg text')].map((text) => {
    const rect = text.parentElement.querySelector(':scope > rect');
    const [of, within] = [text, rect].map((each) => each.getBoundingClientRect().toJSON());
    const colours = [text, rect].map((each) => getComputedStyle(each).fill);
    return { text: text.textContent, of, within, kind: rect.getAttribute('class'), colours };
  })`);

/** A reader's font may be a tenth wider than the one that is measured here. */
const leaves = ({ of, within }: Shown): boolean =>
  of.left < within.left ||
  of.right > within.right ||
  of.top < within.top ||
  of.bottom > within.bottom ||
  of.width * 1.1 > within.width;

test.each(PICTURES.flatMap((name) => WIDTHS.map((width) => [name, width] as const)))(
  '%s, %d pixels wide: no text leaves its box',
  async (name, width) => {
    const page = await show(name, 'light', width);
    const texts = await textsOf(page);
    expect(texts.length).toBeGreaterThan(8);
    expect(texts.filter(leaves)).toEqual([]);
    await page.close();
  },
);

test.each(PICTURES)(
  '%s has colours of its own in the dark, and its text can be read in both',
  async (name) => {
    const [light, dark] = [await show(name, 'light', 560), await show(name, 'dark', 560)];
    const [day, night] = [await textsOf(light), await textsOf(dark)];
    for (const [at, { text, colours }] of day.entries())
      expect([text, night[at]?.colours[0] === colours[0]]).toEqual([text, false]);
    for (const { text, colours } of [...day, ...night].filter(({ kind }) => kind !== 'none'))
      expect([text, contrast(colours) >= 4.5]).toEqual([text, true]);
    await Promise.all([light.close(), dark.close()]);
  },
);

test('the README shows them', () => {
  const readme = readFileSync(join(DOCS, '../README.md'), 'utf8');
  expect(PICTURES.filter((name) => !readme.includes(`(docs/${name})`))).toEqual([]);
});

/** By WCAG, between two colours that are written as rgb(r, g, b). */
function contrast(colours: readonly string[]): number {
  const [first = 0, second = 0] = colours
    .map((colour) => {
      const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map((part) => {
        const share = Number(part) / 255;
        return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    })
    .sort((a, b) => b - a);
  return (first + 0.05) / (second + 0.05);
}
