# Robots, quarantine and loss ledger.
robots-title = Robots
robots-lead = { $count } robots enrolled, { $heard } heard so far.
robots-empty = No robot matches.
robots-empty-hint = Clear the filter to see all of them.
robots-search = Robot, exhibitor or booth
robots-silent = Silent only
column-state = State
column-seen = Last seen
column-battery = Battery
column-protocol = Protocol
column-address = Address
column-source = Source
protocol-fair-mqtt = Fair profile, MQTT
protocol-fair-serial = Fair profile, serial
protocol-vda5050 = VDA 5050
protocol-fair-cobs = Fair profile, COBS
protocol-fair-https = Fair profile, HTTPS
protocol-mavlink = MAVLink 2
protocol-modbus = Modbus RTU
protocol-kobuki = Kobuki
protocol-declared = Declared map
robot-never = Never
robot-percent = { $n } %
quarantine-title = Quarantine
quarantine-lead = Messages that were refused, and single fields that were not taken of messages that were, each with the reason and the raw bytes. Nothing here reached a screen.
quarantine-empty = No message was refused.
quarantine-empty-hint = When a robot sends something that cannot be read or is not its own, it appears here with the reason.
quarantine-raw = Raw bytes
quarantine-cut = First { $kept } of { $size } bytes
quarantine-size = { $n ->
    [one] 1 byte
   *[other] { $n } bytes
 }
quarantine-copies = and { $n } more like it in this minute
quarantine-older = Older
quarantine-newest = To the newest
quarantine-unknown = Unknown robot
column-reason = Reason
column-from = From
column-message = Message
ledger-title = Loss ledger
ledger-lead = What each robot sent and what is stored. Sent = stored + lost + awaited + numbers refused.
ledger-empty = No robot has reported yet.
ledger-empty-hint = As soon as a robot speaks, its account opens here.
ledger-sent = Sent
ledger-stored = Stored
ledger-lost = Lost
ledger-open = Awaited
ledger-gaps = Gaps
ledger-duplicates = Resent
ledger-refused = Refused
ledger-updated = Updated
ledger-total = All robots

# One robot's day in the loss ledger.
hours-days = Days
hours-before = Day before
hours-after = Day after
hours-today = Today
hours-by-hour = By the hour
hours-hour = Hour
hours-whole-day = Whole day
hours-sent = Sent
hours-received = Received
hours-stored = Stored
hours-duplicates = Resent
hours-rejected = Refused
hours-lost = Lost
hours-gaps = Gaps
hours-turned-away = Numbers refused
hours-awaited = Awaited
hours-law = Sent = stored + lost + numbers refused + awaited. A refused report is not awaited, until its sender sends it mended under the same number. Received = stored + resent + refused. Awaited is below zero in an hour in which late reports filled older holes.
hours-empty = Nothing came on this day.
hours-empty-hint = Hours appear here as soon as this robot speaks.
hours-lost-title = Lost for good
hours-lost-none = Nothing was lost on this day.
hours-awaited-title = May still come
hours-awaited-none = Nothing is awaited.
hours-span = { $count ->
    [one] Report { $first }
   *[other] Reports { $first } to { $last } ({ $count })
 }
hours-boot = start
ledger-by-hour = By the hour

# What a robot says of itself.
sheet-title = Factsheet
sheet-received = Received
sheet-raw = The whole message
sheet-empty = This robot has sent no factsheet.
sheet-empty-hint = A VDA 5050 robot publishes one under the topic factsheet.
sheet-series = Series
sheet-description = Description
sheet-class = Class
sheet-kinematics = Kinematics
sheet-localization = Localisation
sheet-navigation = Navigation
sheet-load = Payload (kg)
sheet-speed = Top speed (m/s)
sheet-length = Length (m)
sheet-width = Width (m)
sheet-height = Height (m)
sheet-actions = Actions
sheet-versions = Versions
sheet-protocol = Protocol version
presence-title = Connection
presence-unknown = The robot has said nothing of its connection.
presence-online = Online since
presence-offline = Signed off
presence-broken = Connection broken off
presence-hibernating = Hibernating since

# The robots' own door (HTTPS).
error-robot-token = No robot speaks with this token: it is missing, unknown, revoked or past its end.
    .title = Unknown robot
    .advice = Send the header "Authorization: Bearer fz_…" with the token from the exhibitor's page of robots; renew it there if it has ended.
error-wrong-door = { $robot } is enrolled with the protocol { $protocol }, not with the fair profile over HTTPS.
    .title = Another way in
    .advice = Send its reports as it is enrolled, or ask for it to be enrolled with fair-https; then begin a new boot.
error-too-many-reports = This robot asks more than { $requests } times a minute.
    .title = Too many requests
    .advice = Wait a minute, then send up to 500 reports in one request.
error-too-many-at-once = The list has { $found } reports; at most { $most } are taken in one request.
    .title = Too many reports at once
    .advice = Send them in several requests, the oldest first. Nothing of this request was stored.

# Alarms and rehearsals.
pose-off-other-map = Position on the map { $map }, not drawn
pose-off-outside = Position outside the plan ({ $x } m, { $y } m), not drawn
alarms-title = Alarms
alarm-battery-fraction = Battery in which unit?
alarm-bridge-clock = Wrong clock of the bridge
alarm-clock-skew = Wrong clock
alarm-other = Other alarm
alarm-take-over = Connection contested
alarm-older-start = Older start number
length-seconds = { $n } s
length-minutes = { $n } min
length-hours = { $n } h
length-days = { $n } days
length-years = { $n } years
clock-slow = Clock { $length } slow
clock-fast = Clock { $length } fast
refused-since = Refused { $seconds } s ago:
aside-late = A report came { $seconds } s ago, but it states a time { $length } before, so it is stored as history. If this robot's clock is slow, set it; reports that keep coming at their own pace are shown within seconds.
aside-older-start = A report came { $seconds } s ago with a smaller start number (`boot`) than the present one, so it is stored as history. Reports that keep coming are shown within seconds; let `boot` be larger after every restart.
alarm-two-senders = Two senders
alarm-since = since { $opened }, last at { $seen }
rehearsal = Rehearsal
rehearsal-title = Rehearsal
rehearsal-lead = What came under a rehearsal credential. It is on no screen and in no figure of the fair.
rehearsal-heard = { $seconds ->
    [one] Heard in rehearsal 1 s ago
   *[other] Heard in rehearsal { $seconds } s ago
 }
rehearsal-counts = { $reports } stored, { $refused } refused
rehearsal-newest = Newest report

# The conformance checker.
check-title = Check a message
check-lead = Paste one message as your robot sends it, and read what the zone makes of it. Nothing is stored, and nothing reaches a screen.
check-verdict = What the zone makes of it
check-report = A report
check-presence = A connection state
check-glimpse = A position between two reports
check-factsheet = A factsheet
check-refused = Refused
check-untaken = Field not taken
check-says = It is understood as:
check-mended = Without the wrong fields it would be understood as:
check-protocol = Protocol
check-robot = Robot
check-robot-help = With a robot, it is also checked whether the message may come from it; its port's options are used.
check-robot-none = None: the message alone
check-message = Message
check-message-help = JSON as text; binary frames as hexadecimal bytes, such as aa 55 03.
check-encoding = The message is
check-text = Text
check-hex = Hexadecimal bytes
check-send = Check
robots-none = No robot is enrolled yet.
heard-last = The last report came { $seconds } s ago.
heard-first = That was the first one. A robot sends every second or so: let yours go on, with `seq` one larger each time.
heard-silent = None has come since. A robot sends every second or so; one that stops counts as silent.
heard-nothing = Nothing has come yet. Paste one of the lines below where your robot runs.

# The frame of every page.
nav-robots = Robots
unset-step-crew = Check a robot's message
nav-quarantine = Quarantine
nav-ledger = Loss ledger

# An exhibitor's own desk: profile, products, people and their hours, robots.
desk-reports-title = What was received from your robots
desk-reports-more = More of this robot
desk-reports-refused = Refused messages
desk-reports-all = All refused messages of your robots

# Words of the live layer: states, ages, sources, and the booth screens.
state-live = Live
state-working = Working
state-charging = Charging
state-waiting = Waiting
state-stopped = Stopped safely
state-fault = Fault
state-silent = Silent
state-refused = Sending, refused
state-none = No robot
state-loading = Connecting
state-connected = No robot live
state-offline = Offline
state-unheard = Not seen yet
source-live = Real robot
source-simulated = Simulated
source-replay = Replay
