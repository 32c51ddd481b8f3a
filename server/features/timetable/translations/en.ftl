# The fair's days and demos.
timetable-title = Timetable
timetable-lead = Demos at the booths and on the stages. All times are Beijing time.
timetable-day = Day { $number }
timetable-empty = No demo matches.
timetable-empty-hint = Choose another day or clear the filter.
timetable-search = Demo, exhibitor or place
timetable-stages = Stages only
timetable-past = Also what is over
timetable-hours = Open { $opens } to { $closes }
timetable-days = Days of the fair
timetable-derived = Dates and hours are derived for this demo, so that the fair is open whenever it is started.
column-time = Time
column-place = Place
column-demo = Demo
column-robot = Robot
demo-now = Scheduled now
demo-over = Over
fair-day = Day { $number } of { $count }
fair-hours-before = opens { $opens }
fair-hours-open = open until { $closes }
fair-hours-closed = closed since { $closes }
fair-no-day = No fair days are set.

# The organiser's side: planning a demo, and what may stand in its way.
timetable-all-days = All days
timetable-exhibitor = Exhibitor
timetable-any-exhibitor = All exhibitors
timetable-place = Place
timetable-any-place = All places
timetable-keys = Keys: 1 to 5 choose a day, J and K go to the next and the previous demo, Enter opens it, N plans a new one.
timetable-updated = The timetable has just changed. The list is up to date.
timetable-count = { $n ->
    [one] One demo
   *[other] { $n } demos
}
demo-new = Plan a demo
demo-change = Change a demo
demo-change-link = Change: { $title }
demo-back = Back to the timetable
demo-who = Exhibitor
demo-who-show = Show its booths, robots and people
demo-who-first = Choose an exhibitor first. Its booths, robots and people are then offered here.
demo-beside = Its demos to come
demo-beside-first = Choose an exhibitor to see the demos that it still has to show.
demo-no-booth = This exhibitor has no booth. Choose a stage, or assign a booth on the plan.
demo-no-robot = This exhibitor has no active robot. A demo needs one.
demo-no-staff = This exhibitor has no person at its booth. A demo needs one.
demo-place = Place
demo-place-help = One of the exhibitor's booths, or a stage.
demo-group-booths = Its booths
demo-group-stages = Stages
demo-robot = Robot
demo-staff = Person at the demo
demo-staff-help = Only at hours at which the person is at the booth.
demo-hours = Hours at the booth
demo-hours-none = not there
demo-title-en = Title in English
demo-title-zh = Title in Chinese
demo-day = Day
demo-day-words = Day { $number }: { $date }, { $hours }
demo-start = Start
demo-start-help = Beijing time, 5-minute steps.
demo-minutes = Minutes
demo-minutes-help = 5 to 180, in steps of 5.
demo-save-new = Plan the demo
demo-save = Save the changes
demo-cancel = Take out of the timetable
demo-cancel-ask = Take this demo out of the timetable?
demo-cancel-hint = Its place, robot and person become free at once, and the booth's screen no longer announces it. This cannot be undone.
demo-cancel-yes = Yes, take it out
demo-cancel-no = No, keep it
demo-done-planned = Planned: { $title }
demo-done-changed = Saved: { $title }
demo-done-cancelled = The demo was taken out of the timetable.
demo-others = At this time with somebody or something else
demo-others-help = Tap one to put it into the form; the time stays.
demo-others-staff = with { $name }
demo-others-robot = with the robot { $name }
demo-others-booth = at booth { $name }
demo-others-stage = on { $name }
demo-others-filled = It is in the form below. Save to keep it.
demo-nearest = The nearest times at which everything is free
demo-nearest-help = Choose one to put it into the form; nothing else changes.
demo-nearest-none = In the days that are left there is no time at which place, robot and person are all free. Choose another robot, person or place.
demo-filled = { $time } is in the form now. Save it when the rest is right.
demo-thing-booth = Booth { $name }
demo-thing-stage = { $name }
demo-thing-robot = Robot { $name }
demo-thing-staff = { $name }
demo-taken-by-demo = { $thing } is taken from { $from } to { $until } by the demo “{ $title }”
demo-taken-by-meeting = { $thing } is taken by a meeting from { $from } to { $until }
form-grid = Times are on the 5-minute grid: 10:00, 10:05 and so on.
form-one-place = A demo is either at a booth or on a stage.
error-demo-outside-hours = A demo lies wholly within the opening hours of a fair day; the nearest day is open from { $opens } to { $closes }, Beijing time.
    .title = The fair is closed then
    .advice = Choose one of the nearest free times, or another day.
error-demo-past = This time has begun already.
    .title = That time is over
    .advice = Choose one of the nearest free times, or another one to come.
error-demo-staff-away = { $name } is not at the booth for the whole of that time. Hours on that day, Beijing time: { $hours }.
    .title = The person is not there then
    .advice = Choose one of the nearest free times, or another person.
error-demo-taken = Something that this demo needs is taken at that time: { $what } (Beijing time).
    .title = Taken at that time
    .advice = Choose one of the nearest free times, or another place, robot or person.
error-demo-foreign-part = { $what } is not the exhibitor's own ({ $field }).
    .title = Not this exhibitor's
    .advice = Choose one of the exhibitor's own booths, robots and people, or a stage.
error-demo-gone = Somebody has taken this demo out of the timetable while you were changing it. What you typed is still here.
    .title = The demo is gone
    .advice = Plan it anew if it is still wanted, or go back to the timetable.

# The frame of every page.
nav-timetable = Timetable

# Exhibitors, their products and robots.
exhibitor-no-demos = No more demos planned.

# The organiser's day at a glance, and the audit log.
audit-thing-demo = Demo
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
audit-field-reason = Reason
audit-did-demo-plan = { $who } planned the demo { $key }
audit-did-demo-change = { $who } changed the demo { $key }
audit-did-demo-cancel = { $who } cancelled the demo { $key }

# Demos, booths and hours.
told-demo-planned = { $who } has put a demo into the timetable.
    .subject = Demo planned: { $demo }, { $when }
told-demo-changed = { $who } has changed a demo. This is how it stands now.
    .subject = Demo changed: { $demo }, { $when }
told-demo-cancelled = { $who } has cancelled a demo. It does not take place; its robot and its person are free.
    .subject = Demo cancelled: { $demo }, { $when }
told-demo-left = { $who } has changed a demo: somebody else shows it now. You are no longer needed there.
    .subject = No longer yours: { $demo }, { $when }
notice-demo = Demo: { $value }
notice-before = Before: { $value }
