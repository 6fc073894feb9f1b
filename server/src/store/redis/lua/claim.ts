import { LIMITS } from '@onceonly/shared/limits.ts';

/** `claimKey` of claims/life, row by row, and `claimEvent`. Answers outcome, whether reentrant, the month's usage, the record. */
export const CLAIM = `
local fence = tonumber(meta[2]) or 0

-- A release gives it up: a wrong one does not outlive it.
local function knownFingerprint(record)
  return record.state ~= 'released' and record.fingerprint
end

local function decide(c, record)
  if not record then return 'acquired' end
  local known = knownFingerprint(record)
  if known and c.fingerprint and known ~= c.fingerprint then return 'fingerprint_mismatch' end
  if record.state == 'completed' then return 'completed' end
  if record.state == 'failed' and record.retryable == 0 then return 'failed' end
  if record.state == 'in_progress' then
    if record.holder and record.holder == c.holder then return 'again' end
    if now < record.expiresAt then return 'in_progress' end
    if record.onExpired == 'block' or c.onExpired == 'block' then return 'unresolved' end
  end
  local max = c.maxAttempts or record.maxAttempts
  if max and record.attempt + 1 - record.attemptsReleased > max then return 'exhausted' end
  return 'acquired'
end

-- A new lease, on a new record or on one that may be claimed. Any older lease is dead.
local function acquire(c, previous)
  fence = fence + 1
  changes.fence = int(fence)
  return {
    state = 'in_progress', leaseId = c.leaseId, holder = c.holder, run = c.run,
    attempt = (previous.attempt or 0) + 1, attemptsReleased = previous.attemptsReleased or 0,
    version = (previous.version or 0) + 1, fence = fence, epoch = previous.epoch or 0,
    ttlSeconds = c.ttlSeconds, retentionSeconds = c.retentionSeconds or ${LIMITS.retentionSeconds.default},
    onExpired = c.onExpired or 'retry', maxAttempts = c.maxAttempts or previous.maxAttempts,
    fingerprint = knownFingerprint(previous) or c.fingerprint, metadata = c.metadata or previous.metadata,
    firstSeenAt = previous.firstSeenAt or now, claimedAt = now, expiresAt = now + c.ttlSeconds * 1000,
    retryable = 0, deathTold = 0, rejectedEmpty = 0,
  }
end

local function changed(record, fields)
  local next = copyOf(record)
  for field, value in pairs(fields) do next[field] = value end
  next.version = record.version + 1
  return next
end

-- What is told of a claim besides a death; nothing where it changes nothing that anybody waits for.
local function claimEvent(c, outcome, before, answer)
  if outcome == 'acquired' then
    -- A record that was forgotten in progress starts anew: its attempt is the first again.
    local takenOver = before and before.state == 'in_progress' and answer.attempt > 1
    return takenOver and 'taken_over' or 'claimed'
  end
  if outcome == 'exhausted' then return 'exhausted' end
  -- It asks again later, and is not stopped yet.
  if outcome == 'in_progress' and c.triesAgain then return end
  -- It is this claim that made a person have to decide; otherwise whoever tells of the death says so.
  if outcome == 'unresolved' and before.onExpired == 'retry' and before.deathTold == 1 then return 'unresolved' end
  if outcome ~= 'again' and outcome ~= 'fingerprint_mismatch' then return 'duplicate' end
end

function handlers.claim(c)
  local before = load(c.key)
  local record = present(before)
  local outcome = decide(c, record)
  local next
  if outcome == 'acquired' then
    next = acquire(c, record or {})
  elseif outcome == 'again' and now >= record.expiresAt then
    next = changed(record, { ttlSeconds = c.ttlSeconds, expiresAt = now + c.ttlSeconds * 1000, deathTold = 0 })
  elseif outcome == 'unresolved' and record.onExpired == 'retry' then
    next = changed(record, { onExpired = 'block' })
  elseif outcome == 'exhausted' and c.maxAttempts and c.maxAttempts ~= record.maxAttempts then
    next = changed(record, { maxAttempts = c.maxAttempts })
  end
  if next then save(c.key, before, next) end

  local answer = next or record
  if outcome == 'acquired' then
    charge('ai')
    if before and diedUntold(before) then tell('run_died', c.key, before) end
  end
  local type = claimEvent(c, outcome, before, answer)
  if type then
    tell(type, c.key, {
      run = c.run, attempt = answer.attempt, firstSeenAt = answer.firstSeenAt, errorCode = answer.errorCode,
    })
  end
  local reentrant = outcome == 'again'
  return { reentrant and 'acquired' or outcome, reentrant and 1 or 0, used.ai, valuesOf(answer) }
end
`;
