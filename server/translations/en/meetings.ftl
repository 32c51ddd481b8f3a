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
