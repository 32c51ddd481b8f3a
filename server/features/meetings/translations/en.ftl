# Why a meeting cannot be as wanted.
error-meeting-refused = The meeting cannot be as wanted.
    .title = Not possible
    .advice = Choose one of the free times nearby.
error-slot-taken = At this time nobody of the exhibitor's, no table or not the robot is free any more.
    .title = Already booked
    .advice = Choose one of the free times nearby.
error-own-time-taken = This time overlaps another appointment in the buyer's diary, or the walk to it.
    .title = Overlaps another appointment
    .advice = Choose one of the free times nearby.
error-outside-hours = The fair is closed then, or whoever could meet is not at the booth.
    .title = Outside the hours
    .advice = Choose one of the free times nearby.
error-no-place = This exhibitor has no booth with a table to meet at.
    .title = No place to meet
    .advice = Ask the organiser for a booth, or meet another exhibitor.
error-off-grid = Meetings start every five minutes, and not in between.
    .title = Not on the grid
    .advice = Choose one of the free times nearby.
error-in-the-past = This time has begun already.
    .title = Too late
    .advice = Choose one of the free times to come.
error-too-near = { $minutes ->
        [0] This time has begun already.
       *[other] A request has to be made at least { $minutes } minutes before the meeting, so that the exhibitor can answer and be there.
    }
    .title = Too soon
    .advice = Choose one of the later free times, or ask at the booth.
error-not-possible = { $act ->
        [request] The meeting cannot be requested any more:
        [reschedule] The request cannot be moved any more:
        [accept] The request cannot be accepted any more:
        [decline] The request cannot be declined any more:
        [withdraw] The request cannot be withdrawn any more:
        [cancel] The meeting cannot be cancelled:
        [propose] Another time cannot be proposed:
        [hand_over] The meeting cannot be handed over:
        [no_show] A no-show cannot be noted:
       *[other] This cannot be done now:
    } { $state ->
        [held] the time is only held.
        [requested] it is requested and not yet accepted.
        [waiting] somebody else has the time, and it waits.
        [accepted] it is accepted.
        [done] it has taken place.
        [no_show] the buyer did not come.
        [declined] the exhibitor declined it.
        [cancelled] it was cancelled.
        [withdrawn] the buyer withdrew it.
       *[expired] it has expired.
    }
    .title = Changed in the meantime
    .advice = Look at the meeting as it is now. There may be free times nearby.
error-too-many-open = You may hold { $held } times at once, and have { $open } holds and requests open.
    .title = Enough for now
    .advice = Finish or withdraw one of those in your diary first: what you hold ends by itself after a few minutes.
error-no-longer = { $reason ->
    [buyer-left] The buyer's account has been switched off.
    [person-left] The person who was asked for no longer works at the booth.
    [robot-left] The robot is no longer shown at the fair.
   *[other] The exhibitor no longer has the table.
}
    .title = This meeting can no longer take place
    .advice = It ends by itself, and both sides are told.
error-lapsed = The hold or the request has run out.
    .title = Expired
    .advice = Hold the time again if it is still free, or choose one of the free times nearby.
error-meeting-over = The time of this meeting is over.
    .title = Over
    .advice = Choose one of the free times to come.
error-too-early = The meeting has not begun.
    .title = Too early
    .advice = Say so once its start has passed.
error-no-proposal = There is no proposal for another time, or not any more.
    .title = Nothing to answer
    .advice = Look at the meeting as it is now, or propose a time yourself.
error-own-proposal = The proposal is your own: the other side answers it.
    .title = Not yours to answer
    .advice = Wait for the answer, or keep the time as it is.
error-registration-needed = This account does not say yet which buyer you are.
    .title = Register first
    .advice = Register as a buyer, then book.

# The frame of every page.
nav-desk = My booth
nav-diary = Diary

# The organiser's day at a glance, and the audit log.
audit-thing-meeting = Meeting
audit-field-table = Table
audit-field-topic = Topic
audit-field-reason-text = Reason
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

# Invites by mail, and the page on which the organiser reads what was sent.
invite-subject-new = Confirmed: { $what }, { $when }
invite-subject-changed = Changed: { $what }, { $when }
invite-subject-cancelled = Cancelled: { $what }, { $when }
invite-subject-uninvited = Handed over: { $what }, { $when }
invite-lead-new = This meeting at the fair is confirmed by both sides.
invite-lead-changed = This meeting at the fair has changed. What follows is its present state.
invite-lead-cancelled = This meeting at the fair is cancelled.
invite-lead-uninvited = A colleague has taken over this meeting at the fair. You need not come.
invite-subject-readdressed = Sent elsewhere from now on: { $what }, { $when }
invite-lead-readdressed = The invitation to this meeting now goes to another address. Nothing more about it comes to this one, and the entry in this calendar goes.
invite-cancelled-by = Cancelled by: { $who }
invite-reason = Reason given: { $reason }
invite-when = Fair time: { $when }
invite-own-time = Your time: { $when }
invite-where = Where: { $where }
invite-with = With: { $names }
invite-about = About: { $topic }
invite-calendar = The attached file puts it into your calendar. An answer from the calendar changes nothing here: to move or cancel the meeting, use its page in FairZone.
invite-link = The meeting’s page: { $link }

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

# What happened to a meeting, as each of those who are told of it reads it; `.subject` is the heading, also of the mail.
told-hold-lapsed-buyer = You held a time with { $exhibitor }, but the request was not sent before the hold ended. The time is free for others again.
    .subject = Not requested: { $exhibitor }, { $when }
told-request-buyer = { $who } has asked { $exhibitor } for a meeting in your name. The answer comes by { $until }.
    .subject = Requested: { $exhibitor }, { $when }
told-request-exhibitor = { $who } asks for a meeting. Please answer by { $until }; after that the request expires.
    .subject = Meeting request: { $buyer }, { $when }
told-reschedule-buyer = { $who } has moved your request to { $exhibitor } to another time. It was { $before }.
    .subject = Request moved: { $exhibitor }, { $when }
told-reschedule-exhibitor = { $who } asks for another time than before, which was { $before }. Please answer by { $until }; after that the request expires.
    .subject = Request moved: { $buyer }, { $when }
told-withdraw-buyer = { $who } has withdrawn your request to { $exhibitor }. Nothing is reserved any more.
    .subject = Request withdrawn: { $exhibitor }, { $when }
told-withdraw-exhibitor = { $who } has withdrawn the request for a meeting. There is nothing left to answer.
    .subject = Request withdrawn: { $buyer }, { $when }
told-accept-buyer = { $exhibitor } has accepted your request. The meeting is agreed.
    .subject = Accepted: { $exhibitor }, { $when }
told-accept-exhibitor = The meeting with { $buyer } is agreed. { $staff } meets.
    .subject = Accepted: { $buyer }, { $when }
told-decline-buyer = { $who } has declined your request. You can ask for another time.
    .subject = Declined: { $exhibitor }, { $when }
told-decline-exhibitor = { $who } has declined the request of { $buyer }.
    .subject = Declined: { $buyer }, { $when }
told-cancel-buyer = { $who } has cancelled your meeting. It does not take place.
    .subject = Cancelled: { $exhibitor }, { $when }
told-cancel-exhibitor = { $who } has cancelled the meeting. It does not take place.
    .subject = Cancelled: { $buyer }, { $when }
told-propose-buyer = { $who } proposes another time for your meeting. Agree to it, or keep the time as it is.
    .subject = New time proposed: { $exhibitor }, { $proposal }
told-propose-exhibitor = { $who } proposes another time for the meeting. Agree to it, or keep the time as it is.
    .subject = New time proposed: { $buyer }, { $proposal }
told-agree-buyer = { $who } has agreed to the new time of your meeting. It was { $before }.
    .subject = New time agreed: { $exhibitor }, { $when }
told-agree-exhibitor = { $who } has agreed to the new time of the meeting. It was { $before }.
    .subject = New time agreed: { $buyer }, { $when }
told-agree-former = The meeting with { $buyer } has another time, at which { $staff } meets. You need not come.
    .subject = No longer yours: { $buyer }, { $before }
told-keep-buyer = { $who } keeps the time of your meeting as it is. The proposal for another time is off.
    .subject = Time kept: { $exhibitor }, { $when }
told-keep-exhibitor = { $who } keeps the time of the meeting as it is. The proposal for another time is off.
    .subject = Time kept: { $buyer }, { $when }
told-hand-over-buyer = A colleague has taken over your meeting with { $exhibitor }. The time stays the same.
    .subject = Another person: { $exhibitor }, { $when }
told-hand-over-exhibitor = The meeting with { $buyer } has been handed over to { $staff }.
    .subject = Handed over: { $buyer }, { $when }
told-hand-over-former = The meeting with { $buyer } has been handed over to { $staff }. You need not come.
    .subject = No longer yours: { $buyer }, { $when }
told-no-show-buyer = { $exhibitor } has noted that you did not come to the meeting.
    .subject = You were missed: { $exhibitor }, { $when }
told-no-show-exhibitor = { $who } has noted that { $buyer } did not come to the meeting.
    .subject = No-show: { $buyer }, { $when }
told-expire-buyer = Your request to { $exhibitor } was not agreed in time and has expired. Nothing is reserved any more; you can ask for another time.
    .subject = Expired: { $exhibitor }, { $when }
told-expire-exhibitor = The request of { $buyer } was not agreed in time and has expired. Nothing is reserved any more.
    .subject = Expired: { $buyer }, { $when }
told-wait-buyer = The time that you asked { $exhibitor } for is somebody else's now. If it becomes free, your request counts again by itself. You can also choose another time.
    .subject = Waiting: { $exhibitor }, { $when }
told-offer-buyer = The time that you asked { $exhibitor } for is free again, and your request counts again. The answer comes by { $until }.
    .subject = Free again: { $exhibitor }, { $when }
told-offer-exhibitor = The time that { $buyer } asked for is free again. Please answer by { $until }; after that the request expires.
    .subject = To be answered again: { $buyer }, { $when }
told-lapses-buyer = Your request to { $exhibitor } is not agreed yet and expires at { $until }. You can choose another time now.
    .subject = Expires soon: { $exhibitor }, { $when }
told-lapses-exhibitor = The request of { $buyer } expires at { $until } unless you answer.
    .subject = Expires soon: { $buyer }, { $when }
