import {
  parseExpressionAt,
  type AnyNode,
  type CallExpression,
  type Expression,
  type PrivateIdentifier,
  type SpreadElement,
  type Super,
} from 'acorn';

/** A value that an expression is made of, and its own place in it. */
export interface Part {
  /** As it stands in the expression. */
  readonly code: string;
  /** Whether text is surely made of it; a function that is not known may leave it out, or put something in its place. */
  readonly sure: boolean;
  /** Whether it is only asked for something, as a list is for one of its members. */
  readonly isAsked?: true;
}

export interface Parts {
  readonly parts: readonly Part[];
  /** Whether nothing in the expression is beyond what is known here. */
  readonly known: boolean;
}

type Inner = Expression | SpreadElement | Super | PrivateIdentifier | null;

/** They give a part of their own back as text or number: what is missing in it is missing in what comes of it. */
const THROUGH = new Set([
  'String',
  'Number',
  'BigInt',
  'parseInt',
  'parseFloat',
  'encodeURIComponent',
  'encodeURI',
]);
const ARITHMETIC = new Set(['+', '-', '*', '/', '%', '**']);

/**
 * The values that text is made of in an expression, as `{{ 'order-' + $json.id }}` is of `$json.id`; of what is chosen between
 * values, the one that is chosen. `valueOf` evaluates code. Undefined where the expression cannot be read.
 */
export function partsOf(code: string, valueOf: (code: string) => unknown): Parts | undefined {
  const parts: Part[] = [];
  let known = true;
  const codeOf = (node: AnyNode): string => code.slice(node.start, node.end);
  const value = (node: AnyNode): unknown => valueOf(codeOf(node));

  function visit(node: Inner, sure: boolean): void {
    switch (node?.type) {
      case 'Literal':
        return;
      case 'TemplateLiteral':
        for (const each of node.expressions) visit(each, sure);
        return;
      case 'BinaryExpression':
        // Any other compares, and gives true or false.
        if (!ARITHMETIC.has(node.operator)) return;
        visit(node.left, sure);
        visit(node.right, sure);
        return;
      case 'UnaryExpression':
        if (node.operator === '-' || node.operator === '+') visit(node.argument, sure);
        return;
      case 'ArrayExpression':
        for (const each of node.elements) visit(each, sure);
        return;
      case 'SpreadElement':
        visit(node.argument, false);
        return;
      case 'ConditionalExpression':
        choose(value(node.test) ? node.consequent : node.alternate, sure);
        return;
      case 'LogicalExpression':
        choose(takesLeft(node.operator, value(node.left)) ? node.left : node.right, sure);
        return;
      case 'ChainExpression':
      case 'AwaitExpression':
        visit(node.type === 'ChainExpression' ? node.expression : node.argument, sure);
        return;
      case 'MemberExpression':
        if (isPath(node)) parts.push({ code: codeOf(node), sure });
        else visit(node.object, false);
        return;
      case 'CallExpression':
        call(node, sure);
        return;
      case 'NewExpression':
        known = false;
        for (const each of node.arguments) visit(each, false);
        return;
      case 'Identifier':
        // What is a function by its name has no value of its own.
        if (node.name.startsWith('$') || node.name === 'undefined') parts.push({ code: codeOf(node), sure });
        return;
      default:
        known = false;
    }
  }

  /** What was chosen may be text that is empty, which is as good as nothing. */
  function choose(node: Expression, sure: boolean): void {
    if (node.type === 'Literal') parts.push({ code: codeOf(node), sure });
    else visit(node, sure);
  }

  function call(node: CallExpression, sure: boolean): void {
    const { callee, arguments: given } = node;
    if (isPath(node)) {
      parts.push({ code: codeOf(node), sure });
      return;
    }
    if (callee.type === 'Identifier') {
      const [first, second, third] = given;
      if (callee.name === '$ifEmpty' && first && second)
        choose(asExpression(isEmpty(value(first)) ? second : first), sure);
      else if (callee.name === '$if' && first && second && third)
        choose(asExpression(value(first) ? second : third), sure);
      else for (const each of given) visit(each, sure && THROUGH.has(callee.name));
      known &&= THROUGH.has(callee.name) || callee.name.startsWith('$');
      return;
    }
    if (callee.type !== 'MemberExpression') {
      known = false;
      return;
    }
    const method = callee.property.type === 'Identifier' && !callee.computed ? callee.property.name : '';
    const [first] = given;
    if (method === 'ifEmpty' && first) {
      if (isEmpty(value(callee.object))) choose(asExpression(first), sure);
      else visit(callee.object, sure);
      return;
    }
    // What takes a function may leave out what is missing, and what takes other values may put something in its place.
    const calls = given.some((each) => each.type.includes('Function') || each.type === 'Identifier');
    const joins = method === 'concat' || given.every((each) => each.type === 'Literal');
    if (calls || !joins) known = false;
    const isSure = sure && !calls;
    if (isPath(callee.object)) parts.push({ code: codeOf(callee.object), sure: isSure, isAsked: true });
    else visit(callee.object, isSure);
    for (const each of given) if (!each.type.includes('Function')) visit(each, sure && joins);
  }

  try {
    const expression = parseExpressionAt(code, 0, { ecmaVersion: 'latest' });
    if (code.slice(expression.end).trim() !== '') return undefined;
    visit(expression, true);
    return { parts, known };
  } catch {
    return undefined;
  }
}

const asExpression = (node: Expression | SpreadElement): Expression =>
  node.type === 'SpreadElement' ? node.argument : node;

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

const takesLeft = (operator: string, left: unknown): boolean =>
  operator === '??' ? left !== null && left !== undefined : Boolean(left) === (operator === '||');

/** `$json.a.b[0]`, `$('Step').item.json.id`, `$input.first().json.id`, `DateTime.now()`: nothing is put together in it. */
function isPath(node: AnyNode): boolean {
  switch (node.type) {
    case 'Identifier':
    case 'ThisExpression':
      return true;
    case 'ChainExpression':
      return isPath(node.expression);
    case 'MemberExpression':
      return isPath(node.object);
    case 'CallExpression':
      return (
        isPath(node.callee) &&
        node.arguments.every((each) => each.type === 'Literal') &&
        !(node.callee.type === 'Identifier' && THROUGH.has(node.callee.name))
      );
    default:
      return false;
  }
}
