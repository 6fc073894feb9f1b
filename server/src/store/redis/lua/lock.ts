import { MOMENT } from './moment.ts';
import { HOOKS, TELLING, USAGE } from './telling.ts';

/**
 * `lockKey` of claims/life, on a packed string at `base:l:KEY` that Redis forgets at the lock's end. Answers time,
 * outcome, ttl, first seen, end.
 */
export const LOCK = `${MOMENT}${HOOKS}${TELLING}${USAGE}
local id = base .. ':l:' .. c.key
local packed = redis.call('GET', id)
local lock = packed and cmsgpack.unpack(packed)
if lock then saw(lock.expiresAt) end

local function answer(outcome, call)
  finish(call)
  return { now, outcome, lock.ttlSeconds, lock.firstSeenAt, lock.expiresAt }
end
local function event(type)
  tell(type, c.key, { attempt = 1, firstSeenAt = lock.firstSeenAt })
end

if lock and now < lock.expiresAt then
  if lock.holder and lock.holder == c.holder then return answer('locked', redis.pcall) end
  event('duplicate')
  return answer('duplicate', redis.pcall)
end
lock = {
  holder = c.holder, ttlSeconds = c.ttlSeconds, metadata = c.metadata,
  firstSeenAt = now, expiresAt = now + c.ttlSeconds * 1000,
}
redis.call('SET', id, cmsgpack.pack(lock), 'PX', lifeOf(c.ttlSeconds * 1000))
charge('make')
event('claimed')
return answer('locked', redis.call)
`;
