"""The device bridge: takes robots' telemetry from MQTT and serial ports to the server, and loses none of it."""
