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
error-stale = Somebody else has changed this since you opened it. What you typed is still here.
    .title = Changed in the meantime
    .advice = Look at what has changed. If your words still hold, send them again.
error-if-match-required = This change must say which version it is based on.
    .title = Which version?
    .advice = Read the thing, and send its ETag back in If-Match.
error-key-reused = The Idempotency-Key { $key } was already used for another request.
    .title = Key already used
    .advice = Use a new key for every new request.
