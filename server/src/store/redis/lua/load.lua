-- Loads what a batch of one tenant needs, at one instant.
-- KEYS: the tenant's hash, its hooks, its disabled hooks, and the wanted records.
-- ARGV: the wanted fields of the hash.
-- Returns Redis's time in milliseconds, the fields, the hooks that are not disabled, and the records.
local time = redis.call('TIME')
local records = {}
for i = 4, #KEYS do
  -- If another program uses a key, only the commands on this key fail.
  records[i - 3] = redis.pcall('GET', KEYS[i])
end
local hooks, all = {}, redis.call('HGETALL', KEYS[2])
for i = 1, #all, 2 do
  if redis.call('HEXISTS', KEYS[3], all[i]) == 0 then hooks[#hooks + 1] = all[i + 1] end
end
return {
  time[1] * 1000 + math.floor(time[2] / 1000),
  redis.call('HMGET', KEYS[1], unpack(ARGV)),
  hooks,
  records,
}
