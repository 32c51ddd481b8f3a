"""VDA 5050, versions 2.0, 2.1 and 3.0: `state`, `connection`, `visualization` and `factsheet`.

Source: VDA 5050 version 2.1, sections 6.10 to 6.15, and version 3.0.0, sections 6 and 7, with their JSON schemas.
States come at QoS 0, so what is missing between two header ids will never come. The standard has no boot number:
presence and counter tell a reboot. What a visitor wants to know is required; what nobody reads may be missing.
"""

from device_bridge.protocols.vda5050.meaning import V2, V3
from device_bridge.protocols.vda5050.reader import decoder

__all__ = ["decode_v2", "decode_v3"]

decode_v2 = decoder(V2)
"""(kind, payload) of a topic `uagv/v2/<manufacturer>/<serial>/<kind>` -> what it says."""
decode_v3 = decoder(V3)
"""(kind, payload) of a topic `vda5050/v3/<manufacturer>/<serial>/<kind>` -> what it says."""
