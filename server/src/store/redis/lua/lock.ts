/**
 * `lockKey` of claims/life, on a packed string at `base:l:KEY` that Redis forgets at the lock's end. Answers outcome,
 * ttl, first seen, end.
 */
export const LOCK = `
function handlers.lock(c)
  local id = base .. ':l:' .. c.key
  local packed = redis.call('GET', id)
  local lock = packed and cmsgpack.unpack(packed)
  if lock then saw(lock.expiresAt) end

  local function answer(outcome)
    return { outcome, lock.ttlSeconds, lock.firstSeenAt, lock.expiresAt }
  end
  local function event(type)
    tell(type, c.key, { attempt = 1, firstSeenAt = lock.firstSeenAt })
  end

  if lock and now < lock.expiresAt then
    if lock.holder and lock.holder == c.holder then return answer('locked') end
    event('duplicate')
    return answer('duplicate')
  end
  lock = {
    holder = c.holder, ttlSeconds = c.ttlSeconds, metadata = c.metadata,
    firstSeenAt = now, expiresAt = now + c.ttlSeconds * 1000,
  }
  redis.call('SET', id, cmsgpack.pack(lock), 'PX', lifeOf(c.ttlSeconds * 1000))
  wrote()
  charge('make')
  event('claimed')
  return answer('locked')
end
`;
