"""The MQTT topics of the zone."""

REHEARSAL = "rehearsal/"
"""What stands before the topic of a robot that rehearses: the same topics otherwise."""
FAIR_STATUS = "fair/v1/{robot}/status"
"""A robot of the fair profile publishes here, QoS 1; `{robot}` is `<exhibitor>/<robot>`."""
FAIR_ACK = "fair/v1/{robot}/ack"
"""The bridge publishes the durable mark here, retained, QoS 1: `{"boot": 1764000000000, "seq": 42}`."""
FAIR_KINDS = ("status",)
VDA5050_KINDS = ("state", "connection", "visualization", "factsheet")
WIDE_SUBSCRIPTIONS = ("fair/#", "uagv/#", "vda5050/#", "/fair/#", "/uagv/#", "/vda5050/#")
"""What the one bridge of a hall hears: all that is published beside the right topics is refused with a sentence."""
FAIR_SUBSCRIPTION = "fair/v1/+/+/status"
VDA5050_TOPIC = "uagv/v2/{robot}/{kind}"
"""`{robot}` is `<manufacturer>/<serial>`, `{kind}` one of the subscribed ones (VDA 5050 2.1, section 6.3)."""
VDA5050_SUBSCRIPTIONS = tuple(f"uagv/v2/+/+/{kind}" for kind in VDA5050_KINDS)
VDA5050_V3_TOPIC = "vda5050/v3/{robot}/{kind}"
"""The same of VDA 5050 3.0: its first level names the interface, its second the major version."""
VDA5050_V3_SUBSCRIPTIONS = tuple(f"vda5050/v3/+/+/{kind}" for kind in VDA5050_KINDS)
