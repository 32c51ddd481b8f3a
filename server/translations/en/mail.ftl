# Invites by mail, and the page on which the organiser reads what was sent.

invite-subject-new = Confirmed: { $what }, { $when }
invite-subject-changed = Changed: { $what }, { $when }
invite-subject-cancelled = Cancelled: { $what }, { $when }
invite-subject-uninvited = Handed over: { $what }, { $when }
invite-hello = Hello { $name },
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

mail-title = Mail
mail-lead = What FairZone has written to people, the newest first.
mail-none-sent = This installation sends no mail (FAIRZONE_SMTP is not set): everything is kept here instead.
mail-empty = No mail yet.
mail-empty-hint = As soon as an exhibitor accepts a meeting, its invitations appear here.
mail-empty-state = No mail in this state.
mail-empty-state-hint = Choose another state, or look at all of them.
mail-states = Which mails
mail-all = All ({ $n })
mail-waiting = Waiting ({ $n })
mail-sent = Sent ({ $n })
mail-kept = Kept here ({ $n })
mail-state-waiting = Waiting
mail-state-trying = Not sent yet
mail-state-sent = Sent
mail-state-kept = Kept here
mail-tries = { $n ->
    [one] One try
   *[other] { $n } tries
 }
mail-next-try = Next try: { $when }
mail-to = To
mail-subject = Subject
mail-written = Written
mail-state = State
mail-calendar = Calendar
mail-read = Read
mail-method-request = Invitation
mail-method-cancel = Cancellation
