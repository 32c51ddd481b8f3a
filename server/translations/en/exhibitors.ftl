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
exhibitor-no-demos = No more demos planned.
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
