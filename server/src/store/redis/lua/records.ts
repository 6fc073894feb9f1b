import { FIELDS } from '../record.ts';

/**
 * Tables are written out field by field, which costs Redis a third of a loop over their names. A record's values are
 * made once, when it is written or answered: it is not changed from then on.
 *
 * A key's record is one packed string at `base:k:KEY`. Who runs is found by its lease's end in `base:leases`, by its
 * time of forgetting in `base:dead` once the death was told, and by its run in `base:runs`. A finished record is in none
 * of them: Redis itself forgets it. A lease never ends a record, so one in progress has no life in Redis.
 */
export const RECORDS = `
local function load(key)
  local packed = redis.call('GET', base .. ':k:' .. key)
  if not packed then return nil end
  local v = cmsgpack.unpack(packed)
  return { ${FIELDS.map((field, index) => `${field} = v[${index + 1}] or false`).join(', ')} }
end

local function valuesOf(r)
  r.values = r.values or { ${FIELDS.map((field) => `r.${field} or false`).join(', ')} }
  return r.values
end

local function copyOf(r)
  return { ${FIELDS.map((field) => `${field} = r.${field}`).join(', ')} }
end

local function forgetAt(record)
  if record.doneAt then return record.doneAt + record.retentionSeconds * 1000 end
  if record.onExpired == 'block' then return record.expiresAt + 400 * 86400000 end
  return record.expiresAt + record.retentionSeconds * 1000
end

-- The record, unless there is none or it is forgotten.
local function present(record)
  if not record then return nil end
  if record.state == 'in_progress' then saw(record.expiresAt) end
  saw(forgetAt(record))
  if now >= forgetAt(record) then return nil end
  return record
end

local function diedUntold(record)
  return record.state == 'in_progress' and record.deathTold == 0 and now >= record.expiresAt
end

-- The length makes a run's name no part of a longer one.
local function runOf(record)
  return #record.run .. ':' .. record.run .. ':'
end

local function unindex(key, record)
  place(record.deathTold == 1 and ':dead' or ':leases', key, false)
  if record.run then place(':runs', runOf(record) .. key, false) end
end

-- Writes \`record\` in the place of \`before\`. A command's first write, so that a full Redis refuses it as a whole.
local function save(key, before, record)
  local id, packed = base .. ':k:' .. key, cmsgpack.pack(valuesOf(record))
  local ran, runs = before and before.state == 'in_progress', record.state == 'in_progress'
  if not runs then
    redis.call('SET', id, packed, 'PX', lifeOf(forgetAt(record) - now))
    wrote()
    if ran then unindex(key, before) end
    return
  end
  redis.call('SET', id, packed)
  wrote()
  if ran and (before.run ~= record.run or before.deathTold ~= record.deathTold) then unindex(key, before) end
  if record.run then place(':runs', runOf(record) .. key, 0) end
  if record.deathTold == 1 then
    place(':dead', key, int(forgetAt(record)))
  else
    place(':leases', key, int(record.expiresAt))
  end
end
`;
