-- Charges every limit or, when one of them has to wait, none; and reads one more key on the way.
-- The rules are those of service/domain/limits.py, which the tests hold this to.
--
-- KEYS: the key to read ('' for none), then one for each charge.
-- ARGV: the time in seconds ('' asks the server), then kind, count and period in seconds of each charge.
-- Answers what was read, then for each charge: remaining, reset and wait in seconds, as texts.

local SLOTS = 60

local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = tonumber(time[1]) + tonumber(time[2]) / 1000000
end

local function text(number)
  return string.format('%.17g', number)
end

local function expire(key, seconds)
  redis.call('PEXPIRE', key, math.ceil(seconds * 1000) + 1000)
end

-- A hash: the count of each slot, their sum, and the numbers of the oldest and the last.
local window = {}

function window.read(key, _, period)
  local slot = math.floor(now * SLOTS / period)
  local held = redis.call('HMGET', key, 'sum', 'oldest', 'last')
  local sum, oldest, last = tonumber(held[1]), tonumber(held[2]), tonumber(held[3])
  if not last or last < slot - SLOTS then
    if last then redis.call('DEL', key) end
    return { slot = slot, sum = 0 }
  end
  while oldest < slot - SLOTS or redis.call('HEXISTS', key, oldest) == 0 do
    sum = sum - (tonumber(redis.call('HGET', key, oldest)) or 0)
    redis.call('HDEL', key, oldest)
    oldest = oldest + 1
  end
  redis.call('HSET', key, 'sum', sum, 'oldest', oldest)
  return { slot = slot, sum = sum, oldest = oldest, last = last }
end

function window.stand(held, count, period)
  local function ends(slot)
    return (slot + SLOTS + 1) * period / SLOTS - now
  end
  local remaining = count - held.sum
  return math.max(remaining, 0), held.last and ends(held.last) or 0, remaining > 0 and 0 or ends(held.oldest)
end

function window.charge(key, held, _, period)
  held.oldest, held.last = held.oldest or held.slot, math.max(held.last or held.slot, held.slot)
  held.sum = held.sum + 1
  redis.call('HINCRBY', key, held.slot, 1)
  redis.call('HSET', key, 'sum', held.sum, 'oldest', held.oldest, 'last', held.last)
  expire(key, period * (SLOTS + 1) / SLOTS)
end

-- A hash: the number of the period and the count in it.
local fixed = {}

function fixed.read(key, _, period)
  local number = math.floor(now / period)
  local held = redis.call('HMGET', key, 'period', 'count')
  return { period = number, count = tonumber(held[1]) == number and tonumber(held[2]) or 0 }
end

function fixed.stand(held, count, period)
  local remaining, reset = count - held.count, (held.period + 1) * period - now
  return math.max(remaining, 0), reset, remaining > 0 and 0 or reset
end

function fixed.charge(key, held, _, period)
  held.count = held.count + 1
  redis.call('HSET', key, 'period', held.period, 'count', held.count)
  expire(key, period)
end

-- A hash: how many tokens there were, and when.
local bucket = {}

function bucket.read(key, count, period)
  local held = redis.call('HMGET', key, 'tokens', 'at')
  local tokens, at = tonumber(held[1]), tonumber(held[2])
  if not tokens then return { tokens = count } end
  return { tokens = math.min(count, tokens + (now - at) * (count / period)) }
end

function bucket.stand(held, count, period)
  local per_token = period / count
  local wait = held.tokens >= 1 and 0 or (1 - held.tokens) * per_token
  return math.floor(held.tokens), (count - held.tokens) * per_token, wait
end

function bucket.charge(key, held, _, period)
  held.tokens = held.tokens - 1
  redis.call('HSET', key, 'tokens', text(held.tokens), 'at', text(now))
  expire(key, period)
end

local KINDS = { window = window, fixed = fixed, bucket = bucket }

local charges, is_refused = {}, false
for number = 1, #KEYS - 1 do
  local kind = KINDS[ARGV[number * 3 - 1]]
  local charge = { key = KEYS[number + 1], count = tonumber(ARGV[number * 3]), period = tonumber(ARGV[number * 3 + 1]) }
  charge.kind, charge.held = kind, kind.read(charge.key, charge.count, charge.period)
  charge.remaining, charge.reset, charge.wait = kind.stand(charge.held, charge.count, charge.period)
  is_refused = is_refused or charge.wait > 0
  charges[number] = charge
end

local answer = { KEYS[1] ~= '' and redis.call('GET', KEYS[1]) }
for _, charge in ipairs(charges) do
  if not is_refused then
    charge.kind.charge(charge.key, charge.held, charge.count, charge.period)
    charge.remaining, charge.reset = charge.kind.stand(charge.held, charge.count, charge.period)
    charge.wait = 0
  end
  table.insert(answer, text(charge.remaining))
  table.insert(answer, text(charge.reset))
  table.insert(answer, text(charge.wait))
end
return answer
