# The inbox, and what every notice has in common. What happened is said by the feature in which it happened.
nav-inbox = Inbox
nav-inbox-unread = { $n ->
    [one] 1 unread
    [100] 100 or more unread
   *[other] { $n } unread
 }
inbox-title = Inbox
inbox-lead = What concerns you, the newest first.
inbox-shows = Which messages
inbox-show-all = All
inbox-show-unread = Unread ({ $n })
inbox-unread = New
inbox-open = Open
inbox-read = Mark as read
inbox-read-all = Mark all as read
inbox-empty = No messages yet.
inbox-empty-hint = Requests, answers and changes that concern you will appear here.
inbox-empty-unread = You have read everything.
inbox-empty-unread-hint = New messages will appear here.
notice-link = Open it in FairZone: { $link }
notice-own-time = Your time: { $value }

# Invites by mail, and the page on which the organiser reads what was sent.
invite-hello = Hello { $name },

# What happened to a meeting, as each of those who are told of it reads it; `.subject` is the heading, also of the mail.
told-who-organiser = The organiser
told-who-house = FairZone

# The lines below the sentence.
notice-when = Fair time: { $value }
notice-proposal = Proposed: { $value }
notice-until = Answer by: { $value }
notice-where = Where: { $value }
notice-with = With: { $value }
notice-staff = Who meets: { $value }
notice-robot = Robot to see: { $value }
notice-topic = About: { $value }
notice-why = Why: { $value }
notice-reason = Reason given: { $value }
