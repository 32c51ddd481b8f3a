# The organiser's day at a glance, and the audit log.
today-title = Today
today-as-of = As of { $time }
today-needs = Needs your attention
today-calm = Nothing needs your attention.
today-unanswered = { $count ->
    [one] One request waits for an answer
   *[other] { $count } requests wait for an answer
 }
today-oldest = { $minutes ->
    [one] the oldest for one minute
   *[other] the oldest for { $minutes } minutes
 }
today-mails-failed = { $count ->
    [one] One message not sent
   *[other] { $count } messages not sent
 }
today-to-mail = See the messages
today-worker-late = The background service does not answer
today-worker-late-hint = Until it runs, requests do not expire and messages are not sent. The command is: fairzone worker
today-late = should have begun { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
 } ago
today-more = { $count ->
    [one] And one more demo that is late or without a robot
   *[other] And { $count } more demos that are late or without a robot
 }
today-robots = Robots
today-robots-live = live of { $count }
today-robots-fault = in fault
today-robots-silent = silent
today-robots-refused = sending, refused
today-robots-unheard = not seen yet
today-demos = Demos today
today-demos-running = { $count ->
    [one] runs now
   *[other] run now
 }
today-demos-coming = still to come
today-demos-trouble = late or without a robot
today-meetings = Meetings today
today-meetings-accepted = accepted
today-meetings-unanswered = wait for an answer, on any day
today-meetings-queued = wait for a taken time
today-meetings-done = took place
today-meetings-no-show = no-shows
today-booths = Booths
today-booths-vacant = without an exhibitor, of { $count }
today-booths-dark = without a live robot
today-booths-homeless = exhibitors without a booth
today-house = Mail and background work
today-mails-waiting = messages to be sent
today-mails-failing = messages not sent
today-failures = failed background tasks
today-seconds = { $n } s
today-worker = since the background service last answered
today-next = Next demos
today-next-none = No more demos today.
today-changes = Latest changes
today-changes-none = Nothing has been changed yet. What people change shows here at once.
today-all-changes = All changes
today-failures-title = Failed background tasks
today-failures-none = No failed background tasks.
today-failure-tries = { $count ->
    [one] one try
   *[other] { $count } tries
 }, again at { $again }
audit-title = Audit log
audit-lead = { $count ->
    [one] One change
   *[other] { $count } changes
 }, the newest first.
audit-text = Text
audit-who = Person
audit-who-any = Everybody
audit-thing = What
audit-thing-any = Everything
audit-day = Day
audit-open = Open
audit-from = from
audit-to = to
audit-both = { $buyer } and { $exhibitor }
audit-somebody = somebody
audit-nothing = nothing
audit-yes = yes
audit-no = no
audit-empty = Nothing has been changed yet.
audit-empty-hint = Every change by a person or by the clock is written down here: who, what, from what to what.
audit-nothing-found = No change matches.
audit-nothing-found-hint = Clear the filters to see all of them.
audit-did = { $who } changed { $thing } { $key }
audit-thing-clock = The system
audit-thing-system = The system
audit-thing-organiser = Organiser
setup-title = To open the fair
setup-hint = Exhibitors, floor plan and days are loaded on the machine where FairZone runs, by its operator. Exhibitors enrol their robots on their own pages.
setup-there = Entered
setup-missing = Missing
setup-plan = Floor plan and booths
setup-days = Days and opening hours
setup-robots = Robots
setup-check = Check a robot's message
today-bridge-disk-full = Disk full: a bridge takes no reports
today-bridge-spool-full = Spool full: a bridge takes no reports
today-bridge-spool-fails = A bridge cannot write its spool
today-bridge-zone = Bridge { $name } of the zone
today-bridge-booth = Booth bridge of { $exhibitor }
today-bridge-do-disk-full = Free room on the disk that holds the bridge's spool, or move the spool to another disk (spool in its settings). Robots that keep their reports send them again afterwards.
today-bridge-do-spool-full = See whether the bridge reaches this server (fairzone bridge status); if it does, raise spool_limit_mb in its settings.
today-bridge-do-spool-fails = Look at the rights and the health of the disk that holds the bridge's spool; fairzone bridge status says the cause.
today-blackout = { $count } robots fell silent at once
today-blackout-since = last heard at { $time }
today-blackout-broker = All robots on the broker are silent, those on ports are heard: look whether the broker runs and the bridge reaches it (fairzone bridge status).
today-blackout-bridge = Only robots over HTTPS are heard: look whether the bridge runs and reaches this server (fairzone bridge status).
today-blackout-ports = All robots on ports are silent, those on the broker are heard: look at the bridges at the booths and their power.
today-blackout-https = All robots over HTTPS are silent, the others are heard: look at the booths' network.
today-blackout-network = No robot is heard at all: look at power and network of the hall, then at broker and bridge (fairzone bridge status).

# The frame of every page.
nav-today = Today
unset-step-organiser = See what is missing
nav-audit = Audit log
