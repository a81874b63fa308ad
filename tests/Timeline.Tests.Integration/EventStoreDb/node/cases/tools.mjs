import { randomUUID } from "node:crypto";
import { EventStoreDBClient, jsonEvent } from "@eventstore/db-client";

/** Every run has streams of its own, so that a server can be asked again. */
const run = randomUUID().slice(0, 8);
let number = 0;
export const name = (kind = "stream") => `${kind}-${run}-${++number}`;

export const event = (type = "Tested", data = { n: 1 }, more = {}) => jsonEvent({ type, data, ...more });
export const events = (count, type = "Tested") => Array.from({ length: count }, (_, n) => event(type, { n }));

/** Credentials turn the client from BatchAppend to Append; without TLS they are not sent. */
export const single = { credentials: { username: "admin", password: "changeit" } };

export async function withClient(connection, use) {
  const client = EventStoreDBClient.connectionString(connection);
  try {
    return await use(client);
  } finally {
    await client.dispose();
  }
}

/** Ends with an error if it takes longer than so many milliseconds. */
export async function within(promise, what, ms = 10_000) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export function equal(actual, expected, what = "value") {
  const text = (value) => JSON.stringify(value, (_, v) => (typeof v === "bigint" ? `${v}n` : v));
  if (text(actual) !== text(expected)) {
    throw new Error(`${what}: expected ${text(expected)}, got ${text(actual)}`);
  }
}

export function that(condition, what) {
  if (!condition) {
    throw new Error(what);
  }
}

/** The error that a promise ends with; ending without one is an error here. */
export async function refusal(promise) {
  let answer;
  try {
    answer = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`expected a refusal, got ${JSON.stringify(answer, (_, v) => (typeof v === "bigint" ? `${v}n` : v))}`);
}

export async function all(readable) {
  const read = [];
  for await (const resolved of readable) {
    read.push(resolved.event);
  }
  return read;
}

export const revisions = (read) => read.map((e) => Number(e.revision));

/** What a subscription brings, in order: "confirmation", "caughtUp", {checkpoint}, {event}; and a way to wait for more of it. */
export class Watched {
  seen = [];
  #waiting = [];
  #error;

  constructor(subscription) {
    this.subscription = subscription;
    for (const kind of ["confirmation", "caughtUp"]) {
      subscription.on(kind, () => this.add(kind));
    }
    subscription.on("data", ({ event }) => this.add({ event }));
    subscription.on("error", (error) => {
      this.#error = error;
      this.#wake();
    });
  }

  add(item) {
    this.seen.push(item);
    this.#wake();
  }

  get events() {
    return this.seen.filter((s) => s.event).map((s) => s.event);
  }

  get checkpoints() {
    return this.seen.filter((s) => s.checkpoint).map((s) => s.checkpoint);
  }

  async until(condition, what) {
    await within(
      (async () => {
        while (!condition(this)) {
          if (this.#error) throw this.#error;
          await new Promise((resolve) => this.#waiting.push(resolve));
        }
      })(),
      what,
    );
    return this;
  }

  async error(what) {
    await within((async () => { while (!this.#error) await new Promise((resolve) => this.#waiting.push(resolve)); })(), what);
    return this.#error;
  }

  caughtUp() {
    return this.until((w) => w.seen.includes("caughtUp"), "caughtUp");
  }

  count(events) {
    return this.until((w) => w.events.length >= events, `${events} events`);
  }

  stop() {
    return this.subscription.unsubscribe();
  }

  #wake() {
    this.#waiting.splice(0).forEach((resolve) => resolve());
  }
}
