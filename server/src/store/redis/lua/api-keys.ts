/** Of the whole store: `KEYS[1]` is its hash of API keys, JSON by the key's hash; `KEYS[2]` their hashes by their ids. */
const BEGIN = `
local c = cjson.decode(ARGV[1])
local time = redis.call('TIME')
local now = type(c.clock) == 'number' and c.clock or (time[1] * 1000 + math.floor(time[2] / 1000))
`;

/** Answers its JSON, or nothing where the hash or the id is taken. */
export const CREATE_API_KEY = `${BEGIN}
if redis.call('HEXISTS', KEYS[1], c.apiKey.hash) + redis.call('HEXISTS', KEYS[2], c.apiKey.id) > 0 then return false end
c.apiKey.createdAt, c.apiKey.revokedAt = now, cjson.null
local text = cjson.encode(c.apiKey)
redis.call('HSET', KEYS[1], c.apiKey.hash, text)
redis.call('HSET', KEYS[2], c.apiKey.id, c.apiKey.hash)
return text
`;

/** The first time stands. Answers its JSON, or nothing where there is none. */
export const REVOKE_API_KEY = `${BEGIN}
local hash = redis.call('HGET', KEYS[2], c.id)
if not hash then return false end
local apiKey = cjson.decode(redis.call('HGET', KEYS[1], hash))
if apiKey.revokedAt == cjson.null then
  apiKey.revokedAt = now
  redis.call('HSET', KEYS[1], hash, cjson.encode(apiKey))
end
return cjson.encode(apiKey)
`;
