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
state-offline = Offline
state-unheard = Not seen yet

activity-idle = Waiting
activity-working = Working
activity-moving = Moving
activity-charging = Charging
activity-paused = Paused
activity-unknown = Not known

source-live = Live data
source-simulated = Simulated
source-replay = Replay

age-under-second = under 1 s ago
age-seconds = { $n } s ago
age-minutes = { $n } min ago
age-hours = { $n } h ago
seen-under-second = just seen
seen-seconds = last seen { $n } s ago
seen-minutes = last seen { $n } min ago
seen-hours = last seen { $n } h ago
lost-under-second = no contact
lost-seconds = no contact for { $n } s
lost-minutes = no contact for { $n } min
lost-hours = no contact for { $n } h

booth = Booth
battery = Battery
speed = Speed
beijing-time = Beijing time


metric-deliveries_today = Deliveries today
metric-distance_m_today = Metres travelled today
metric-area_m2_today = Square metres today
metric-water_l_today = Litres of water today
metric-guests_today = Guests welcomed today
metric-questions_today = Questions answered today
metric-steps_today = Steps today
metric-motions_today = Motions shown today
metric-cups_today = Cups today
metric-beans_g_today = Grams of coffee today
metric-cycles_today = Cycles today
metric-assisted_steps_today = Assisted steps today
metric-trials_today = Trials today
metric-points_today = Points checked today
metric-talks_today = Talks today
metric-demos_today = Demos today

screen-title = Booth screen
screen-vacant = Vacant booth
screen-vacant-hint = Scan to see the plan of the zone
screen-no-robot = No robot of this booth is connected
screen-map = Map of the booth with its robots
screen-outside = Outside the booth now
screen-no-pose = No position sent
screen-next = Next demo
screen-running = Demo now
screen-old = Last values, from { $time }
screen-scan = Scan for products and demos
screen-scan-zone = The whole zone on your phone
screen-qr = QR code: opens this exhibitor's page
demo-running = until { $time }
demo-soon = in { $n } min
demo-today = today
demo-later = on { $date }
demo-none = none planned

zone-title = The zone, now
zone-lead = { $exhibitors } exhibitors, { $guangdong } from Guangdong · { $robots } robots enrolled
zone-kpi-live = robots live of { $robots }
zone-kpi-booths = booths live of { $booths }
zone-kpi-demos = { $count ->
    [one] demo running
   *[other] demos running
 }
zone-kpi-gaps = { $count ->
    [one] gap counted in the robots' reports
   *[other] gaps counted in the robots' reports
 }
zone-plan = Floor plan
zone-plan-hint = The list beside holds the same facts. Choose a booth to read more.
zone-list = Booths
zone-legend = States
zone-attention = Needs attention
zone-attention-none = Nothing needs you now.
zone-next = Next demos
zone-next-none = No more demos today.
zone-filters = Filters
zone-filter-guangdong = Guangdong
zone-filter-demo = Demo now
zone-filter-search = Booth, exhibitor or robot
zone-filter-kind = Kind of robot
zone-filter-kind-any = Any kind
zone-filter-state = State
zone-filter-state-any = Any state
zone-filter-apply = Show
zone-filter-clear = Clear filters
zone-nothing = No booth matches. Clear a filter to see more.
zone-shown = { $shown } of { $all } booths shown
zone-column-exhibitor = Exhibitor
zone-column-state = State
zone-simulated = The robots of this demo fair are simulated.
zone-offline = Offline: values below are old
zone-low-battery = Battery { $n } %
zone-empty = No exhibitor has a booth yet. Load the fair's data, then come back.
zone-empty-hint = The command is: fairzone seed
zone-legend-robot = Robot
zone-clock = { $time } Beijing time
