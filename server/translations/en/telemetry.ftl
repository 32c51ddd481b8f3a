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
quarantine-lead = Messages that were refused, with the reason and the raw bytes. Nothing here reached a screen.
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
ledger-lead = What each robot sent and what is stored. Sent = stored + lost + awaited.
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
