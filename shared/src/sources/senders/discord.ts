import { defineSender } from '../sender.ts';

/** Signed with Ed25519, which is not checked here. */
export const discord = defineSender({
  id: 'discord',
  label: 'Discord',
  docs: 'https://docs.discord.com/developers/events/webhook-events',
  seen: [
    { 'header:x-signature-ed25519': true, 'body:application_id': true },
    { 'body:application_id': true, 'body:type': /^[01]$/, 'body:event.type': true },
  ],
  rules: [
    {
      when: { 'body:event': true },
      key: ['body:application_id', 'body:event.type', 'body:event.timestamp', 'hash:body:event.data?'],
    },
    {
      when: { 'body:type': /^[01]$/ },
      none: 'is the ping by which Discord checks the address: it is no event. Answer it, and filter it out before this step.',
    },
    { key: ['body:id'], covers: ['body:type'] },
  ],
  needs: 'payload is no event of Discord: it lacks id, or event.timestamp.',
  retries: 'Events are sent again for ten minutes, interactions are not.',
  recipe: 'Enter the interaction’s ID; of an event, its Type and Timestamp.',
});
