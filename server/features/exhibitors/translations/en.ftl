# Exhibitors, their products and robots.
exhibitors-title = Exhibitors
exhibitors-lead = { $count } exhibitors, { $guangdong } from Guangdong.
exhibitors-search = Name, city or category
exhibitors-empty = No exhibitor matches.
exhibitors-empty-hint = Clear the search to see all of them.
exhibitors-guangdong = Guangdong
exhibitor-counts = { $robots ->
    [one] 1 robot
   *[other] { $robots } robots
 }
exhibitor-demos-open = Show the demos
exhibitor-back-one = Back to the exhibitor
exhibitor-booth = Booth
exhibitor-city = City
exhibitor-categories = Categories
exhibitor-products = Products
exhibitor-robots = Robots
exhibitor-demos = Demos
exhibitor-no-products = No products listed yet.
exhibitor-no-robots = No robot is enrolled yet.
exhibitor-back = All exhibitors
product-name = Product
product-payload = Payload
product-runtime = Run time
product-certificates = Certificates
product-moq = Minimum order (MOQ)
product-price = Price, ex works
product-kg = { $n } kg
product-minutes = { $n } min
product-units = { $n ->
    [one] 1 unit
   *[other] { $n } units
 }
product-none = –
kind-arm = Robot arm
kind-cleaning = Cleaning
kind-climber = Climbing
kind-coffee = Coffee
kind-companion = Companion
kind-delivery = Delivery
kind-exoskeleton = Exoskeleton
kind-firefighting = Fire-fighting
kind-hand = Hand
kind-harvest = Harvest
kind-humanoid = Humanoid
kind-inspection = Inspection
kind-lawn = Lawn
kind-manipulator = Mobile arm
kind-quadruped = Four-legged
kind-reception = Reception
kind-water = Water
kind-wheelchair = Wheelchair
exhibitor-edit-title = Edit { $name }
exhibitor-edit-lead = What you change is public at once, and the audit log keeps who changed it. Booth:
exhibitor-edit-no-booth = none yet, assign one
exhibitor-edit-log = What was changed so far
exhibitor-edit = Edit
exhibitors-none = There are no exhibitors yet.

# The frame of every page.
nav-exhibitors = Exhibitors
unset-step-official = Exhibitors

# An exhibitor's own desk: profile, products, people and their hours, robots.
desk-nav = Desk
desk-nav-today = Requests and today
desk-nav-profile = Profile
desk-nav-products = Products
desk-nav-staff = People
desk-nav-robots = Robots
desk-saved = Saved.
desk-save = Save
desk-cancel = Cancel
desk-edit = Edit
desk-keep = Keep
desk-remove = Remove
desk-admin-only = Only your administrators can change this.
desk-name = Name
desk-name-zh = Name in Chinese
desk-name-en = Name in English
desk-city-zh = City in Chinese
desk-city-en = City in English
desk-profile-title = Profile
desk-profile-lead = What everybody at the fair reads about you.
desk-profile-public = See the public page
desk-profile-zh = About you, in Chinese
desk-profile-en = About you, in English
desk-profile-help = Two or three sentences: what your robots do, for whom, and what nobody else does.
desk-categories-help = Buyers find you by these. Open a group and tick what you show, twelve at the most.
desk-products-title = Products
desk-products-lead = What you sell. Buyers are matched with you by category, certificates, markets and minimum order (MOQ).
desk-products-empty = No product yet.
desk-products-empty-hint = Add the first one, so that buyers can find you by what they look for.
desk-products-back = All products
desk-product-add = Add a product
desk-product-remove = Remove this product
desk-category = Category
desk-payload = Payload in kg
desk-runtime = Run time in minutes
desk-moq = Minimum order (MOQ), in units
desk-currency = Currency
desk-price-min = Lowest price
desk-price-max = Highest price
desk-price-help = Per unit, ex works, in whole units of the currency.
desk-certificates-help = Tick only those that you can show on paper.
desk-markets = Markets supplied
desk-markets-help = Countries and regions to which you deliver and where you give service. Open a region and tick.
desk-staff-title = People at the booth
desk-staff-lead = Who is at the booth, and when. Meetings are offered only in these hours.
desk-staff-empty = Nobody is at the booth yet.
desk-staff-empty-hint = Add the first person and their hours, so that buyers can ask for meetings.
desk-staff-back = All people
desk-person = Person
desk-person-add = Add a person
desk-person-remove = Remove this person
desk-person-name = Name as printed on the badge
desk-person-name-help = One field, in the order in which the person writes it.
desk-person-zh = Name in Chinese
desk-call-me = Call me
desk-call-me-help = How buyers shall address this person.
desk-called = call me { $name }
desk-languages = Languages
desk-email = E-mail
desk-email-none = No e-mail
desk-email-help = For invitations to meetings. It is on no public page.
desk-save-and-hours = Save and go on to the hours
desk-hours = Hours
desk-hours-title = Hours of { $name }
desk-hours-lead = All times are fair time (Beijing). A day without times means: not at the booth.
desk-fair-time = All times are fair time (Beijing).
desk-not-there = Not there
desk-hours-open = open { $opens }–{ $closes }
desk-from = From
desk-to = To
desk-copy = Copy to all other days
desk-more = One more stretch
desk-clear = Clear this day
desk-days-empty = The fair has no days yet.
desk-days-empty-hint = The organiser publishes them first; then hours can be given.
desk-helped-copy = Copied to the other days, cut where they end earlier. Nothing is saved yet.
desk-helped-more = There is a further row. Nothing is saved yet.
desk-helped-clear = That day is empty. Nothing is saved yet.
desk-helped-use = These hours keep every booking. Nothing is saved yet.
desk-in-the-way = { $n ->
    [one] One booking is in the way
   *[other] { $n } bookings are in the way
}
desk-booking-meeting = Meeting
desk-booking-demo = Demo
desk-new-tab = (opens in a new tab)
desk-release = Cancel all of these; everybody concerned is told
desk-resolve = Open each one and cancel it, propose another time, or hand it over to a colleague. Then save here again; what you typed stays.
desk-nearest = The nearest that is possible
desk-use = Use these hours
desk-robots-in-the-way = { $n ->
    [one] One robot is enrolled as this product
   *[other] { $n } robots are enrolled as this product
}
desk-resolve-robots = The organiser can enrol them as another product.
desk-remove-title = Remove { $name }?
desk-remove-product = It leaves your page and the matching at once. The log keeps what it said.
desk-remove-staff = The hours and the e-mail address go. Past meetings and demos keep the name.
desk-robots-title = Robots
desk-robots-lead = What was received from your robots, and the address under which each is enrolled.
desk-robots-empty-hint = Enrol the first one: it takes a name and a minute.
desk-heard = Received
desk-heard-open = Show what was received
desk-enrolment = Enrolment
desk-enrolment-lead = What comes from another address, or without the robot's credential, is refused.
desk-active = May send
desk-active-yes = Yes
desk-active-no = No
form-price-band = The highest price is lower than the lowest one.
form-hours-incomplete = Please give both times, or neither.
form-hours-backward = It has to end after it starts.
form-hours-outside = The fair is open from { $opens } to { $closes } on this day.
form-hours-off-grid = Please use steps of five minutes, like 10:05.
form-hours-overlap = Two of these times overlap.
form-hours-no-day = The fair is closed on this day.
region-east-asia = East Asia
region-south-east-asia = South-East Asia
region-south-asia = South Asia
region-central-asia = Central Asia
region-middle-east = Middle East
region-europe = Europe
region-north-america = North America
region-latin-america = Latin America and the Caribbean
region-north-africa = North Africa
region-africa = Africa south of the Sahara
region-oceania = Oceania
error-product-in-use = { $number ->
        [one] One robot is enrolled as this product.
       *[other] { $number } robots are enrolled as this product.
    }
    .title = The product cannot go yet
    .advice = Ask the organiser to enrol them as another product first.
error-robot-booked = { $number ->
        [one] One meeting, request or demo needs this robot.
       *[other] { $number } meetings, requests or demos need this robot.
    }
    .title = This robot is booked
    .advice = Move or cancel what is listed, or let it be cancelled here.
error-staff-booked = { $number ->
        [one] One booking needs this person then.
       *[other] { $number } bookings need this person then.
    }
    .title = This person is booked
    .advice = Cancel, move or hand over what is listed, then try again.
error-hours = The hours { $stretch } on { $date } cannot be: { $fault ->
        [overlap] they overlap others
        [backward] they end before they start
        [outside] the fair is closed for a part of them
        [no-day] the fair is closed on that day
       *[other] they are not on the five-minute grid
    }.
    .title = These hours cannot be
    .advice = Stay within the opening hours of the day, in steps of five minutes.
desk-description-en = Description in English
desk-description-zh = Description in Chinese
desk-description-help = What it does and for whom, in one to three sentences. Searches find it and show it.

# Credentials of robots and of booths' bridges.
audit-did-robot-enrol = { $who } enrolled the robot { $key }
audit-did-robot-edit = { $who } changed the robot { $key }
audit-field-address = Address
audit-field-protocol = Protocol
audit-field-version = Version
audit-field-options = Settings
desk-robot-add = Enrol a robot
desk-robot-enrol = Enrol and get a credential
desk-robot-name-help = Its short name in addresses is made of this.
desk-robot-protocol-help = The fair profile over MQTT or HTTPS takes about 20 lines of code; serial robots come by the bridge on a booth's machine.
desk-robot-address-help = VDA 5050: manufacturer/serialNumber as in the robot's messages. Serial: a name for its port. Otherwise leave it empty.
desk-robot-told = Settings for declared robots, Modbus and MAVLink
desk-robot-options = Settings of the protocol
desk-robot-options-help = For a declared robot its fields, for Modbus its registers, for MAVLink its system. TOML as below, or JSON.
desk-robot-options-example = Example: { $protocol }
desk-active-help = Without it everything that the robot sends is refused.
form-options = This is neither TOML nor JSON. Look at line { $line }.
form-options-long = That is too long: { $limit } bytes at most.
form-options-refused = { $said }
error-options-refused = { $detail }
    .title = The protocol cannot work with these settings
    .advice = Correct the settings and send them again.
desk-credential = Credential
form-address-vda5050 = VDA 5050 needs manufacturer/serialNumber, without wildcards or further slashes.
form-address-port = The name of a port has letters, digits and . _ : @ + - in it.
error-maker-taken = Robots under the name { $name } are heard as another exhibitor's.
    .title = Name in use
    .advice = Use your own maker's name. If both of you show robots of this maker, ask the organiser to enrol it.
error-address-taken = Another robot is enrolled under { $address } in this protocol.
    .title = This address is taken
    .advice = Give the address of this very robot.
error-robot-code-taken = There is a robot called { $code } already.
    .title = This code is taken
    .advice = Choose another one.

# The organiser's day at a glance, and the audit log.
audit-did-exhibitor-edit = { $who } edited the exhibitor { $key }
audit-did-product-add = { $who } added the product { $key }
audit-did-product-edit = { $who } edited the product { $key }
audit-did-product-remove = { $who } removed the product { $key }
audit-did-staff-add = { $who } added { $key } to the staff
audit-did-staff-edit = { $who } edited { $key } of the staff
audit-did-staff-remove = { $who } removed { $key } from the staff
audit-did-staff-hours-edit = { $who } changed the hours of { $key }
audit-thing-exhibitor = Exhibitor
audit-thing-product = Product
audit-thing-staff = Staff
audit-thing-robot = Robot
audit-field-name = Name
audit-field-name-en = English name
audit-field-name-zh = Chinese name
audit-field-province = Province
audit-field-city = City
audit-field-city-zh = City in Chinese
audit-field-profile-en = English profile
audit-field-profile-zh = Chinese profile
audit-field-description-en = English description
audit-field-description-zh = Chinese description
audit-field-categories = Categories
audit-field-category = Category
audit-field-code = Code
audit-field-payload-kg = Payload in kg
audit-field-runtime-min = Run time in min
audit-field-certificates = Certificates
audit-field-moq = Minimum order (MOQ)
audit-field-price-min = Lowest price
audit-field-price-max = Highest price
audit-field-currency = Currency
audit-field-markets = Markets supplied
audit-field-call-me = Call me
audit-field-languages = Languages
audit-field-active = Active
audit-field-kind = Kind

# Matches with their reasons, who is left out, what to relax; and the search.
exhibitor-to-matches = My matches
exhibitor-register = Register to book a meeting
product-markets = Markets supplied
product-robots = Robots of this product at the booth
product-no-robots = None runs at the booth. The staff can tell you more.
product-others = More of { $name }

# Demos, booths and hours.
told-hours = { $who } has changed your hours at the booth. Buyers can ask to meet you within them.
    .subject = Your hours at the booth have changed
notice-hours = Hours, in Beijing time: { $value }

# What booth machines without internet find here.
desk-downloads = Booth bridge for download
