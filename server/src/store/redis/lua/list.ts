import { MOMENT } from './moment.ts';
import { RECORDS } from './records.ts';

/**
 * One look of SCAN at the node's keys, those of the tenant that begin with the prefix in the order of their names. Of a
 * look that held more than fits, the next page begins after the last one shown. Answers time, where the next page
 * begins (SCAN's cursor, and after which key of that look; none after the last), and keys with their records.
 */
export const LIST = `${MOMENT}${RECORDS}
local names = base .. ':k:'
local pattern = string.gsub(names .. c.prefix, '[%*%?%[%]%\\\\]', '\\\\%0') .. '*'
local look = redis.call('SCAN', c.scan, 'MATCH', pattern, 'COUNT', c.count)
table.sort(look[2])

local items, characters = {}, 0
local function matches(record)
  if not c.status then return record.state ~= 'released' end
  if c.status ~= 'unresolved' then return record.state == c.status end
  return record.state == 'in_progress' and record.onExpired == 'block' and now >= record.expiresAt
end

local last
for _, name in ipairs(look[2]) do
  local key = string.sub(name, #names + 1)
  if not c.after or key > c.after then
    if #items >= c.limit * 2 or characters > c.characters then
      finish()
      return { now, c.scan, last, characters, items }
    end
    local record = present(load(key))
    if record and matches(record) then
      items[#items + 1] = key
      items[#items + 1] = valuesOf(record)
      characters = characters + #(record.result or '')
    end
    last = key
  end
end
finish()
return { now, look[1], false, characters, items }
`;
