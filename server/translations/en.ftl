# The frame of every page.
list-comma = {", "}
language-name = English
skip-to-content = To the content
nav-main = Navigation
nav-phone = Main pages
log-in = Log in
log-out = Log out
close = Close
keys-title = Keys
keys-help = These keys
keys-search = To the search field
keys-close = Close
keys-on = Single-key shortcuts on this device
page-offline = You are offline. What you see may be old.
page-newer = There is a newer version of this page.
page-newer-load = Load it
pages = Pages
page-previous = Previous
page-next = Next
page-of = Page { $number } of { $last }
search = Search
show = Show
clear-filters = Clear filters
unit-metres = { $width } × { $depth } m
nav-mail = Mail sent
nav-more = Menu
unset-hint = The organiser has not entered this yet. Please come back later.
unset-hint-organiser = The fair has to be set up first.

# What every page may say: refusals with a title and what to do, and the few words of the frame itself.
web-home = To the zone overview
web-send-again = Send it again
api-docs-title = FairZone interface for programs
error-internal = Something went wrong on our side. Nothing of what you did is half done.
    .title = That did not work
    .advice = Try again in a moment. If it stays, tell the organiser the time and this page's address.
error-not-found = There is nothing at this address.
    .title = Not found
    .advice = Look for it in the zone overview, or go back to where you came from.
error-not-allowed = This address does not answer that kind of request.
    .title = Not possible here
    .advice = Go back and use the button or link on the page.
error-bad-request = The request was incomplete or damaged.
    .title = Not understood
    .advice = Go back, reload the page and try once more.
error-too-large = What was sent is larger than this address accepts.
    .title = Too large
    .advice = Send less at a time.
error-busy = FairZone is answering as many requests as it can at this moment.
    .title = Busy
    .advice = Try again in a few seconds. Nothing was changed.
error-slow-request = The request did not arrive in time.
    .title = Too slow
    .advice = Check the network connection and send it again.
error-overlong = The address or form has more parts than FairZone accepts.
    .title = Too many parts
    .advice = Use a link or form of FairZone.
error-unknown-host = This is not the address of this zone. It is { $address }.
    .title = Other address
    .advice = Open { $address }.
error-quota = There are { $most } { $what ->
        [products] products
        [robots] robots
        [people] people
        [bridges] bridges
       *[requests] requests of a day
    } here already, which is the most that FairZone keeps for one { $what ->
        [requests] account
       *[other] exhibitor
    }.
    .title = No more room
    .advice = Change one that is there, or ask the organiser for more.
error-wrong-type = This address accepts JSON.
    .title = Wrong kind of content
    .advice = Send it with Content-Type: application/json.
error-login-required = This is for people who have logged in.
    .title = Please log in
    .advice = Log in, and you continue exactly here. What you typed is kept.
error-forbidden = Your account may not do this.
    .title = Not for this account
    .advice = Log in with another account, or ask the organiser.
error-invalid = What was sent does not fit: { $detail }
    .title = Not understood
    .advice = Correct it and send it again.
error-conflict = This contradicts what is already there.
    .title = Already taken
    .advice = Reload the page to see what is there now.
error-too-many-tries = Too many wrong attempts at this account.
    .title = Please wait
    .advice = Wait { $seconds ->
        [one] one second
       *[other] { $seconds } seconds
    }, then try again. Your password still holds; if you do not know it, set a new one.
error-setup = { $problem }
    .title = The installation is incomplete
    .advice = { $remedy }
error-stale-form = This form belongs to a session that has ended.
    .title = Please send it again
    .advice = Nothing is lost: check what you typed and send it again.
login-new = New here, as a buyer?
login-register = Register
error-other-account = You are logged in as { $name } ({ $username }) now. This form was opened under another account, so nothing was changed.
    .title = This form belongs to another account
    .advice = What was typed is kept below. Log in again as the person who opened the form to send it; or open the page anew to work as { $name }.
error-foreign-form = This request does not come from a page of this site.
    .title = Sent from elsewhere
    .advice = Open the page here and send the form from it.
error-malformed-json = The body is not valid JSON.
    .title = Not JSON
    .advice = Check brackets, commas and quotation marks.
error-invalid-request = The request does not fit its schema; each fault is listed.
    .title = Not understood
    .advice = Correct the listed fields and send it again.

# What booth machines without internet find here.
downloads-title = Booth bridge
downloads-lead = The bridge for a machine at the booth: it reads serial robots and hands their reports to the zone over HTTPS. It installs without internet; only Python 3.11 to 3.14 must be there.
downloads-file = File
downloads-size = Size
downloads-megabytes = { $size } MB
downloads-sum = SHA-256
downloads-get = Download
downloads-platform-linux = Linux, 64-bit
downloads-platform-windows = Windows 10 and 11, 64-bit
downloads-next = On the booth's machine
downloads-step-install = Unpack the file and install, on Linux or on Windows:
downloads-step-edit = Write the zone's address, the booth's token and the ports into bridge.toml.
downloads-step-check = Let it say whether all is well:
downloads-empty = There is nothing to download yet.
downloads-empty-hint = Ask the organiser's technician to make the bundle.
downloads-command = The command on the zone's server; the page shows the files as soon as they lie there:

# The words of every form: faults beside their field, and refusals of edits.
form-faults = { $n ->
    [one] One thing needs your attention
   *[other] { $n } things need your attention
}
form-nothing = nothing
form-optional = (optional)
form-please-choose = Please choose
form-required = Please fill this in.
form-choose-one = Please choose at least one.
form-invalid = This does not fit here. Please check it.
form-email = This is no e-mail address. It looks like name@firm.example.
form-too-long = At most { $max_length } characters fit here.
form-too-many = At most { $max_length } may be chosen.
form-whole-number = Please give a whole number, in digits.
form-number = Please give a number, in digits.
form-at-least = It must be { $ge } or more.
form-more-than = It must be more than { $gt }.
form-at-most = It must be { $le } or less.
form-less-than = It must be less than { $lt }.
form-choose = Please choose one of those offered.
form-date = Please give a date as year, month and day.
form-time = Please give a time, like 10:30.
form-pattern = Some of these characters cannot be used here.
form-unseen = Nobody would see this text. Please write visible characters.
form-password-repeated = Repeated characters are easy to guess. Please choose another password.
form-password-sequence = These are keys in a row, which are guessed at once. Please choose another password.
form-password-digits = A number alone is guessed quickly. Please add words.
form-password-guessed = This is one of the commonest passwords. Please choose another, such as three words that do not belong together.
form-password-personal = This is your own name, user name, company or address. Please choose something that others do not know.
form-password-line = A password has no line breaks: a page could not take it again.
form-password-short = A password has at least { $least } characters. Please type a longer one.
error-stale = Somebody else has changed this since you opened it. What you typed is still here.
    .title = Changed in the meantime
    .advice = Look at what has changed. If your words still hold, send them again.
error-if-match-required = This change must say which version it is based on.
    .title = Which version?
    .advice = Read the thing, and send its ETag back in If-Match.
error-key-reused = The Idempotency-Key { $key } was already used for another request.
    .title = Key already used
    .advice = Use a new key for every new request.

# The page on which the organiser reads what was sent by mail.
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
