import { isMembers, type Members, wordOf } from '../json.ts';
import { communicationsOf, members, type App, type Problem } from './read-app.ts';

const ERROR_TYPES = [
  'RuntimeError',
  'DataError',
  'RateLimitError',
  'OutOfSpaceError',
  'ConnectionError',
  'InvalidConfigurationError',
  'InvalidAccessTokenError',
  'IncompleteDataError',
  'DuplicateDataError',
];

/** What a request and its answer must say, and the lengths that Make's editor allows. */
export function* checkCommunication(app: App): Generator<Problem> {
  const base = wordOf(members(app.manifest['generalCodeFiles'])['base']);
  for (const [where, request] of communicationsOf(app)) {
    if (where !== base) yield* checkRequest(where, request, where.startsWith('connections/'));
    yield* checkResponse(where, members(request['response']));
  }
}

function* checkRequest(where: string, request: Members, isConnection: boolean): Generator<Problem> {
  const url = request['url'];
  if (typeof url !== 'string') {
    yield { where, what: 'url is missing.' };
    return;
  }
  if (url.length > 512) yield { where, what: `url is ${wordOf(url.length)} characters long, over 512.` };
  // A module's URL that does not begin with a slash could lead anywhere, and take the API key along.
  if (!isConnection && !/^\/[^/]/.test(url)) yield { where, what: 'url must begin with a slash.' };
  const method = wordOf(request['method'] ?? 'GET');
  if (!['GET', 'DELETE'].includes(method) && request['body'] === undefined)
    yield { where, what: `${method} needs a body.` };
}

function* checkResponse(where: string, response: Members): Generator<Problem> {
  const { valid, iterate } = response;
  if (isMembers(valid)) {
    // What it does not say itself, the error of the status says.
    const isSaid = members(response['error'])['200'] !== undefined;
    if (!isSaid && valid['message'] === undefined) yield { where, what: 'valid has no message.' };
    if (!isSaid) yield* checkErrorType(`${where}, valid`, valid['type']);
  }
  for (const text of [iterate, members(iterate)['container']]) {
    if (typeof text === 'string' && text.length > 512)
      yield { where, what: 'iterate is over 512 characters.' };
  }
  if (response['error'] !== undefined) yield* checkErrors(`${where}, error`, members(response['error']));
}

function* checkErrors(where: string, error: Members): Generator<Problem> {
  const statuses = Object.entries(error).filter(([key]) => /^\d{3}$/.test(key));
  const kinds = [['in general', error] as const, ...statuses];
  for (const [status, each] of kinds) {
    const { message, type } = members(each);
    if (typeof message !== 'string' || message === '') yield { where, what: `${status}: no message.` };
    else if (message.length > 1024) yield { where, what: `${status}: the message is over 1,024 characters.` };
    yield* checkErrorType(`${where} ${status}`, type);
  }
  for (const key of Object.keys(error)) {
    if (!['message', 'type'].includes(key) && !/^\d{3}$/.test(key))
      yield { where, what: `${key} is no status.` };
  }
}

/** A fixed type, or an expression; its words are checked where they are written. */
function* checkErrorType(where: string, type: unknown): Generator<Problem> {
  const words = typeof type === 'string' ? (type.includes('{{') ? type.match(/\w+Error/g) : [type]) : null;
  if (words === null || words.some((each) => !ERROR_TYPES.includes(each)))
    yield { where, what: `${wordOf(type)} is no type of error.` };
}
