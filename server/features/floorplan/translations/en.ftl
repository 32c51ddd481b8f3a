# Booths and the floor plan.
booths-title = Booths
booths-lead = { $count } booths, { $taken } with an exhibitor, { $vacant } vacant.
booths-empty = No booth matches.
booths-empty-hint = Clear the filter to see all of them.
booths-search = Booth or exhibitor
booth-vacant = Vacant
booth-only-taken = With exhibitor
booth-only-vacant = Vacant
booth-only-any = All
booth-kind-standard = Standard booth
booth-kind-raw = Raw space
column-booth = Booth
column-kind = Kind
column-size = Size
column-power = Power
column-exhibitor = Exhibitor
column-screen = Screen
booth-screen-open = Open
booth-kilowatt = { $n } kW
booths-none = There is no floor plan yet.
booths-filters = Filters
booths-list = All booths
booths-plan = Floor plan
booths-plan-hint = Each booth is a link that opens it. The list holds the same facts.
booths-legend = Legend
booth-choose = Choose a booth
booth-choose-hint = On the plan or in the list. Here you then see who has it, its size and power.
booth-numbered = Booth { $number }
booth-area = { $n } m²
booth-tables = Meeting tables
booth-assign-title = Assign this booth
booth-assign = Assign booth
booth-who = Look for an exhibitor
booth-nobody = No exhibitor of that name. Look for a part of it, in English or Chinese.
booth-group-without = Without a booth
booth-group-having = With a booth already
booth-near = The nearest vacant booths:
booth-uses = { $count ->
    [one] Reserved here: one time
   *[other] Reserved here: { $count } times
 }
booth-uses-more = And { $count } more.
booth-use-length = { $n } min
booth-use-demo = Demo: { $name }
booth-use-meeting = Meeting with { $name }
booth-vacate = Vacate booth…
booth-vacate-not-yet = It can be vacated when nothing is reserved here any more.
booth-vacate-ask = Vacate booth { $number }, which { $who } has?
booth-vacate-hint = The exhibitor keeps its page and its robots; the plan and the screens show the booth as vacant.
booth-vacate-yes = Vacate booth
booth-vacate-no = Keep it assigned
booth-edit-exhibitor = Edit the exhibitor
booth-done-assigned = Booth { $number } is assigned to { $who }.
booth-done-vacated = Booth { $number } is vacant.
error-booth-taken = Booth { $booth } belongs to { $name_en } ({ $name_zh }).
    .title = This booth is taken
    .advice = Choose another booth, or vacate this one first.
error-booth-in-use = { $count ->
        [one] One demo or meeting is
       *[other] { $count } demos and meetings are
    } reserved at booth { $booth } or its tables.
    .title = This booth is in use
    .advice = Move or cancel what is listed here, then vacate the booth.
plan-tools = Size of the plan
plan-in = Show the plan larger
plan-out = Show the plan smaller
plan-whole = Whole plan
plan-keys = Plus and minus change the size, arrow keys move the plan, 0 shows the whole plan.

# The frame of every page.
nav-booths = Booths

# The organiser's day at a glance, and the audit log.
audit-did-booth-assign = { $who } assigned booth { $key }
audit-did-booth-vacate = { $who } vacated booth { $key }
audit-thing-booth = Booth
audit-field-exhibitor = Exhibitor

# Words of the live layer: states, ages, sources, and the booth screens.
booth = Booth

# Demos, booths and hours.
told-booth-assign = { $who } has assigned booth { $booth } to { $exhibitor }.
    .subject = Booth { $booth } is yours
told-booth-vacate = { $who } has taken booth { $booth } back from { $exhibitor }.
    .subject = Booth { $booth } is no longer yours
