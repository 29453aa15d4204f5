-- Kingpost's hook for Dovecot 2.3: tells Kingpost in the moment in which a mail is opened.
--
-- Dovecot calls these functions in the process of the person who opens the mail, and they wait for the answer. So it
-- is asked once, for a quarter of a second at most; a Kingpost that is away or slow is left alone for a while, and
-- nothing of it reaches the person or the log. What is told: whose mailbox, which folder, which number. No content.

local URL = "@URL@/api/v1/openings"
local TOKEN = "@TOKEN@"
-- Three mails at once are opened by a person; more are a rule, another program or "mark all read".
local MOST = 3
local PATIENCE_MSECS = 250
local PAUSE_SECONDS = 10

local client = nil
local quiet_until = 0

local function quoted(text)
  return '"' .. text:gsub('[%c"\\\127]', function(sign) return string.format("\\u%04x", sign:byte()) end) .. '"'
end

local function tell(context)
  client = client or dovecot.http.client({
    request_timeout_msecs = PATIENCE_MSECS,
    request_absolute_timeout_msecs = PATIENCE_MSECS,
    soft_connect_timeout_msecs = PATIENCE_MSECS,
    max_attempts = 1,
    max_connect_attempts = 1,
    no_auto_retry = true,
  })
  local request = client:request({ url = URL, method = "POST" })
  request:add_header("Content-Type", "application/json")
  request:add_header("Authorization", "Bearer " .. TOKEN)
  request:set_payload(
    '{"user":' .. quoted(context.user) .. ',"opened":[' .. table.concat(context.opened, ",") .. "]}")
  return request:submit():status() == 202
end

function dovecot_lua_notify_begin_txn(user)
  return { user = user.username, opened = {} }
end

function dovecot_lua_notify_event_flags_set(context, event)
  if #context.opened > MOST then return end
  for _, flag in ipairs(event.flags) do
    if flag == "\\Seen" then
      context.opened[#context.opened + 1] = string.format('{"folder":%s,"uidvalidity":%d,"uid":%d}',
        quoted(event.mailbox), event.uid_validity, event.uid)
    end
  end
end

function dovecot_lua_notify_end_txn(context)
  local count = #context.opened
  if count == 0 or count > MOST or os.time() < quiet_until then return end
  local called, accepted = pcall(tell, context)
  if not (called and accepted) then quiet_until = os.time() + PAUSE_SECONDS end
end
