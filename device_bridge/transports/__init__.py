"""The only modules of the bridge that open anything: MQTT connections and serial ports."""
