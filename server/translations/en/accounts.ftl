login-title = Log in
login-username = User name
login-password = Password
login-submit = Log in
resume-title = You are logged in
resume-sentence = Here is what you had typed. Send it now?
resume-discard = Discard it

error-wrong-password = User name and password do not match.
    .title = Not logged in
    .advice = Check both and try again. The organiser can set a new password.
error-username-taken = There is already an account named { $username }.
    .title = Name taken
    .advice = Choose another name.
