import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A text that a user reads, as the source declares it; what varies in it is `VARIES`. */
export interface Said {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

export const VARIES = '…';

const root = join(import.meta.dirname, '../..');

/** Where texts for users are declared: files, and folders with all that is in them. */
const PLACES = [
  'shared/src',
  'zapier-app/src',
  'n8n-node/nodes',
  'n8n-node/credentials',
  'make-app/src/overlay.ts',
  'make-app/src/modules.ts',
  'make-app/src/webhooks.ts',
  'server/src/http/refusal.ts',
  'server/src/http/invalid-fields.ts',
  'server/src/http/error-answers.ts',
  'server/src/http/keyed-claim.ts',
  'server/src/http/make-client.ts',
  'server/src/http/routes/make.ts',
  'server/dashboard',
];

/** Where commands say what they do, and what they did. Whoever types them knows words that others do not. */
const COMMANDS = ['server/src/cli', 'server/src/config.ts', 'make-app/src/deploy/command.ts'];

/** Fewer words are a label, a name, or a part of one. */
const FEWEST_WORDS = 4;

/** Every text of at least so many words, in the order of the files. */
export const allSaid = (): readonly Said[] => PLACES.flatMap(filesIn).flatMap(saidIn);

/** The same of commands. Their help is read line by line: what is not indented goes on until an empty line. */
export const commandsSaid = (): readonly Said[] =>
  COMMANDS.flatMap(filesIn)
    .flatMap(saidIn)
    .flatMap(({ text, ...where }) =>
      text
        .split(/\n\s*\n|\n(?= {2})/)
        .map((part) => part.trim().replaceAll(/\s+/g, ' '))
        .filter((part) => isSaid(part) && !EXAMPLE.test(part))
        .map((part) => ({ ...where, text: part })),
    );

/** A command to copy. */
const EXAMPLE = /^(?:[A-Z_]+=\S+ )?onceonly-server /;

const SOURCE = /\.tsx?$/;

function filesIn(place: string): readonly string[] {
  if (SOURCE.test(place)) return [place];
  return readdirSync(join(root, place), { recursive: true, encoding: 'utf8' })
    .filter((file) => SOURCE.test(file))
    .sort()
    .map((file) => `${place}/${file}`);
}

function saidIn(file: string): readonly Said[] {
  const text = readFileSync(join(root, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const said: Said[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || isUnseen(node)) return;
    const made = textOf(node);
    if (made === undefined) {
      ts.forEachChild(node, visit);
      return;
    }
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    if (isSaid(made)) said.push({ file, line: line + 1, text: made });
    variesIn(node).forEach(visit);
  };
  visit(source);
  return said;
}

/** Whether a text is more than a label, a name, or a part of one. */
export const isSaid = (text: string): boolean =>
  /[a-z] [a-z]/i.test(text) &&
  text.split(/\s+/).filter((word) => /[a-z]{2}/i.test(word)).length >= FEWEST_WORDS;

/** What an expression says: a literal, a template, a sum, or a rule that joins. Undefined where it says nothing by itself. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map(({ literal }) => VARIES + literal.text).join('');
  }
  if (isElement(node)) return elementText(node);
  const parts = partsOf(node).map(textOf);
  if (parts.every((part) => part === undefined)) return undefined;
  return parts.map((part) => part ?? VARIES).join('');
}

/** What styles, names or draws an element; nobody reads it. */
const UNSEEN = /^(class|d|href|id|key|style|to|viewBox|aria-(describedby|labelledby|live))$/;
const isUnseen = (node: ts.Node): boolean => ts.isJsxAttribute(node) && UNSEEN.test(node.name.getText());

const isElement = (node: ts.Node): node is ts.JsxElement | ts.JsxFragment =>
  ts.isJsxElement(node) || ts.isJsxFragment(node);

/** What is copied and not read. */
const isCode = (node: ts.Node): boolean =>
  ts.isJsxElement(node) && node.openingElement.tagName.getText() === 'code';

/** What an element of the dashboard says, with what stands out in it; undefined where only its children say something. */
function elementText({ children }: ts.JsxElement | ts.JsxFragment): string | undefined {
  if (!children.some((child) => ts.isJsxText(child) && /\w/.test(child.text))) return undefined;
  const texts = children.map((child) => {
    if (ts.isJsxText(child)) return child.text;
    return isCode(child) ? VARIES : (textOf(child) ?? VARIES);
  });
  return texts.join('').replaceAll('&amp;', '&').replaceAll(/\s+/g, ' ').trim();
}

/** The parts of a sum, or of `join(…)`; what is shown of an expression. */
function partsOf(node: ts.Node): readonly ts.Node[] {
  if (ts.isJsxExpression(node)) return node.expression === undefined ? [] : [node.expression];
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return [node.left, node.right];
  const isJoin =
    ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'join';
  return isJoin ? node.arguments : [];
}

/** The parts of a text that vary, which may hold texts themselves. */
function variesIn(node: ts.Node): readonly ts.Node[] {
  if (ts.isTemplateExpression(node)) return node.templateSpans.map(({ expression }) => expression);
  if (isElement(node)) {
    const within = node.children.flatMap((child) =>
      textOf(child) === undefined ? [child] : variesIn(child),
    );
    return ts.isJsxElement(node) ? [node.openingElement, ...within] : within;
  }
  return partsOf(node).flatMap((part) => (textOf(part) === undefined ? [part] : variesIn(part)));
}
