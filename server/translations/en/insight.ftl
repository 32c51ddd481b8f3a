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
audit-did-booth-assign = { $who } assigned booth { $key }
audit-did-booth-vacate = { $who } vacated booth { $key }
audit-did-exhibitor-edit = { $who } edited the exhibitor { $key }
audit-did-product-add = { $who } added the product { $key }
audit-did-product-edit = { $who } edited the product { $key }
audit-did-product-remove = { $who } removed the product { $key }
audit-did-staff-add = { $who } added { $key } to the staff
audit-did-staff-edit = { $who } edited { $key } of the staff
audit-did-staff-remove = { $who } removed { $key } from the staff
audit-did-staff-hours = { $who } changed the hours of { $key }
audit-thing-booth = Booth
audit-thing-demo = Demo
audit-thing-exhibitor = Exhibitor
audit-thing-product = Product
audit-thing-staff = Staff
audit-thing-meeting = Meeting
audit-thing-account = Account
audit-thing-clock = The system
audit-thing-system = The system
audit-did-account-contact = { $who } changed how { $key } is written to
audit-did-account-made = { $who } made the account { $key }
audit-did-account-password-set = { $who } set a new password for { $key }
audit-did-account-password-changed = { $who } changed the password of { $key }
audit-did-account-password-reset = { $who } set a new password for { $key } by a link
audit-did-account-reset-handed-over = { $who } made a link for a new password of { $key }
audit-did-account-switched-off = { $who } switched the account { $key } off
audit-did-account-erased = { $who } erased the account
audit-did-account-switched-on = { $who } switched the account { $key } on
audit-did-account-role = { $who } changed the role of { $key }
audit-field-role = Role
audit-did-account-log-in = { $who } logged in
audit-did-account-log-in-refused = A wrong password was given for { $key }
audit-field-device = Device
audit-field-mistakes = Wrong attempts in a row
audit-did-account-session-end = { $who } logged a device of { $key } out
audit-did-account-session-end-all = { $who } logged all other devices of { $key } out
audit-did-account-token-made = { $who } made a token for { $key }
audit-did-account-token-taken = { $who } took the token of { $key } back
audit-field-locale = Language
audit-thing-buyer = Buyer
audit-thing-organiser = Organiser
audit-thing-robot = Robot
audit-field-exhibitor = Exhibitor
audit-field-name = Name
audit-field-name-en = English name
audit-field-name-zh = Chinese name
audit-field-province = Province
audit-field-city = City
audit-field-city-zh = City in Chinese
audit-field-profile-en = English profile
audit-field-profile-zh = Chinese profile
audit-field-description-en = English description
audit-field-description-zh = Chinese description
audit-field-categories = Categories
audit-field-category = Category
audit-field-code = Code
audit-field-payload-kg = Payload in kg
audit-field-runtime-min = Run time in min
audit-field-certificates = Certificates
audit-field-moq = Minimum order (MOQ)
audit-field-price-min = Lowest price
audit-field-price-max = Highest price
audit-field-currency = Currency
audit-field-markets = Markets supplied
audit-field-call-me = Call me
audit-field-languages = Languages
audit-field-email = E-mail
audit-field-active = Active
audit-field-booth = Booth
audit-field-stage = Stage
audit-field-robot = Robot
audit-field-staff = Person
audit-field-title-en = English title
audit-field-title-zh = Chinese title
audit-field-starts-at = Start
audit-field-ends-at = End
audit-field-minutes = Minutes
audit-field-state = State
audit-field-table = Table
audit-field-topic = Topic
audit-field-reason-text = Reason
audit-field-reason = Reason
audit-field-company = Company
audit-field-country = Country or region
audit-field-time-zone = Time zone
audit-field-needs = Needs
audit-did-demo-planned = { $who } planned the demo { $key }
audit-did-demo-changed = { $who } changed the demo { $key }
audit-did-demo-cancelled = { $who } cancelled the demo { $key }
audit-did-buyer-register = { $who } registered as the buyer { $key }
audit-did-buyer-edit = { $who } edited the buyer { $key }
audit-did-buyer-add-need = { $who } added a need of the buyer { $key }
audit-did-buyer-edit-need = { $who } changed a need of the buyer { $key }
audit-did-buyer-remove-need = { $who } removed a need of the buyer { $key }
audit-did-buyer-consent = { $who } changed the consents of the buyer { $key }
audit-did-meeting-hold = { $who } held a time for a meeting with { $other }
audit-did-meeting-request = { $who } asked for a meeting with { $other }
audit-did-meeting-reschedule = { $who } asked for another time of the meeting with { $other }
audit-did-meeting-accept = { $who } accepted the meeting with { $other }
audit-did-meeting-decline = { $who } declined the meeting with { $other }
audit-did-meeting-withdraw = { $who } withdrew the request for a meeting with { $other }
audit-did-meeting-cancel = { $who } cancelled the meeting with { $other }
audit-did-meeting-propose = { $who } proposed another time for the meeting with { $other }
audit-did-meeting-agree = { $who } agreed to another time for the meeting with { $other }
audit-did-meeting-keep = { $who } kept the time of the meeting with { $other }
audit-did-meeting-hand-over = { $who } handed the meeting with { $other } over to a colleague
audit-did-meeting-no-show = { $who } noted a no-show at the meeting with { $other }
audit-did-meeting-expire = The request of { $other } expired without an answer
audit-did-meeting-lapse = The hold of { $other } ended, and the time is free again
audit-did-meeting-finish = The meeting of { $other } ended and counts as done
audit-did-meeting-wait = The time was given to somebody else; the request of { $other } waits for it
audit-did-meeting-offer = The time became free; the waiting request of { $other } counts again
audit-field-proposed-by = Proposed by
audit-field-proposed-starts-at = Proposed start
audit-field-proposed-ends-at = Proposed end
audit-field-expires-at = Expires
audit-field-requested-at = Asked
audit-field-sequence = Invite number
audit-field-consents = Consents
audit-field-need = Need
audit-field-business-nature = Kind of company
audit-field-job-function = Function
audit-field-purchasing-role = Role in buying
audit-field-volume = Yearly purchases
audit-field-timeframe = Time frame
audit-field-note = Note

setup-title = To open the fair
setup-hint = Exhibitors, floor plan and days are loaded on the machine where FairZone runs, by its operator. Exhibitors enrol their robots on their own pages.
setup-there = Entered
setup-missing = Missing
setup-plan = Floor plan and booths
setup-days = Days and opening hours
setup-robots = Robots
setup-check = Check a robot's message
audit-field-kind = Kind
audit-field-wants = Looks for
audit-field-quantity = Units in a first order
purpose-programme = Matches and diary
purpose-contact = Contact for exhibitors
purpose-mail = Mail
function-MGMT = Management
function-PUR = Purchasing
function-SALES = Sales
function-TECH = Engineering
function-OPS = Operations
function-IT = IT
function-OTH = Other
purchasing-role-DEC = Decides
purchasing-role-CO = Decides jointly
purchasing-role-ADV = Advises
purchasing-role-NONE = No part
today-bridge-disk-full = Disk full: a bridge takes no reports
today-bridge-spool-full = Spool full: a bridge takes no reports
today-bridge-spool-fails = A bridge cannot write its spool
today-bridge-zone = Bridge { $name } of the zone
today-bridge-booth = Booth bridge of { $exhibitor }
today-bridge-do-disk-full = Free room on the disk that holds the bridge's spool, or move the spool to another disk (`spool` in its settings). Robots that keep their reports send them again afterwards.
today-bridge-do-spool-full = See whether the bridge reaches this server (`fairzone bridge status`); if it does, raise `spool_limit_mb` in its settings.
today-bridge-do-spool-fails = Look at the rights and the health of the disk that holds the bridge's spool; `fairzone bridge status` says the cause.
today-blackout = { $count } robots fell silent at once
today-blackout-since = last heard at { $time }
today-blackout-broker = All robots on the broker are silent, those on ports are heard: look whether the broker runs and the bridge reaches it (`fairzone bridge status`).
today-blackout-bridge = Only robots over HTTPS are heard: look whether the bridge runs and reaches this server (`fairzone bridge status`).
today-blackout-ports = All robots on ports are silent, those on the broker are heard: look at the bridges at the booths and their power.
today-blackout-https = All robots over HTTPS are silent, the others are heard: look at the booths' network.
today-blackout-network = No robot is heard at all: look at power and network of the hall, then at broker and bridge (`fairzone bridge status`).
