// A vehicle and its master by the makers of vda-5050-lib: `node vehicle.js <broker> <manufacturer> <serial>`.
// It comes online, takes an order from its own master, drives and acts, and says so until it is ended.
const { AgvController, BlockingType, MasterController, VirtualAgvAdapter } = require("vda-5050-lib");

const [brokerUrl, manufacturer, serialNumber] = process.argv.slice(2);
const vehicle = { manufacturer, serialNumber };
const options = { interfaceName: "uagv", transport: { brokerUrl }, vdaVersion: "2.0.0" };
const pick = {
    actionId: "a1", actionType: "pick", blockingType: BlockingType.Hard,
    actionParameters: [{ key: "stationType", value: "floor" }, { key: "loadType", value: "EPAL" }],
};
const node = (nodeId, sequenceId, x, actions) => (
    { nodeId, sequenceId, released: true, nodePosition: { x, y: 0, mapId: "local" }, actions });
const order = {
    orderId: "o1", orderUpdateId: 0,
    nodes: [node("n1", 0, 0, [pick]), node("n2", 2, 6, [])],
    edges: [{ edgeId: "e1", sequenceId: 1, startNodeId: "n1", endNodeId: "n2", released: true, actions: [] }],
};

async function drive() {
    const controller = new AgvController(
        vehicle, options,
        { agvAdapterType: VirtualAgvAdapter, publishStateInterval: 500, publishVisualizationInterval: 200 },
        { initialPosition: { mapId: "local", x: 0, y: 0, theta: 0, lastNodeId: "n1" }, initialBatteryCharge: 77 });
    await controller.start();
    const master = new MasterController(options, {});
    await master.start();
    console.log("started");
    await master.assignOrder(vehicle, order, {
        onOrderProcessed: (error) => console.log("processed", error ? JSON.stringify(error) : "well"),
    });
}

drive().catch((error) => { console.error(error); process.exit(1); });
