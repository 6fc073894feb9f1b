import { type Members, textsIn } from '../json.ts';
import { componentsOf, members, type App, type ComponentOfApp, type Problem } from './app.ts';
import { checkMembers } from './communication.ts';

const COMMUNICATION = ['verification', 'respond', 'iterate', 'output', 'condition'];
const RESPOND = ['type', 'status', 'headers', 'body'];

/** The shape of what a webhook makes of a delivery. */
export function* checkWebhooks(app: App): Generator<Problem> {
  for (const each of componentsOf(app, 'webhook')) {
    yield* checkDelivery(each.path('communication'), members(each.section('communication')));
    yield* checkAddress(each);
  }
}

function* checkDelivery(where: string, communication: Members): Generator<Problem> {
  yield* checkMembers(where, communication, COMMUNICATION);
  const verification = members(communication['verification']);
  yield* checkMembers(`${where}, verification`, verification, ['condition', 'respond']);
  for (const respond of [members(communication['respond']), members(verification['respond'])])
    yield* checkMembers(`${where}, respond`, respond, RESPOND);
  for (const name of ['condition', 'output']) {
    if (communication[name] === undefined) yield { where, what: `${name} is missing.` };
  }
}

/** The service is told of the address, and what detaching needs is kept. */
function* checkAddress(webhook: ComponentOfApp): Generator<Problem> {
  const attach = members(webhook.section('attach'));
  const reads = (section: string): readonly string[] =>
    [...textsIn(webhook.section(section))].map(([, text]) => text);
  if (!reads('attach').includes('{{webhook.url}}'))
    yield { where: webhook.path('attach'), what: 'It does not send webhook.url.' };
  if (!reads('detach').includes('{{webhook.externalHookId}}'))
    yield { where: webhook.path('detach'), what: 'It does not name webhook.externalHookId.' };
  const kept = members(members(attach['response'])['data']);
  if (kept['externalHookId'] === undefined)
    yield { where: webhook.path('attach'), what: 'It does not keep externalHookId.' };
}
