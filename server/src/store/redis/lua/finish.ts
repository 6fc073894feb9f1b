import { EMPTY_OUTPUT, FAILED_BY_OPERATOR } from '../../../claims/life.ts';
import { MOMENT } from './moment.ts';
import { RECORDS } from './records.ts';
import { HOOKS, TELLING } from './telling.ts';

const ENDS = `
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

local function failed(c, of, previous, key)
  local fields = { errorCode = c.errorCode, retryable = c.retryable and 1 or 0, epoch = of.epoch + (c.noEffect and 1 or 0) }
  return ended(of, previous, 'failed', fields, { key = key })
end
`;

/** Each answers outcome, and the record, or the state of a refused one. */
const ANSWERS = `
local function done(record) return { 'done', valuesOf(record) } end

local function refused(outcome, record) return { outcome, record and record.state or false } end

-- Of the holder of the current lease only; a released key has none.
local function withLease(handler)
  return function(c)
    local before = load(c.key)
    local record = present(before)
    if not record then return refused('not_found') end
    if record.leaseId ~= c.leaseId or record.state == 'released' then return refused('lease_lost', record) end
    return handler(c, record, before)
  end
end
`;

/** `completeKey` of claims/life. */
const COMPLETE = `
handlers.complete = withLease(function(c, record, before)
  local rejected = c.rejectEmpty and c.resultEmpty
  if record.state == 'completed' or (rejected and record.rejectedEmpty == 1) then return done(record) end
  if rejected then
    local fields = { errorCode = '${EMPTY_OUTPUT}', retryable = 1, rejectedEmpty = 1 }
    return done(ended(record, before, 'failed', fields, { key = c.key }))
  end
  return done(ended(record, before, 'completed', { result = c.result, resultHash = c.resultHash }, { key = c.key }))
end)
`;

/** `failKey` of claims/life. */
const FAIL = `
handlers.fail = withLease(function(c, record, before)
  if record.state == 'completed' then return refused('already_finished', record) end
  if record.state == 'failed' then return done(record) end
  return done(failed(c, record, before, c.key))
end)
`;

/** `extendKey` of claims/life. */
const EXTEND = `
handlers.extend = withLease(function(c, record, before)
  if record.state ~= 'in_progress' then return refused('already_finished', record) end
  local next = copyOf(record)
  next.ttlSeconds = c.ttlSeconds or record.ttlSeconds
  next.expiresAt = now + next.ttlSeconds * 1000
  next.version, next.deathTold = record.version + 1, 0
  save(c.key, before, next)
  return done(next)
end)
`;

/** `cancelKey` of claims/life. */
const CANCEL = `
local cancelLease = withLease(function(c, record, before)
  if record.state ~= 'in_progress' then return refused('already_finished', record) end
  local about = { key = c.key, errorCode = c.reason or false }
  return done(ended(record, before, 'released', { attemptsReleased = record.attempt }, about))
end)

function handlers.cancel(c)
  local record = present(load(c.key))
  if record and record.state == 'released' and record.leaseId == c.leaseId then return done(record) end
  return cancelLease(c)
end
`;

/** `resolveKey` of claims/life. */
const RESOLVE = `
function handlers.resolve(c)
  local before = load(c.key)
  local record = present(before)
  if not record or record.state == 'released' then return refused('not_found') end
  if record.version ~= c.version then return { 'changed', record.version } end
  local fields = { leaseId = c.leaseId }
  if c.to == 'completed' then fields.result = c.result end
  if c.to == 'failed' then
    fields.errorCode, fields.retryable = c.reason or '${FAILED_BY_OPERATOR}', c.retryable and 1 or 0
  end
  if c.to == 'released' then fields.attemptsReleased = record.attempt end
  local about = { key = c.key, type = 'resolved', errorCode = c.reason or false, by = c.by }
  return done(ended(record, before, c.to, fields, about))
end
`;

/** `readKey` of claims/life. */
const READ = `
function handlers.read(c)
  local record = present(load(c.key))
  if not record or record.state == 'released' then return refused('not_found') end
  return done(record)
end
`;

export const FINISH = `${ENDS}${ANSWERS}${COMPLETE}${FAIL}${EXTEND}${CANCEL}${RESOLVE}${READ}`;

/** Fails up to `limit` keys that a run holds, those after `after`. Answers time, how many, and the last one looked at. */
export const FAIL_RUN = `${MOMENT}${RECORDS}${HOOKS}${TELLING}${ENDS}
local run = runOf(c)
local from = c.after and ('(' .. run .. c.after) or ('[' .. run)
local members = redis.call('ZRANGEBYLEX', base .. ':runs', from, '[' .. run .. '\\255', 'LIMIT', 0, c.limit)
local count, last = 0, false
for _, member in ipairs(members) do
  last = string.sub(member, #run + 1)
  local previous = load(last)
  local current = present(previous)
  if current and current.state == 'in_progress' then
    failed(c, current, previous, last)
    count = count + 1
  end
end
finish()
return { now, count, #members == c.limit and last or false }
`;
