-- Stores the outcome of an attempt. A delivery that has already ended is not changed.
-- KEYS: the hook's queues: all, log, wait, due, over.
-- ARGV: the event's id, the prefix of its key's members in wait, and the changed fields of the delivery (JSON).
-- Returns whether the delivery was waiting.
local text = redis.call('HGET', KEYS[1], ARGV[1])
local delivery = text and cjson.decode(text)
if not delivery or delivery.state ~= 'waiting' then return 0 end
for field, value in pairs(cjson.decode(ARGV[3])) do delivery[field] = value end
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(delivery))
if delivery.state == 'waiting' then
  redis.call('ZADD', KEYS[4], string.format('%.0f', delivery.nextAt), ARGV[1])
  return 1
end
redis.call('ZREM', KEYS[4], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[2] .. ARGV[1])
redis.call('ZADD', KEYS[5], ARGV[1], ARGV[1])
-- After it was delivered, the next event of its key is due.
if delivery.state ~= 'delivered' then return 1 end
local following = redis.call('ZRANGEBYLEX', KEYS[3], '[' .. ARGV[2], '[' .. ARGV[2] .. '\255', 'LIMIT', 0, 1)[1]
if not following then return 1 end
local id = string.sub(following, #ARGV[2] + 1)
local after = cjson.decode(redis.call('HGET', KEYS[1], id))
after.nextAt = delivery.deliveredAt
redis.call('HSET', KEYS[1], id, cjson.encode(after))
redis.call('ZADD', KEYS[4], string.format('%.0f', after.nextAt), id)
return 1
