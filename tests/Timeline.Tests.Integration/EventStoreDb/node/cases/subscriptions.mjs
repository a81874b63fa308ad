import { END, START, eventTypeFilter, excludeSystemEvents, streamNameFilter } from "@eventstore/db-client";
import { Watched, equal, event, events, name, revisions, that, withClient } from "./tools.mjs";

/** A filtered subscription to $all whose checkpoints stand in their place among what it brings. */
function watchAll(client, filter, fromPosition = START) {
  const watched = new Watched(
    client.subscribeToAll({
      fromPosition,
      filter: { ...filter, checkpointReached: async (_, checkpoint) => watched.add({ checkpoint }) },
    }),
  );
  return watched;
}

const positions = (watched) => watched.seen.filter((s) => s.event || s.checkpoint).map((s) => (s.checkpoint ?? s.event.position).commit);

async function caughtUpAndLive(client, filter, first, more, expected) {
  await first();
  const watched = watchAll(client, filter);
  await watched.caughtUp();
  equal(watched.seen[0], "confirmation", "first");
  const before = watched.events.length;
  await more();
  await watched.count(expected);
  that(before > 0 && before < expected, `some before ${before} and some after being caught up`);
  await watched.stop();
  return watched;
}

export const subscriptions = (connection) => {
  const cases = {
    "subscribe to $all by stream prefix, from catch-up to live": async (client) => {
      const prefix = name("sub");
      const watched = await caughtUpAndLive(
        client, streamNameFilter({ prefixes: [prefix] }),
        () => client.appendToStream(`${prefix}-a`, events(70)), () => client.appendToStream(`${prefix}-b`, events(10)), 80);
      equal(watched.events.map((e) => e.streamId), [...Array(70).fill(`${prefix}-a`), ...Array(10).fill(`${prefix}-b`)]);
    },
    "subscribe to $all by stream regex": async (client) => {
      const stream = name("sub");
      const watched = await caughtUpAndLive(
        client, streamNameFilter({ regex: `^${stream}$` }), () => client.appendToStream(stream, events(3)), () => client.appendToStream(stream, event()), 4);
      equal(revisions(watched.events), [0, 1, 2, 3]);
    },
    "subscribe to $all by type prefix and by type regex": async (client) => {
      const type = name("Type");
      const first = () => client.appendToStream(name(), [event(`${type}A`), event("Else"), event(`${type}B`)]);
      const more = () => client.appendToStream(name(), [event("Else"), event(`${type}A`)]);
      const byPrefix = await caughtUpAndLive(client, eventTypeFilter({ prefixes: [type] }), first, more, 3);
      equal(byPrefix.events.map((e) => e.type), [`${type}A`, `${type}B`, `${type}A`]);
      const byRegex = watchAll(client, eventTypeFilter({ regex: `^${type}A$` }));
      await byRegex.count(2);
      equal(byRegex.events.map((e) => e.type), [`${type}A`, `${type}A`]);
      await byRegex.stop();
    },
    "subscribe to $all without system events": async (client) => {
      const stream = name("sub");
      const { position } = await client.appendToStream(name("before"), event());
      await client.setStreamMetadata(stream, { maxCount: 100 });
      await client.appendToStream(stream, events(5));
      const watched = watchAll(client, excludeSystemEvents(), position);
      await watched.until((w) => w.events.some((e) => e.streamId === stream && e.revision === 4n), "the last event");
      that(watched.events.every((e) => !e.type.startsWith("$")), "no system events");
      await watched.stop();
    },
    "subscribe to $all without a filter": async (client) => {
      const stream = name("sub");
      const { position } = await client.appendToStream(stream, events(2));
      await client.setStreamMetadata(stream, { maxCount: 100 });
      const watched = new Watched(client.subscribeToAll({ fromPosition: position }));
      await watched.caughtUp();
      await client.appendToStream(stream, event());
      await watched.until((w) => w.events.at(-1)?.streamId === stream && w.events.at(-1).revision === 2n, "the live event");
      that(watched.events.some((e) => e.type === "$metadata"), "the server's own events are there");
      await watched.stop();
    },
    "subscribe to $all from the end": async (client) => {
      const stream = name("sub");
      await client.appendToStream(stream, events(2));
      const watched = watchAll(client, streamNameFilter({ prefixes: [stream] }), END);
      await watched.caughtUp();
      await client.appendToStream(stream, event());
      await watched.count(1);
      equal(revisions(watched.events), [2]);
      await watched.stop();
    },
    "a subscription's position is exclusive": async (client) => {
      const stream = name("sub");
      const { position } = await client.appendToStream(stream, event());
      await client.appendToStream(stream, events(2));
      const watched = watchAll(client, streamNameFilter({ prefixes: [stream] }), position);
      await watched.count(2);
      equal(revisions(watched.events), [1, 2]);
      await watched.stop();
    },
    "checkpoints come while nothing passes the filter": async (client) => {
      await client.appendToStream(name("sub"), events(200));
      const watched = watchAll(client, streamNameFilter({ prefixes: [name("nothing")] }));
      await watched.caughtUp();
      that(watched.checkpoints.length >= 200 / 32 - 1, `a checkpoint about every 32 events: ${watched.checkpoints.length}`);
      const before = watched.checkpoints.length;
      await client.appendToStream(name("sub"), events(64));
      await watched.until((w) => w.checkpoints.length >= before + 2, "two live checkpoints");
      await watched.stop();
    },
    "checkpoints and events come in the order of the log": async (client) => {
      const stream = name("sub");
      for (let n = 0; n < 5; n++) {
        await client.appendToStream(stream, events(20));
        await client.appendToStream(name("between"), events(30));
      }
      const watched = watchAll(client, streamNameFilter({ prefixes: [stream], maxSearchWindow: 10, checkpointInterval: 2 }));
      await watched.caughtUp();
      equal(watched.events.length, 100);
      const order = positions(watched);
      that(order.every((p, n) => n === 0 || p >= order[n - 1]), "never back");
      await watched.stop();
    },
    "a subscription from any checkpoint loses nothing": async (client) => {
      const stream = name("sub");
      for (let n = 0; n < 4; n++) {
        await client.appendToStream(stream, events(9));
        await client.appendToStream(name("between"), events(11));
      }
      const filter = streamNameFilter({ prefixes: [stream], maxSearchWindow: 7, checkpointInterval: 1 });
      const whole = watchAll(client, filter);
      await whole.caughtUp();
      await whole.stop();
      for (const checkpoint of whole.checkpoints.filter((_, n, list) => n >= list.length - 8)) {
        const had = whole.events.filter((e) => e.position.commit <= checkpoint.commit).map((e) => e.id);
        const rest = watchAll(client, filter, checkpoint);
        await rest.caughtUp();
        await rest.stop();
        const ids = new Set([...had, ...rest.events.map((e) => e.id)]);
        that(whole.events.every((e) => ids.has(e.id)), `nothing is lost from ${checkpoint.commit}/${checkpoint.prepare}`);
      }
    },
    "subscribe to a stream, from catch-up to live": async (client) => {
      const stream = name("sub");
      await client.appendToStream(stream, events(40));
      const watched = new Watched(client.subscribeToStream(stream));
      await watched.caughtUp();
      await client.appendToStream(stream, events(3));
      await watched.count(43);
      equal(revisions(watched.events), [...Array(43).keys()]);
      await watched.stop();
    },
    "subscribe to a stream from a revision, exclusive, and from the end": async (client) => {
      const stream = name("sub");
      await client.appendToStream(stream, events(4));
      const later = new Watched(client.subscribeToStream(stream, { fromRevision: 1n }));
      const live = new Watched(client.subscribeToStream(stream, { fromRevision: END }));
      await live.caughtUp();
      await client.appendToStream(stream, event());
      await later.count(3);
      await live.count(1);
      equal([revisions(later.events), revisions(live.events)], [[2, 3, 4], [4]]);
      await later.stop();
      await live.stop();
    },
    "a subscription waits for its stream": async (client) => {
      const stream = name("sub");
      const watched = new Watched(client.subscribeToStream(stream));
      await watched.until((w) => w.seen.includes("confirmation"), "confirmation");
      await client.appendToStream(stream, event());
      await watched.count(1);
      equal(revisions(watched.events), [0]);
      await watched.stop();
    },
  };
  return Object.fromEntries(Object.entries(cases).map(([title, run]) => [title, () => withClient(connection, run)]));
};
