# Matches with their reasons, who is left out, what to relax; and the search.
matches-title = { $n ->
    [0] Nobody fits everything yet
    [one] One exhibitor fits what you look for
   *[other] { $n } exhibitors fit what you look for
}
matches-edit = Edit
matches-most = up to USD { $most } a year
matches-welcome = You are registered and logged in
matches-filters = Narrow down
matches-all-needs = Everything
matches-live-only = Robots live now
matches-without-certificate = Shown without your certificates.
matches-without-order = Shown without your yearly volume.
matches-without-country = Shown without asking whether your country or region is supplied.
matches-without-medical = Shown with medical robots.
matches-without-kind = Shown with all kinds.
matches-with-all = Put all conditions back
matches-no-needs = You have not said what you look for.
matches-no-needs-hint = Say one kind of robot, and you see who fits and why.
matches-none = No exhibitor meets all your conditions.
matches-none-hint = Below is which condition keeps how many away, and everybody who is left out.
matches-none-live = None of them has a robot running at the moment.
matches-show-all = { $n ->
    [one] Show the one that fits
   *[other] Show all { $n } that fit
}
match-fit = Match
match-more-products = { $n ->
    [one] and one more product
   *[other] and { $n } more products
}
match-ask = To ask about:
match-also = Can also meet:
match-robots-live = { $live } of { $n } robots live
match-robots = { $n ->
    [one] 1 robot
   *[other] { $n } robots
}
match-demo-in = Demo in { $n } min
match-demo-at = Next demo { $time }
match-meet = Book a meeting
match-why = Why { $n }?
match-part = What counts
match-reason = Why
match-points = Points
match-of = { $points } of { $most }
signal-category = Kind of robot
signal-certificates = Certificates
signal-order = Order size
signal-country = Your country or region
signal-timeframe = Seen here
signal-languages = Languages
signal-words = Your words
match-category-same = What you look for: { $kind }
match-category-part = { $kind }, a kind of { $wanted }
match-category-near = { $kind }, near to { $wanted }
match-category-other = { $kind }, not { $wanted }
match-certificates-all = Holds { $held }, which you ask for
match-certificates-missing = No { $missing }, which you ask for
match-certificates-held = Certified: { $held }
match-certificates-none = No certificates named
match-order-easy = Minimum order { $moq } for about USD { $least }; you buy up to USD { $most } a year
match-order-tight = Minimum order { $moq } for about USD { $least }, much of the USD { $most } that you buy a year
match-order-currency = Minimum order { $moq }, priced in { $currency }
match-order-units = Minimum order { $moq }; you want { $quantity } first
match-order-units-more = Minimum order { $moq }; you said { $quantity } for the first order
match-country-served = Supplies { $country }
match-country-other = Supplies { $markets }; ask about { $country }
match-country-unsaid = Does not say which countries it supplies; ask about { $country }
match-timeframe-runs = Runs at the booth: { $robot }
match-timeframe-paper = This product does not run at the booth
match-languages-shared = { $language } is spoken at the booth: { $who }
match-languages-none = At the booth: { $spoken }; bring an interpreter
match-words-found = Your words, found there: { $words }
match-words-none = None of your own words found there
match-bar-medical-offer = Shows a medical robot ({ $kind }), which is no service robot by ISO 8373.
match-bar-medical-wish = Shows a service robot ({ $kind }); by ISO 8373 a medical robot is something else.
match-bar-kind = Shows { $kind }.
match-bar-certificate = No { $missing }.
match-bar-country = Supplies { $markets }, not { $country } or its neighbours.
match-bar-order = Minimum order { $moq } for about USD { $least }, over your USD { $most } a year.
relax-title = What would bring more
relax-certificate = { $n ->
    [one] Without your certificates: one more
   *[other] Without your certificates: { $n } more
}
relax-order = { $n ->
    [one] With a larger yearly volume: one more
   *[other] With a larger yearly volume: { $n } more
}
relax-country = { $n ->
    [one] Not supplying your country or region yet, but may be asked: one more
   *[other] Not supplying your country or region yet, but may be asked: { $n } more
}
relax-all = { $n ->
    [one] Without all three conditions: one more
   *[other] Without all three conditions: { $n } more
}
relax-wider = { $n ->
    [one] Look for { $kind } as a whole: one more
   *[other] Look for { $kind } as a whole: { $n } more
}
left-title = { $n ->
    [one] One exhibitor is left out
   *[other] { $n } exhibitors are left out
}
left-certificate = A certificate is missing: { $n }
left-country = Your country or region is not supplied: { $n }
left-order = The minimum order (MOQ) is too large: { $n }
left-medical = Medical robots are no service robots: { $n }
left-kind = They show other kinds: { $n }
search-title = Search
search-label = Look for exhibitors, products and kinds of robot
search-placeholder = coffee, 送餐, CE-MD
search-kinds = What to show
search-all = All { $n }
search-kind-category = Kinds { $n }
search-kind-exhibitor = Exhibitors { $n }
search-kind-product = Products { $n }
search-a-category = Kind of robot
search-a-exhibitor = Exhibitor
search-a-product = Product
search-in = In { $kind }.
search-guessed = “{ $typed }” is nowhere; this is for “{ $meant }”.
search-none = Nothing found for “{ $query }”.
search-none-hint = Try one word, in Chinese or English: what the robot does, where it works, or who makes it.
search-start = What are you looking for?
search-start-hint = A name, a kind of robot, a place or a certificate, in Chinese or English.
search-all-exhibitors = All exhibitors

# The frame of every page.
nav-matches = Matches
nav-search = Search
