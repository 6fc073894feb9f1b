-- Loads what a batch of one tenant needs, at one instant.
-- KEYS: the tenant's hash, its hooks, its disabled hooks, and the records that are asked for.
-- ARGV: the fields of the hash that are asked for.
-- Answers Redis's time in milliseconds, the fields, the hooks that are not disabled, and the records.
local time = redis.call('TIME')
local records = {}
for i = 4, #KEYS do
  -- A key that is none of ours fails its own commands alone.
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
