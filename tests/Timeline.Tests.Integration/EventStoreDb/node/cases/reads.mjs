import { createRequire } from "node:module";
import { BACKWARDS, END, FORWARDS, START, binaryEvent } from "@eventstore/db-client";
import { all, equal, event, events, name, refusal, revisions, that, withClient, within } from "./tools.mjs";

// The client reads $all without filters; its own stubs read it with them.
const own = createRequire(createRequire(import.meta.url).resolve("@eventstore/db-client"));
const grpc = own("@grpc/grpc-js");
const { StreamsClient } = own("../generated/streams_grpc_pb");
const { ReadReq } = own("../generated/streams_pb");
const { Empty } = own("../generated/shared_pb");

async function written(client, count) {
  const stream = name();
  await client.appendToStream(stream, events(count));
  return stream;
}

const options = ReadReq.Options;

function filteredRead(connection, { byType, regex, prefixes, backwards = false, count = 1000 }) {
  const expression = new options.FilterOptions.Expression();
  if (regex) expression.setRegex(regex);
  if (prefixes) expression.setPrefixList(prefixes);
  const filter = new options.FilterOptions();
  (byType ? filter.setEventType : filter.setStreamIdentifier).call(filter, expression);
  filter.setMax(32);
  filter.setCheckpointintervalmultiplier(1);
  const all = new options.AllOptions();
  (backwards ? all.setEnd : all.setStart).call(all, new Empty());
  const uuid = new options.UUIDOption();
  uuid.setString(new Empty());
  const request = new options();
  request.setAll(all);
  request.setReadDirection(backwards ? 1 : 0);
  request.setCount(String(count));
  request.setFilter(filter);
  request.setUuidOption(uuid);
  const message = new ReadReq();
  message.setOptions(request);

  const client = new StreamsClient(new URL(connection).host, grpc.credentials.createInsecure());
  const call = client.read(message, { deadline: Date.now() + 10_000 });
  return within(
    new Promise((resolve, reject) => {
      const read = [];
      call.on("data", (answer) => {
        const recorded = answer.getEvent()?.getEvent();
        if (recorded) read.push({ stream: Buffer.from(recorded.getStreamIdentifier().getStreamName()).toString(), type: recorded.getMetadataMap().get("type") });
      });
      call.on("error", reject);
      call.on("end", () => resolve(read));
    }),
    "filtered read",
  ).finally(() => client.close());
}

export const reads = (connection) => {
  const cases = {
    "read a stream forwards and backwards": async (client) => {
      const stream = await written(client, 100);
      equal(revisions(await all(client.readStream(stream))), [...Array(100).keys()]);
      equal(revisions(await all(client.readStream(stream, { direction: BACKWARDS, fromRevision: END }))), [...Array(100).keys()].reverse());
    },
    "read a stream from a revision, so many": async (client) => {
      const stream = await written(client, 50);
      equal(revisions(await all(client.readStream(stream, { direction: FORWARDS, fromRevision: 40n, maxCount: 3 }))), [40, 41, 42]);
      equal(revisions(await all(client.readStream(stream, { direction: BACKWARDS, fromRevision: 2n }))), [2, 1, 0]);
      equal(revisions(await all(client.readStream(stream, { fromRevision: 48n }))), [48, 49]);
      equal(revisions(await all(client.readStream(stream, { fromRevision: 50n }))), []);
      equal(revisions(await all(client.readStream(stream, { direction: BACKWARDS, fromRevision: START }))), [0]);
    },
    "an event is read as it was written": async (client) => {
      const stream = name();
      const sent = event("Precise", { text: "ü", number: 1.5, none: null }, { metadata: { by: "test" } });
      const bytes = binaryEvent({ type: "Bytes", data: new Uint8Array([0, 1, 255]), metadata: new Uint8Array([9]) });
      const before = Date.now();
      const answer = await client.appendToStream(stream, [sent, bytes]);
      const [json, binary] = await all(client.readStream(stream));
      equal([json.id, json.type, json.isJson, json.data, json.metadata], [sent.id, "Precise", true, sent.data, { by: "test" }]);
      equal([binary.id, binary.isJson, [...binary.data], [...binary.metadata]], [bytes.id, false, [0, 1, 255], [9]]);
      that(Math.abs(json.created.getTime() - before) < 60_000, `created is about now: ${json.created}`);
      // A stream's events are read with their positions, as from $all.
      equal(binary.position, answer.position, "position");
    },
    "a stream that is not there": async (client) => {
      const error = await refusal(all(client.readStream(name())));
      equal(error.type, "stream-not-found");
    },
    "read $all forwards from a position, inclusive": async (client) => {
      const stream = name();
      const first = await client.appendToStream(stream, event());
      await client.appendToStream(stream, events(2));
      const read = await all(client.readAll({ fromPosition: first.position, maxCount: 3 }));
      equal(read.map((e) => [e.streamId, Number(e.revision)]), [[stream, 0], [stream, 1], [stream, 2]]);
      equal(read[0].position, first.position);
    },
    "read $all backwards from a position, exclusive": async (client) => {
      const stream = name();
      const first = await client.appendToStream(stream, event());
      const second = await client.appendToStream(stream, event());
      const before = await all(client.readAll({ direction: BACKWARDS, fromPosition: second.position, maxCount: 10 }));
      equal(before.find((e) => e.streamId === stream)?.position, first.position);
      that(before.every((e) => e.position.commit < second.position.commit), "exclusive");
      const newest = await all(client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 10 }));
      equal(newest.find((e) => e.streamId === stream)?.position, second.position);
    },
    "positions are bytes": async (client) => {
      const stream = name();
      await client.appendToStream(stream, events(2));
      const small = await all(client.readStream(stream));
      await client.appendToStream(stream, binaryEvent({ type: "Tested", data: new Uint8Array(5000) }));
      await client.appendToStream(stream, event());
      const [large, after] = await all(client.readStream(stream, { fromRevision: 2n }));
      that(small[1].position.commit - small[0].position.commit < 300n, "a small event is small");
      that(after.position.commit - large.position.commit >= 5000n, "a large event is large");
    },
    "a position within an event is refused": async (client) => {
      const { position } = await client.appendToStream(name(), event());
      await client.appendToStream(name(), event());
      const within = { commit: position.commit + 1n, prepare: position.prepare + 1n };
      that((await refusal(all(client.readAll({ fromPosition: within, maxCount: 1 })))).code === 2, "unknown");
    },
    "read $all to the end": async (client) => {
      const stream = await written(client, 300);
      const read = await all(client.readAll());
      equal(read.filter((e) => e.streamId === stream).length, 300);
      that(read.every((e, n) => n === 0 || e.position.commit > read[n - 1].position.commit), "in the order of positions");
      that(read.some((e) => e.type.startsWith("$")), "the server's own events are there");
    },
    "read $all filtered": async (client) => {
      const [mine, other, type] = [name("filtered"), name("other"), name("Type")];
      await client.appendToStream(mine, [event(type), event("Else")]);
      await client.appendToStream(other, [event(type), event(`${type}More`)]);
      await client.setStreamMetadata(other, { maxCount: 10 });
      const pairs = async (filter) => (await filteredRead(connection, filter)).map((e) => [e.stream, e.type]);
      equal(await pairs({ prefixes: [mine] }), [[mine, type], [mine, "Else"]], "stream prefix");
      equal(await pairs({ regex: `^${other}$` }), [[other, type], [other, `${type}More`]], "stream regex");
      equal(await pairs({ byType: true, prefixes: [type] }), [[mine, type], [other, type], [other, `${type}More`]], "type prefix");
      equal(await pairs({ byType: true, regex: `^${type}$` }), [[mine, type], [other, type]], "type regex");
      equal(await pairs({ byType: true, regex: `^${type}$`, backwards: true }), [[other, type], [mine, type]], "backwards");
      equal(await pairs({ byType: true, prefixes: [type], count: 2 }), [[mine, type], [other, type]], "count");
      equal(await pairs({ prefixes: [`$$${other}`] }), [[`$$${other}`, "$metadata"]], "metadata");
      that((await pairs({ byType: true, regex: "^[^\\$].*" })).every(([, t]) => !t.startsWith("$")), "no system events");
    },
  };
  return Object.fromEntries(Object.entries(cases).map(([title, run]) => [title, () => withClient(connection, run)]));
};
