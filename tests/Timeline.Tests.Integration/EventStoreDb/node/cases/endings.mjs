import { ANY, BACKWARDS, END, NO_STREAM, STREAM_EXISTS } from "@eventstore/db-client";
import { Watched, all, equal, event, events, name, refusal, revisions, single, withClient } from "./tools.mjs";

async function written(client, count = 5) {
  const stream = name();
  await client.appendToStream(stream, events(count));
  return stream;
}

export const endings = (connection) => {
  const cases = {
    "metadata is set and read": async (client) => {
      const stream = await written(client);
      equal((await client.getStreamMetadata(stream)).metadata ?? null, null, "none yet");
      const set = await client.setStreamMetadata(stream, { maxCount: 3, maxAge: 1000, truncateBefore: 1, own: "value" }, { expectedRevision: NO_STREAM });
      equal(set.nextExpectedRevision, 0n);
      const { metadata } = await client.getStreamMetadata(stream);
      equal([metadata.maxCount, metadata.maxAge, metadata.truncateBefore, metadata.own], [3, 1000, 1, "value"]);
      const error = await refusal(client.setStreamMetadata(stream, {}, { expectedRevision: NO_STREAM }));
      equal([error.type, error.actualVersion], ["wrong-expected-version", 0n]);
    },
    "only the newest metadata is read": async (client) => {
      const stream = await written(client);
      for (const maxCount of [9, 8, 7]) await client.setStreamMetadata(stream, { maxCount });
      equal(revisions(await all(client.readStream(`$$${stream}`))), [2]);
    },
    "a largest count leaves the newest": async (client) => {
      const stream = await written(client, 50);
      await client.setStreamMetadata(stream, { maxCount: 4 });
      equal(revisions(await all(client.readStream(stream))), [46, 47, 48, 49]);
      equal(revisions(await all(client.readStream(stream, { direction: BACKWARDS, fromRevision: END }))), [49, 48, 47, 46]);
      await client.appendToStream(stream, event());
      equal(revisions(await all(client.readStream(stream, { fromRevision: 3n, maxCount: 2 }))), [47, 48]);
    },
    "a truncated stream begins later": async (client) => {
      const stream = await written(client, 50);
      await client.setStreamMetadata(stream, { truncateBefore: 45 });
      equal(revisions(await all(client.readStream(stream))), [45, 46, 47, 48, 49]);
      await client.setStreamMetadata(stream, { truncateBefore: 80 });
      equal(revisions(await all(client.readStream(stream))), []);
      equal((await client.appendToStream(stream, event(), { expectedRevision: 49n })).nextExpectedRevision, 50n);
    },
    "events that are too old are not read": async (client) => {
      const stream = await written(client);
      await client.setStreamMetadata(stream, { maxAge: 100_000 });
      equal(revisions(await all(client.readStream(stream))), [0, 1, 2, 3, 4]);
    },
    "a deleted stream is not found": async (client) => {
      const stream = await written(client);
      const { position } = await client.deleteStream(stream, { expectedRevision: 4n });
      equal(typeof position.commit, "bigint");
      equal((await refusal(all(client.readStream(stream)))).type, "stream-not-found");
      const error = await refusal(client.appendToStream(stream, event(), { expectedRevision: STREAM_EXISTS }));
      equal([error.type, error.streamName], ["stream-deleted", stream]);
    },
    "a delete with a wrong revision is refused": async (client) => {
      const stream = await written(client);
      for (const [expectedRevision, said] of [[2n, 2n], [9n, 9n], [NO_STREAM, "no_stream"]]) {
        const error = await refusal(client.deleteStream(stream, { expectedRevision }));
        equal([error.type, error.streamName, error.actualVersion], ["wrong-expected-version", stream, 4n], String(said));
      }
      equal((await refusal(client.deleteStream(name(), { expectedRevision: ANY }))).type, "wrong-expected-version", "never there");
      equal((await all(client.readStream(stream))).length, 5);
    },
    "a deleted stream begins again after its last revision": async (client) => {
      for (const expectedRevision of [NO_STREAM, ANY, 4n]) {
        const stream = await written(client);
        await client.deleteStream(stream);
        const again = await client.appendToStream(stream, events(2), { expectedRevision });
        equal(again.nextExpectedRevision, 6n);
        equal(revisions(await all(client.readStream(stream))), [5, 6]);
        equal((await client.getStreamMetadata(stream)).metadata.truncateBefore, 5);
      }
    },
    "a tombstoned stream is gone for ever": async (client) => {
      const stream = await written(client);
      const wrong = await refusal(client.tombstoneStream(stream, { expectedRevision: 1n }));
      equal([wrong.type, wrong.actualVersion], ["wrong-expected-version", 4n]);
      await client.tombstoneStream(stream, { expectedRevision: 4n });
      for (const [what, asked] of Object.entries({
        read: () => all(client.readStream(stream)),
        batch: () => client.appendToStream(stream, event()),
        append: () => client.appendToStream(stream, event(), single),
        delete: () => client.deleteStream(stream),
        tombstone: () => client.tombstoneStream(stream),
        metadata: () => client.setStreamMetadata(stream, { maxCount: 1 }),
      })) {
        equal((await refusal(asked())).type, "stream-deleted", what);
      }
    },
    "a tombstone may be the first of its stream": async (client) => {
      const stream = name();
      await client.tombstoneStream(stream, { expectedRevision: NO_STREAM });
      equal((await refusal(client.appendToStream(stream, event()))).type, "stream-deleted");
    },
    "a subscription ends with its stream": async (client) => {
      const stream = await written(client);
      const watched = new Watched(client.subscribeToStream(stream));
      await watched.caughtUp();
      await client.tombstoneStream(stream);
      equal((await watched.error("the end of the stream")).type, "stream-deleted");
    },
    "metadata, deletes and tombstones stand in $all": async (client) => {
      const stream = await written(client, 1);
      const from = (await all(client.readStream(stream)))[0].position;
      await client.setStreamMetadata(stream, { maxCount: 5 });
      await client.deleteStream(stream);
      await client.appendToStream(stream, event());
      await client.tombstoneStream(stream);
      const read = (await all(client.readAll({ fromPosition: from }))).filter((e) => e.streamId.endsWith(stream));
      equal(read.map((e) => [e.streamId.slice(0, 2) === "$$", e.type]), [
        [false, "Tested"], [true, "$metadata"], [true, "$metadata"], [false, "Tested"], [true, "$metadata"], [false, "$streamDeleted"],
      ]);
    },
  };
  return Object.fromEntries(Object.entries(cases).map(([title, run]) => [title, () => withClient(connection, run)]));
};
