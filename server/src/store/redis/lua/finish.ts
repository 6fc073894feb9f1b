import { EMPTY_OUTPUT } from '../../../claims/life/finish.ts';
import { FAILED_BY_OPERATOR } from '../../../claims/life/resolve.ts';
import { MOMENT } from './moment.ts';
import { RECORDS } from './records.ts';
import { HOOKS, TELLING } from './telling.ts';

const ENDS = `${MOMENT}${RECORDS}${HOOKS}${TELLING}
local ENDED = { result = false, resultHash = false, errorCode = false, retryable = 0, rejectedEmpty = 0 }

-- The record's end at \`now\`; \`about\` overrides what its event says.
local function ended(of, previous, state, fields, about)
  local next = copyOf(of)
  for field, value in pairs(ENDED) do next[field] = value end
  for field, value in pairs(fields) do next[field] = value end
  next.state, next.doneAt, next.version = state, now, of.version + 1
  save(about.key, previous, next)
  tell(about.type or state, about.key, {
    run = next.run, attempt = next.attempt, firstSeenAt = next.firstSeenAt,
    errorCode = about.errorCode == nil and next.errorCode or about.errorCode, by = about.by,
  })
  return next
end
`;

/** Of one key. Each script answers time, outcome, and the record, or the state of a refused one. */
const BEGIN = `${ENDS}
local before = load(c.key)
local record = present(before)

local function unchanged()
  finish(redis.pcall)
  return { now, 'done', valuesOf(record) }
end

local function refused(outcome)
  finish(redis.pcall)
  return { now, outcome, record and record.state or false }
end

local function done(next)
  finish(redis.call)
  return { now, 'done', valuesOf(next) }
end
`;

/** The holder of the current lease only; a released key has none. */
const WITH_LEASE = `
if not record then return refused('not_found') end
if record.leaseId ~= c.leaseId or record.state == 'released' then return refused('lease_lost') end
`;

/** `completeKey` of claims/life. */
export const COMPLETE = `${BEGIN}${WITH_LEASE}
local rejected = c.rejectEmpty and c.resultEmpty
if record.state == 'completed' or (rejected and record.rejectedEmpty == 1) then return unchanged() end
if rejected then
  local fields = { errorCode = '${EMPTY_OUTPUT}', retryable = 1, rejectedEmpty = 1 }
  return done(ended(record, before, 'failed', fields, { key = c.key }))
end
return done(ended(record, before, 'completed', { result = c.result, resultHash = c.resultHash }, { key = c.key }))
`;

const FAILED = `
local function failed(of, previous, key)
  local fields = { errorCode = c.errorCode, retryable = c.retryable and 1 or 0, epoch = of.epoch + (c.noEffect and 1 or 0) }
  return ended(of, previous, 'failed', fields, { key = key })
end
`;

/** `failKey` of claims/life. */
export const FAIL = `${BEGIN}${WITH_LEASE}${FAILED}
if record.state == 'completed' then return refused('already_finished') end
if record.state == 'failed' then return unchanged() end
return done(failed(record, before, c.key))
`;

/** Fails up to `limit` keys that a run holds, those after `after`. Answers time, how many, and the last one looked at. */
export const FAIL_RUN = `${ENDS}${FAILED}
local run = runOf(c)
local from = c.after and ('(' .. run .. c.after) or ('[' .. run)
local members = redis.call('ZRANGEBYLEX', base .. ':runs', from, '[' .. run .. '\\255', 'LIMIT', 0, c.limit)
local count, last = 0, false
for _, member in ipairs(members) do
  last = string.sub(member, #run + 1)
  local previous = load(last)
  local current = present(previous)
  if current and current.state == 'in_progress' then
    failed(current, previous, last)
    count = count + 1
  end
end
finish(count > 0 and redis.call or redis.pcall)
return { now, count, #members == c.limit and last or false }
`;

/** `extendKey` of claims/life. */
export const EXTEND = `${BEGIN}${WITH_LEASE}
if record.state ~= 'in_progress' then return refused('already_finished') end
local next = copyOf(record)
next.ttlSeconds = c.ttlSeconds or record.ttlSeconds
next.expiresAt = now + next.ttlSeconds * 1000
next.version, next.deathTold = record.version + 1, 0
save(c.key, before, next)
return done(next)
`;

/** `cancelKey` of claims/life. */
export const CANCEL = `${BEGIN}
if record and record.state == 'released' and record.leaseId == c.leaseId then return unchanged() end
${WITH_LEASE}
if record.state ~= 'in_progress' then return refused('already_finished') end
local about = { key = c.key, errorCode = c.reason }
return done(ended(record, before, 'released', { attemptsReleased = record.attempt }, about))
`;

/** `resolveKey` of claims/life. */
export const RESOLVE = `${BEGIN}
if not record or record.state == 'released' then return refused('not_found') end
if record.version ~= c.version then
  finish(redis.pcall)
  return { now, 'changed', record.version }
end
local fields = { leaseId = c.leaseId }
if c.to == 'completed' then fields.result = c.result end
if c.to == 'failed' then
  fields.errorCode, fields.retryable = c.reason or '${FAILED_BY_OPERATOR}', c.retryable and 1 or 0
end
if c.to == 'released' then fields.attemptsReleased = record.attempt end
local about = { key = c.key, type = 'resolved', errorCode = c.reason, by = c.by }
return done(ended(record, before, c.to, fields, about))
`;

/** `readKey` of claims/life. */
export const READ = `${BEGIN}
if not record or record.state == 'released' then return refused('not_found') end
return unchanged()
`;
