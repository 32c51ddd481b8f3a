"""The MQTT topics of the zone."""

FAIR_STATUS = "fair/v1/{robot}/status"
"""A robot of the fair profile publishes here, QoS 1; `{robot}` is `<exhibitor>/<robot>`."""
FAIR_ACK = "fair/v1/{robot}/ack"
"""The bridge publishes the durable mark here, retained, QoS 1: `{"boot": 1764000000000, "seq": 42}`."""
FAIR_SUBSCRIPTION = "fair/v1/+/+/status"
VDA5050_TOPIC = "uagv/v2/{robot}/{kind}"
"""`{robot}` is `<manufacturer>/<serial>`, `{kind}` one of the subscribed ones (VDA 5050 2.1, section 6.3)."""
VDA5050_SUBSCRIPTIONS = ("uagv/v2/+/+/state", "uagv/v2/+/+/connection")
