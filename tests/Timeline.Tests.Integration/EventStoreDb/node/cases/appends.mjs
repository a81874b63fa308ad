import { ANY, NO_STREAM, STREAM_EXISTS, binaryEvent } from "@eventstore/db-client";
import { all, equal, event, events, name, refusal, revisions, single, that, withClient } from "./tools.mjs";

const limit = 1_048_576;

/** Every case both as BatchAppend and as Append: which one the client takes is its own affair. */
const both = (connection, cases) =>
  Object.fromEntries(
    Object.entries(cases).flatMap(([title, run]) => [
      [`batch: ${title}`, () => withClient(connection, (client) => run(client, {}))],
      [`append: ${title}`, () => withClient(connection, (client) => run(client, single))],
    ]),
  );

async function refused(client, way, stream, expectedRevision, current) {
  const error = await refusal(client.appendToStream(stream, event(), { ...way, expectedRevision }));
  equal(error.type, "wrong-expected-version", "error");
  equal(error.streamName, stream, "stream");
  equal(error.expectedVersion, expectedRevision, "expected");
  equal(error.actualVersion, current, "actual");
}

export const appends = (connection) =>
  both(connection, {
    "any revision": async (client, way) => {
      const stream = name();
      const first = await client.appendToStream(stream, events(2), { ...way, expectedRevision: ANY });
      equal([first.success, first.nextExpectedRevision], [true, 1n]);
      const second = await client.appendToStream(stream, events(3), { ...way, expectedRevision: ANY });
      equal(second.nextExpectedRevision, 4n);
      that(second.position.commit > first.position.commit, "positions grow");
      equal(second.position.commit, second.position.prepare, "commit and prepare");
    },
    "no stream": async (client, way) => {
      const stream = name();
      equal((await client.appendToStream(stream, event(), { ...way, expectedRevision: NO_STREAM })).nextExpectedRevision, 0n);
      await refused(client, way, stream, NO_STREAM, 0n);
    },
    "stream exists": async (client, way) => {
      const stream = name();
      await refused(client, way, stream, STREAM_EXISTS, "no_stream");
      await client.appendToStream(stream, event(), way);
      equal((await client.appendToStream(stream, event(), { ...way, expectedRevision: STREAM_EXISTS })).nextExpectedRevision, 1n);
    },
    "exact revision": async (client, way) => {
      const stream = name();
      await refused(client, way, stream, 0n, "no_stream");
      await client.appendToStream(stream, events(2), way);
      equal((await client.appendToStream(stream, event(), { ...way, expectedRevision: 1n })).nextExpectedRevision, 2n);
      await refused(client, way, stream, 1n, 2n);
      await refused(client, way, stream, 0n, 2n);
      await refused(client, way, stream, 7n, 2n);
    },
    "a repetition is answered as the first time, with any expected revision": async (client, way) => {
      const stream = name();
      const sent = events(3);
      const first = await client.appendToStream(stream, sent, { ...way, expectedRevision: NO_STREAM });
      await client.appendToStream(stream, event(), way);
      for (const expectedRevision of [NO_STREAM, ANY, STREAM_EXISTS]) {
        const again = await client.appendToStream(stream, sent, { ...way, expectedRevision });
        equal(again, first, `again with ${expectedRevision}`);
      }
      equal((await all(client.readStream(stream))).length, 4);
    },
    "a repetition goes by the ids alone": async (client, way) => {
      const stream = name();
      const sent = events(2);
      const first = await client.appendToStream(stream, sent, { ...way, expectedRevision: NO_STREAM });
      const other = sent.map(({ id }) => event("Other", { other: true }, { id }));
      equal(await client.appendToStream(stream, other, { ...way, expectedRevision: NO_STREAM }), first);
      equal((await all(client.readStream(stream))).map((e) => e.type), ["Tested", "Tested"]);
    },
    "a repetition in part is refused": async (client, way) => {
      const stream = name();
      const sent = events(2);
      await client.appendToStream(stream, sent, { ...way, expectedRevision: NO_STREAM });
      for (const expectedRevision of [NO_STREAM, ANY]) {
        const error = await refusal(client.appendToStream(stream, [...sent, event()], { ...way, expectedRevision }));
        equal([error.type, error.actualVersion], ["wrong-expected-version", 1n]);
      }
      equal((await client.appendToStream(stream, sent.slice(1), { ...way, expectedRevision: 0n })).nextExpectedRevision, 1n);
    },
    "the same ids in another stream are new events": async (client, way) => {
      const [stream, other, sent] = [name(), name(), events(2)];
      await client.appendToStream(stream, sent, way);
      equal((await client.appendToStream(other, sent, way)).nextExpectedRevision, 1n);
      equal(revisions(await all(client.readStream(other))), [0, 1]);
    },
    "an append of the largest size": async (client, way) => {
      const sent = [0, 1].map(() => binaryEvent({ type: "Large", data: new Uint8Array(limit / 2) }));
      equal((await client.appendToStream(name(), sent, way)).success, true);
    },
    "an append that is too large": async (client, way) => {
      const stream = name();
      const sent = [limit / 2, limit / 2 + 1].map((size) => binaryEvent({ type: "Large", data: new Uint8Array(size) }));
      const error = await refusal(client.appendToStream(stream, sent, way));
      equal([error.type, error.maxAppendSize], ["maximum-append-size-exceeded", limit]);
      equal((await refusal(all(client.readStream(stream)))).type, "stream-not-found");
    },
    "an empty append": async (client, way) => {
      const stream = name();
      await client.appendToStream(stream, events(2), way);
      const empty = await client.appendToStream(stream, [], way);
      equal([empty.success, empty.nextExpectedRevision], [true, 1n]);
      equal((await all(client.readStream(stream))).length, 2);
    },
    "events in chunks are one append": async (client, way) => {
      const stream = name();
      const sent = events(200);
      equal((await client.appendToStream(stream, sent, { ...way, batchAppendSize: 1000 })).nextExpectedRevision, 199n);
      equal((await all(client.readStream(stream))).map((e) => e.data.n), sent.map((e) => e.data.n));
    },
    "appends to many streams at once": async (client, way) => {
      const streams = Array.from({ length: 20 }, () => name());
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, n) => client.appendToStream(streams[n % 20], event("Many", { n: Math.floor(n / 20) }), way)),
      );
      that(answers.every((a) => a.success), "all succeed");
      equal(new Set(answers.map((a) => a.position.commit)).size, 200, "positions");
      for (const stream of streams) {
        const read = await all(client.readStream(stream));
        equal(revisions(read), [...Array(10).keys()]);
        equal(new Set(read.map((e) => e.data.n)).size, 10);
      }
    },
    "a name and texts in any script": async (client, way) => {
      const stream = name("поток-流");
      await client.appendToStream(stream, event("Тип", { текст: "日本語 \u0001 😀" }, { metadata: { заметка: "ü" } }), way);
      const [read] = await all(client.readStream(stream));
      equal([read.streamId, read.type, read.data, read.metadata], [stream, "Тип", { текст: "日本語 \u0001 😀" }, { заметка: "ü" }]);
      const error = await refusal(client.appendToStream(stream, event(), { ...way, expectedRevision: NO_STREAM }));
      equal([error.type, error.streamName], ["wrong-expected-version", stream]);
    },
  });
