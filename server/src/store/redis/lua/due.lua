-- Reads what is due for a tenant.
-- KEYS: the tenant's hash, and its indexes leases and dead.
-- Returns Redis's time in milliseconds, the tenant's stored time, and the earliest score of each index.
local time = redis.call('TIME')
return {
  time[1] * 1000 + math.floor(time[2] / 1000),
  redis.call('HGET', KEYS[1], 'now'),
  redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2] or false,
  redis.call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')[2] or false,
}
