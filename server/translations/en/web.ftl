# What every page may say: refusals with a title and what to do, and the few words of the house itself.

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
desk-downloads = Booth bridge for download
