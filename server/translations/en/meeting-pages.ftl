# The pages of the meetings: free times, one meeting, the diary and the desk.

meeting-fair-span = { $start }–{ $end } Beijing time
meeting-day-before = { $time }, the day before
meeting-day-after = { $time }, the day after
meeting-minutes = { $n } min
meeting-hours = { $n } h
meeting-hours-minutes = { $hours } h { $minutes } min
meeting-place = Booth { $booth }, table { $table }
meeting-booth = Booth { $booth }
meeting-with = With { $name }
meeting-waiting = { $n ->
    [one] 1 other buyer waits for this time
   *[other] { $n } other buyers wait for this time
 }

meeting-state-held = Held
meeting-state-requested = Requested
meeting-state-waiting = Waiting
meeting-state-accepted = Agreed
meeting-state-done = Done
meeting-state-no_show = No-show
meeting-state-declined = Declined
meeting-state-cancelled = Cancelled
meeting-state-withdrawn = Withdrawn
meeting-state-expired = Expired

# What happens next, for each side.
meeting-next-held-buyer = This time is yours until { $until }. Send the request before then; it is not sent yet.
meeting-next-requested-buyer = The exhibitor answers by { $until }. Until then the time is kept free in your diary.
meeting-next-proposed-buyer = The exhibitor has answered with another time. Please agree or keep the time by { $until }.
meeting-next-proposed-exhibitor = The buyer has proposed another time. Please answer by { $until }, or the request expires. Nothing is reserved on your side yet.
meeting-next-waiting-buyer = Somebody else has this time. If it becomes free, your request counts again by itself. You can also choose another time.
meeting-next-accepted-buyer = It is agreed. Come to the booth a little before the time.
meeting-next-done-buyer = This meeting is over.
meeting-next-no_show-buyer = The exhibitor noted that you did not come.
meeting-next-declined-buyer = The exhibitor declined. You can ask for another time, or meet somebody else.
meeting-next-cancelled-buyer = This meeting does not take place. The time is free again in your diary.
meeting-next-withdrawn-buyer = You withdrew the request. Nothing is reserved.
meeting-next-expired-buyer = Nothing is reserved any more. Choose a time again.
meeting-next-requested-exhibitor = Please answer by { $until }, or the request expires. Nothing is reserved on your side yet.
meeting-next-waiting-exhibitor = Somebody else has this time. The buyer waits for it, or you propose another time.
meeting-next-accepted-exhibitor = It is agreed. Person and table are reserved.
meeting-next-done-exhibitor = This meeting is over.
meeting-next-no_show-exhibitor = You noted a no-show. Person and table are free again.
meeting-next-declined-exhibitor = You declined. Nothing is reserved.
meeting-next-cancelled-exhibitor = This meeting does not take place. Person and table are free again.
meeting-next-withdrawn-exhibitor = The buyer withdrew the request. Nothing is reserved.
meeting-next-expired-exhibitor = The request got no answer in time. Nothing is reserved.
meeting-reason-slot-taken = Somebody else has this time.
meeting-reason-slot-free = The time became free again.
meeting-reason-hold-ended = The five minutes were over before the request was sent.
meeting-reason-no-answer = There was no answer in time.
meeting-reason-place-left = The exhibitor no longer has a place to meet.
meeting-reason-robot-left = The robot is no longer shown at the fair.
meeting-reason-person-left = The person who was to meet no longer works at the booth.
meeting-reason-buyer-left = The buyer's account has ended.

# The page of one meeting.
meeting-title = Meeting with { $name }
meeting-title-both = { $exhibitor } and { $buyer }
meeting-organiser-note = You see this meeting as the organiser. Its two sides arrange it; you can end it.
meeting-when = When
meeting-where = Where
meeting-where-later = The table is settled when it is agreed.
meeting-on-plan = Show on the plan
meeting-no-booth = No booth yet
meeting-who-exhibitor = Whom you meet
meeting-who-buyer = Who comes
meeting-person-open = Whoever is free at the booth
meeting-contact = Contact
meeting-contact-none = Not given
meeting-looks-for = Looks for
meeting-robot = Robot to see
meeting-topic = What it is about
meeting-topic-none = Nothing said yet
meeting-queue = Who else waits
meeting-queue-none = Nobody else waits for this time
meeting-length = Length
meeting-reason = Reason given
meeting-countdown = Time left: { $left }
meeting-countdown-minute = One minute left to send the request.
meeting-countdown-over = The five minutes are over. If the time is still free, you can hold it again; what you typed stays here.
meeting-topic-help = A sentence helps the exhibitor to prepare. You may leave it empty.
meeting-calendar = Put it into my calendar
meeting-proposal-own = You propose another time
meeting-proposal-exhibitor = The exhibitor proposes another time
meeting-proposal-buyer = The buyer proposes another time
meeting-proposal-own-next = The other side answers. Until then the time stays as it is.
meeting-proposal-next = Agree, or keep the time as it is.
meeting-history = What has happened
meeting-history-empty = Nothing has happened yet.
meeting-actions = What you can do
meeting-actions-none = There is nothing to do here.
meeting-back-diary = To the diary
meeting-back-desk = To the desk
meeting-again = Ask for another time
meeting-wrote = What you wrote is kept here: { $text }
meeting-changed = What has changed since you opened it
meet-without = At the time you chose
meet-without-staff = With somebody else of the exhibitor
meet-without-robot = Without the robot
meeting-alternatives = Free nearby
meeting-alternatives-none = There is no free time nearby.
meeting-alternatives-hold = Tap a time to hold it instead.
meeting-alternatives-reschedule = Tap a time to move the request there.
meeting-alternatives-propose = Tap a time to propose it.
meeting-all-times = All free times

meeting-act-request = Send the request
meeting-act-withdraw = Withdraw request
meeting-act-withdraw-hold = Release this time
meeting-act-withdraw-sure = Yes, withdraw the request
meeting-act-reschedule = Choose another time
meeting-act-accept = Accept
meeting-act-decline = Decline
meeting-act-decline-sure = Decline the request
meeting-act-cancel = Cancel the meeting
meeting-act-cancel-sure = Yes, cancel the meeting
meeting-act-cancel-note = The other side is told at once, and the time is offered to whoever waits for it.
meeting-act-propose = Propose another time
meeting-act-agree = Agree to the new time
meeting-act-keep = Keep the time as it is
meeting-act-keep-own = Withdraw the proposal
meeting-act-hand_over = Hand over to a colleague
meeting-act-hand_over-who = Who takes over
meeting-act-hand_over-sure = Hand over
meeting-act-no_show = Note a no-show
meeting-act-no_show-note = The buyer sees this. Person and table become free at once.
meeting-act-no_show-sure = Yes, note the no-show
meeting-act-reason = Reason, for the other side

meeting-changed-since = This meeting has changed since you opened the page.
meeting-done-request = The request is sent. The exhibitor has it on the desk now.
meeting-done-withdraw = The request is withdrawn.
meeting-done-reschedule = The request is moved to the new time.
meeting-done-accept = Accepted. Person and table are reserved.
meeting-done-decline = Declined. The buyer is told.
meeting-done-cancel = Cancelled. The other side is told.
meeting-done-propose = The new time is proposed. The other side answers.
meeting-done-agree = Agreed. The meeting is at the new time.
meeting-done-keep = The time stays as it is.
meeting-done-hand_over = Handed over.
meeting-done-no_show = Noted: no-show.
meeting-done-end = The meeting has ended. Both sides are told.
meeting-act-end-sure = End the meeting
meeting-act-end-reason = Reason, for both sides
meeting-act-end-note = Both sides get a message with your reason, the invitation is cancelled, and the time is offered to those who wait for it.
meeting-act-end = End this meeting

meeting-history-hold = held the time
meeting-history-request = sent the request
meeting-history-reschedule = moved the request
meeting-history-accept = accepted
meeting-history-decline = declined
meeting-history-withdraw = withdrew the request
meeting-history-cancel = cancelled
meeting-history-propose = proposed another time
meeting-history-agree = agreed to the new time
meeting-history-keep = kept the time as it was
meeting-history-hand_over = handed it over to a colleague
meeting-history-no_show = noted a no-show
meeting-history-expire = expired
meeting-history-finish = ended at its time
meeting-history-wait = put on the waiting list
meeting-history-offer = counted again, since the time became free
meeting-field-state = State
meeting-field-start = Start
meeting-field-end = End
meeting-field-proposal = Proposed start
meeting-field-topic = What it is about
meeting-field-why = Why
meeting-field-reason = Reason given
meeting-field-staff = Colleague
meeting-field-minutes = Length

# Free times.
meet-title = Meet { $name }
meet-lead = Choose a time. It is held for you for five minutes, while you write the request.
meet-lead-own = Times are Beijing time; below each is yours.
meet-view-only = These are your free times as buyers see them. Buyers book them here.
meet-options = Length, person, robot
meet-show = Show these times
meet-person = Person to meet
meet-person-any = Whoever is free
meet-robot = Robot to see
meet-robot-none = No robot
meet-topic-open = Say what it is about (you can also do so on the next page)
meet-morning = Morning
meet-afternoon = Afternoon
meet-free = free
meet-free-waiting = free, { $n } { $n ->
    [one] waits
   *[other] wait
 }
meet-taken = taken
meet-taken-waiting = taken, { $n } { $n ->
    [one] waits
   *[other] wait
 }
meet-own = in your diary
meet-none-free = No time is free on this day.
meet-none-free-hint = Choose another day, a shorter length, or whoever is free.
meet-day-over = This day is over.
times-title-reschedule = Choose another time
times-title-propose = Propose another time
times-lead-reschedule = Now { $when }. Tap a free time to move the request there.
times-lead-propose = Now { $when }. Tap a free time to propose it; the other side answers.
times-back = Back to the meeting

# The diary.
diary-title = Diary
diary-title-zone = Meetings of the zone
diary-next = Next
diary-next-held = Send this request first
diary-next-running = Now
diary-day-all = All days
diary-shows = Which meetings
diary-show-planned = Planned
diary-show-open = Open requests
diary-show-agreed = Agreed
diary-show-off = Not taking place
diary-staff = Colleague
diary-staff-all = Everybody
diary-print = Print the day sheet
diary-gap = { $length } free
diary-walk = about { $n } min on foot to booth { $booth }
diary-day-coming = Coming up
diary-empty-choice = No meeting matches this choice.
diary-empty-choice-all = { $n ->
    [one] Show the one planned meeting
   *[other] Show all { $n } planned meetings
}
diary-empty-choice-off = { $n ->
    [one] Show the one that does not take place
   *[other] Show the { $n } that do not take place
}
desk-coming = { $n ->
    [one] One agreed meeting is coming up
   *[other] { $n } agreed meetings are coming up
}
diary-empty-buyer = No meetings here yet.
diary-empty-buyer-hint = Look who fits what you want, and ask for a time.
diary-empty-buyer-link = To my matches
diary-empty-exhibitor = No meetings here yet.
diary-empty-exhibitor-hint = Buyers can ask for every hour in which somebody is at the booth.
diary-empty-exhibitor-link = Check the hours of our people
diary-empty-organiser = No meetings on this day.
diary-empty-organiser-hint = Choose another day or another list.
diary-proposal = A new time is proposed

# The desk.
desk-title = My booth today
desk-questions = Requests to answer
desk-questions-n = { $n ->
    [0] No request waits for your answer
    [one] 1 request waits for your answer
   *[other] { $n } requests wait for your answer
 }
desk-questions-empty = No request waits for an answer.
desk-questions-empty-hint = New ones appear here by themselves, the oldest first.
desk-asked = Asked { $when }
desk-answer-by = Answer by { $when }
desk-others = Waiting for others
desk-others-hint = Your proposals without an answer yet, and buyers who wait for a time that is taken.
desk-today = Today
desk-today-empty = Nothing is planned on this day.
desk-today-empty-hint = Accept a request, or look at the timetable of demos.
desk-demo = Demo
desk-next-free = Next free for 30 min: { $when }
desk-next-free-none = No half hour is free any more on this day.
desk-news = There is news on this page.
desk-news-show = Show it
desk-open = Open

# Who ended it, and who gets an invitation.
meeting-by-you = you
meeting-ended-by = { $who ->
    [you] By you.
   *[other] By { $who }.
 }
meeting-invited-buyer-yes = You get the invitation by mail, and every change of it.
meeting-invited-buyer-no-address = You get no invitation by mail: your profile has no e-mail address. With one, you get it for every meeting to come.
meeting-invited-buyer-no-consent = You get no invitation by mail: you have not agreed to be mailed. Once you do, you get it for every meeting to come.
meeting-invited-me = To my profile
meeting-invited-staff-yes = { $name } gets the invitation by mail.
meeting-invited-staff-no-address = { $name } gets no invitation by mail: there is no e-mail address. With one, it comes for every meeting to come.
meeting-invited-team = To our people
meeting-invited-other-yes = The buyer gets it by mail, too.
meeting-invited-other-no = The buyer gets no mail and sees it in FairZone.
diary-ended = Not taking place
