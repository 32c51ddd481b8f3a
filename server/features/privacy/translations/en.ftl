# What is kept about a person, and erasing it.
data-download = Download your data
erase-title = Erase your account
erase-sentence = This cannot be undone. Your account ends at once, and your name, company and addresses are deleted.
erase-ends = This ends
erase-no-meetings = No meetings, requests or held times are to come.
erase-state-held = time held
erase-state-requested = request
erase-state-waiting = request, waiting
erase-state-accepted = meeting
erase-needs = { $n ->
    [one] One thing that you look for is deleted.
   *[other] { $n } things that you look for are deleted.
}
erase-sessions = { $n ->
    [0] Nobody is logged in with this account.
    [one] One device is logged out.
   *[other] { $n } devices are logged out.
}
erase-token = The token for programs ends.
erase-notices = { $n ->
    [one] One message in the inbox is deleted.
   *[other] { $n } messages in the inbox are deleted.
}
erase-stays = This stays
erase-history = Meetings that took place stay in the history of the fair, without you: it says "Former buyer" or "Former user" there, and of a buyer the country or region.
erase-mails = Whoever was to meet you is told that the meeting is cancelled. These messages leave first; then they are deleted too, after seven days at the latest.
erase-staff = Your entry among the people of the booth belongs to your exhibitor: an administrator removes it on the page of the booth's people.
erase-password-help = So that nobody else does this in your name.
erase-send = Erase the account for good
erased-title = Account erased
erased-sentence = Your account has ended and your data are deleted. Whoever was to meet you is told now.
erased-home = To the start page
off-title = Switch { $name } off?
off-sentence = Nobody logs in as { $username } any more until you switch the account on again.
off-meetings = These are cancelled, and everybody concerned is told:
